import assert from 'node:assert/strict'
import fc from 'fast-check'
import { UserError } from '../../../src/plan/errors.ts'
import { makePlan } from '../../../src/plan/make-plan.ts'
import { conflictOrder } from '../../../src/plan/schedule/order.ts'
import { replan } from '../../../src/plan/replan/replan.ts'
import type { Task } from '../../../src/plan/task.ts'
import { after, inProgress, progress, runs } from './replan-support.ts'
import { task } from './sample.ts'

const raw = fc.record({
  hours: fc.oneof(fc.integer({ min: 1, max: 16 }), fc.constantFrom(0.25, 0.5, 2.75)), before: fc.array(fc.nat(), { maxLength: 3 }),
  component: fc.constantFrom('backend', 'frontend', 'data'), scope: fc.option(fc.constantFrom('src/a/**', 'src/**/*.ts'), { freq: 4 }),
})
type Raw = typeof raw extends fc.Arbitrary<infer T> ? T : never
const made = (list: readonly Raw[]): Task[] => list.map((each, i) => task(i + 1, each.hours, i === 0 ? [] : [...new Set(each.before.map((n) => (n % i) + 1))], { component: each.component, allowedPatterns: each.scope === null ? [] : [each.scope] }))

/** A plan, some of it done, and what is changed in its files: others in place of some tasks, new ones, some taken away. */
const cases = fc.record({
  list: fc.array(raw, { minLength: 1, maxLength: 20 }), tracks: fc.integer({ min: 1, max: 4 }), strategy: fc.constantFrom('component' as const, 'balanced' as const), sprintHours: fc.constantFrom(8, 40),
  steps: fc.array(fc.nat(), { maxLength: 20 }), others: fc.array(fc.tuple(fc.nat(), raw), { maxLength: 4 }), added: fc.array(raw, { maxLength: 5 }), removed: fc.array(fc.nat(), { maxLength: 2 }), running: fc.array(fc.nat(), { maxLength: 2 }),
})
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never

function started({ list, tracks, strategy, sprintHours, steps, running }: Case): { tasks: Task[]; current: ReturnType<typeof inProgress>; options: { sprintHours: number; allowIdleTracks: boolean } } {
  const tasks = made(list)
  const plan = makePlan(tasks, { tracks, strategy, sprintHours, allowIdleTracks: true })
  const frozen = [...new Set(running.map((n) => plan.tracks[n % plan.tracks.length]?.id).filter((id) => id !== undefined))]
  return { tasks, current: inProgress(plan, tasks, progress(plan, tasks, steps), frozen), options: { sprintHours, allowIdleTracks: true } }
}

function edited({ list, others, added, removed }: Case): Task[] {
  const changed = list.map((each, i) => others.find(([n]) => n % list.length === i)?.[1] ?? each)
  const gone = new Set(removed.map((n) => n % list.length))
  const ids = new Set([...gone].map((i) => task(i + 1, 1).id))
  return made([...changed, ...added]).filter((_, i) => !gone.has(i)).map((each) => ({ ...each, dependencies: each.dependencies.filter((id) => !ids.has(id)) }))
}

/** The proposal; undefined where a running track stands in its way, which is said. */
function proposed(one: Case, files: readonly Task[], tracks?: number): { current: ReturnType<typeof inProgress>; result: ReturnType<typeof replan> } | undefined {
  const { current, options } = started(one)
  if (files.length === 0) return undefined
  try {
    return { current, result: replan(current, files, { ...options, tracks }) }
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'held' || current.running.size === 0) throw error
    assert.match(error.message, /is being run by process 4711[\s\S]*stop it/)
    return undefined
  }
}

describe('any plan in progress, replanned', function () {
  this.timeout(240_000)

  it('has each task once, and moves nothing that is completed or being run', () => {
    fc.assert(fc.property(cases, fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }), (one, tracks) => {
      const files = edited(one)
      const found = proposed(one, files, tracks)
      if (found === undefined) return
      const { current, result } = found
      const all = new Set([...files.map((each) => each.id), ...current.tasks.filter((each) => each.completed).map((each) => each.task.id)])
      assert.deepEqual(result.plan.tracks.flatMap((track) => track.tasks).sort(), [...all].sort())
      assert.deepEqual([...result.order].sort(), [...all].sort())
      for (const track of result.plan.tracks) {
        assert.deepEqual(track.sprints.flatMap((sprint) => sprint.tasks), track.tasks)
        assert.ok(track.sprints.every((sprint, i) => sprint.tasks.length > 0 && sprint.number > (track.sprints[i - 1]?.number ?? 0)))
      }
      const ids = result.plan.tracks.flatMap((track) => track.sprints.map((sprint) => sprint.id))
      assert.equal(new Set(ids).size, ids.length)
      const places = new Map(result.plan.tracks.flatMap((track) => track.sprints.flatMap((sprint) => sprint.tasks.map((id) => [id, { track: track.id, sprint: sprint.id }] as const))))
      for (const each of current.tasks) if (each.completed || current.running.has(each.track)) assert.deepEqual(places.get(each.task.id), { track: each.track, sprint: each.sprint })
      const done = current.tasks.filter((each) => each.completed).map((each) => each.task.id)
      assert.deepEqual(result.order.slice(0, done.length), done)
      if (tracks !== undefined) assert.ok(new Set(result.plan.tracks.filter((track) => track.tasks.some((id) => !done.includes(id)) && !current.running.has(track.id))).size <= Math.max(1, tracks - current.running.size))
    }), { numRuns: 100 })
  })

  it('can be run to its end by tracks that wait for each other', () => {
    fc.assert(fc.property(cases, fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }), (one, tracks) => {
      const found = proposed(one, edited(one), tracks)
      if (found === undefined) return
      const next = after(found.current, found.result)
      assert.ok(runs(next, conflictOrder(found.result.plan, next.tasks.map((each) => each.task))), 'the tracks wait for each other')
      const place = new Map(found.result.order.map((id, i) => [id, i]))
      const inHand = new Set(found.current.tasks.filter((each) => each.inHand).map((each) => each.task.id))
      for (const { id, dependencies } of conflictOrder(found.result.plan, found.result.open)) if (inHand.has(id)) assert.ok(dependencies.every((other) => found.current.tasks.some((each) => each.completed && each.task.id === other)), `${id} is in hand and would wait`)
      for (const { id, dependencies } of conflictOrder(found.result.plan, found.result.open)) for (const before of dependencies) assert.ok((place.get(before) ?? NaN) < (place.get(id) ?? NaN))
    }), { numRuns: 100 })
  })

  it('never takes longer than before, and moves nothing where nothing is gained', () => {
    fc.assert(fc.property(cases, (one) => {
      const found = proposed(one, started(one).tasks)
      assert.ok(found)
      const { left, moved, reordered, changes, diff } = found.result
      assert.equal(left.hoursBefore, left.hoursUnmoved)
      assert.ok(left.hours <= left.hoursBefore)
      assert.deepEqual([diff.added, diff.removed, diff.changed], [[], [], []])
      if (left.hours === left.hoursBefore) assert.deepEqual([moved, reordered, changes], [[], [], false])
    }), { numRuns: 100 })
  })

  it('has nothing more to do once it was taken over, if no better plan is found', () => {
    fc.assert(fc.property(cases, (one) => {
      const found = proposed(one, edited(one))
      if (found === undefined) return
      const next = after(found.current, found.result)
      const again = replan(next, found.result.open, { ...started(one).options })
      assert.ok(again.left.hours <= found.result.left.hours)
      if (again.left.hours === found.result.left.hours) assert.deepEqual([again.moved, again.reordered, again.changes], [[], [], false])
    }), { numRuns: 100 })
  })
})
