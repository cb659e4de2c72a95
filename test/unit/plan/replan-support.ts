import type { TaskId, TrackId } from '../../../src/plan/ids.ts'
import { conflictOrder, planOrder } from '../../../src/plan/schedule/order.ts'
import type { Plan, Strategy } from '../../../src/plan/plan.ts'
import type { PlanInProgress } from '../../../src/plan/replan/in-progress.ts'
import type { Replan } from '../../../src/plan/replan/replan.ts'
import type { Task } from '../../../src/plan/task.ts'

/** A plan as it stands once some of its tasks are completed. A running track has its first ready task in hand. */
export function inProgress(plan: Plan, tasks: readonly Task[], completed: ReadonlySet<TaskId> = new Set(), running: readonly TrackId[] = [], order: readonly TaskId[] = planOrder(plan, tasks), strategy: Strategy = plan.strategy): PlanInProgress {
  const places = new Map(plan.tracks.flatMap((track) => track.sprints.flatMap((sprint) => sprint.tasks.map((task) => [task, { track: track.id, sprint: sprint.id }] as const))))
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const inHand = new Set(plan.tracks.filter(({ id }) => running.includes(id)).map((track) => nextReady(plan, tasks, track, completed)))
  return {
    strategy, tracks: plan.tracks.map(({ id, name }) => ({ id, name })), sprints: plan.tracks.flatMap((track) => track.sprints.map(({ id, name, goal, number }) => ({ id, name, goal, number, track: track.id }))),
    tasks: order.map((id) => {
      const [task, place] = [byId.get(id), places.get(id)]
      if (task === undefined || place === undefined) throw new Error(`${id} is nowhere`)
      return { task, ...place, completed: completed.has(id), inHand: inHand.has(id) }
    }),
    running: new Map(running.map((track) => [track, `process 4711 on here since now`])),
  }
}

/** What a track does next, as a run does: of its first sprint that is open the first task whose dependencies are completed, those that keep tasks in conflict apart too. */
function nextReady(plan: Plan, tasks: readonly Task[], track: Plan['tracks'][number] | undefined, completed: ReadonlySet<TaskId>): TaskId | undefined {
  const before = new Map(conflictOrder(plan, tasks).map((task) => [task.id, task.dependencies]))
  const open = track?.sprints.map((sprint) => sprint.tasks.filter((id) => !completed.has(id))).find((ids) => ids.length > 0) ?? []
  return open.find((id) => (before.get(id) ?? []).every((other) => completed.has(other)))
}

/** What is completed after so many steps, each of which completes the next ready task of a track. */
export function progress(plan: Plan, tasks: readonly Task[], steps: readonly number[]): Set<TaskId> {
  const done = new Set<TaskId>()
  for (const step of steps) {
    const next = nextReady(plan, tasks, plan.tracks[step % plan.tracks.length], done)
    if (next !== undefined) done.add(next)
  }
  return done
}

/** The plan in progress after a proposal was taken over. */
export function after(current: PlanInProgress, { plan, open, order }: Replan, strategy = current.strategy): PlanInProgress {
  const done = current.tasks.filter((each) => each.completed)
  return inProgress(plan, [...done.map(({ task }) => task), ...open], new Set(done.map(({ task }) => task.id)), [...current.running.keys()], order, strategy)
}

/**
 * Runs what is open: each track sprint after sprint, in a sprint always the first task whose dependencies are completed. undefined: tracks wait for
 * each other for ever.
 */
export function runs(current: PlanInProgress, tasks: readonly Task[]): boolean {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const done = new Set(current.tasks.filter((each) => each.completed).map(({ task }) => task.id))
  const queues = current.tracks.map(({ id }) => current.sprints.filter((sprint) => sprint.track === id).sort((a, b) => a.number - b.number)
    .map((sprint) => current.tasks.filter((each) => each.sprint === sprint.id && !each.completed).map(({ task }) => task.id)))
  for (let moved = true; moved;) {
    moved = false
    for (const queue of queues) {
      while (queue[0]?.length === 0) queue.shift()
      const index = queue[0]?.findIndex((id) => (byId.get(id)?.dependencies ?? []).every((other) => done.has(other))) ?? -1
      const [id] = index < 0 ? [] : queue[0]?.splice(index, 1) ?? []
      if (id === undefined) continue
      done.add(id)
      moved = true
    }
  }
  return queues.every((queue) => queue.every((sprint) => sprint.length === 0))
}
