import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { UserError } from '../../../src/plan/errors.ts'
import { trackId } from '../../../src/plan/ids.ts'
import type { RecordedEvent } from '../../../src/state/event.ts'
import type { EventQuery } from '../../../src/state/events.ts'
import type { State } from '../../../src/state/state.ts'
import { Bench, completedEvent, done, roleEvent, sqlite3, task, widePlan } from './support.ts'

const folderOf = (root: string): string => path.join(root, '.devteam', 'archive')
const archives = (root: string): string[] => fs.readdirSync(folderOf(root)).sort()
const listed = (root: string): string => sqlite3(root, "SELECT GROUP_CONCAT(file || ' ' || first_id || ' ' || last_id) FROM archive")

/** Records so many events of two costs; every seventh of task 1 and every fifth on track 1. */
async function record(state: State, session: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    state.recordEvent(session, { ...roleEvent(task(index % 7 === 0 ? 1 : 2), index % 2 === 0 ? 0.25 : 0.5, String(index)), track: trackId(index % 5 === 0 ? 1 : 2) })
  }
  await state.flush()
}

const ids = (events: readonly RecordedEvent[]): number[] => events.map((event) => event.id)
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)

describe('the archive', () => {
  const bench = new Bench()
  afterEach(() => bench.end())

  it('takes the oldest 4,000 once 5,000 are live; no event and no figure changes by it', async () => {
    const { root, state, session } = await bench.planned(widePlan(2, 3))
    await record(state, session, 4_998)
    assert.equal(fs.existsSync(folderOf(root)), false)
    const [before, events] = [await state.snapshot(), await state.events()]
    assert.equal(events.length, 4_999)
    await record(state, session, 1)
    assert.equal(listed(root), 'events-1.db 1 4000')
    assert.deepEqual(archives(root), ['events-1.db'])
    assert.equal(sqlite3(root, 'SELECT MIN(id), MAX(id), COUNT(*) FROM events'), '4001|5000|1000')
    assert.deepEqual((await state.events()).slice(0, 4_999), events)
    const after = await state.snapshot()
    assert.ok(before?.costUsd !== undefined && after !== undefined)
    assert.deepEqual({ ...after, costUsd: 0, lastEvent: 0 }, { ...before, costUsd: 0, lastEvent: 0 })
    assert.equal(after.costUsd, before.costUsd + 0.25)
    assert.equal(after.lastEvent, 5_000)
    // Any SQLite program reads it, and another process of ours does.
    assert.equal(sqlite3(root, `ATTACH '${path.join(folderOf(root), 'events-1.db')}' AS old; SELECT COUNT(*), MAX(id) FROM old.event; PRAGMA old.integrity_check`), '4000|4000\nok')
    assert.deepEqual(ids(await (await bench.open(root)).events()), upTo(5_000))
    assert.equal(sqlite3(root, 'PRAGMA integrity_check; PRAGMA freelist_count'), 'ok\n0')
  })

  it('keeps an unknown cost unknown', async () => {
    const { state, session } = await bench.planned()
    state.recordEvent(session, roleEvent(task(1), undefined))
    await record(state, session, 5_100)
    assert.ok((await state.snapshot())?.lastEvent === 5_102)
    assert.equal((await state.snapshot())?.costUsd, undefined)
  })

  it('is found by every query as if nothing had moved', async () => {
    const { root, state, session } = await bench.planned(widePlan(2, 3))
    await record(state, session, 13_500)
    assert.deepEqual(archives(root), ['events-1.db', 'events-4001.db', 'events-8001.db'])
    const all = await state.events()
    assert.deepEqual(ids(all), upTo(13_501))
    const query: fc.Arbitrary<EventQuery> = fc.record({
      after: fc.oneof(fc.integer({ min: 0, max: 14_000 }), fc.constantFrom(3_999, 4_000, 8_000, 12_000)), limit: fc.oneof(fc.integer({ min: 0, max: 14_000 }), fc.integer({ min: 0, max: 300 })),
      task: fc.constantFrom(task(1), task(2), task(3)), track: fc.constantFrom(trackId(1), trackId(2)), type: fc.constantFrom('role.completed', 'plan.saved'), session: fc.constantFrom(session, 'nobody'),
    }, { requiredKeys: [] })
    await fc.assert(fc.asyncProperty(query, async (asked) => {
      const { after = 0, limit = Infinity } = asked
      const matching = all.filter((event) => event.id > after && (asked.task ?? event.task) === event.task
        && (asked.track ?? event.track) === event.track && (asked.type ?? event.type) === event.type && (asked.session ?? event.session) === event.session)
      assert.deepEqual(ids(await state.events(asked)), ids(limit === Infinity ? matching : matching.slice(Math.max(0, matching.length - limit))))
    }), { numRuns: 40 })
  }).timeout(60_000)

  it('is opened only where the query reaches it, and one that is missing is named', async () => {
    const { root, state, session } = await bench.planned()
    await record(state, session, 5_500)
    fs.rmSync(path.join(folderOf(root), 'events-1.db'))
    assert.equal((await state.events({ limit: 1_501 })).length, 1_501)
    assert.equal((await state.events({ after: 4_000 })).length, 1_501)
    for (const query of [{}, { limit: 1_502 }, { after: 3_999 }, { type: 'plan.saved' }]) {
      await assert.rejects(state.events(query), (error) => error instanceof UserError && error.exitCode === 4 && /events-1\.db is missing.*put a copy/.test(error.message))
    }
    // Work goes on without it.
    await record(state, session, 4_000)
    assert.equal(listed(root), 'events-1.db 1 4000,events-4001.db 4001 8000')
  })

  it('is refused when it is cut off', async () => {
    const { root, state, session } = await bench.planned()
    await record(state, session, 5_500)
    const file = path.join(folderOf(root), 'events-1.db')
    fs.truncateSync(file, fs.statSync(file).size - 4_096)
    await assert.rejects(state.events(), (error) => error instanceof UserError && error.exitCode === 4 && error.message.includes(`${file} is damaged`))
  })

  it('answers a transition that is repeated with its first event', async () => {
    const { state, session } = await bench.planned()
    const lease = await state.acquireTrack(trackId(1), session)
    const claim = await state.claimTask(lease)
    assert.ok(claim.kind === 'claimed')
    const first = await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
    await record(state, session, 5_500)
    assert.deepEqual(await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task)), first)
  })

  it('when it can\'t be written, nothing is lost and the commit is refused', async () => {
    const { root, state, session } = await bench.planned()
    await record(state, session, 4_990)
    fs.writeFileSync(folderOf(root), 'a file in the way')
    await assert.rejects(record(state, session, 20), (error) => error instanceof UserError && error.exitCode === 4)
    assert.equal(sqlite3(root, 'SELECT COUNT(*) FROM events'), '4991')
    fs.rmSync(folderOf(root))
    await state.flush()
    assert.deepEqual(ids(await state.events()), upTo(5_011))
  })

  it('survives kill -9 inside it: every event is there once, and the next process goes on', async function () {
    this.timeout(180_000)
    const { root, state, session } = await bench.planned(widePlan(1, 3))
    await record(state, session, 10)
    await state.close()
    // Past the limit, so that the first commit of whoever comes next moves them.
    sqlite3(root, "WITH RECURSIVE n (id) AS (SELECT 12 UNION ALL SELECT id + 1 FROM n WHERE id < 5200) INSERT INTO event (id, time, session_id, type, data) SELECT id, '2026-01-01T00:00:00.000Z', 'x', 'gates.none', '{}' FROM n")
    let [unlisted, moved] = [0, 0]
    for (let round = 0; round < 13; round++) {
      const copy = bench.folder()
      fs.cpSync(path.join(root, '.devteam'), path.join(copy, '.devteam'), { recursive: true })
      const { signal, stderr } = spawnSync(process.execPath, ['--import', path.join(import.meta.dirname, 'kill-inside.mjs'), '--import', 'tsx', path.join(import.meta.dirname, 'worker.ts'), copy, '01'], {
        env: { ...process.env, KILL_AT: String(1 + round * 1.5), KILL_FROM: `${path.sep}archive` }, encoding: 'utf8',
      })
      assert.equal(signal, 'SIGKILL', stderr)
      assert.equal(sqlite3(copy, 'PRAGMA integrity_check'), 'ok')
      if (listed(copy) === '') {
        assert.equal(sqlite3(copy, 'SELECT COUNT(*), MIN(id) FROM events'), '5200|1')
        if (fs.existsSync(path.join(folderOf(copy), 'events-1.db'))) unlisted += 1
      } else {
        moved += 1
      }
      const next = await bench.open(copy)
      next.recordEvent(await next.startSession('implement', true), roleEvent(task(1), 1))
      await next.flush()
      const last = (await next.snapshot())?.lastEvent ?? 0
      assert.ok(last >= 5_201)
      assert.deepEqual(ids(await next.events()), upTo(last))
      assert.equal(listed(copy), 'events-1.db 1 4000')
      assert.deepEqual(archives(copy), ['events-1.db'])
    }
    // The kills fell on both sides of both renames.
    assert.ok(unlisted > 0 && moved > 0 && unlisted + moved < 13, `${unlisted} ${moved}`)
  })
})
