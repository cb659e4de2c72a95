import { at, real } from '../at.ts'
import { criticalPath, timesOf } from '../graph/critical-path.ts'
import { graphOf } from '../graph/graph.ts'
import type { TaskId } from '../ids.ts'
import { inIdOrder } from '../natural.ts'
import { serialSchedule } from './schedule.ts'
import { scopesOf } from './scopes.ts'
import type { Task } from '../task.ts'

/** Where a planned task stands in hours from the start of the plan. */
export interface Place { readonly start: number; readonly finish: number; readonly slack: number; readonly critical: boolean }

export interface PlacedSchedule { readonly places: ReadonlyMap<TaskId, Place>; readonly criticalPathHours: number; readonly makespanHours: number }

type Placed = Pick<Task, 'id' | 'estimatedHours' | 'dependencies' | 'allowedPatterns'>

/**
 * The schedule of a plan that is made already: each task as early as its dependencies and its track allow. `tasks` in the plan's order;
 * `trackOf` gives a task's track. `ownDependencies`: without those that only keep tasks with the same files apart, which are in the schedule and not in the
 * critical path. The same numbers as the plan had, without planning again. O(n log n + dependencies).
 */
export function placedSchedule<T extends Placed>(tasks: readonly T[], trackOf: (task: TaskId) => string, ownDependencies: (task: T) => readonly TaskId[] = (task) => task.dependencies): PlacedSchedule {
  const graph = graphOf(tasks)
  // By id, as the planner has them: of several longest paths it takes the first.
  const byId = inIdOrder(tasks, ({ id }) => id).map((task) => ({ id: task.id, estimatedHours: task.estimatedHours, dependencies: ownDependencies(task) }))
  const own = graphOf(byId)
  const times = timesOf(own)
  const tracks = [...new Set(tasks.map((task) => trackOf(task.id)))]
  const fixed = Int32Array.from(tasks, (task) => tracks.indexOf(trackOf(task.id)))
  const schedule = serialSchedule({ graph, tracks: Math.max(1, tracks.length), scopes: scopesOf(tasks), fixed }, [...tasks.keys()])
  const path = new Set(criticalPath(own, times))
  const slack = new Map(byId.map(({ id }, i) => [id, { slack: own.toHours(real(times.latestStart, i) - real(times.earliestStart, i)), critical: path.has(i) }]))
  const places = new Map(tasks.map((task, i) => [task.id, {
    start: graph.toHours(at(schedule.start, i)), finish: graph.toHours(at(schedule.start, i) + real(graph.durations, i)), ...slack.get(task.id) ?? { slack: 0, critical: false },
  }] as const))
  return { places, criticalPathHours: own.toHours(times.length), makespanHours: graph.toHours(schedule.makespan) }
}
