import TinyQueue from 'tinyqueue'
import { at, near, real, whole } from './at.ts'
import { reversed, type Graph } from './graph.ts'
import type { Scopes } from './scopes.ts'

/** What is to be scheduled. A track does one task at a time. */
export interface Work {
  readonly graph: Graph
  readonly tracks: number
  /** Tasks of touching classes never run at once. */
  readonly scopes: Pick<Scopes, 'classOf' | 'touching'>
  /** The track of each task, where that is settled. */
  readonly fixed?: Int32Array
}

/** Start (in units) and track (0, 1, ...) of each task. */
export interface Schedule { readonly start: Float64Array; readonly track: Int32Array; readonly makespan: number }

/**
 * Serial generation: each task of `order` (a topological order) as early as its predecessors, its track and its conflicts allow. A track may
 * idle on purpose, which non-delay schedules can't. The track is the one that has been free for the least time. O(n * tracks + dependencies).
 */
export function serialSchedule({ graph, tracks, scopes, fixed }: Work, order: Iterable<number>): Schedule {
  const start = new Float64Array(graph.size)
  const track = new Int32Array(graph.size)
  const free = new Float64Array(tracks)
  const busyUntil = new Float64Array(scopes.touching.length)
  let makespan = 0
  for (const task of order) {
    let ready = 0
    for (const before of near(graph.predecessors, task)) ready = Math.max(ready, real(start, before) + real(graph.durations, before))
    const scope = whole(scopes.classOf, task)
    if (scope >= 0) for (const other of near(scopes.touching, scope)) ready = Math.max(ready, real(busyUntil, other))
    const chosen = fixed === undefined ? bestTrack(free, ready) : whole(fixed, task)
    const begin = Math.max(ready, real(free, chosen))
    const finish = begin + real(graph.durations, task)
    start[task] = begin
    track[task] = chosen
    free[chosen] = finish
    if (scope >= 0) busyUntil[scope] = Math.max(real(busyUntil, scope), finish)
    makespan = Math.max(makespan, finish)
  }
  return { start, track, makespan }
}

function bestTrack(free: Float64Array, ready: number): number {
  let best = 0
  for (let track = 1; track < free.length; track++) {
    const [one, other] = [real(free, track), real(free, best)]
    if (one <= ready ? other > ready || one > other : one < other) best = track
  }
  return best
}

/**
 * Parallel generation (list scheduling, Graham 1966): no track idles while a task is ready; the one with the least `rank` goes first.
 * Gives the order of the starts, for `serialSchedule`. Conflicts are left to that.
 */
export function nonDelayOrder({ graph, tracks, fixed }: Work, rank: Float64Array): number[] {
  const byRank = (a: number, b: number): number => real(rank, a) - real(rank, b) || a - b
  const shared = new TinyQueue<number>([], byRank)
  const queues = Array.from({ length: tracks }, () => (fixed === undefined ? shared : new TinyQueue<number>([], byRank)))
  const enqueue = (task: number): void => at(queues, fixed === undefined ? 0 : whole(fixed, task)).push(task)
  const waiting = Int32Array.from(graph.predecessors, (list) => list.length)
  const finish = new Float64Array(graph.size)
  const track = new Int32Array(graph.size)
  const running = new TinyQueue<number>([], (a, b) => real(finish, a) - real(finish, b) || a - b)
  const idle = new Int32Array(tracks).fill(1)
  const order: number[] = []
  waiting.forEach((count, task) => { if (count === 0) enqueue(task) })
  for (let now = 0; ;) {
    for (let each = 0; each < tracks; each++) {
      const task = whole(idle, each) === 1 ? at(queues, each).pop() : undefined
      if (task === undefined) continue
      idle[each] = 0
      track[task] = each
      finish[task] = now + real(graph.durations, task)
      order.push(task)
      running.push(task)
    }
    const first = running.peek()
    if (first === undefined) return order
    now = real(finish, first)
    for (let done = running.peek(); done !== undefined && real(finish, done) === now; done = running.peek()) {
      running.pop()
      idle[whole(track, done)] = 1
      for (const next of near(graph.successors, done)) {
        const left = whole(waiting, next) - 1
        waiting[next] = left
        if (left === 0) enqueue(next)
      }
    }
  }
}

/** Tasks by start, those that start together by number: a topological order, since every task takes time. */
export const byStart = ({ start }: Schedule): number[] => Array.from(start.keys()).sort((a, b) => real(start, a) - real(start, b) || a - b)

/**
 * Forward-backward improvement (Li and Willis 1992): schedule from the end in the order of the finishes, then from the start in the order
 * that this gives, as long as it gets shorter. Never longer than it was.
 */
export function improved(work: Work, schedule: Schedule, most = 10): Schedule {
  const backwards = { ...work, graph: reversed(work.graph) }
  let best = schedule
  for (let round = 0; round < most; round++) {
    const mirrored = serialSchedule(backwards, latestFirst(work.graph, best))
    const next = serialSchedule(work, latestFirst(work.graph, mirrored))
    if (next.makespan >= best.makespan) return best
    best = next
  }
  return best
}

/** Tasks by finish, the latest first. */
export function latestFirst(graph: Graph, { start }: Schedule): number[] {
  const finish = start.map((begin, task) => begin + real(graph.durations, task))
  return Array.from(finish.keys()).sort((a, b) => real(finish, b) - real(finish, a) || b - a)
}
