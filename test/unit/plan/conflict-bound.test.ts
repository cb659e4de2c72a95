import assert from 'node:assert/strict'
import { timesOf } from '../../../src/plan/graph/critical-path.ts'
import { lowerBound } from '../../../src/plan/graph/bounds.ts'
import { makeGraph } from '../../../src/plan/graph/graph.ts'
import { makePlan } from '../../../src/plan/make-plan.ts'
import { conflictBound } from '../../../src/plan/schedule/conflict-bound.ts'
import { exhaustive, smallCase } from '../../support/exhaustive.ts'
import { options, task } from './sample.ts'

describe('the bound of tasks in conflict', function () {
  this.timeout(120_000)

  it('is below no schedule of small plans, whatever the order and the tracks, and often proves the shortest', () => {
    const proven = { before: 0, now: 0 }
    const cases = 400
    for (let seed = 1_000; seed < 1_000 + cases; seed++) {
      const small = smallCase(seed)
      const times = timesOf(small.graph)
      const least = exhaustive(small, small.tracks).makespan
      const [before, conflict] = [lowerBound(small.graph, times, small.tracks), conflictBound(small.graph, times, small.scopes)]
      assert.ok(conflict <= least, `seed ${seed}: ${conflict} is above ${least}`)
      proven.before += Number(before === least)
      proven.now += Number(Math.max(before, conflict) === least)
    }
    assert.ok(proven.now > proven.before && proven.now >= 0.9 * cases, JSON.stringify(proven))
  })

  it('counts what must come before and after', () => {
    // 4 hours, then three tasks of 5 that touch one after another in pairs, then 2 hours.
    const scopes = [['src/a/**', 'src/b/**'], ['src/b/**', 'src/c/**'], ['src/c/**', 'src/a/**']]
    const tasks = [task(1, 4), ...scopes.map((allowedPatterns, i) => task(i + 2, 5, [1], { allowedPatterns })), task(5, 2, [2, 3, 4]), ...[6, 7, 8].map((n) => task(n, 3))]
    const plan = makePlan(tasks, options({ tracks: 3, strategy: 'balanced', allowIdleTracks: true }))
    assert.deepEqual([plan.criticalPath.hours, plan.lowerBoundHours, plan.makespanHours, plan.optimal], [11, 21, 21, true])
  })

  it('leaves a plan without conflicts alone', () => {
    const { graph } = smallCase(3)
    assert.equal(conflictBound(graph, timesOf(graph), { classOf: Int32Array.from({ length: graph.size }, (_, i) => i), touching: Array.from({ length: graph.size }, (_, i) => [i]) }), 0)
  })

  it('is all hours where all scopes touch, many of them too', () => {
    const count = 2_000
    const graph = makeGraph(new Float64Array(count).fill(2), Array.from({ length: count }, () => []), (units) => units)
    const everyone = [...Array(count).keys()]
    const scopes = { classOf: Int32Array.from(everyone), touching: everyone.map(() => everyone) }
    assert.equal(conflictBound(graph, timesOf(graph), scopes), 2 * count)
  })
})
