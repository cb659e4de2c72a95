import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { writeTasks } from '../../../src/plan/files/read.ts'
import type { TrackId } from '../../../src/plan/ids.ts'
import type { Task } from '../../../src/plan/task.ts'
import { readConfig } from '../../../src/run/config.ts'
import { planProject } from '../../../src/run/plan-project.ts'
import { applyReplan, proposeReplan } from '../../../src/run/replan-project.ts'
import type { Lease, Snapshot } from '../../../src/state/rows.ts'
import type { State } from '../../../src/state/state.ts'
import { task } from '../plan/sample.ts'
import { Bench, completedEvent, done, failed, failedEvent, projectEvent, sprintEvent, sqlite3, trackEvent } from '../state/support.ts'

const bench = new Bench()
after(() => bench.end())

const raw = fc.record({ hours: fc.integer({ min: 1, max: 16 }), before: fc.array(fc.nat(), { maxLength: 2 }), component: fc.constantFrom('backend', 'frontend'), scope: fc.option(fc.constant('src/a/**'), { freq: 4 }) })
type Raw = typeof raw extends fc.Arbitrary<infer T> ? T : never
const made = (list: readonly Raw[]): Task[] => list.map((each, i) => task(i + 1, each.hours, i === 0 ? [] : [...new Set(each.before.map((n) => (n % i) + 1))], { component: each.component, allowedPatterns: each.scope === null ? [] : [each.scope] }))
const round = fc.record({ steps: fc.nat({ max: 12 }), fails: fc.boolean(), other: fc.option(fc.tuple(fc.nat(), raw)), added: fc.array(raw, { maxLength: 3 }), tracks: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }) })

/** Works like the runners of all tracks at once, for so many tasks; gives the lease of the final review where the last track ended. */
async function work(state: State, session: string, steps: number, fails: boolean): Promise<Lease | undefined> {
  const snapshot = await state.snapshot()
  const leases = new Map<TrackId, Lease>()
  for (const track of snapshot?.tracks ?? []) if (track.status !== 'completed') leases.set(track.id, await state.acquireTrack(track.id, session))
  for (const lease of leases.values()) await state.retryFailed(lease)
  let review: Lease | undefined
  for (let [left, moved] = [steps, true]; moved && left > 0;) {
    moved = false
    for (const [track, lease] of leases) {
      const now = await state.snapshot() as Snapshot
      const sprint = now.sprints.find((each) => each.track === track && each.status !== 'done')
      if (sprint === undefined) {
        const ended = await state.completeTrack(lease, (open) => trackEvent(track, open))
        await state.release(lease)
        leases.delete(track)
        review ??= ended.review
        continue
      }
      await state.startSprint(lease, sprint.id, { type: 'sprint.started', track, sprint: sprint.id, data: { name: sprint.name, tasks: 1 } })
      const claim = await state.claimTask(lease, { sprint: sprint.id })
      if (claim.kind === 'claimed') {
        moved = true
        if (fails && left-- === 1) await state.failTask(lease, claim.task.id, failed, failedEvent(claim.task))
        else await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
      } else if (claim.kind === 'none' && now.tasks.every((each) => each.sprint !== sprint.id || each.status === 'completed')) {
        moved = true
        await state.completeSprint(lease, sprint.id, [], sprintEvent(sprint.id))
      }
      if (!fails) left--
    }
  }
  for (const lease of leases.values()) await state.release(lease)
  return review
}

describe('a plan that is worked on and replanned in turn', function () {
  this.timeout(240_000)

  it('comes to its end, whatever is added and changed on the way', async () => {
    await fc.assert(fc.asyncProperty(fc.array(raw, { minLength: 2, maxLength: 12 }), fc.integer({ min: 1, max: 3 }), fc.constantFrom('component' as const, 'balanced' as const), fc.array(round, { minLength: 1, maxLength: 3 }), async (list, tracks, strategy, rounds) => {
      const root = bench.folder()
      await writeTasks(root, made(list))
      const state = await bench.open(root)
      const config = { ...await readConfig(root), sprintHours: 16 }
      await planProject({ root, state, config, command: 'plan', tracks, strategy, allowIdleTracks: true, signal: new AbortController().signal, onEvent: () => { /* not looked at */ } })
      const session = await state.startSession('implement', true)
      let files = [...list]
      for (const each of rounds) {
        const review = await work(state, session, each.steps, each.fails)
        if (review !== undefined) await state.completeProject(review, [], projectEvent)
        const before = await state.snapshot() as Snapshot
        files = [...files.map((one, i) => (each.other !== null && each.other[0] % files.length === i ? each.other[1] : one)), ...each.added]
        await writeTasks(root, made(files))
        const request = { root, state, config, tracks: each.tracks, allowIdleTracks: true }
        const proposal = await proposeReplan(request)
        if (proposal.replan.changes) assert.equal(await applyReplan(request, proposal), true)
        const now = await state.snapshot() as Snapshot
        for (const row of before.tasks) if (row.status === 'completed') assert.deepEqual({ ...now.tasks.find((one) => one.id === row.id), position: 0 }, { ...row, position: 0 })
        assert.deepEqual(now.tasks.map((one) => one.id).sort(), made(files).map((one) => one.id).sort())
        assert.deepEqual(now.tasks.map((one) => one.position), now.tasks.map((_, i) => i + 1))
        assert.deepEqual(fs.readdirSync(path.join(root, 'docs/sprints')).filter((name) => name.endsWith('.json')).sort(), now.sprints.map((sprint) => `${sprint.id}.json`).sort())
        assert.equal((await proposeReplan(request)).replan.diff.changed.length, 0)
      }
      const review = await work(state, session, Infinity, false)
      assert.ok(review !== undefined || (await state.snapshot())?.projectCompleted === true, 'the tracks do not come to their end')
      if (review !== undefined) await state.completeProject(review, [], projectEvent)
      await state.endSession(session, 'completed')
      assert.equal(sqlite3(root, "SELECT (SELECT COUNT(*) FROM task WHERE status <> 'completed') || (SELECT COUNT(*) FROM sprint WHERE status <> 'done') || (SELECT COUNT(*) FROM track WHERE status <> 'completed')"), '000')
      assert.equal(sqlite3(root, 'PRAGMA foreign_key_check'), '')
    }), { numRuns: 15 })
  })
})
