import { near, real } from '../at.ts'
import { FreeTracks } from './free-tracks.ts'
import type { Schedule, Work } from './work.ts'

/**
 * Makes schedules of one piece of work, one after another, without new memory for each. Serial generation (Kelley 1963): each task of an order as
 * early as its predecessors, its track and its conflicts allow, so a track may idle on purpose. Of the tracks that are free in time the one that
 * has been free for the least time is taken. Times are whole units; "backwards" they count from the end.
 */
export class Generation {
  /** What `generate` follows: every task after those that it waits for in that direction. */
  readonly order: Int32Array
  /** When each task of the last schedule ends, in its direction. */
  readonly finish: Float64Array
  makespan = 0
  readonly #work: Work
  readonly #track: Int32Array
  /** Room for a number a task, while tasks are sorted. */
  readonly #sorted: Float64Array
  readonly #kept: Float64Array
  readonly #keptTrack: Int32Array
  readonly #tracks: FreeTracks
  readonly #busyUntil: Float64Array

  constructor(work: Work) {
    const { graph, tracks, scopes } = work
    this.#work = work
    this.order = graph.order.slice()
    ;[this.finish, this.#sorted, this.#kept] = [new Float64Array(graph.size), new Float64Array(graph.size), new Float64Array(graph.size)]
    ;[this.#track, this.#keptTrack] = [new Int32Array(graph.size), new Int32Array(graph.size)]
    ;[this.#tracks, this.#busyUntil] = [new FreeTracks(tracks), new Float64Array(scopes.touching.length)]
  }

  // In these loops every index is in its list: `?? 0` is for the types alone, since a call for each look would take longer than all else.
  // They stay small, and take no lists apart, so that they are soon compiled: half of a search's time goes before that.

  /** Schedules `order`. O(n * tracks + dependencies). */
  generate(backwards = false): void {
    const { graph: { before, after, durations }, scopes: { classOf, touching }, fixed } = this.#work
    const { bounds, list } = backwards ? after : before
    const { order, finish } = this
    const track = this.#track
    const tracks = this.#tracks
    const busyUntil = this.#busyUntil
    tracks.clear()
    busyUntil.fill(0)
    let makespan = 0
    for (let i = 0; i < order.length; i++) {
      const task = order[i] ?? 0
      let ready = 0
      for (let edge = bounds[task] ?? 0, last = bounds[task + 1] ?? 0; edge < last; edge++) {
        const end = finish[list[edge] ?? 0] ?? 0
        if (end > ready) ready = end
      }
      const scope = classOf[task] ?? -1
      if (scope >= 0) ready = latest(busyUntil, near(touching, scope), ready)
      const duration = durations[task] ?? 0
      const end = fixed === undefined ? tracks.take(ready, duration) : tracks.takeOne(fixed[task] ?? 0, ready, duration)
      finish[task] = end
      track[task] = tracks.taken
      if (scope >= 0) busyUntil[scope] = Math.max(busyUntil[scope] ?? 0, end)
      if (end > makespan) makespan = end
    }
    this.makespan = makespan
  }

  /** The order for the other direction: what ends last comes first. Tasks end nearly in the order in which they are scheduled, which suits an insertion sort. */
  turn(): void {
    const { order, finish } = this
    const ends = this.#sorted
    for (let i = 0; i < order.length; i++) {
      const task = order[i] ?? 0
      const end = finish[task] ?? 0
      let place = i
      for (; place > 0 && (ends[place - 1] ?? 0) > end; place--) {
        ends[place] = ends[place - 1] ?? 0
        order[place] = order[place - 1] ?? 0
      }
      ends[place] = end
      order[place] = task
    }
    order.reverse()
  }

  /** The order of the keys (not negative, whole, below 2^32), each task moved behind its predecessors. Changes `keys`. */
  orderBy(keys: Float64Array): void {
    const { order: topological, before: { bounds, list }, size } = this.#work.graph
    const order = this.order
    const sorted = this.#sorted
    for (let i = 0; i < size; i++) {
      const task = topological[i] ?? 0
      let key = keys[task] ?? 0
      for (let edge = bounds[task] ?? 0, last = bounds[task + 1] ?? 0; edge < last; edge++) {
        const other = keys[list[edge] ?? 0] ?? 0
        if (other > key) key = other
      }
      keys[task] = key
      sorted[i] = key * size + i
    }
    sorted.sort()
    for (let i = 0; i < size; i++) order[i] = topological[(sorted[i] ?? 0) % size] ?? 0
  }

  /**
   * Forward-backward improvement (Li and Willis 1992) of the schedule that is there: from the end in the order of the finishes, then from the start
   * in the order that this gives, as long as it gets shorter, at most so many rounds. Never longer than it was.
   */
  improve(rounds: number): void {
    for (let round = 0; round < rounds; round++) {
      const before = this.makespan
      this.#kept.set(this.finish)
      this.#keptTrack.set(this.#track)
      this.turn()
      this.generate(true)
      this.turn()
      this.generate()
      if (this.makespan < before) continue
      if (this.makespan > before) {
        this.finish.set(this.#kept)
        this.#track.set(this.#keptTrack)
        this.makespan = before
      }
      return
    }
  }

  /** The last (forward) schedule. */
  schedule(): Schedule {
    const { durations } = this.#work.graph
    return { start: this.finish.map((end, task) => end - real(durations, task)), track: this.#track.slice(), makespan: this.makespan }
  }

  /** Goes back to a schedule made earlier. */
  load({ start, track, makespan }: Schedule): void {
    start.forEach((begin, task) => { this.finish[task] = begin + real(this.#work.graph.durations, task) })
    this.#track.set(track)
    this.makespan = makespan
  }
}

/** The latest of some times, and of `ready`. */
function latest(times: Float64Array, places: readonly number[], ready: number): number {
  let most = ready
  for (const place of places) most = Math.max(most, times[place] ?? 0)
  return most
}
