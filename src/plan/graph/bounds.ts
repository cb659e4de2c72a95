import { real } from '../at.ts'
import type { Times } from './critical-path.ts'
import { reversed, type Graph } from './graph.ts'
import { TaskSets } from './task-sets.ts'

/** No schedule on so many tracks can be shorter: the critical path, and the work shared evenly. In units. */
export function simpleBound(graph: Graph, times: Times, tracks: number): number {
  const total = graph.durations.reduce((sum, each) => sum + each, 0)
  return Math.max(times.length, Math.ceil(total / tracks))
}

// In the loops here every index is in its list: `?? 0` is for the types alone, since a call for each look would take longer than all else.

/** Larger plans get the simple bound only: the others take time that grows with the square of the tasks. */
const mostTasks = 500

/**
 * A makespan that no schedule on so many tracks is below: the interval bound of Fernandez and Bussell 1973 over heads and tails that also count
 * the work of all that must come before and after. In units, rounded up to whole ones. O(n^2 log n).
 */
export function lowerBound(graph: Graph, times: Times, tracks: number): number {
  const simple = simpleBound(graph, times, tracks)
  if (graph.size > mostTasks) return simple
  const head = heads(graph, tracks)
  const tail = heads(reversed(graph), tracks).map((before, task) => before + real(graph.durations, task))
  const length = head.reduce((most, begin, task) => Math.max(most, begin + real(tail, task)), simple)
  const excess = greatestExcess(graph, head, tail.map((rest) => length - rest), tracks)
  return length + Math.ceil(excess - 1e-9)
}

/**
 * For each task a time that it can't start before: when the last of its predecessors can end, and when the tracks can be through with all tasks that
 * must come before it and can't start before some time, for any such time.
 */
function heads(graph: Graph, tracks: number): Float64Array {
  const ancestors = new TaskSets(graph.size)
  const head = new Float64Array(graph.size)
  const { bounds, list } = graph.before
  /** The tasks so far, those that start earlier first. */
  const sorted = new Int32Array(graph.size)
  graph.order.forEach((task, count) => {
    let earliest = 0
    for (let edge = bounds[task] ?? 0, last = bounds[task + 1] ?? 0; edge < last; edge++) {
      const before = list[edge] ?? 0
      earliest = Math.max(earliest, (head[before] ?? 0) + (graph.durations[before] ?? 0))
      ancestors.addAll(task, before)
      ancestors.add(task, before)
    }
    for (let place = count - 1, work = 0; place >= 0; place--) {
      const other = sorted[place] ?? 0
      if (!ancestors.has(task, other)) continue
      work += graph.durations[other] ?? 0
      earliest = Math.max(earliest, (head[other] ?? 0) + Math.ceil(work / tracks))
    }
    head[task] = earliest
    let place = count
    for (; place > 0 && (head[sorted[place - 1] ?? 0] ?? 0) > earliest; place--) sorted[place] = sorted[place - 1] ?? 0
    sorted[place] = task
  })
  return head
}

/**
 * The most that the work which must fall between two times exceeds what the tracks can do between them, for each track. A task's share of an interval
 * grows one to one from the later of its begin and the task's latest start until all is in that can't be before the interval.
 */
function greatestExcess(graph: Graph, head: Float64Array, latestStart: Float64Array, tracks: number): number {
  const byLatestStart = Int32Array.from(latestStart.keys()).sort((a, b) => real(latestStart, a) - real(latestStart, b))
  const [begins, ends] = [new Float64Array(graph.size), new Float64Array(graph.size)]
  let most = 0
  for (const from of new Set(head)) {
    let count = 0
    for (const task of byLatestStart) {
      const duration = graph.durations[task] ?? 0
      const share = Math.min(duration, (head[task] ?? 0) + duration - from)
      if (share <= 0) continue
      const begin = Math.max(from, latestStart[task] ?? 0)
      begins[count] = begin
      ends[count++] = begin + share
    }
    ends.subarray(0, count).sort()
    let work = 0
    let now = from
    for (let begun = 0, ended = 0; ended < count;) {
      const begin = begun < count ? begins[begun] ?? 0 : Infinity
      const turn = Math.min(begin, ends[ended] ?? 0)
      work += (begun - ended) * (turn - now)
      now = turn
      most = Math.max(most, work / tracks - (now - from))
      if (begin === turn) begun++
      else ended++
    }
  }
  return most
}
