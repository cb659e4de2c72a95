import { near, real, whole } from '../at.ts'
import type { Neighbours } from '../graph/graph.ts'
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
  readonly #before: Neighbours
  readonly #after: Neighbours
  readonly #topological: Int32Array
  readonly #place: Int32Array
  readonly #packed: Float64Array
  readonly #kept: Float64Array
  readonly #keptTrack: Int32Array
  readonly #free: Float64Array
  readonly #busyUntil: Float64Array
  /** Times tasks fit into a double, so that a time and a task can be sorted as one number. */
  readonly #packs: boolean

  constructor(work: Work) {
    const { graph, tracks, scopes } = work
    this.#work = work
    this.order = graph.order.slice()
    ;[this.finish, this.#packed, this.#kept] = [new Float64Array(graph.size), new Float64Array(graph.size), new Float64Array(graph.size)]
    ;[this.#track, this.#keptTrack] = [new Int32Array(graph.size), new Int32Array(graph.size)]
    ;[this.#before, this.#after] = [graph.before, graph.after]
    this.#topological = graph.order
    this.#place = new Int32Array(graph.size)
    graph.order.forEach((task, i) => { this.#place[task] = i })
    ;[this.#free, this.#busyUntil] = [new Float64Array(tracks), new Float64Array(scopes.touching.length)]
    this.#packs = graph.durations.reduce((sum, each) => sum + each, 0) * graph.size < Number.MAX_SAFE_INTEGER
  }

  /** Schedules `order`. O(n * tracks + dependencies). */
  generate(backwards = false): void {
    const { graph: { durations, size }, scopes: { classOf, touching }, fixed } = this.#work
    const [finish, free, busyUntil] = [this.finish, this.#free, this.#busyUntil]
    const { bounds, list } = backwards ? this.#after : this.#before
    free.fill(0)
    busyUntil.fill(0)
    this.makespan = 0
    for (let i = 0; i < size; i++) {
      const task = whole(this.order, i)
      let ready = 0
      for (let edge = whole(bounds, task); edge < whole(bounds, task + 1); edge++) ready = Math.max(ready, real(finish, whole(list, edge)))
      const scope = whole(classOf, task)
      if (scope >= 0) for (const other of near(touching, scope)) ready = Math.max(ready, real(busyUntil, other))
      const chosen = fixed === undefined ? bestTrack(free, ready) : whole(fixed, task)
      const end = Math.max(ready, real(free, chosen)) + real(durations, task)
      finish[task] = end
      this.#track[task] = chosen
      free[chosen] = end
      if (scope >= 0) busyUntil[scope] = Math.max(real(busyUntil, scope), end)
      this.makespan = Math.max(this.makespan, end)
    }
  }

  /** The order for the other direction: what ends last comes first. */
  turn(): void {
    const [finish, packed, size] = [this.finish, this.#packed, this.finish.length]
    if (!this.#packs) {
      this.order.set(Array.from(finish.keys()).sort((a, b) => real(finish, b) - real(finish, a) || b - a))
      return
    }
    for (let task = 0; task < size; task++) packed[task] = real(finish, task) * size + task
    packed.sort()
    for (let i = 0; i < size; i++) this.order[size - 1 - i] = real(packed, i) % size
  }

  /** The order of the keys (not negative, whole, below 2^32), each task moved behind its predecessors. Changes `keys`. */
  orderBy(keys: Float64Array): void {
    const [topological, packed, size] = [this.#topological, this.#packed, keys.length]
    const { bounds, list } = this.#before
    for (let i = 0; i < size; i++) {
      const task = whole(topological, i)
      let key = real(keys, task)
      for (let edge = whole(bounds, task); edge < whole(bounds, task + 1); edge++) key = Math.max(key, real(keys, whole(list, edge)))
      keys[task] = key
      packed[i] = key * size + i
    }
    packed.sort()
    for (let i = 0; i < size; i++) this.order[i] = whole(topological, real(packed, i) % size)
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

function bestTrack(free: Float64Array, ready: number): number {
  let best = 0
  let time = real(free, 0)
  for (let track = 1; track < free.length; track++) {
    const one = real(free, track)
    if (one <= ready ? time > ready || one > time : one < time) [best, time] = [track, one]
  }
  return best
}
