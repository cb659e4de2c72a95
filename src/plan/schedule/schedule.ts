import { at, real, whole } from '../at.ts'
import { Generation } from './generation.ts'
import { ReadyTasks } from './ready-tasks.ts'
import type { Schedule, Work } from './work.ts'

/** Each task of `order` (a topological order) as early as its predecessors, its track and its conflicts allow: see `Generation`. */
export function serialSchedule(work: Work, order: ArrayLike<number>): Schedule {
  const generation = new Generation(work)
  generation.order.set(order)
  generation.generate()
  return generation.schedule()
}

/**
 * Parallel generation (list scheduling, Graham 1966): no track idles while a task is ready; the one with the least `rank` goes first.
 * Gives the order of the starts, for `serialSchedule`. Conflicts are left to that. O(n * (log n + tracks) + dependencies).
 */
export const nonDelayOrder = (work: Work, rank: Float64Array): Int32Array => nonDelaySchedule(work, byRank(rank)).order

/** Tasks by rank, the least first; those of one rank by number. */
export const byRank = (rank: Float64Array): Int32Array => Int32Array.from(rank.keys()).sort((a, b) => real(rank, a) - real(rank, b) || a - b)

/** The schedule behind `nonDelayOrder` where the order of the ranks is known. What is ready is kept by the places in it. */
export function nonDelaySchedule({ graph, tracks, fixed }: Work, ranked: Int32Array): Schedule & { readonly order: Int32Array } {
  const place = new Int32Array(graph.size)
  ranked.forEach((task, i) => { place[task] = i })
  const shared = new ReadyTasks(graph.size)
  const queues = Array.from({ length: tracks }, () => (fixed === undefined ? shared : new ReadyTasks(graph.size)))
  const enqueue = (task: number): void => { at(queues, fixed === undefined ? 0 : whole(fixed, task)).add(whole(place, task)) }
  const waiting = new Int32Array(graph.size)
  for (let task = 0; task < graph.size; task++) waiting[task] = whole(graph.before.bounds, task + 1) - whole(graph.before.bounds, task)
  /** What each track does (-1: nothing) and until when. */
  const current = new Int32Array(tracks).fill(-1)
  const until = new Float64Array(tracks)
  const [order, track, start] = [new Int32Array(graph.size), new Int32Array(graph.size), new Float64Array(graph.size)]
  let filled = 0
  waiting.forEach((count, task) => { if (count === 0) enqueue(task) })
  for (let now = 0; ;) {
    let next = Infinity
    for (let each = 0; each < tracks; each++) {
      if (whole(current, each) < 0) {
        const first = at(queues, each).takeFirst()
        if (first === undefined) continue
        const task = whole(ranked, first)
        current[each] = task
        until[each] = now + real(graph.durations, task)
        order[filled++] = task
        track[task] = each
        start[task] = now
      }
      next = Math.min(next, real(until, each))
    }
    if (next === Infinity) return { order, start, track, makespan: now }
    now = next
    for (let each = 0; each < tracks; each++) {
      const done = whole(current, each)
      if (done < 0 || real(until, each) !== now) continue
      current[each] = -1
      for (let edge = whole(graph.after.bounds, done); edge < whole(graph.after.bounds, done + 1); edge++) {
        const after = whole(graph.after.list, edge)
        const left = whole(waiting, after) - 1
        waiting[after] = left
        if (left === 0) enqueue(after)
      }
    }
  }
}

/** Tasks by start, those that start together by number: a topological order, since every task takes time. */
export const byStart = ({ start }: Schedule): number[] => Array.from(start.keys()).sort((a, b) => real(start, a) - real(start, b) || a - b)
