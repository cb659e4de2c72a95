import assert from 'node:assert/strict'
import fc from 'fast-check'
import { lowerBound, simpleBound } from '../../../src/plan/graph/bounds.ts'
import { criticalPath, timesOf } from '../../../src/plan/graph/critical-path.ts'
import { makeGraph, type Graph } from '../../../src/plan/graph/graph.ts'
import { bestSchedule } from '../../../src/plan/schedule/search.ts'
import { unitsOf } from '../../../src/plan/graph/units.ts'

const graphs = (most: number): fc.Arbitrary<Graph> => fc.array(fc.record({ duration: fc.integer({ min: 1, max: 9 }), before: fc.array(fc.nat(), { maxLength: 2 }) }), { minLength: 1, maxLength: most })
  .map((raw) => makeGraph(Float64Array.from(raw, (each) => each.duration), raw.map((each, i) => (i === 0 ? [] : [...new Set(each.before.map((n) => n % i))])), (units) => units))
const free = (size: number): { classOf: Int32Array; touching: number[][] } => ({ classOf: new Int32Array(size).fill(-1), touching: [] })

/** The least makespan: every topological order, every choice of track. */
function optimum(graph: Graph, tracks: number): number {
  let best = Infinity
  const visit = (done: readonly number[], finish: ReadonlyMap<number, number>, busy: readonly number[], length: number): void => {
    if (length >= best) return
    if (done.length === graph.size) { best = length; return }
    for (let task = 0; task < graph.size; task++) {
      const before = graph.predecessors[task] ?? []
      if (finish.has(task) || !before.every((other) => finish.has(other))) continue
      for (const [track, time] of new Map(busy.map((each, i) => [each, i])).entries()) {
        const end = Math.max(track, ...before.map((other) => finish.get(other) ?? 0)) + (graph.durations[task] ?? 0)
        visit([...done, task], new Map([...finish, [task, end]]), busy.map((each, i) => (i === time ? end : each)), Math.max(length, end))
      }
    }
  }
  visit([], new Map(), new Array<number>(tracks).fill(0), 0)
  return best
}

describe('schedules and bounds', () => {
  it('find the optimum of small plans between bound and schedule', () => {
    fc.assert(fc.property(graphs(6), fc.integer({ min: 1, max: 3 }), (graph, tracks) => {
      const best = optimum(graph, tracks)
      const bound = lowerBound(graph, timesOf(graph), tracks)
      const found = bestSchedule({ graph, tracks, scopes: free(graph.size) }, bound, 300).makespan
      assert.ok(bound <= best, `bound ${bound} above the optimum ${best}`)
      assert.equal(found, best)
    }), { numRuns: 150 })
  })

  it('the interval bound is no less than the simple one', () => {
    fc.assert(fc.property(graphs(30), fc.integer({ min: 1, max: 5 }), (graph, tracks) => {
      const times = timesOf(graph)
      assert.ok(lowerBound(graph, times, tracks) >= simpleBound(graph, times, tracks))
    }))
  })

  it('the interval bound proves more where the work comes all at once', () => {
    // One task, then six, then one: 1 + 6 + 1 hours of path, three of the six fit at a time.
    const graph = makeGraph(new Float64Array(8).fill(1), [[], ...new Array<number[]>(6).fill([0]), [1, 2, 3, 4, 5, 6]], (units) => units)
    const times = timesOf(graph)
    assert.deepEqual([simpleBound(graph, times, 3), lowerBound(graph, times, 3)], [3, 4])
  })

  it('a critical path is a path, and as long as it says', () => {
    fc.assert(fc.property(graphs(30), (graph) => {
      const times = timesOf(graph)
      const path = criticalPath(graph, times)
      assert.equal(path.reduce((sum, each) => sum + (graph.durations[each] ?? 0), 0), times.length)
      for (let i = 1; i < path.length; i++) assert.ok(graph.predecessors[path[i] ?? 0]?.includes(path[i - 1] ?? -1))
      times.earliestStart.forEach((start, task) => assert.ok(start <= (times.latestStart[task] ?? -1)))
    }))
  })

  it('hours become whole units and come back as they were', () => {
    assert.deepEqual(unitsOf([8, 4, 10]).counts, [4, 2, 5])
    assert.deepEqual(unitsOf([0.5, 0.25, 2]).counts, [2, 1, 8])
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 99_999 }).map((n) => n / 100), { minLength: 1 }), (hours) => {
      const units = unitsOf(hours)
      assert.deepEqual(units.counts.map((count) => units.toHours(count)), hours)
      assert.ok(units.counts.every((count) => Number.isInteger(count)))
    }))
  })
})
