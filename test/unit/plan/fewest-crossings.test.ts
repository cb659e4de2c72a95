import assert from 'node:assert/strict'
import { lowerBound } from '../../../src/plan/graph/bounds.ts'
import { timesOf } from '../../../src/plan/graph/critical-path.ts'
import { makePlan } from '../../../src/plan/make-plan.ts'
import { assignTracks } from '../../../src/plan/schedule/assign.ts'
import { fewestCrossings } from '../../../src/plan/schedule/fewest-crossings.ts'
import { bestSchedule, stepsFor } from '../../../src/plan/schedule/search.ts'
import type { Schedule, Work } from '../../../src/plan/schedule/work.ts'
import { exhaustive, isLess, meritOf, smallCase } from '../../support/exhaustive.ts'
import { generatedGraph } from '../../support/generated-graphs.ts'
import { options, task } from './sample.ts'

/** Every task after its predecessors; no two at once on a track, nor of touching scopes. */
function assertFeasible({ graph, scopes: { classOf, touching } }: Work, { start, track, makespan }: Schedule): void {
  const end = (id: number): number => (start[id] ?? NaN) + (graph.durations[id] ?? NaN)
  for (let id = 0; id < graph.size; id++) {
    for (const before of graph.predecessors[id] ?? []) assert.ok(end(before) <= (start[id] ?? NaN))
    assert.ok((start[id] ?? NaN) >= 0 && end(id) <= makespan)
    for (let other = 0; other < id; other++) {
      const meet = (classOf[id] ?? -1) >= 0 && touching[classOf[id] ?? -1]?.includes(classOf[other] ?? -1) === true
      if (track[id] === track[other] || meet) assert.ok(end(id) <= (start[other] ?? NaN) || end(other) <= (start[id] ?? NaN), `${id} and ${other} at once`)
    }
  }
}

describe('the fewest crossing dependencies', function () {
  this.timeout(120_000)

  it('are found in nearly all small plans with the fewest changes of component, as every order on every track shows', () => {
    const more = { crossing: 0, changes: 0 }
    const cases = 400
    for (let seed = 0; seed < cases; seed++) {
      const small = smallCase(seed)
      const best = bestSchedule(small, lowerBound(small.graph, timesOf(small.graph), small.tracks), stepsFor(small.graph.size, true))
      const found = fewestCrossings(small, assignTracks(small.graph, best, small.components), small.components)
      assertFeasible(small, found)
      const [merit, least] = [meritOf(small, found), exhaustive(small, new Set(found.track).size)]
      assert.equal(merit.makespan, least.makespan)
      assert.ok(!isLess(merit, least), `seed ${seed}: less than the least`)
      if (merit.crossing > least.crossing) more.crossing++
      else if (merit.changes > least.changes) more.changes++
    }
    assert.ok(more.crossing <= 0.02 * cases && more.changes <= 0.02 * cases, JSON.stringify(more))
  })

  it('come from tasks with slack that start later, where that helps', () => {
    const hours = [6, 2, 3, 2, 4]
    const before = [[], [1], [1], [1], [2]]
    const tasks = hours.map((each, i) => task(i + 1, each, before[i], { allowedPatterns: i < 3 ? [] : ['src/app.ts'] }))
    const plan = makePlan(tasks, options({ tracks: 2, strategy: 'balanced', allowIdleTracks: true }))
    assert.deepEqual([plan.makespanHours, plan.crossTrackDependencies.length], [12, 1])
  })

  it('cost no time and no track, and the schedule is feasible and the same again', () => {
    for (let seed = 0; seed < 24; seed++) {
      const size = 30 + 4 * seed
      const scopes = { classOf: Int32Array.from({ length: size }, (_, i) => (i % 4 === 0 ? i % 3 : -1)), touching: [[0], [1, 2], [1, 2]] }
      const work = { graph: generatedGraph(seed, size), tracks: 2 + (seed % 4), scopes }
      const components = Array.from({ length: size }, (_, i) => ['a', 'b', 'c'][i % 3] ?? '')
      const first = assignTracks(work.graph, bestSchedule(work, 0, 20), components)
      const found = fewestCrossings(work, first, components)
      assertFeasible(work, found)
      const [was, is] = [meritOf({ ...work, components }, first), meritOf({ ...work, components }, found)]
      assert.ok(is.makespan <= was.makespan && !isLess(was, { ...is, makespan: was.makespan }))
      assert.equal(new Set(found.track).size, new Set(first.track).size)
      assert.deepEqual(fewestCrossings(work, first, components), found)
    }
  })

  it('are not looked for where the time is over', () => {
    const small = smallCase(1)
    const first = assignTracks(small.graph, bestSchedule(small, 0, 0), small.components)
    assert.equal(fewestCrossings(small, first, small.components, () => true), first)
  })
})
