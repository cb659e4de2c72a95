import { at } from '../at.ts'
import { sprintId, type TrackId } from '../ids.ts'
import { listed } from '../names.ts'
import type { PlannedSprint } from '../plan.ts'
import { cutEvenly } from './sprint-cut.ts'
import type { Task } from '../task.ts'

/** How many sprints a track has: the longest track decides for all, and each part has a task. Hours. */
export const sprintCount = (longestTrack: number, sprintHours: number, tasks: number): number => Math.min(tasks, Math.max(1, Math.ceil(longestTrack / sprintHours - 1e-9)))

/**
 * The sprints of one track: its tasks in order, cut into `count` parts. `units`: the tasks' durations in whole units, `toHours` says what they are.
 * `track` undefined: the plan has this track only. `after`: so many sprints of the track come before.
 */
export function sprintsOf(tasks: readonly Task[], units: readonly number[], toHours: (units: number) => number, count: number, track: TrackId | undefined, component: string, after = 0): PlannedSprint[] {
  const names = sprintNames(after + count, component).slice(after)
  const ends = cutEvenly(units, count)
  return ends.map((end, i) => {
    const begin = i === 0 ? 0 : at(ends, i - 1)
    const part = tasks.slice(begin, end)
    return {
      id: sprintId(after + i + 1, track), number: after + i + 1, name: at(names, i), goal: goalOf(part), tasks: part.map((task) => task.id),
      hours: toHours(units.slice(begin, end).reduce((sum, each) => sum + each, 0)),
    }
  })
}

/** What a sprint of these tasks is for. */
export const goalOf = (tasks: readonly Pick<Task, 'title'>[]): string => `Deliver ${listed(tasks.map((task) => task.title), 4)}`

/** From Foundation to Polish; what infrastructure ends with is Production Ready. */
export function sprintNames(count: number, component: string): string[] {
  const names = at([['Foundation'], ['Foundation', 'Advanced Features'], ['Foundation', 'Core Features', 'Advanced Features'], ['Foundation', 'Core Features', 'Advanced Features', 'Polish']], Math.min(count, 4) - 1).slice()
  if (count > 4) names.splice(1, 1, ...Array.from({ length: count - 3 }, (_, i) => `Core Features ${i + 1}`))
  if (count > 1 && component.toLowerCase() === 'infrastructure') names[count - 1] = 'Production Ready'
  return names
}
