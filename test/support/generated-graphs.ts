import { makeGraph, type Graph } from '../../src/plan/graph/graph.ts'

/** Numbers from 0 to below 1, the same for the same seed (a linear congruential generator, Numerical Recipes). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** A graph of one of three kinds: any two tasks may depend, layer on layer, or a few dependencies anywhere before. Whole hours. */
export function generatedGraph(seed: number, tasks: number): Graph {
  const random = seeded(seed)
  const durations = Float64Array.from({ length: tasks }, () => (seed % 2 === 0 ? 1 + Math.floor(random() * 10) : 1 + Math.floor(random() * random() * 40)))
  const share = [0.06, 0.1, 0.2, 0.04, 0.3][seed % 5] ?? 0.1
  const layer = 3 + (seed % 6)
  const predecessors = Array.from({ length: tasks }, (_, task) => {
    const before = Array.from({ length: task }, (__, other) => other)
    if (seed % 3 === 0) return before.filter(() => random() < share)
    if (seed % 3 === 1) return before.filter((other) => Math.floor(other / layer) === Math.floor(task / layer) - 1 && random() < 0.4)
    return task === 0 ? [] : [...new Set(Array.from({ length: 1 + (seed % 4) }, () => Math.floor(random() * task)))]
  })
  return makeGraph(durations, predecessors, (units) => units)
}

/** A graph whose shortest schedule is known: so many tracks are full from 0 to `length`, and a task depends only on such as end before it starts. */
export function packedGraph(seed: number, tracks: number, length: number): Graph {
  const random = seeded(seed)
  const placed = Array.from({ length: tracks }, () => {
    const cuts: { start: number; end: number }[] = []
    for (let start = 0; start < length;) {
      const end = Math.min(length, start + 1 + Math.floor(random() * 12))
      cuts.push({ start, end })
      start = end
    }
    return cuts
  }).flat().map((each) => ({ ...each, key: random() })).sort((a, b) => a.start - b.start || a.key - b.key)
  const predecessors = placed.map(({ start }) => placed.flatMap(({ end }, other) => (end <= start && end > start - 20 && random() < 0.15 ? [other] : [])))
  return makeGraph(Float64Array.from(placed, ({ start, end }) => end - start), predecessors, (units) => units)
}

/** No task has a scope. */
export const noScopes = (tasks: number): { classOf: Int32Array; touching: number[][] } => ({ classOf: new Int32Array(tasks).fill(-1), touching: [] })
