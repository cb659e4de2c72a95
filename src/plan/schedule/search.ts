import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { at, near, real } from '../at.ts'
import { timesOf, type Times } from '../graph/critical-path.ts'
import { Generation } from './generation.ts'
import { reversed } from '../graph/graph.ts'
import { byRank, nonDelayOrder, nonDelaySchedule } from './schedule.ts'
import type { Schedule, Work } from './work.ts'

/** Asked before each step of a search: shall it end? */
export type IsOver = () => boolean

/** Schedules that are crossed with each other. */
const mostMembers = 50
/** One member for so many steps: few steps are better spent on few members. */
const stepsPerMember = 25
/** How many places of an order noise moves a task at most: near changes and far ones in turn. */
const reaches = [1, 2, 4, 8]
/** Share of the children with two parents; the others come from one, by noise alone. */
const crossed = 0.8
/** How often a child that is no better takes a place all the same, so that the members do not become one. */
const lucky = 0.02
/** From so many tasks on a list schedule is within a task of the bound, and each takes long: without steps, one is made. */
export const manyTasks = 500
/** Keys are starts as shares of the makespan, in so many parts. */
const resolution = 2 ** 20

/** Steps (each makes three to five schedules) for a plan of this size. `thorough`: for the number of tracks that is used; else for a point of the curve, of which there may be twenty. */
export function stepsFor(tasks: number, thorough: boolean): number {
  if (!thorough && tasks >= manyTasks) return 0
  return Math.floor(Math.min(Math.max(300, 2 * tasks ** 2), 6_000, 30_000_000 / tasks ** 2) / (thorough ? 1 : 20))
}

/**
 * The shortest schedule found. First list schedules by several priorities, improved forward and backward; then `steps` steps of a genetic
 * search (after Valls, Ballestin and Quintanilla 2008): the starts of two members, one's within a span of time and the other's without, with
 * noise, are the order of the next schedule, which is improved in turn. Stops at `bound`. Deterministic: the seed is fixed, and the
 * budget counts steps; `isOver` is a ceiling on top. Without steps: list schedules only, of large plans by `urgency`, which need not be made again where it is known.
 */
export function bestSchedule(work: Work, bound: number, steps: number, isOver: IsOver = () => false, urgency?: Int32Array): Schedule {
  if (steps === 0 && work.graph.size >= manyTasks) return quickSchedule(work, urgency ?? byUrgency(timesOf(work.graph)), bound)
  const generation = new Generation(work)
  const listed: Schedule[] = []
  for (const make of startOrders(work)) {
    generation.order.set(make())
    generation.generate()
    listed.push(generation.schedule())
    if (generation.makespan <= bound) return generation.schedule()
  }
  listed.sort((a, b) => a.makespan - b.makespan)
  const improved: Schedule[] = []
  for (const schedule of steps === 0 ? listed.slice(0, 1) : listed) {
    generation.load(schedule)
    generation.improve(work.graph.size >= manyTasks ? 1 : 10)
    improved.push(generation.schedule())
    if (generation.makespan <= bound) return generation.schedule()
  }
  return steps === 0 ? at(improved, 0) : evolved(work, generation, improved, bound, steps, isOver)
}

/** Tasks by the longest way to the end, the longest first. */
export const byUrgency = ({ tail }: Times): Int32Array => byRank(tail.map((rest) => -rest))

/** The list schedule of a large plan by the order `ranked`, improved once where it does not reach the bound. */
export function quickSchedule(work: Work, ranked: Int32Array, bound: number): Schedule {
  const { order, ...listed } = nonDelaySchedule(work, ranked)
  if (listed.makespan <= bound && areApart(work.scopes)) return listed
  const generation = new Generation(work)
  generation.order.set(order)
  generation.generate()
  if (generation.makespan > bound) generation.improve(1)
  return generation.schedule()
}

/** Can any two tasks run at once, as far as their scopes go? */
export function areApart({ classOf, touching }: Work['scopes']): boolean {
  const seen = new Uint8Array(touching.length)
  for (const scope of classOf) {
    if (scope < 0) continue
    if (seen[scope] === 1) return false
    seen[scope] = 1
  }
  return touching.every((list) => list.length === 1)
}

interface Member { readonly start: Float64Array; makespan: number }

function evolved(work: Work, generation: Generation, first: readonly Schedule[], bound: number, steps: number, isOver: IsOver): Schedule {
  const { graph } = work
  const random = randomShares()
  const members: Member[] = first.map(({ start, makespan }) => ({ start: start.slice(), makespan }))
  const size = Math.min(mostMembers, Math.max(members.length, Math.floor(steps / stepsPerMember)))
  const latestStart = timesOf(graph).latestStart
  const keys = new Float64Array(graph.size)
  let best = first.reduce((a, b) => (b.makespan < a.makespan ? b : a))
  const pick = (): Member => at(members, Math.floor(random() * members.length))
  const take = (member: Member): void => {
    generation.finish.forEach((end, task) => { member.start[task] = end - real(graph.durations, task) })
    member.makespan = generation.makespan
  }
  for (let step = 0; step < steps && best.makespan > bound && !isOver(); step++) {
    const isFounder = members.length < size
    const [mother, father] = [pick(), pick()]
    if (isFounder) shuffle(keys, latestStart, random, at([0.1, 0.2, 0.4, 1], step % 4) * best.makespan, best.makespan)
    else {
      if (random() < crossed) cross(keys, mother.start, father.start, random, best.makespan)
      else keys.set(mother.start)
      shuffle(keys, keys, random, (at(reaches, step % reaches.length) / graph.size) * best.makespan, best.makespan)
    }
    generation.orderBy(keys)
    generation.generate()
    generation.improve(2)
    if (generation.makespan < best.makespan) best = generation.schedule()
    if (isFounder) {
      const founder = { start: new Float64Array(graph.size), makespan: 0 }
      take(founder)
      members.push(founder)
      continue
    }
    const worse = mother.makespan >= father.makespan ? mother : father
    if (generation.makespan <= worse.makespan) take(worse)
    else if (random() < lucky) {
      const other = pick()
      if (other.makespan > best.makespan) take(other)
    }
  }
  return best
}

/** The mother's starts, those within a span of time mixed with the father's. */
function cross(keys: Float64Array, mother: Float64Array, father: Float64Array, random: () => number, makespan: number): void {
  const [one, other, share] = [random() * makespan, random() * makespan, random()]
  const [from, to] = [Math.min(one, other), Math.max(one, other)]
  for (let task = 0; task < keys.length; task++) {
    const start = real(mother, task)
    keys[task] = start >= from && start < to ? start * share + real(father, task) * (1 - share) : start
  }
}

/** Each time moved later by up to `reach`, as a whole number of parts of the makespan. */
function shuffle(keys: Float64Array, times: Float64Array, random: () => number, reach: number, makespan: number): void {
  for (let task = 0; task < keys.length; task++) keys[task] = Math.floor(((real(times, task) + random() * reach) / makespan) * resolution)
}

/** Numbers from 0 to below 1, the same ones in every run. */
export function randomShares(): () => number {
  const generator = xoroshiro128plus(1)
  return () => (generator.next() >>> 0) / 2 ** 32
}

/** Orders of list schedules: by the longest way to the end, by duration, by followers, from the end, by latest start. */
function startOrders(work: Work): (() => ArrayLike<number>)[] {
  const { graph } = work
  const { tail, earliestStart, latestStart } = timesOf(graph)
  const backwards = { ...work, graph: reversed(graph) }
  return [
    () => nonDelayOrder(work, tail.map((rest) => -rest)),
    () => nonDelayOrder(work, graph.durations.map((duration, task) => -(duration + real(tail, task) / 1e6))),
    () => nonDelayOrder(work, tail.map((rest, task) => -(rest + near(graph.successors, task).length / (graph.size + 1)))),
    () => {
      const generation = new Generation(work)
      generation.order.set(nonDelayOrder(backwards, earliestStart.map((start, task) => -(start + real(graph.durations, task)))))
      generation.generate(true)
      generation.turn()
      return generation.order
    },
    () => {
      const place = new Int32Array(graph.size)
      graph.order.forEach((task, i) => { place[task] = i })
      return Array.from(latestStart.keys()).sort((a, b) => real(latestStart, a) - real(latestStart, b) || at(place, a) - at(place, b))
    },
  ]
}
