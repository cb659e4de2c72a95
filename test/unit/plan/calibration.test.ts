import assert from 'node:assert/strict'
import fc from 'fast-check'
import { backTest, type TimedTask } from '../../../src/plan/forecast/calibration-back-test.ts'
import { calibrate, type MeasuredTask } from '../../../src/plan/forecast/calibration.ts'
import { forecastLeft, type OpenTask } from '../../../src/plan/forecast/forecast-left.ts'
import { mixtureQuantile } from '../../../src/plan/forecast/student.ts'
import { at } from '../../../src/plan/at.ts'
import type { TaskId, TrackId } from '../../../src/plan/ids.ts'
import { normal, seeded } from '../../../src/plan/forecast/monte-carlo-random.ts'

const id = (n: number): TaskId => `TASK-${n}` as TaskId
const measured = (n: number, minutes: number, more: Partial<MeasuredTask> = {}): MeasuredTask => ({ task: id(n), component: 'backend', agent: 'sonnet', hours: 4, minutes, ...more })
const open = (n: number, more: Partial<OpenTask> = {}): OpenTask => ({ id: id(n), track: '01' as TrackId, dependencies: [], component: 'backend', agent: 'sonnet', hours: 4, elapsedMinutes: undefined, ...more })
const calibrated = (tasks: readonly MeasuredTask[]): NonNullable<ReturnType<typeof calibrate>> => {
  const calibration = calibrate(tasks)
  assert.ok(calibration !== undefined)
  return calibration
}
const near = (a: number, b: number, within = 1e-6): void => { assert.ok(Math.abs(a - b) <= within * Math.max(1, Math.abs(b)), `${a} is not ${b}`) }
const quick = { runs: 400, seed: 2 }
const aGroup = { component: fc.constantFrom('a', 'b', 'c'), agent: fc.constantFrom('x', 'y', 'z') }
const groups = ['a', 'b', 'c', 'never'].flatMap((component) => ['x', 'y', 'z', 'never'].map((agent) => ({ component, agent })))
const someTask = fc.record({ hours: fc.integer({ min: 1, max: 40 }), minutes: fc.integer({ min: 1, max: 5000 }), ...aGroup })
const spread = ({ p50Minutes, p80Minutes, p95Minutes }: { p50Minutes: number; p80Minutes: number; p95Minutes: number }): number[] => [p50Minutes, p80Minutes, p95Minutes]
/** Tasks one after another, an hour of the clock each. */
const timed = (tasks: readonly MeasuredTask[]): TimedTask[] => tasks.map((task, i) => ({ ...task, startedAt: i * 3_600_000, completedAt: (i + 1) * 3_600_000 }))

describe('a calibration', () => {
  it('takes five measured tasks', () => {
    assert.equal(calibrate([1, 2, 3, 4].map((n) => measured(n, 8))), undefined)
    assert.equal(calibrated([1, 2, 3, 4, 5].map((n) => measured(n, 8))).tasks, 5)
  })
  it('that is exact predicts exactly', () => {
    fc.assert(fc.property(fc.array(fc.record({ hours: fc.integer({ min: 1, max: 40 }), ...aGroup }), { minLength: 5, maxLength: 30 }), fc.double({ min: 0.01, max: 100, noNaN: true }), (raw, ratio) => {
      const calibration = calibrated(raw.map((task, i) => measured(i, task.hours * ratio, task)))
      for (const { minutesPerHour } of [...calibration.components, ...calibration.agents]) near(minutesPerHour, ratio)
      const { p50, p80 } = calibration.ratio(at(raw, 0))
      near(p50, ratio)
      near(p80, ratio)
      const left = forecastLeft([open(100, { ...raw[0], hours: 6 }), open(101, { ...raw[0], hours: 2 }), open(102, { ...raw[0], hours: 3, track: '02' as TrackId })], calibration, quick)
      for (const minutes of [left.p50Minutes, left.p80Minutes, left.p95Minutes]) near(minutes, 8 * ratio)
    }), { numRuns: 40 })
  })
  it('does not depend on the order of tasks, and grows as they do', () => {
    fc.assert(fc.property(fc.array(someTask, { minLength: 5, maxLength: 25 }).chain((raw) => fc.tuple(fc.constant(raw.map((task, i) => measured(i, task.minutes, task))), fc.shuffledSubarray(raw.map((_, i) => i), { minLength: raw.length }))), fc.constantFrom(2, 0.125, 1000), (([tasks, order], by) => {
      const said = (list: readonly MeasuredTask[]): number[] => {
        const calibration = calibrated(list)
        const rates = groups.flatMap((group) => (({ p50, p80 }) => [p50, p80])(calibration.ratio(group)))
        return [calibration.minutesPerHour, ...calibration.components.map((each) => each.minutesPerHour), ...calibration.agents.map((each) => each.minutesPerHour), ...rates, ...spread(forecastLeft([open(100), open(101, { component: 'a', agent: 'x' })], calibration, quick))]
      }
      const before = said(tasks)
      for (const each of before) assert.ok(Number.isFinite(each) && each > 0, `${each}`)
      assert.deepEqual(said(order.map((i) => at(tasks, i))), before)
      said(tasks.map((task) => ({ ...task, minutes: task.minutes * by }))).forEach((each, i) => { near(each / by, at(before, i)) })
    })), { numRuns: 30 })
  })
  it('draws components and agents with few tasks towards all', () => {
    const many = [0.5, 1, 2, 0.7, 1.4]
    const tasks = (n: number, minutes: number, more: Partial<MeasuredTask>, factors = many): MeasuredTask[] => factors.map((factor, i) => measured(n + i, minutes * factor, more))
    for (const factor of ['component', 'agent'] as const) {
      const rest = [...tasks(1, 40, { [factor]: 'b' }), ...tasks(11, 40, { [factor]: 'c' })]
      const ratio = (list: readonly MeasuredTask[], name: string): number => calibrated(list).ratio({ component: 'backend', agent: 'sonnet', [factor]: name }).p50
      const [one, five] = [[...rest, measured(21, 160, { [factor]: 'slow' })], [...rest, ...tasks(21, 160, { [factor]: 'slow' })]]
      assert.ok(ratio(one, 'slow') > 11.5 && ratio(one, 'slow') < 25, `one task of 40 minutes an hour among ten of 10: ${ratio(one, 'slow')}`)
      assert.ok(ratio(five, 'slow') > 1.3 * ratio(one, 'slow') && ratio(five, 'slow') < 40, `five: ${ratio(five, 'slow')}`)
      near(ratio(one, 'b'), 10, 0.15)
      const width = (name: string): number => { const { p50, p80 } = calibrated(five).ratio({ component: 'backend', agent: 'sonnet', [factor]: name }); return p80 / p50 }
      assert.ok(width('unseen') > width('slow'), 'least is known of what was never measured')
    }
  })
  it('tells the agent\'s part from the component\'s', () => {
    // b takes twice as long as a, y three times as long as x; b with y was never seen together.
    const made = (n: number, component: string, agent: string, minutes: number): MeasuredTask[] => [0.9, 1, 1.1, 0.95, 1.05, 1].map((factor, i) => measured(n + i, 4 * minutes * factor, { component, agent }))
    const calibration = calibrated([...made(1, 'a', 'x', 10), ...made(11, 'a', 'y', 30), ...made(21, 'b', 'x', 20), ...made(31, 'c', 'x', 10), ...made(41, 'c', 'y', 30)])
    const { p50 } = calibration.ratio({ component: 'b', agent: 'y' })
    near(p50, 60, 0.1)
    assert.equal(calibration.basisOf({ component: 'b', agent: 'y' }), 'component and agent')
    assert.deepEqual(['a', 'z'].flatMap((component) => ['x', 'z'].map((agent) => calibration.basisOf({ component, agent }))), ['component and agent', 'component', 'agent', 'overall'])
    assert.ok(calibration.ratio({ component: 'b', agent: 'z' }).p50 > 1.4 * calibration.ratio({ component: 'a', agent: 'z' }).p50, 'an unknown agent, and the component still counts')
    assert.ok(calibration.ratio({ component: 'z', agent: 'y' }).p50 > 1.8 * calibration.ratio({ component: 'z', agent: 'x' }).p50, 'an unknown component, and the agent still counts')
  })
  it('knows Student\'s quantiles', () => {
    const one = [{ weight: 1, location: 0, scale: 1 }]
    for (const [freedom, eighty, ninety] of [[4, 0.94096, 1.53321], [10, 0.87906, 1.37218], [100, 0.84523, 1.29007]] as const) {
      near(mixtureQuantile(one, freedom, 0.8), eighty, 0.006)
      near(mixtureQuantile(one, freedom, 0.9), ninety, 0.006)
    }
    // Two far apart, a third and two thirds: the median is the 25 % quantile of the second, which is known to be -0.67449.
    near(mixtureQuantile([{ weight: 1 / 3, location: -100, scale: 1 }, { weight: 2 / 3, location: 0, scale: 1 }], 1e6, 0.5), -0.67449, 1e-4)
  })
})

describe('the forecast of what is left', () => {
  const calibration = calibrated([20, 30, 40, 50, 60, 45, 35].map((minutes, i) => measured(i, minutes)))

  it('waits across tracks, and is the same for a seed', () => {
    const tasks = [open(1), open(2, { track: '02' as TrackId, dependencies: [id(1)] }), open(3, { dependencies: [id(2), id(99)] })]
    const forecast = forecastLeft(tasks, calibration, quick)
    assert.deepEqual(forecast, forecastLeft(tasks, calibration, quick))
    assert.deepEqual(forecast.byTask.map(({ criticality }) => criticality), [1, 1, 1], 'TASK-99 is done, the rest a chain')
    assert.ok(forecast.p50Minutes < forecast.p80Minutes && forecast.p80Minutes < forecast.p95Minutes)
    assert.ok(forecast.p50Minutes > 80 && forecast.p50Minutes < 160, `${forecast.p50Minutes}`)
  })
  it('takes off what a running task has had already, and never ends before it', () => {
    const of = (elapsedMinutes: number | undefined): number => forecastLeft([open(1, { elapsedMinutes })], calibration, quick).p50Minutes
    assert.ok(of(20) < of(undefined))
    for (const minutes of [1, 20, 200, 20_000]) assert.ok(of(minutes) > 0)
  })
  it('is as wide as few measurements make it', () => {
    const widely = forecastLeft([open(1)], calibrated([20, 30, 40, 50, 60].map((minutes, i) => measured(i, minutes))), { runs: 4000, seed: 1 })
    const known = forecastLeft([open(1)], calibrated(Array.from({ length: 200 }, (_, i) => measured(i, [20, 30, 40, 50, 60][i % 5] ?? 0))), { runs: 4000, seed: 1 })
    assert.ok(widely.p95Minutes / widely.p50Minutes > 1.15 * (known.p95Minutes / known.p50Minutes))
  })
  it('agrees with the quantiles of one task', () => {
    const forecast = forecastLeft([open(1)], calibration, { runs: 40_000, seed: 1 })
    near(forecast.p50Minutes, forecast.byTask[0]?.p50Minutes ?? NaN, 0.02)
    near(forecast.p80Minutes, forecast.byTask[0]?.p80Minutes ?? NaN, 0.02)
  })
})

describe('the back-test', () => {
  it('says that there is too little to say', () => {
    assert.deepEqual(backTest(timed([1, 2, 3, 4, 5].map((n) => measured(n, 8)))), { predicted: [], tooFew: true })
    assert.equal(backTest(timed(Array.from({ length: 9 }, (_, n) => measured(n, 8)))).tooFew, true)
  })
  it('has no error where the ratio is exact', () => {
    const { predicted, withinP80, medianError } = backTest(timed(Array.from({ length: 12 }, (_, n) => measured(n, (n + 1) * 3, { hours: n + 1 }))))
    assert.equal(predicted.length, 7)
    assert.equal(withinP80, 1)
    near(medianError ?? NaN, 0)
  })
  it('predicts from what was completed before a task began alone', () => {
    const one = timed(Array.from({ length: 10 }, (_, n) => measured(n, 8)))
    // All begun at once: nothing was known.
    assert.deepEqual(backTest(one.map((task) => ({ ...task, startedAt: 0 }))).predicted, [])
    const changed = one.map((task, i) => (i === 9 ? { ...task, minutes: 8000 } : task))
    assert.deepEqual(backTest(changed).predicted.slice(0, -1), backTest(one).predicted.slice(0, -1))
    assert.equal(backTest(changed).predicted.at(-1)?.p80Minutes, backTest(one).predicted.at(-1)?.p80Minutes)
  })
  it('covers four of five where durations are as assumed', () => {
    const uniform = seeded(5)
    const { predicted, withinP80, overall } = backTest(timed(Array.from({ length: 520 }, (_, n) => measured(n, 40 * Math.exp(0.5 * normal(uniform)), { component: n % 2 === 0 ? 'backend' : 'frontend', agent: n % 3 === 0 ? 'a' : 'b' }))))
    assert.deepEqual([predicted.length, predicted[0]?.knownTasks], [500, 20], 'the newest, from all before')
    for (const share of [withinP80, overall?.withinP80]) assert.ok(share !== undefined && Math.abs(share - 0.8) < 0.06, `${share}`)
  })
  it('says whether component and agent do better than the rate of all', () => {
    const uniform = seeded(6)
    const tested = (effect: number): ReturnType<typeof backTest> => backTest(timed(Array.from({ length: 60 }, (_, n) => measured(n, 40 * Math.exp(0.3 * normal(uniform) + (n % 3 === 0 ? effect : 0)), { agent: n % 3 === 0 ? 'slow' : 'quick' }))))
    const [different, same] = [tested(1.5), tested(0)]
    assert.equal(different.better, 'component and agent')
    assert.ok((different.medianError ?? NaN) < 0.6 * (different.overall?.medianError ?? NaN) && (different.nearer ?? NaN) > 40)
    assert.equal(same.better, 'no clear difference')
    near(same.medianError ?? NaN, same.overall?.medianError ?? NaN, 0.1)
    const first = at(different.predicted, 0)
    assert.deepEqual([first.knownTasks, first.component, first.agent, first.basis], [5, 'backend', 'quick', 'component and agent'])
  })
  it('does not depend on the order of tasks, and a factor on all of them changes nothing', () => {
    fc.assert(fc.property(fc.array(someTask, { minLength: 10, maxLength: 16 }), fc.infiniteStream(fc.nat()), (raw, keys) => {
      const tasks = timed(raw.map((task, i) => measured(i, task.minutes, task)))
      const before = backTest(tasks)
      const shuffled = tasks.map((task) => ({ task, key: (keys.next().value as number | undefined) ?? 0 })).sort((a, b) => a.key - b.key).map(({ task }) => task)
      assert.deepEqual(backTest(shuffled), before)
      const doubled = backTest(tasks.map((task) => ({ ...task, minutes: 2 * task.minutes })))
      assert.deepEqual([doubled.withinP80, doubled.nearer, doubled.better], [before.withinP80, before.nearer, before.better])
      near(doubled.medianError ?? NaN, before.medianError ?? NaN)
      doubled.predicted.forEach(({ p50Minutes }, i) => { near(p50Minutes, 2 * at(before.predicted, i).p50Minutes) })
    }), { numRuns: 15 })
  })
  it('has no figures without tasks', () => {
    assert.deepEqual(backTest([]), { predicted: [], tooFew: true })
    assert.equal(calibrate([]), undefined)
  })
})
