import assert from 'node:assert/strict'
import fc from 'fast-check'
import { checkTasks } from '../../../src/plan/check.ts'
import { estimatedTasks, forecastPlan } from '../../../src/plan/forecast/forecast.ts'
import { makePlan } from '../../../src/plan/make-plan.ts'
import { networkOf, simulate, slackOf, timeForward } from '../../../src/plan/forecast/monte-carlo.ts'
import { normalFrom, seeded, triangular } from '../../../src/plan/forecast/monte-carlo-random.ts'
import { options, shop, task } from './sample.ts'

const scopes = ['src/a/**', 'src/b/**', 'src/**/*.ts']
/** Tasks with estimates around their hours, some without. */
const tasks = fc.array(fc.record({
  hours: fc.integer({ min: 1, max: 16 }), below: fc.double({ min: 0.1, max: 1, noNaN: true }), above: fc.double({ min: 1, max: 4, noNaN: true }), spread: fc.boolean(),
  before: fc.array(fc.nat(), { maxLength: 3 }), component: fc.constantFrom('backend', 'frontend'), scope: fc.option(fc.constantFrom(...scopes), { freq: 3 }),
}), { minLength: 1, maxLength: 20 }).map((raw) => raw.map(({ hours, below, above, spread, before, component, scope }, i) => task(
  i + 1, hours, i === 0 ? [] : [...new Set(before.map((n) => (n % i) + 1))],
  { component, allowedPatterns: scope === null ? [] : [scope], ...spread ? { estimate: { low: hours * below, high: hours * above } } : {} },
)))
const settings = fc.record({ tracks: fc.integer({ min: 1, max: 4 }), strategy: fc.constantFrom('component' as const, 'balanced' as const) })
const quick = { runs: 60, seed: 7 }

describe('the forecast of a plan', () => {
  it('lies between the plan with all lows and the plan with all highs, its shares in order', () => {
    fc.assert(fc.property(tasks, settings, (list, setting) => {
      const plan = makePlan(list, options(setting))
      const forecast = forecastPlan(plan, list, quick)
      if (forecast === undefined) return
      const network = networkOf(estimatedTasks(plan, list))
      const order = estimatedTasks(plan, list)
      const makespan = (hours: (each: (typeof order)[number]) => number): number => timeForward(network, Float64Array.from(order, hours), new Float64Array(order.length), new Float64Array(order.length))
      const least = makespan(({ hours, estimate }) => estimate?.low ?? hours)
      const greatest = makespan(({ hours, estimate }) => estimate?.high ?? hours)
      assert.ok(least - 1e-6 <= forecast.p50Hours && forecast.p50Hours <= forecast.p80Hours && forecast.p80Hours <= forecast.p95Hours && forecast.p95Hours <= greatest + 1e-6)
      assert.ok(greatest <= list.reduce((sum, { estimatedHours, estimate }) => sum + (estimate?.high ?? estimatedHours), 0) + 1e-6)
      assert.ok(Math.abs(forecast.plannedHours - plan.makespanHours) < 1e-6)
      assert.ok(forecast.criticality.every(({ share }) => share >= 0 && share <= 1) && forecast.criticality.some(({ share }) => share > 0))
    }), { numRuns: 20 })
  })
  it('is the same for a seed, and another for another', () => {
    const list = shop.map((each) => ({ ...each, estimate: { low: each.estimatedHours / 2, high: each.estimatedHours * 3 } }))
    const plan = makePlan(list, options({ tracks: 3 }))
    assert.deepEqual(forecastPlan(plan, list, quick), forecastPlan(plan, list, quick))
    assert.notDeepEqual(forecastPlan(plan, list, quick), forecastPlan(plan, list, { ...quick, seed: 8 }))
  })
  it('is not made where no task has a range, and counts those that have none', () => {
    const plan = makePlan(shop, options({ tracks: 3 }))
    assert.equal(forecastPlan(plan, shop), undefined)
    assert.equal(forecastPlan(plan, shop.map((each) => ({ ...each, estimate: { low: each.estimatedHours, high: each.estimatedHours } }))), undefined)
    const list = shop.map((each, i) => (i === 0 ? { ...each, estimate: { low: 8, high: 20 } } : each))
    assert.equal(forecastPlan(makePlan(list, options({ tracks: 3 })), list)?.withoutSpread, 17)
  })
  it('knows the distribution: a chain of three tasks', () => {
    const chain = [1, 2, 3].map((n) => task(n, 4, n === 1 ? [] : [n - 1], { estimate: { low: 2, high: 9 } }))
    const forecast = forecastPlan(makePlan(chain, options({ tracks: 1 })), chain, { runs: 20_000, seed: 3 })
    assert.ok(forecast !== undefined)
    assert.deepEqual(forecast.criticality.map(({ share }) => share), [1, 1, 1])
    // Mean 3 * 5, variance 3 * 13/6; the sum of three is close to normal.
    assert.ok(Math.abs(forecast.p50Hours - 15) < 0.15, `${forecast.p50Hours}`)
    assert.ok(Math.abs(forecast.p80Hours - (15 + 0.8416 * Math.sqrt(6.5))) < 0.2, `${forecast.p80Hours}`)
  })
  it('gives two equal tasks side by side half of the criticality each, and the track\'s order its part', () => {
    const list = [task(1, 4, [], { component: 'a', estimate: { low: 2, high: 6 } }), task(2, 4, [], { component: 'b', estimate: { low: 2, high: 6 } })]
    const side = forecastPlan(makePlan(list, options({ tracks: 2, allowIdleTracks: true })), list, { runs: 4000, seed: 1 })
    assert.ok(side !== undefined)
    assert.ok(Math.abs((side.criticality[0]?.share ?? 0) - 0.5) < 0.05)
    const one = forecastPlan(makePlan(list, options({ tracks: 1 })), list, quick)
    assert.deepEqual(one?.criticality.map(({ share }) => share), [1, 1], 'on one track the second waits for the first')
  })
  it('refuses a likely estimate outside of its range', () => {
    assert.match(checkTasks([task(1, 20, [], { estimate: { low: 5, high: 14 } })])[0]?.what ?? '', /5 to 14.*20, lies outside/)
  })
})

describe('a simulation', () => {
  it('without spread gives the plan itself', () => {
    fc.assert(fc.property(tasks, settings, (list, setting) => {
      const plan = makePlan(list, options(setting))
      const order = estimatedTasks(plan, list)
      const network = networkOf(order)
      const hours = Float64Array.from(order, (each) => each.hours)
      const { makespans, criticality } = simulate(network, (durations) => { durations.set(hours) }, 3)
      assert.deepEqual([...makespans], [plan.makespanHours, plan.makespanHours, plan.makespanHours])
      const slack = slackOf(network, hours)
      criticality.forEach((share, i) => { assert.equal(share, (slack[i] ?? NaN) === 0 ? 1 : 0) })
    }), { numRuns: 20 })
  })
  it('has slack that says exactly how much longer a task may take', () => {
    fc.assert(fc.property(tasks, settings, fc.nat(), fc.integer({ min: 1, max: 10 }), (list, setting, which, more) => {
      const order = estimatedTasks(makePlan(list, options(setting)), list)
      const network = networkOf(order)
      const longer = order[which % order.length]
      const makespan = (hours: number[]): number => timeForward(network, Float64Array.from(hours), new Float64Array(hours.length), new Float64Array(hours.length))
      const slack = slackOf(network, Float64Array.from(order, (each) => each.hours))[which % order.length] ?? NaN
      const [before, after] = [makespan(order.map(({ hours }) => hours)), makespan(order.map((each) => each.hours + (each === longer ? more : 0)))]
      assert.equal(after - before, Math.max(0, more - slack))
    }), { numRuns: 30 })
  })
  it('refuses an order that dependencies do not follow', () => {
    const [first, second] = estimatedTasks(makePlan([task(1, 1), task(2, 1, [1])], options()), [task(1, 1), task(2, 1, [1])])
    assert.ok(first !== undefined && second !== undefined)
    assert.throws(() => networkOf([second, first]), /TASK-002 comes before TASK-001/)
  })
})

describe('random numbers', () => {
  it('are triangular between low and high, with their mean', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 10, noNaN: true }), fc.double({ min: 0, max: 10, noNaN: true }), fc.double({ min: 0, max: 10, noNaN: true }), fc.integer(), (a, b, c, seed) => {
      const [low = 0, likely = 0, high = 0] = [a, b, c].sort((x, y) => x - y)
      const uniform = seeded(seed)
      for (let i = 0; i < 50; i++) {
        const drawn = triangular(uniform, low, likely, high)
        assert.ok(drawn >= low - 1e-9 && drawn <= high + 1e-9)
      }
    }))
    const uniform = seeded(1)
    const mean = Array.from({ length: 50_000 }, () => triangular(uniform, 1, 2, 6)).reduce((sum, each) => sum + each, 0) / 50_000
    assert.ok(Math.abs(mean - 3) < 0.02, `${mean}`)
  })
  it('are normal beyond a bound, however far out', () => {
    const uniform = seeded(1)
    for (const least of [-3, 0, 0.5, 4, 40]) {
      const drawn = Array.from({ length: 20_000 }, () => normalFrom(uniform, least))
      assert.ok(drawn.every((each) => each >= least))
      if (least === 0) assert.ok(Math.abs(drawn.reduce((sum, each) => sum + each, 0) / drawn.length - Math.sqrt(2 / Math.PI)) < 0.02)
    }
  })
  it('keep up with large plans', () => {
    const list = Array.from({ length: 1000 }, (_, i) => ({ ...task(i + 1, 1 + (i % 7), i < 5 ? [] : [i - 4, i - 2]), estimate: { low: 0.5, high: 20 } }))
    const plan = makePlan(list, options({ tracks: 4 }))
    assert.equal(forecastPlan(plan, list)?.runs, 1000)
  })
})
