import { near, real, whole } from '../at.ts'
import type { Times } from './critical-path.ts'
import { reversed, type Graph } from './graph.ts'

/** No schedule on so many tracks can be shorter: the critical path, and the work shared evenly. In units. */
export function simpleBound(graph: Graph, times: Times, tracks: number): number {
  const total = graph.durations.reduce((sum, each) => sum + each, 0)
  return Math.max(times.length, Math.ceil(total / tracks))
}

/** Larger plans get the simple bound only: the others take time that grows with the square of the tasks. */
const mostTasks = 500

/**
 * A makespan that no schedule on so many tracks is below: the interval bound of Fernandez and Bussell 1973 over heads and tails that also count
 * the work of all that must come before and after. In
 * units, rounded up to whole ones. O(n^2 log n).
 */
export function lowerBound(graph: Graph, times: Times, tracks: number): number {
  const simple = simpleBound(graph, times, tracks)
  if (graph.size > mostTasks) return simple
  const head = heads(graph, tracks)
  const tail = heads(reversed(graph), tracks).map((before, task) => before + real(graph.durations, task))
  const length = head.reduce((most, begin, task) => Math.max(most, begin + real(tail, task)), simple)
  const latestStart = tail.map((rest) => length - rest)
  let excess = 0
  for (const from of new Set(head)) excess = Math.max(excess, excessAfter(graph, head, latestStart, tracks, from))
  return length + Math.ceil(excess - 1e-9)
}

/**
 * For each task a time that it can't start before: when the last of its predecessors can end, and when the tracks can be through with all tasks that
 * must come before it and can't start before some time, for any such time.
 */
function heads(graph: Graph, tracks: number): Float64Array {
  const words = Math.ceil(graph.size / 32)
  const ancestors = new Int32Array(graph.size * words)
  const head = new Float64Array(graph.size)
  for (const task of graph.order) {
    const row = task * words
    let earliest = 0
    for (const before of near(graph.predecessors, task)) {
      earliest = Math.max(earliest, real(head, before) + real(graph.durations, before))
      for (let word = 0; word < words; word++) ancestors[row + word] = whole(ancestors, row + word) | whole(ancestors, before * words + word)
      const own = row + (before >> 5)
      ancestors[own] = whole(ancestors, own) | (1 << (before & 31))
    }
    const members: number[] = []
    for (let word = 0; word < words; word++) {
      for (let bits = whole(ancestors, row + word); bits !== 0; bits &= bits - 1) members.push((word << 5) + 31 - Math.clz32(bits & -bits))
    }
    members.sort((a, b) => real(head, b) - real(head, a))
    let work = 0
    for (const member of members) {
      work += real(graph.durations, member)
      earliest = Math.max(earliest, real(head, member) + Math.ceil(work / tracks))
    }
    head[task] = earliest
  }
  return head
}

/**
 * The most that the work which must fall between `from` and a later time exceeds what the tracks can do until then, for each track. A task's share
 * of the interval grows one to one from the later of `from` and its latest start until all is in that can't be before `from`.
 */
function excessAfter(graph: Graph, head: Float64Array, latestStart: Float64Array, tracks: number, from: number): number {
  const turns: { time: number; slope: number }[] = []
  for (let task = 0; task < graph.size; task++) {
    const duration = real(graph.durations, task)
    const share = Math.min(duration, real(head, task) + duration - from)
    if (share <= 0) continue
    const begin = Math.max(from, real(latestStart, task))
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
