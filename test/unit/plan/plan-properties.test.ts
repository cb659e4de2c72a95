import assert from 'node:assert/strict'
import fc from 'fast-check'
import { UserError } from '../../../src/plan/errors.ts'
import { makePlan } from '../../../src/plan/make-plan.ts'
import { conflictOrder, planOrder } from '../../../src/plan/schedule/order.ts'
import type { Task } from '../../../src/plan/task.ts'
import { options, simulate, task } from './sample.ts'

const scopes = ['src/a/**', 'src/b/**', 'src/**/*.ts', 'docs/x.md']

/** Tasks whose dependencies lead to earlier numbers, shuffled. */
const plans = fc.array(fc.record({
  hours: fc.oneof(fc.integer({ min: 1, max: 16 }), fc.constantFrom(0.25, 0.5, 2.75, 0.1, 1.3)),
  before: fc.array(fc.nat(), { maxLength: 3 }), component: fc.constantFrom('backend', 'frontend', 'data'), scope: fc.option(fc.constantFrom(...scopes), { freq: 3 }),
}), { minLength: 1, maxLength: 24 }).chain((raw) => fc.shuffledSubarray(raw.map((each, i): Task => task(
  i + 1, each.hours, i === 0 ? [] : [...new Set(each.before.map((n) => (n % i) + 1))], { component: each.component, allowedPatterns: each.scope === null ? [] : [each.scope] },
)), { minLength: raw.length, maxLength: raw.length }))
const settings = fc.record({ tracks: fc.integer({ min: 1, max: 6 }), strategy: fc.constantFrom('component' as const, 'balanced' as const), sprintHours: fc.constantFrom(8, 40), allowIdleTracks: fc.boolean() })
const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9 * Math.max(1, a, b)

describe('any plan', () => {
  it('has each task once, in one sprint of one track', () => {
    fc.assert(fc.property(plans, settings, (tasks, setting) => {
      const plan = makePlan(tasks, setting)
      const all = tasks.map((each) => each.id).sort()
      assert.deepEqual(plan.tracks.flatMap((track) => track.tasks).sort(), all)
      assert.deepEqual([...plan.chains.flatMap((chain) => chain.tasks), ...plan.independent.tasks].sort(), all)
      assert.deepEqual(plan.schedule.map((place) => place.task).sort(), all)
      for (const track of plan.tracks) {
        assert.deepEqual(track.sprints.flatMap((sprint) => sprint.tasks), track.tasks)
        assert.ok(track.sprints.every((sprint) => sprint.tasks.length > 0))
      }
      assert.equal(plan.chains.length + plan.independent.tasks.length, plan.width)
      assert.ok(plan.usedTracks <= setting.tracks && plan.usedTracks === plan.tracks.length)
      assert.ok(setting.allowIdleTracks || plan.usedTracks <= plan.maxTracks)
    }))
  })

  it('runs on its tracks, each strictly in order, in the makespan that it says, conflicts kept apart', () => {
    fc.assert(fc.property(plans, settings, (tasks, setting) => {
      const plan = makePlan(tasks, setting)
      const took = simulate(plan, conflictOrder(plan, tasks))
      assert.ok(took !== undefined, 'the tracks wait for each other')
      assert.ok(near(took, plan.makespanHours), `${took} is not ${plan.makespanHours}`)
      const places = new Map(plan.schedule.map((place) => [place.task, place]))
      for (const { tasks: members } of plan.conflicts) {
        for (const [i, id] of members.entries()) {
          const [one, next] = [places.get(id), places.get(members[i + 1] ?? id)]
          assert.ok(one === undefined || next === undefined || one === next || one.finish <= next.start, 'two tasks in conflict at once')
        }
      }
    }))
  })

  it('has an order that every dependency and every track follows', () => {
    fc.assert(fc.property(plans, settings, (tasks, setting) => {
      const plan = makePlan(tasks, setting)
      const place = new Map(planOrder(plan, tasks).map((id, i) => [id, i]))
      const at = (id: Task['id'] | undefined): number => (id === undefined ? NaN : place.get(id) ?? NaN)
      for (const { id, dependencies } of conflictOrder(plan, tasks)) for (const before of dependencies) assert.ok(at(before) < at(id))
      for (const track of plan.tracks) for (let i = 1; i < track.tasks.length; i++) assert.ok(at(track.tasks[i - 1]) < at(track.tasks[i]))
    }))
  })

  it('takes at least the proven bound, and the curve never rises', () => {
    fc.assert(fc.property(plans, settings, (tasks, setting) => {
      const plan = makePlan(tasks, setting)
      assert.ok(plan.lowerBoundHours <= plan.makespanHours)
      assert.equal(plan.optimal, plan.lowerBoundHours === plan.makespanHours)
      assert.ok(plan.criticalPath.hours <= plan.lowerBoundHours)
      assert.ok(near(plan.totalHours, plan.curve[0]?.hours ?? NaN))
      plan.curve.forEach(({ tracks, hours }, i) => {
        assert.equal(tracks, i + 1)
        assert.ok(hours <= (plan.curve[i - 1]?.hours ?? Infinity) && hours >= plan.criticalPath.hours)
      })
      const saves = (i: number): boolean => { const [here, next] = [plan.curve[i]?.hours ?? 0, plan.curve[i + 1]?.hours]; return next !== undefined && here - next >= 0.05 * here * (1 - 1e-12) }
      let most = 0
      while (saves(most)) most++
      assert.equal(plan.maxTracks, most + 1)
      assert.ok((plan.curve[plan.usedTracks - 1]?.hours ?? 0) <= plan.makespanHours)
    }))
  })

  it('is the same for the same tasks in whatever order they come', () => {
    fc.assert(fc.property(plans, settings, (tasks, setting) => {
      assert.deepEqual(makePlan([...tasks].reverse(), setting), makePlan(tasks, setting))
    }), { numRuns: 40 })
  })

  it('keeps components whole where there are enough of them', () => {
    fc.assert(fc.property(plans, (tasks) => {
      const plan = makePlan(tasks, options({ tracks: 2 }))
      const components = new Set(tasks.map((each) => each.component))
      if (components.size < plan.usedTracks) return
      const trackOf = new Map(plan.tracks.flatMap((track) => track.tasks.map((id) => [id, track.id] as const)))
      for (const component of components) assert.equal(new Set(tasks.filter((each) => each.component === component).map((each) => trackOf.get(each.id))).size, 1)
    }))
  })
})

describe('makePlan', () => {
  const refusal = (code: string, pattern: RegExp) => (error: unknown): boolean => error instanceof UserError && error.code === code && pattern.test(error.message)

  it('refuses options that make no sense', () => {
    const tasks = [task(1, 4)]
    for (const tracks of [0, -1, 1.5, NaN]) assert.throws(() => makePlan(tasks, options({ tracks })), refusal('usage', /number of tracks/))
    for (const sprintHours of [0, -8, NaN]) assert.throws(() => makePlan(tasks, options({ sprintHours })), refusal('usage', /sprintHours/))
  })

  it('refuses tasks that can not be planned', () => {
    assert.throws(() => makePlan([], options()), refusal('input', /no tasks/))
    assert.throws(() => makePlan([task(1, 4, [2]), task(2, 4, [1])], options()), refusal('input', /TASK-001 -> TASK-002 -> TASK-001/))
  })

  it('recommends one track for a few tasks, and where others hardly help', () => {
    assert.equal(makePlan(Array.from({ length: 9 }, (_, i) => task(i + 1, 8)), options()).recommendedTracks, 1)
    const chain = Array.from({ length: 20 }, (_, i) => task(i + 1, 8, i === 0 ? [] : [i]))
    const plan = makePlan([...chain, task(21, 8)], options({ tracks: 2 }))
    assert.deepEqual([plan.recommendedTracks, plan.maxTracks, plan.usedTracks], [1, 1, 1])
  })

  it('puts conflicts in order: across tracks by a dependency that a run can keep', () => {
    const tasks = [task(1, 8, [], { component: 'a', allowedPatterns: ['src/app/**'] }), task(2, 8, [], { component: 'b', allowedPatterns: ['src/app/main.ts'] }), ...[3, 4, 5].map((n) => task(n, 8, [], { component: n === 3 ? 'a' : 'b' }))]
    const plan = makePlan(tasks, options({ tracks: 2, allowIdleTracks: true }))
    assert.deepEqual(plan.conflicts.map((conflict) => [[...conflict.tasks].sort(), conflict.patterns, conflict.resolved]), [[['TASK-001', 'TASK-002'], ['src/app/**', 'src/app/main.ts'], 'ordered']])
    const [first, second] = plan.conflicts[0]?.tasks ?? []
    assert.deepEqual(conflictOrder(plan, tasks).find((each) => each.id === second)?.dependencies, [first])
  })

  for (const [name, count, before] of [
    ['1,000 tasks on eight strands', 1_000, (n: number): number[] => (n > 8 ? [n - 8] : [])], ['10,000 tasks on eight strands', 10_000, (n: number): number[] => (n > 8 ? [n - 8, ...(n % 7 === 0 ? [n - 5] : [])] : [])],
    ['a chain of 100,000 tasks', 100_000, (n: number): number[] => (n > 1 ? [n - 1] : [])],
  ] as const) {
    it(`plans ${name}`, () => {
      const tasks = Array.from({ length: count }, (_, i) => task(i + 1, 1 + (i % 5), before(i + 1), { component: ['x', 'y', 'z'][i % 3] ?? '' }))
      const plan = makePlan(tasks, options())
      assert.equal(plan.tracks.reduce((sum, track) => sum + track.tasks.length, 0), count)
      assert.ok(plan.lowerBoundHours <= plan.makespanHours)
    })
  }
})
