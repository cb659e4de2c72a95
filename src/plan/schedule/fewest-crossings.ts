import { near, real, whole } from '../at.ts'
import { timesOf } from '../graph/critical-path.ts'
import type { Graph } from '../graph/graph.ts'
import { byStart } from './schedule.ts'
import { manyTasks, randomShares, type IsOver } from './search.ts'
import type { Schedule, Work } from './work.ts'

/** Temperatures at the first step and at the last, in changes of component. */
const [hot, cold] = [10, 0.3]
/** Shares of the steps that bring the two ends of a dependency together, exchange what two tracks do from some place on, and exchange two tasks; the others move one in the order. */
const [joining, tails, pairs] = [0.3, 0.3, 0.3]
/** Of those that bring two ends together, how many leave the task where it is in the order. */
const unmoved = 0.4

/** Steps at the most. A step looks at every task and at some dependencies: larger plans get fewer, so that none takes more than some 20 ms, and large ones none. */
const mostSteps = 7_000
const mostLooks = 2_300_000

/**
 * A schedule no longer than `first`, on as many tracks, with fewer dependencies across tracks and, at as many of them, fewer changes of component within
 * a track: the best that simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) finds from there on, over an order of all tasks and their tracks, each
 * task as early as they allow. Deterministic: the seed is fixed, and the budget counts steps; `isOver` is a ceiling on top.
 */
export function fewestCrossings(work: Work, first: Schedule, components: readonly string[], isOver: IsOver = () => false): Schedule {
  const { graph } = work
  const tracks = first.track.reduce((most, each) => Math.max(most, each), 0) + 1
  if (tracks === 1 || graph.size >= manyTasks) return first
  const numbers = new Map([...new Set(components)].map((component, i) => [component, i]))
  const least = Math.max(0, numbers.size - tracks)
  const trial = new Trial({ ...work, tracks }, first, Int32Array.from(components, (component) => numbers.get(component) ?? 0))
  const steps = Math.min(mostSteps, mostLooks / (graph.size + graph.predecessors.reduce((sum, list) => sum + list.length, 0)))
  const cooling = (cold / hot) ** (1 / steps)
  const random = randomShares()
  let [bestCost, best] = [trial.cost, first]
  let temperature = hot
  for (let step = 0; step < steps && bestCost > least && !isOver(); step++, temperature *= cooling) {
    propose(trial, graph, tracks, random)
    trial.accept(trial.cost - temperature * Math.log(1 - random()))
    if (trial.cost >= bestCost) continue
    bestCost = trial.cost
    best = trial.schedule()
  }
  return best
}

/** Changes the trial at random. */
function propose(trial: Trial, graph: Graph, tracks: number, random: () => number): void {
  const below = (count: number): number => Math.floor(random() * count)
  const kind = random()
  trial.begin()
  if (kind < joining) {
    const after = below(graph.size)
    const list = near(graph.predecessors, after)
    const before = list.length === 0 ? after : list[below(list.length)] ?? after
    const isApart = trial.trackOf(before) !== trial.trackOf(after)
    const task = isApart && random() < 0.5 ? before : after
    trial.put(task, isApart ? trial.trackOf(task === before ? after : before) : below(tracks))
    if (random() >= unmoved) trial.shift(task, random())
  } else if (kind < joining + tails) {
    const one = below(tracks)
    trial.exchangeTails(below(graph.size), one, (one + 1 + below(tracks - 1)) % tracks)
  } else if (kind < joining + tails + pairs) {
    const one = below(graph.size)
    const other = below(graph.size)
    trial.put(one, trial.trackOf(other))
    trial.put(other, trial.trackOf(one))
  } else trial.shift(below(graph.size), random())
}

/** An order of all tasks with their tracks, and a change of it that is tried. Its cost: crossing dependencies times the number of tasks, and changes of component. */
class Trial {
  cost: number
  readonly #work: Work
  readonly #component: Int32Array
  /** The scopes' classes of tasks that are in conflict with some; -1 for others. */
  readonly #classOf: Int32Array
  readonly #tail: Float64Array
  readonly #deadline: number
  #crossing = 0
  readonly #order: Int32Array
  readonly #track: Int32Array
  readonly #nextOrder: Int32Array
  readonly #nextTrack: Int32Array
  readonly #place: Int32Array
  readonly #finish: Float64Array
  readonly #free: Float64Array
  readonly #last: Int32Array
  readonly #busyUntil: Float64Array
  /** Tasks whose track the change touches. */
  readonly #touched: Int32Array
  #touchedCount = 0

  constructor(work: Work, { start, track, makespan }: Schedule, component: Int32Array) {
    const { graph, tracks, scopes } = work
    this.#work = work
    this.#component = component
    const members = new Int32Array(scopes.touching.length)
    for (const scope of scopes.classOf) if (scope >= 0) members[scope] = whole(members, scope) + 1
    this.#classOf = scopes.classOf.map((scope) => (scope >= 0 && (whole(members, scope) > 1 || near(scopes.touching, scope).length > 1) ? scope : -1))
    this.#tail = timesOf(graph).tail
    this.#deadline = makespan
    this.#order = Int32Array.from(byStart({ start, track, makespan }))
    this.#track = track.slice()
    ;[this.#nextOrder, this.#nextTrack] = [this.#order.slice(), track.slice()]
    ;[this.#place, this.#touched, this.#last] = [new Int32Array(graph.size), new Int32Array(graph.size), new Int32Array(tracks)]
    ;[this.#finish, this.#free, this.#busyUntil] = [new Float64Array(graph.size), new Float64Array(tracks), new Float64Array(scopes.touching.length)]
    graph.predecessors.forEach((list, task) => { for (const before of list) if (track[before] !== track[task]) this.#crossing++ })
    this.#number()
    this.cost = this.#crossing * graph.size + this.#changes(this.#order, track)
  }

  trackOf(task: number): number { return whole(this.#track, task) }

  /** Forgets the last change. */
  begin(): void {
    this.#nextOrder.set(this.#order)
    this.#nextTrack.set(this.#track)
    this.#touchedCount = 0
  }

  put(task: number, track: number): void {
    if (this.#nextTrack[task] === track) return
    this.#nextTrack[task] = track
    this.#touched[this.#touchedCount++] = task
  }

  /** The task somewhere else in the order between its predecessors and its successors: at that share of the way. */
  shift(task: number, share: number): void {
    const { before, after } = this.#work.graph
    const place = this.#place
    let from = 0
    let to = place.length - 1
    for (let edge = before.bounds[task] ?? 0, last = before.bounds[task + 1] ?? 0; edge < last; edge++) from = Math.max(from, (place[before.list[edge] ?? 0] ?? 0) + 1)
    for (let edge = after.bounds[task] ?? 0, last = after.bounds[task + 1] ?? 0; edge < last; edge++) to = Math.min(to, (place[after.list[edge] ?? 0] ?? 0) - 1)
    const here = whole(place, task)
    const there = from + Math.floor(share * (to - from + 1))
    if (there < here) this.#nextOrder.copyWithin(there + 1, there, here)
    else this.#nextOrder.copyWithin(here, here + 1, there + 1)
    this.#nextOrder[there] = task
  }

  /** Two tracks exchange all that comes from this place of the order on. */
  exchangeTails(place: number, one: number, other: number): void {
    for (let i = place; i < this.#order.length; i++) {
      const task = this.#order[i] ?? 0
      const track = this.#track[task]
      if (track === one) this.put(task, other)
      else if (track === other) this.put(task, one)
    }
  }

  /** Keeps the change where its cost is at most `limit`, it takes no longer, and no track is left without work. */
  accept(limit: number): void {
    const crossing = this.#crossing + this.#moreCrossing()
    const size = this.#order.length
    if (crossing * size > limit) return
    const cost = crossing * size + this.#changes(this.#nextOrder, this.#nextTrack)
    if (cost > limit) return
    this.#order.set(this.#nextOrder)
    this.#track.set(this.#nextTrack)
    this.cost = cost
    this.#crossing = crossing
    this.#number()
  }

  schedule(): Schedule {
    this.#changes(this.#order, this.#track)
    const makespan = this.#finish.reduce((most, each) => Math.max(most, each), 0)
    return { start: this.#finish.map((end, task) => end - real(this.#work.graph.durations, task)), track: this.#track.slice(), makespan }
  }

  #number(): void {
    const order = this.#order
    const place = this.#place
    for (let i = 0; i < order.length; i++) place[order[i] ?? 0] = i
  }

  /** How many more dependencies cross tracks after the change. */
  #moreCrossing(): number {
    const { predecessors, successors } = this.#work.graph
    const track = this.#track
    const next = this.#nextTrack
    let more = 0
    for (let i = 0; i < this.#touchedCount; i++) {
      const task = this.#touched[i] ?? 0
      const was = track[task]
      const is = next[task]
      for (const before of near(predecessors, task)) more += (next[before] === is ? 0 : 1) - (track[before] === was ? 0 : 1)
      // A successor that changes too has counted this one.
      for (const after of near(successors, task)) if (next[after] === track[after]) more += (next[after] === is ? 0 : 1) - (track[after] === was ? 0 : 1)
    }
    return more
  }

  /** Changes of component in the tracks; Infinity where it takes longer or a track has no work. Sets when each task ends. */
  #changes(order: Int32Array, track: Int32Array): number {
    const { graph: { before: { bounds, list }, durations }, scopes: { touching } } = this.#work
    const classOf = this.#classOf
    const finish = this.#finish
    const free = this.#free.fill(0)
    const last = this.#last.fill(-1)
    const busyUntil = this.#busyUntil.fill(0)
    const component = this.#component
    const tail = this.#tail
    const deadline = this.#deadline
    let changes = 0
    let unused = last.length
    for (let i = 0; i < order.length; i++) {
      const task = order[i] ?? 0
      const mine = track[task] ?? 0
      let ready = free[mine] ?? 0
      for (let edge = bounds[task] ?? 0, until = bounds[task + 1] ?? 0; edge < until; edge++) {
        const end = finish[list[edge] ?? 0] ?? 0
        if (end > ready) ready = end
      }
      const scope = classOf[task] ?? -1
      if (scope >= 0) for (const other of near(touching, scope)) ready = Math.max(ready, busyUntil[other] ?? 0)
      if (ready + (tail[task] ?? 0) > deadline) return Infinity
      const end = ready + (durations[task] ?? 0)
      finish[task] = end
      free[mine] = end
      if (scope >= 0) busyUntil[scope] = Math.max(busyUntil[scope] ?? 0, end)
      const previous = last[mine] ?? -1
      if (previous < 0) unused--
      else if (previous !== component[task]) changes++
      last[mine] = component[task] ?? 0
    }
    return unused === 0 ? changes : Infinity
  }
}
