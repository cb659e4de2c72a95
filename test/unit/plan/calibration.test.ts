import assert from 'node:assert/strict'
import fc from 'fast-check'
import { backTest, taskQuantiles, type TimedTask } from '../../../src/plan/forecast/calibration-back-test.ts'
import { calibrate, studentQuantile, type MeasuredTask } from '../../../src/plan/forecast/calibration.ts'
import { forecastLeft, type OpenTask } from '../../../src/plan/forecast/forecast-left.ts'
import type { TaskId, TrackId } from '../../../src/plan/ids.ts'
import { normal, seeded } from '../../../src/plan/forecast/monte-carlo-random.ts'

const id = (n: number): TaskId => `TASK-${n}` as TaskId
const measured = (n: number, minutes: number, more: Partial<MeasuredTask> = {}): MeasuredTask => ({ task: id(n), component: 'backend', agent: 'sonnet', hours: 4, minutes, ...more })
const open = (n: number, more: Partial<OpenTask> = {}): OpenTask => ({ id: id(n), track: '01' as TrackId, dependencies: [], component: 'backend', hours: 4, elapsedMinutes: undefined, ...more })
const calibrated = (tasks: readonly MeasuredTask[]): NonNullable<ReturnType<typeof calibrate>> => {
  const calibration = calibrate(tasks)
  assert.ok(calibration !== undefined)
  return calibration
}
const near = (a: number, b: number, within = 1e-6): void => { assert.ok(Math.abs(a - b) <= within * Math.max(1, Math.abs(b)), `${a} is not ${b}`) }
const quick = { runs: 400, seed: 2 }
/** Tasks one after another, an hour of the clock each. */
const timed = (tasks: readonly MeasuredTask[]): TimedTask[] => tasks.map((task, i) => ({ ...task, startedAt: i * 3_600_000, completedAt: (i + 1) * 3_600_000 }))

describe('a calibration', () => {
  it('takes five measured tasks', () => {
    assert.equal(calibrate([1, 2, 3, 4].map((n) => measured(n, 8))), undefined)
    assert.equal(calibrated([1, 2, 3, 4, 5].map((n) => measured(n, 8))).tasks, 5)
  })
  it('that is exact predicts exactly', () => {
    fc.assert(fc.property(fc.array(fc.record({ hours: fc.integer({ min: 1, max: 40 }), component: fc.constantFrom('a', 'b', 'c') }), { minLength: 9, maxLength: 30 }), fc.double({ min: 0.01, max: 100, noNaN: true }), fc.boolean(), (raw, ratio, apart) => {
      // Each component its own exact ratio, or all the same.
      const ratioOf = (component: string): number => ratio * (apart ? { a: 1, b: 3, c: 9 }[component] ?? 0 : 1)
      const calibration = calibrated(raw.map(({ hours, component }, i) => measured(i, hours * ratioOf(component), { hours, component })))
      for (const { name, minutesPerHour } of calibration.components) near(minutesPerHour, ratioOf(name))
      const component = raw[0]?.component ?? 'a'
      const { p50Minutes, p80Minutes } = taskQuantiles(calibration, { component, hours: 6 })
      near(p50Minutes, 6 * ratioOf(component))
      near(p80Minutes, p50Minutes)
      const left = forecastLeft([open(100, { component, hours: 6 }), open(101, { component, hours: 2 }), open(102, { component, hours: 3, track: '02' as TrackId })], calibration, quick)
      for (const minutes of [left.p50Minutes, left.p80Minutes, left.p95Minutes]) near(minutes, 8 * ratioOf(component))
    }))
  })
  it('draws a component with few tasks towards all', () => {
    const spread = [0.8, 1, 1.25, 0.9, 1.1]
    const few = calibrated([...spread.map((f, i) => measured(i, 40 * f)), ...spread.map((f, i) => measured(i + 9, 40 * f, { component: 'frontend' })), measured(20, 160, { component: 'data' })])
    const many = calibrated([...spread.map((f, i) => measured(i, 40 * f)), ...spread.map((f, i) => measured(i + 9, 40 * f, { component: 'frontend' })), ...spread.map((f, i) => measured(20 + i, 160 * f, { component: 'data' }))])
    const ratioOf = ({ components }: typeof few, name: string): number => components.find((each) => each.name === name)?.minutesPerHour ?? NaN
    assert.ok(ratioOf(few, 'data') > 15 && ratioOf(few, 'data') < ratioOf(many, 'data') && ratioOf(many, 'data') < 40)
    near(ratioOf(few, 'backend'), 10, 0.1)
    assert.ok(few.predict('unseen').own > many.predict('backend').own, 'least is known about a component without measured tasks')
  })
  it('does not tell components apart that have a task each', () => {
    const calibration = calibrated([1, 2, 3, 4, 5].map((n) => measured(n, n * 4, { component: `c${n}` })))
    assert.deepEqual(new Set(calibration.components.map(({ minutesPerHour }) => Math.round(minutesPerHour * 1e6))).size, 1)
    assert.equal(calibration.freedom, 4)
  })
  it('has Student\'s quantiles', () => {
    for (const [freedom, eighty, ninety] of [[3, 0.97847, 1.63774], [4, 0.94096, 1.53321], [10, 0.87906, 1.37218], [100, 0.84523, 1.29007]] as const) {
      near(studentQuantile(0.8, freedom), eighty, 0.002)
      near(studentQuantile(0.9, freedom), ninety, 0.005)
    }
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
    const { withinP80 } = backTest(timed(Array.from({ length: 600 }, (_, n) => measured(n, 40 * Math.exp(0.5 * normal(uniform)), { component: n % 2 === 0 ? 'backend' : 'frontend' }))))
    assert.ok(withinP80 !== undefined && Math.abs(withinP80 - 0.8) < 0.05, `${withinP80}`)
  })
})
