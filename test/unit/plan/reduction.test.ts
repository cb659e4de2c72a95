import assert from 'node:assert/strict'
import fc from 'fast-check'
import { makeGraph, type Graph, type Neighbours } from '../../../src/plan/graph/graph.ts'

/** Any two tasks may depend; the numbers are shuffled, so that a task may come before those it waits for. */
const denseGraphs: fc.Arbitrary<Graph> = fc.integer({ min: 2, max: 40 }).chain((size) => fc.record({
  number: fc.shuffledSubarray(Array.from({ length: size }, (_, i) => i), { minLength: size }),
  depends: fc.array(fc.array(fc.boolean(), { minLength: size, maxLength: size }), { minLength: size, maxLength: size }),
})).map(({ number, depends }) => {
  const predecessors: number[][] = number.map(() => [])
  number.forEach((task, later) => { predecessors[task] = number.slice(0, later).filter((_, earlier) => depends[later]?.[earlier]) })
  return makeGraph(new Float64Array(number.length).fill(1), predecessors, (units) => units)
})

const of = ({ bounds, list }: Neighbours, task: number): number[] => [...list.subarray(bounds[task], bounds[task + 1])]

/** All that must come before each task, by the dependencies that `before` gives. */
function ancestors(graph: Graph, before: (task: number) => readonly number[]): Set<number>[] {
  const found: Set<number>[] = Array.from({ length: graph.size }, () => new Set())
  for (const task of graph.order) for (const other of before(task)) found[task] = new Set([...found[task] ?? [], other, ...found[other] ?? []])
  return found
}

describe('the dependencies for inner loops', () => {
  it('keep the order of all tasks, and none of many follows from others', () => {
    fc.assert(fc.property(denseGraphs, (graph) => {
      const all = ancestors(graph, (task) => graph.predecessors[task] ?? [])
      assert.deepEqual(ancestors(graph, (task) => of(graph.before, task)), all)
      const count = graph.predecessors.reduce((sum, list) => sum + list.length, 0)
      if (count <= 3 * graph.size) return
      for (let task = 0; task < graph.size; task++) {
        const before = of(graph.before, task)
        assert.ok(before.every((other) => !before.some((last) => all[last]?.has(other))))
      }
    }))
  })

  it('are the same in both directions', () => {
    fc.assert(fc.property(denseGraphs, (graph) => {
      for (let task = 0; task < graph.size; task++) for (const other of of(graph.before, task)) assert.ok(of(graph.after, other).includes(task))
      assert.equal(graph.before.list.length, graph.after.list.length)
    }))
  })
})
