import { getOrMake } from '../at.ts'
import type { TaskId } from '../ids.ts'
import type { Plan } from '../plan.ts'
import type { Task } from '../task.ts'

/**
 * One topological order of all tasks that each track's order follows: by scheduled start, those that start together track by track. Tracks that
 * each go through their tasks in it can't wait for each other in a ring.
 */
export function planOrder(plan: Plan, tasks: readonly Task[]): TaskId[] {
  const track = new Map(plan.tracks.map(({ id }, i) => [id, i]))
  const order = [...plan.schedule].sort((a, b) => a.start - b.start || (track.get(a.track) ?? 0) - (track.get(b.track) ?? 0)).map((place) => place.task)
  if (order.length !== tasks.length) throw new Error(`the plan has ${order.length} tasks, not the ${tasks.length} it is asked for`)
  return order
}

/**
 * The tasks with the dependencies that a run has to keep: their own, and where a conflict across tracks is resolved by order, each task of it after the
 * one before.
 */
export function conflictOrder(plan: Plan, tasks: readonly Task[]): Task[] {
  const added = new Map<TaskId, Set<TaskId>>()
  for (const { tasks: members, resolved } of plan.conflicts) {
    if (resolved !== 'ordered') continue
    members.forEach((task, i) => {
      const before = members[i - 1]
      if (before !== undefined) getOrMake(added, task, () => new Set()).add(before)
    })
  }
  return tasks.map((task) => {
    const more = [...added.get(task.id) ?? []].filter((id) => !task.dependencies.includes(id))
    return more.length === 0 ? task : { ...task, dependencies: [...task.dependencies, ...more] }
  })
}
