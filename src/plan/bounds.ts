import { at } from './at.ts'
import type { Times } from './critical-path.ts'
import type { Graph } from './graph.ts'

/** No schedule on so many tracks can be shorter: the critical path, and the work shared evenly. In units. */
export function simpleBound(graph: Graph, times: Times, tracks: number): number {
  const total = graph.durations.reduce((sum, each) => sum + each, 0)
  return Math.max(times.length, Math.ceil(total / tracks))
}

/** Larger plans get the simple bound only: the interval bound takes time that grows with the square of the tasks. */
const mostTasks = 1500

/**
 * The bound of Fernandez and Bussell 1973: in a schedule as long as the critical path some work must fall into each interval; what is more than
 * the tracks can do there makes every schedule longer by its share. In units, rounded up to whole ones. O(n^2 log n).
 */
export function lowerBound(graph: Graph, times: Times, tracks: number): number {
  const simple = simpleBound(graph, times, tracks)
  if (graph.size > mostTasks) return simple
  let excess = 0
  for (const from of new Set(times.earliestStart)) excess = Math.max(excess, excessAfter(graph, times, tracks, from))
  return Math.max(simple, times.length + Math.ceil(excess - 1e-9))
}

/**
 * The most that the work which must fall between `from` and a later time exceeds what the tracks can do until then, for each track. A task's share
 * of the interval grows one to one from the later of `from` and its latest start until all is in that can't be before `from`.
 */
function excessAfter(graph: Graph, { earliestStart, latestStart }: Times, tracks: number, from: number): number {
  const turns: { time: number; slope: number }[] = []
  for (let task = 0; task < graph.size; task++) {
    const duration = at(graph.durations, task)
    const share = Math.min(duration, at(earliestStart, task) + duration - from)
    if (share <= 0) continue
    const begin = Math.max(from, at(latestStart, task))
    turns.push({ time: begin, slope: 1 }, { time: begin + share, slope: -1 })
  }
  turns.sort((a, b) => a.time - b.time)
  let [work, slope, now, most] = [0, 0, from, 0]
  for (const turn of turns) {
    work += slope * (turn.time - now)
    now = turn.time
    slope += turn.slope
    most = Math.max(most, work / tracks - (now - from))
  }
  return most
}
