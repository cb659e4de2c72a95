import { real } from '../at.ts'
import { Generation } from './generation.ts'
import { ListSchedule } from './list-schedule.ts'
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

/** The schedule behind `nonDelayOrder` where the order of the ranks is known. */
export const nonDelaySchedule = (work: Work, ranked: Int32Array): Schedule & { readonly order: Int32Array } => new ListSchedule(work, ranked).run()

/** Tasks by start, those that start together by number: a topological order, since every task takes time. */
export const byStart = ({ start }: Schedule): number[] => Array.from(start.keys()).sort((a, b) => real(start, a) - real(start, b) || a - b)
