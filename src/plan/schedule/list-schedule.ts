import { at, real, whole } from '../at.ts'
import { ReadyTasks } from './ready-tasks.ts'
import type { Schedule, Work } from './work.ts'

/**
 * Parallel generation (list scheduling, Graham 1966) while it goes on: no track idles while a task is ready; of those the one that is first in `ranked`
 * begins. Conflicts are not looked at. O(n * (log n + tracks) + dependencies). Many small methods, since they are compiled sooner than one with loops
 * in loops, and a plan makes a few schedules only.
 */
export class ListSchedule {
  readonly order: Int32Array
  readonly track: Int32Array
  readonly start: Float64Array
  private readonly work: Work
  private readonly ranked: Int32Array
  private readonly place: Int32Array
  /** Dependencies that are not done yet. */
  private readonly waiting: Int32Array
  /** By their places in `ranked`. One for all tracks, where tasks have none of their own. */
  private readonly ready: readonly ReadyTasks[]
  /** What each track does (-1: nothing) and until when. */
  private readonly current: Int32Array
  private readonly until: Float64Array
  private begun = 0

  constructor(work: Work, ranked: Int32Array) {
    const { graph: { size, before }, tracks, fixed } = work
    this.work = work
    this.ranked = ranked
    ;[this.order, this.track, this.start] = [new Int32Array(size), new Int32Array(size), new Float64Array(size)]
    ;[this.place, this.waiting] = [new Int32Array(size), new Int32Array(size)]
    this.ready = Array.from({ length: fixed === undefined ? 1 : tracks }, () => new ReadyTasks(size))
    ;[this.current, this.until] = [new Int32Array(tracks).fill(-1), new Float64Array(tracks)]
    for (let i = 0; i < size; i++) this.place[whole(ranked, i)] = i
    for (let task = 0; task < size; task++) {
      this.waiting[task] = whole(before.bounds, task + 1) - whole(before.bounds, task)
      if (this.waiting[task] === 0) this.free(task)
    }
  }

  run(): Schedule & { readonly order: Int32Array } {
    let now = 0
    for (let next = this.begin(now); next < Infinity; next = this.begin(now)) {
      now = next
      this.end(now)
    }
    return { order: this.order, start: this.start, track: this.track, makespan: now }
  }

  /** Gives work to the tracks that have none; says when the next one is done. */
  private begin(now: number): number {
    const { current, until } = this
    let next = Infinity
    for (let track = 0; track < current.length; track++) {
      if (whole(current, track) >= 0 || this.take(track, now)) next = Math.min(next, real(until, track))
    }
    return next
  }

  private take(track: number, now: number): boolean {
    const first = at(this.ready, this.ready.length === 1 ? 0 : track).takeFirst()
    if (first === undefined) return false
    const task = whole(this.ranked, first)
    this.current[track] = task
    this.until[track] = now + real(this.work.graph.durations, task)
    this.order[this.begun++] = task
    this.track[task] = track
    this.start[task] = now
    return true
  }

  private end(now: number): void {
    const { current, until } = this
    for (let track = 0; track < current.length; track++) {
      const done = whole(current, track)
      if (done < 0 || real(until, track) !== now) continue
      current[track] = -1
      this.release(done)
    }
  }

  private release(done: number): void {
    const { waiting, work: { graph: { after: { bounds, list } } } } = this
    for (let edge = whole(bounds, done), end = whole(bounds, done + 1); edge < end; edge++) {
      const task = whole(list, edge)
      const left = whole(waiting, task) - 1
      waiting[task] = left
      if (left === 0) this.free(task)
    }
  }

  private free(task: number): void {
    const { fixed } = this.work
    at(this.ready, fixed === undefined ? 0 : whole(fixed, task)).add(whole(this.place, task))
  }
}
