import { at } from './at.ts'
import { simpleBound } from './bounds.ts'
import type { Times } from './critical-path.ts'
import type { Graph } from './graph.ts'
import type { Schedule } from './schedule.ts'
import type { Scopes } from './scopes.ts'
import { bestSchedule, stepsFor } from './search.ts'

export interface CurvePoint { readonly tracks: number; readonly schedule: Schedule }

/** Another track must save at least this share of the makespan. */
const worthwhile = 0.05
/** Points that are shown past the useful ones. */
const usualPoints = 8

/**
 * The best schedule found on 1, 2, ... tracks, until another can't help (critical path reached, or no more tasks can run at once) or
 * enough is known: one past the maximum and `usualPoints`. Never longer with a track more: the schedule on fewer is one on more.
 */
export function curveOf(graph: Graph, times: Times, scopes: Scopes, width: number): CurvePoint[] {
  const points: CurvePoint[] = []
  for (let tracks = 1; tracks <= width; tracks++) {
    const before = points.at(-1)
    if (before !== undefined && (before.schedule.makespan <= times.length || (tracks > usualPoints && tracks > usefulTracks(points) + 1))) break
    points.push({ tracks, schedule: scheduleOn(graph, times, scopes, tracks, before?.schedule) })
  }
  return points
}

/** The best schedule found on so many tracks, and no longer than `fewer`, one on fewer tracks. */
export function scheduleOn(graph: Graph, times: Times, scopes: Scopes, tracks: number, fewer: Schedule | undefined): Schedule {
  const found = bestSchedule({ graph, tracks, scopes }, simpleBound(graph, times, tracks), stepsFor(graph.size))
  return fewer !== undefined && fewer.makespan <= found.makespan ? fewer : found
}

/** The smallest number of tracks whose next one would save less than 5 % of the makespan; the last point where none does. */
export function usefulTracks(points: readonly CurvePoint[]): number {
  for (let i = 0; i + 1 < points.length; i++) {
    const [here, next] = [at(points, i).schedule.makespan, at(points, i + 1).schedule.makespan]
    if (here - next < worthwhile * here) return at(points, i).tracks
  }
  return points.at(-1)?.tracks ?? 1
}
