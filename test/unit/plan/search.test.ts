import assert from 'node:assert/strict'
import { lowerBound } from '../../../src/plan/graph/bounds.ts'
import { timesOf } from '../../../src/plan/graph/critical-path.ts'
import { makePlan } from '../../../src/plan/make-plan.ts'
import { bestSchedule, stepsFor } from '../../../src/plan/schedule/search.ts'
import type { Schedule, Work } from '../../../src/plan/schedule/work.ts'
import { generatedGraph, noScopes, packedGraph } from '../../support/generated-graphs.ts'
import { options, task } from './sample.ts'

const workOf = (seed: number, tasks: number, tracks: number): Work => ({ graph: generatedGraph(seed, tasks), tracks, scopes: noScopes(tasks) })

/** Every task after its predecessors, no track with two tasks at once. */
function assertFeasible({ graph, tracks }: Work, { start, track, makespan }: Schedule): void {
  const end = (id: number): number => (start[id] ?? NaN) + (graph.durations[id] ?? NaN)
  for (let id = 0; id < graph.size; id++) {
    for (const before of graph.predecessors[id] ?? []) assert.ok(end(before) <= (start[id] ?? NaN))
    assert.ok((start[id] ?? NaN) >= 0 && end(id) <= makespan)
  }
  for (let each = 0; each < tracks; each++) {
    const mine = [...track.keys()].filter((id) => track[id] === each).sort((a, b) => (start[a] ?? 0) - (start[b] ?? 0))
    mine.forEach((id, i) => { if (i > 0) assert.ok(end(mine[i - 1] ?? NaN) <= (start[id] ?? NaN)) })
  }
}

describe('the search', function () {
  this.timeout(60_000)

  it('finds the shortest schedule where it is known: all tracks full from start to end', () => {
    for (const [tracks, length] of [[2, 100], [3, 100], [4, 100], [8, 60], [4, 400]] as const) {
      for (let seed = 1; seed <= 4; seed++) {
        const graph = packedGraph(seed, tracks, length)
        const work = { graph, tracks, scopes: noScopes(graph.size) }
        const found = bestSchedule(work, length, stepsFor(graph.size, true))
        assert.equal(found.makespan, length, `seed ${seed}, ${tracks} tracks`)
        assertFeasible(work, found)
      }
    }
  })

  it('is within a hundredth of the proven bound on average, and feasible always', () => {
    const gaps: number[] = []
    for (let seed = 0; seed < 40; seed++) {
      const work = workOf(seed, 40 + seed, 2 + (seed % 4))
      const bound = lowerBound(work.graph, timesOf(work.graph), work.tracks)
      const found = bestSchedule(work, bound, 200)
      assertFeasible(work, found)
      assert.ok(found.makespan >= bound)
      gaps.push(found.makespan / bound - 1)
    }
    assert.ok(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length < 0.01)
  })

  it('finds no longer schedule with more steps, the same one with as many, and less where it is ended', () => {
    for (const seed of [3, 9, 12]) {
      const work = workOf(seed, 60, 3)
      const [few, many, again] = [0, 400, 400].map((steps) => bestSchedule(work, 0, steps))
      assert.ok((many?.makespan ?? NaN) <= (few?.makespan ?? NaN))
      assert.deepEqual(again, many)
      let asked = 0
      bestSchedule(work, 0, 400, () => ++asked > 10)
      assert.equal(asked, 11)
    }
  })

  it('schedules hours whose sums are too large to be sorted as one number with a task', () => {
    const graph = generatedGraph(4, 30)
    const large = { ...graph, durations: graph.durations.map((units) => units * 2 ** 44 + 1) }
    const work = { graph: large, tracks: 3, scopes: noScopes(30) }
    assertFeasible(work, bestSchedule(work, 0, 50))
  })
})

describe('a time budget', () => {
  // Eleven tasks that do not fill two tracks evenly: the bound can't be met, so that the search goes on as long as it may.
  const tasks = [9, 9, 9, 7, 7, 7, 5, 5, 5, 3, 3, 3].map((hours, i) => task(i + 1, hours + 0.5 * (i % 2), i > 5 ? [i - 4] : []))

  it('says that it cut the search, and nothing where it did not', () => {
    const plan = (isOver: () => boolean): readonly string[] => makePlan(tasks, { ...options({ tracks: 3, strategy: 'balanced', allowIdleTracks: true }), isOver }).warnings
    assert.deepEqual(plan(() => false), [])
    assert.deepEqual(plan(() => true), ['The time budget cut the search: the plan may differ on another machine, or in another run.'])
  })
})
