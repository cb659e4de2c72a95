import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { at, near, real, whole } from './at.ts'
import { timesOf } from './critical-path.ts'
import { reversed, type Graph } from './graph.ts'
import { improved, latestFirst, nonDelayOrder, serialSchedule, type Schedule, type Work } from './schedule.ts'

/** How far the noise may move a start, as shares of the makespan: near changes and far ones in turn. Small plans have so few orders near a good one that any order is worth a try. */
const reachesFor = (tasks: number): number[] => [0.02, 0.05, 0.1, 0.2, 0.4, ...(tasks <= 20 ? [1] : [])]

/**
 * Steps for a plan of this size; a step makes about four schedules. `thorough`: for the number of tracks that is used; else for a point of the
 * curve, of which there may be twenty.
 */
export const stepsFor = (tasks: number, thorough: boolean): number => Math.min(300, Math.floor((thorough ? 60_000 : 6_000) / tasks))

/**
 * The shortest schedule found: list schedules by several priorities, each improved forward and backward, then `steps` steps of a search
 * around the best order (random-key local search: the starts of the best schedule with noise are the next order). Stops at `bound`.
 * Deterministic: the seed is fixed and the budget counts steps, not time.
 */
export function bestSchedule(work: Work, bound: number, steps: number): Schedule {
  let best = improved(work, firstOf(startOrders(work).map((order) => (): Schedule => serialSchedule(work, order())), bound))
  const random = xoroshiro128plus(1)
  const topological = places(work.graph)
  const reaches = reachesFor(work.graph.size)
  let current = best
  for (let step = 0; step < steps && best.makespan > bound; step++) {
    const reach = best.makespan * at(reaches, step % reaches.length)
    const keys = current.start.map((start) => start + (uniformFloat64(random) - 0.5) * reach)
    const next = improved(work, serialSchedule(work, orderByKeys(work.graph, keys, topological)), 2)
    if (next.makespan <= current.makespan) current = next
    else if (step % 40 === 39) current = best // not there: back to the best
    if (next.makespan < best.makespan) best = next
  }
  return best
}

/** The shortest of some schedules, made one after another until one meets the bound. */
function firstOf(makers: readonly (() => Schedule)[], bound: number): Schedule {
  let best: Schedule | undefined
  for (const make of makers) {
    const next = make()
    if (best === undefined || next.makespan < best.makespan) best = next
    if (best.makespan <= bound) break
  }
  if (best === undefined) throw new Error('no schedule was made')
  return best
}

function startOrders(work: Work): (() => number[])[] {
  const { graph } = work
  const { tail, earliestStart, latestStart } = timesOf(graph)
  const backwards = { ...work, graph: reversed(graph) }
  const mirrored = earliestStart.map((start, task) => -(start + real(graph.durations, task)))
  const followers = tail.map((rest, task) => -(rest + near(graph.successors, task).length / (graph.size + 1)))
  const topological = places(graph)
  return [
    () => nonDelayOrder(work, tail.map((rest) => -rest)),
    () => nonDelayOrder(work, graph.durations.map((duration, task) => -(duration + real(tail, task) / 1e6))),
    () => nonDelayOrder(work, followers),
    () => latestFirst(graph, serialSchedule(backwards, nonDelayOrder(backwards, mirrored))),
    () => orderByKeys(graph, latestStart, topological),
  ]
}

function places(graph: Graph): Int32Array {
  const place = new Int32Array(graph.size)
  graph.order.forEach((task, index) => { place[task] = index })
  return place
}

/** The tasks by key, each moved behind its predecessors. */
function orderByKeys(graph: Graph, keys: Float64Array, topological: Int32Array): number[] {
  const later = keys.slice()
  for (const task of graph.order) for (const before of near(graph.predecessors, task)) later[task] = Math.max(real(later, task), real(later, before))
  return Array.from(later.keys()).sort((a, b) => real(later, a) - real(later, b) || whole(topological, a) - whole(topological, b))
}

