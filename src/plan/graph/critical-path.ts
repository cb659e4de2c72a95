import { near, real, whole } from '../at.ts'
import type { Graph, Neighbours } from './graph.ts'

/** Times of the graph with as many tracks as it can use, in units (critical path method, Kelley and Walker 1959). */
export interface Times {
  readonly earliestStart: Float64Array
  readonly latestStart: Float64Array
  /** From a task's start to the end along the longest way, the task included. */
  readonly tail: Float64Array
  /** Length of the longest path. */
  readonly length: number
}

export function timesOf(graph: Graph): Times {
  const earliestStart = longestBefore(graph.order, graph.durations, graph.before)
  const after = longestBefore(graph.order.slice().reverse(), graph.durations, graph.after)
  const tail = after.map((rest, task) => rest + real(graph.durations, task))
  const length = tail.reduce((most, each) => Math.max(most, each), 0)
  return { earliestStart, tail, latestStart: tail.map((each) => length - each), length }
}

function longestBefore(order: Int32Array, durations: Float64Array, { bounds, list }: Neighbours): Float64Array {
  const longest = new Float64Array(order.length)
  for (const task of order) {
    let most = 0
    for (let edge = whole(bounds, task); edge < whole(bounds, task + 1); edge++) most = Math.max(most, real(longest, whole(list, edge)) + real(durations, whole(list, edge)))
    longest[task] = most
  }
  return longest
}

/** One longest path; where several are as long, the one through the tasks that come first in the list. */
export function criticalPath(graph: Graph, { tail, length }: Times): number[] {
  const path: number[] = []
  let candidates: Iterable<number> = graph.predecessors.keys()
  let left = length
  while (left > 0) {
    let next: number | undefined
    for (const task of candidates) if (real(tail, task) === left && (next === undefined || task < next)) next = task
    if (next === undefined) throw new Error('a critical path that ends early')
    path.push(next)
    left -= real(graph.durations, next)
    candidates = near(graph.successors, next)
  }
  return path
}
