import assert from 'node:assert/strict'
import fc from 'fast-check'
import { cutEvenly } from '../../../src/plan/sprints/sprint-cut.ts'
import { sprintCount, sprintNames } from '../../../src/plan/sprints/sprints.ts'

const spread = (durations: readonly number[], ends: readonly number[]): number => {
  const sums = ends.map((end, i) => durations.slice(i === 0 ? 0 : ends[i - 1], end).reduce((sum, each) => sum + each, 0))
  return Math.max(...sums) - Math.min(...sums)
}

/** Every cut into non-empty parts, those with early cuts first. */
function* allCuts(count: number, parts: number, begin = 0): Generator<number[]> {
  if (parts === 1) { yield [count]; return }
  for (let end = begin + 1; end <= count - parts + 1; end++) for (const rest of allCuts(count, parts - 1, end)) yield [end, ...rest]
}

describe('sprint cuts', () => {
  it('have the least greatest difference, and are the earliest of those', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 10 }), fc.integer({ min: 1, max: 5 }), (durations, wanted) => {
      const parts = Math.min(wanted, durations.length)
      let best: number[] | undefined
      for (const cuts of allCuts(durations.length, parts)) if (best === undefined || spread(durations, cuts) < spread(durations, best)) best = cuts
      assert.deepEqual(cutEvenly(durations, parts), best)
    }), { numRuns: 500 })
  })

  it('leave a task for every sprint of a long track', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 100, maxLength: 900 }), fc.integer({ min: 20, max: 80 }), (durations, parts) => {
      const ends = cutEvenly(durations, parts)
      assert.equal(ends.length, parts)
      assert.equal(ends.at(-1), durations.length)
      ends.forEach((end, i) => assert.ok(end > (i === 0 ? 0 : ends[i - 1] ?? 0)))
    }), { numRuns: 8 })
  })

  it('are as many as the longest track needs', () => {
    assert.deepEqual([sprintCount(52, 40, 7), sprintCount(40, 40, 7), sprintCount(40.5, 40, 7), sprintCount(400, 40, 3), sprintCount(1, 40, 1)], [2, 1, 2, 3, 1])
  })

  it('are named by their place', () => {
    assert.deepEqual(sprintNames(1, 'infrastructure'), ['Foundation'])
    assert.deepEqual(sprintNames(2, 'infrastructure'), ['Foundation', 'Production Ready'])
    assert.deepEqual(sprintNames(4, 'backend'), ['Foundation', 'Core Features', 'Advanced Features', 'Polish'])
    assert.deepEqual(sprintNames(6, 'backend'), ['Foundation', 'Core Features 1', 'Core Features 2', 'Core Features 3', 'Advanced Features', 'Polish'])
  })
})
