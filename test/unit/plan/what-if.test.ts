import assert from 'node:assert/strict'
import fc from 'fast-check'
import { UserError } from '../../../src/plan/errors.ts'
import { Comparison, type Outcome } from '../../../src/plan/what-if/what-if.ts'
import { parseVariants } from '../../../src/plan/what-if/change.ts'
import type { Task } from '../../../src/plan/task.ts'
import { options, shop, task } from './sample.ts'

const plans = fc.array(fc.record({
  hours: fc.integer({ min: 1, max: 12 }), before: fc.array(fc.nat(), { maxLength: 2 }), component: fc.constantFrom('backend', 'frontend'), scope: fc.option(fc.constantFrom('src/a/**', 'src/**'), { freq: 4 }),
}), { minLength: 2, maxLength: 12 }).map((raw) => raw.map(({ hours, before, component, scope }, i) => task(
  i + 1, hours, i === 0 ? [] : [...new Set(before.map((n) => (n % i) + 1))], { component, allowedPatterns: scope === null ? [] : [scope] },
)))
const settings = fc.record({ tracks: fc.integer({ min: 1, max: 3 }), strategy: fc.constantFrom('component' as const, 'balanced' as const), allowIdleTracks: fc.constant(true) })
const ask = (comparison: Comparison, tasks: readonly Task[], ...texts: string[]): Outcome[] => parseVariants(texts, tasks).map((variant) => comparison.outcome(variant))

describe('what if', () => {
  it('nothing changes, nothing changes', () => {
    fc.assert(fc.property(plans, settings, (tasks, setting) => {
      const comparison = Comparison.of(tasks, options(setting))
      const { hours, gainHours, keptHours, tracks } = comparison.outcome({ text: '', changes: [] })
      assert.deepEqual({ hours, gainHours, keptHours, tracks }, { hours: comparison.plan.makespanHours, gainHours: 0, keptHours: hours, tracks: comparison.plan.usedTracks })
    }), { numRuns: 20 })
  })
  it('a dependency less is never worse, a task less long neither', () => {
    fc.assert(fc.property(plans, settings, fc.nat(), (tasks, setting, which) => {
      const comparison = Comparison.of(tasks, options(setting))
      const edges = tasks.flatMap(({ id, dependencies }) => dependencies.map((dependsOn) => `without ${id}->${dependsOn}`))
      const shorter = tasks[which % tasks.length]
      const texts = [...edges.slice(0, 3), ...(shorter === undefined ? [] : [`${shorter.id}=${shorter.estimatedHours / 2}`, `split ${shorter.id}`])]
      for (const { gainHours, change } of ask(comparison, tasks, ...texts)) assert.ok(gainHours >= 0, change)
    }), { numRuns: 20 })
  })
  it('a task takes half as long again: the delay is what the slack does not cover', () => {
    fc.assert(fc.property(plans, settings, (tasks, setting) => {
      const comparison = Comparison.of(tasks.map((each) => ({ ...each, allowedPatterns: [] })), options(setting))
      const late = comparison.overview().overruns[0]
      const longer = tasks.find(({ id }) => id === late?.task)
      assert.ok(late !== undefined && longer !== undefined)
      const [outcome] = ask(comparison, tasks, `${longer.id}=${longer.estimatedHours * 1.5}h`)
      assert.ok(outcome?.keptHours !== undefined && outcome.hours <= outcome.keptHours)
      assert.ok(Math.abs(outcome.keptHours - comparison.plan.makespanHours - late.delayHours) < 1e-6)
    }), { numRuns: 20 })
  })
  it('a chain is cut: the two halves run side by side', () => {
    const tasks = [task(1, 4), task(2, 4, [1]), task(3, 2)]
    const comparison = Comparison.of(tasks, options({ tracks: 2, strategy: 'balanced', allowIdleTracks: true }))
    assert.equal(comparison.plan.makespanHours, 8)
    const { withoutDependency, split, byTracks } = comparison.overview()
    assert.deepEqual(withoutDependency.gains.map(({ change, hours }) => [change, hours]), [['without TASK-002->TASK-001', 6]])
    assert.deepEqual(split.gains.map(({ change, hours }) => [change, hours]), [['split TASK-001', 6], ['split TASK-002', 6]])
    assert.deepEqual([split.tried, split.of, byTracks.map(({ hours }) => hours)], [2, 2, [10, 8]])
    assert.deepEqual(ask(comparison, tasks, 'tracks=1', 'TASK-001=10h', 'without TASK-001->TASK-002, split TASK-001, TASK-003=1').map(({ hours, gainHours }) => [hours, gainHours]), [[10, -2], [14, -6], [5, 3]])
  })
  it('a dependency less between tasks that change the same files leaves them one after the other', () => {
    const both = { allowedPatterns: ['src/**'] }
    const tasks = [task(1, 4, [], both), task(2, 4, [1], both), task(3, 3)]
    const comparison = Comparison.of(tasks, options({ tracks: 2, strategy: 'balanced', allowIdleTracks: true }))
    assert.deepEqual(ask(comparison, tasks, 'without TASK-002->TASK-001').map(({ hours, gainHours }) => [hours, gainHours]), [[8, 0]])
  })
  it('the sample: what the two strategies say, and what holds it up', () => {
    const { fullTrack, otherStrategy, byTracks, overruns, withoutDependency } = Comparison.of(shop, options({ tracks: 3 })).overview()
    assert.deepEqual([fullTrack?.id, otherStrategy.hours, byTracks.map(({ hours }) => hours), byTracks.map(({ bestHours }) => bestHours)], ['01', 44, [128, 76, 52, 44], [128, 64, 44, 42]])
    assert.deepEqual(overruns.filter(({ delayHours }) => delayHours > 0).map((each) => each.task.slice(-3)), ['016', '001', '004', '008', '012', '018', '006'])
    assert.deepEqual([withoutDependency.gains, withoutDependency.tried, withoutDependency.of], [[], 4, 4])
  })
  it('is asked in words that are all checked at once', () => {
    const wrong = ['tracks=0', 'tracks=two', 'strategy=best', 'TASK-001=0h', 'TASK-001=-2', 'TASK-099=3', 'split', 'split TASK-099', 'without TASK-001->TASK-003', 'nonsense', '3', 'tracks=2,, TASK-001=4']
    assert.throws(() => parseVariants(wrong, shop), (error) => error instanceof UserError && error.exitCode === 2 && wrong.slice(0, -1).every((text) => error.message.includes(`"${text}"`)))
    assert.deepEqual(parseVariants(['tracks=4, strategy=balanced', 'task-004=1.5H', 'without TASK-004 → TASK-001', 'Split TASK-008'], shop).map(({ changes }) => changes), [
      [{ kind: 'tracks', tracks: 4 }, { kind: 'strategy', strategy: 'balanced' }], [{ kind: 'hours', task: 'TASK-004', hours: 1.5 }], [{ kind: 'without', task: 'TASK-004', dependsOn: 'TASK-001' }], [{ kind: 'split', task: 'TASK-008' }],
    ])
  })
  it('is asked as much as a large plan allows, and says so', () => {
    const tasks = Array.from({ length: 600 }, (_, i) => task(i + 1, 1 + (i % 5), i < 4 ? [] : [i - 3]))
    const { withoutDependency, split, byTracks } = Comparison.of(tasks, options({ tracks: 4, strategy: 'balanced', allowIdleTracks: true })).overview()
    assert.ok(withoutDependency.tried === 5 && withoutDependency.of > 5 && split.tried === 5 && byTracks.length <= 5)
  }).timeout(60_000)
})
