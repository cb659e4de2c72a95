import { at } from '../at.ts'
import { criticalPath, timesOf } from '../graph/critical-path.ts'
import { graphOf } from '../graph/graph.ts'
import type { TaskId } from '../ids.ts'
import { serialSchedule } from './schedule.ts'
import { scopesOf } from './scopes.ts'
import type { Task } from '../task.ts'

/** Where a planned task stands in hours from the start of the plan. */
export interface Place { readonly start: number; readonly finish: number; readonly slack: number; readonly critical: boolean }

export interface PlacedSchedule { readonly places: ReadonlyMap<TaskId, Place>; readonly criticalPathHours: number; readonly makespanHours: number }

/**
 * The schedule of a plan that is made already: each task as early as its dependencies and its track allow. `tasks` in the plan's order;
 * `trackOf` gives a task's track. The same numbers as the plan had, without planning again. O(n + dependencies).
 */
export function placedSchedule(tasks: readonly Pick<Task, 'id' | 'estimatedHours' | 'dependencies' | 'allowedPatterns'>[], trackOf: (task: TaskId) => string): PlacedSchedule {
  const graph = graphOf(tasks)
  const times = timesOf(graph)
  const tracks = [...new Set(tasks.map((task) => trackOf(task.id)))]
  const fixed = Int32Array.from(tasks, (task) => tracks.indexOf(trackOf(task.id)))
  const schedule = serialSchedule({ graph, tracks: Math.max(1, tracks.length), scopes: scopesOf(tasks), fixed }, [...tasks.keys()])
  const path = new Set(criticalPath(graph, times))
  const places = new Map(tasks.map((task, i) => [task.id, {
    start: graph.toHours(at(schedule.start, i)), finish: graph.toHours(at(schedule.start, i) + at(graph.durations, i)),
    slack: graph.toHours(at(times.latestStart, i) - at(times.earliestStart, i)), critical: path.has(i),
  }] as const))
  return { places, criticalPathHours: graph.toHours(times.length), makespanHours: graph.toHours(schedule.makespan) }
}
