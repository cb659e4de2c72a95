import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { UserError } from '../../../src/plan/errors.ts'
import { trackId } from '../../../src/plan/ids.ts'
import type { RecordedEvent } from '../../../src/state/event.ts'
import { type EventQuery, insertEvents, selectEvents } from '../../../src/state/events.ts'
import { identifySelf } from '../../../src/state/process.ts'
import { SqliteEngine } from '../../../src/state/sqlite.ts'
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

  it('takes the oldest 500 once 600 are live; no event and no figure changes by it', async () => {
    const { root, state, session } = await bench.planned(widePlan(2, 3))
    await record(state, session, 598)
    assert.equal(fs.existsSync(folderOf(root)), false)
    const [before, events] = [await state.snapshot(), await state.events()]
    assert.equal(events.length, 599)
    await record(state, session, 1)
    assert.equal(listed(root), 'events-1.db 1 500')
    assert.deepEqual(archives(root), ['events-1.db'])
    assert.equal(sqlite3(root, 'SELECT MIN(id), MAX(id), COUNT(*) FROM events'), '501|600|100')
    assert.deepEqual((await state.events()).slice(0, 599), events)
    const after = await state.snapshot()
    assert.ok(before?.costUsd !== undefined && after !== undefined)
    assert.deepEqual({ ...after, costUsd: 0, lastEvent: 0 }, { ...before, costUsd: 0, lastEvent: 0 })
    assert.equal(after.costUsd, before.costUsd + 0.25)
    assert.equal(after.lastEvent, 600)
    // Any SQLite program reads it, and another process of ours does.
    assert.equal(sqlite3(root, `ATTACH '${path.join(folderOf(root), 'events-1.db')}' AS old; SELECT COUNT(*), MAX(id) FROM old.event; PRAGMA old.integrity_check`), '500|500\nok')
    assert.deepEqual(ids(await (await bench.open(root)).events()), upTo(600))
    assert.equal(sqlite3(root, 'PRAGMA integrity_check; PRAGMA freelist_count'), 'ok\n0')
  })

  it('grows in one file until that is full', async () => {
    const { root, state, session } = await bench.planned(widePlan(2, 3))
    await record(state, session, 600)
    const events = await state.events()
    await record(state, session, 500)
    assert.equal(listed(root), 'events-1.db 1 1001')
    assert.equal(sqlite3(root, 'SELECT MIN(id), MAX(id) FROM events'), '1002|1101')
    assert.deepEqual((await state.events()).slice(0, 601), events)
    await record(state, session, 19_000)
    assert.equal(listed(root), 'events-1.db 1 20000,events-20001.db 20001 20001')
    assert.deepEqual(ids(await state.events()), upTo(20_101))
  })

  it('takes long events by their bytes; when not even one stays, ids go on all the same', async () => {
    const { root, state, session } = await bench.planned()
    for (let index = 0; index < 20; index++) {
      // In letters of two bytes each.
      state.recordEvent(session, roleEvent(task(1), 1, 'ä'.repeat(5_000)))
      await state.flush()
    }
    assert.equal(sqlite3(root, 'SELECT MIN(id), MAX(id) FROM events'), '19|21')
    state.recordEvent(session, roleEvent(task(1), 1, 'b'.repeat(9_000_000)))
    await state.flush()
    assert.equal(sqlite3(root, 'SELECT COUNT(*) FROM events'), '0')
    assert.equal((await state.snapshot())?.lastEvent, 22)
    await record(state, session, 3)
    assert.deepEqual(ids(await state.events()), upTo(25))
    // Longer than an archive should be: it has one of its own.
    assert.equal(listed(root), 'events-1.db 1 21,events-22.db 22 22')
  })

  it('keeps an unknown cost unknown', async () => {
    const { state, session } = await bench.planned()
    state.recordEvent(session, roleEvent(task(1), undefined))
    await record(state, session, 700)
    assert.ok((await state.snapshot())?.lastEvent === 702)
    assert.equal((await state.snapshot())?.costUsd, undefined)
  })

  it('is found by every query as if nothing had moved', async () => {
    const { root, state, session } = await bench.planned(widePlan(2, 3))
    await record(state, session, 41_500)
    assert.deepEqual(archives(root), ['events-1.db', 'events-20001.db', 'events-40001.db'])
    const all = await state.events()
    assert.deepEqual(ids(all), upTo(41_501))
    const query: fc.Arbitrary<EventQuery> = fc.record({
      after: fc.oneof(fc.integer({ min: 0, max: 42_000 }), fc.constantFrom(19_999, 20_000, 40_000, 41_401)), limit: fc.oneof(fc.integer({ min: 0, max: 42_000 }), fc.integer({ min: 0, max: 300 })),
      task: fc.constantFrom(task(1), task(2), task(3)), track: fc.constantFrom(trackId(1), trackId(2)), type: fc.constantFrom('role.completed', 'plan.saved'), session: fc.constantFrom(session, 'nobody'),
    }, { requiredKeys: [] })
    await fc.assert(fc.asyncProperty(query, async (asked) => {
      const { after = 0, limit = Infinity } = asked
      const matching = all.filter((event) => event.id > after && (asked.task ?? event.task) === event.task
        && (asked.track ?? event.track) === event.track && (asked.type ?? event.type) === event.type && (asked.session ?? event.session) === event.session)
      assert.deepEqual(ids(await state.events(asked)), ids(limit === Infinity ? matching : matching.slice(Math.max(0, matching.length - limit))))
      const visited: RecordedEvent[] = []
      await state.visitEvents(asked, (events) => { visited.push(...events) })
      assert.deepEqual(ids(visited), ids(matching))
    }), { numRuns: 20 })
  }).timeout(120_000)

  it('is opened only where the query reaches it; one that is missing is named, and work goes on in another', async () => {
    const { root, state, session } = await bench.planned()
    await record(state, session, 700)
    fs.rmSync(path.join(folderOf(root), 'events-1.db'))
    assert.equal((await state.events({ limit: 100 })).length, 100)
    assert.equal((await state.events({ after: 601 })).length, 100)
    for (const query of [{}, { limit: 101 }, { after: 600 }, { type: 'plan.saved' }]) {
      await assert.rejects(state.events(query), (error) => error instanceof UserError && error.exitCode === 4 && /events-1\.db is missing.*put a copy/.test(error.message))
    }
    await record(state, session, 500)
    assert.equal(listed(root), 'events-1.db 1 601,events-602.db 602 1101')
    assert.deepEqual(ids(await state.events({ after: 601 })), upTo(1_201).slice(601))
  })

  it('is refused when it is cut off, and left as it is', async () => {
    const { root, state, session } = await bench.planned()
    await record(state, session, 700)
    const file = path.join(folderOf(root), 'events-1.db')
    fs.truncateSync(file, fs.statSync(file).size - 4_096)
    await assert.rejects(state.events(), (error) => error instanceof UserError && error.exitCode === 4 && error.message.includes(`${file} is damaged`))
    const damaged = fs.readFileSync(file)
    await record(state, session, 600)
    assert.deepEqual(fs.readFileSync(file), damaged)
    assert.deepEqual(archives(root), ['events-1.db', 'events-602.db'])
  })

  it('may hold events of a commit that never was: nobody sees them, and what was written instead takes their place', async () => {
    const { root, state, session } = await bench.planned()
    await record(state, session, 700)
    const copy = fs.readFileSync(state.file)
    state.recordEvent(session, roleEvent(task(1), 1, 'of the commit that was lost'))
    await record(state, session, 600)
    await state.close()
    assert.equal(listed(root), 'events-1.db 1 1202')
    // As after a crash between the archive and the commit.
    fs.writeFileSync(state.file, copy)
    const next = await bench.open(root)
    assert.deepEqual(ids(await next.events()), upTo(701))
    next.recordEvent(session, roleEvent(task(2), 1, 'of the commit that came instead'))
    await record(next, session, 600)
    assert.equal(listed(root), 'events-1.db 1 1202')
    const events = await next.events()
    assert.deepEqual(ids(events), upTo(1_302))
    assert.ok(events[701]?.type === 'role.completed' && events[701].data.summary === 'of the commit that came instead')
  })

  it('that another program holds open is left, and a new one begins', async () => {
    const { root, state, session } = await bench.planned()
    await record(state, session, 700)
    await state.close()
    const refused: string[] = []
    const engine = new SqliteEngine({ file: state.file, self: identifySelf(), now: () => new Date(), rename: (from, to) => {
      if (path.basename(to) !== 'events-1.db') {
        fs.renameSync(from, to)
        return
      }
      refused.push(to)
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' })
    } })
    const time = new Date().toISOString()
    await engine.transaction((tx) => insertEvents(tx, Array.from({ length: 600 }, () => ({ session, time, event: roleEvent(task(1), 1) }))))
    assert.ok(refused.length > 1, 'it was not tried again')
    assert.equal(listed(root), 'events-1.db 1 601,events-602.db 602 1201')
    assert.deepEqual(ids(await engine.read((tx) => selectEvents(tx, {}))), upTo(1_301))
    await engine.close()
  })

  it('answers a transition that is repeated with its first event', async () => {
    const { state, session } = await bench.planned()
    const lease = await state.acquireTrack(trackId(1), session)
    const claim = await state.claimTask(lease)
    assert.ok(claim.kind === 'claimed')
    const first = await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
    await record(state, session, 1_500)
    assert.deepEqual(await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task)), first)
  })

  it('when it can\'t be written, nothing is lost and the commit is refused', async () => {
    const { root, state, session } = await bench.planned()
    await record(state, session, 590)
    fs.writeFileSync(folderOf(root), 'a file in the way')
    await assert.rejects(record(state, session, 20), (error) => error instanceof UserError && error.exitCode === 4)
    assert.equal(sqlite3(root, 'SELECT COUNT(*) FROM events'), '591')
    fs.rmSync(folderOf(root))
    await state.flush()
    assert.deepEqual(ids(await state.events()), upTo(611))
  })

  it('survives kill -9 inside it: every event is there once, and the next process goes on', async function () {
    this.timeout(180_000)
    const { root, state, session } = await bench.planned(widePlan(1, 3))
    await record(state, session, 700)
    await state.close()
    // Past the limit, so that the first commit of whoever comes next moves them.
    sqlite3(root, "WITH RECURSIVE n (id) AS (SELECT 702 UNION ALL SELECT id + 1 FROM n WHERE id < 5200) INSERT INTO event (id, time, session_id, type, data) SELECT id, '2026-01-01T00:00:00.000Z', 'x', 'gates.none', '{}' FROM n")
    let [unlisted, moved] = [0, 0]
    for (let round = 0; round < 13; round++) {
      const copy = bench.folder()
      fs.cpSync(path.join(root, '.devteam'), path.join(copy, '.devteam'), { recursive: true })
      const { signal, stderr } = spawnSync(process.execPath, ['--import', path.join(import.meta.dirname, 'kill-inside.mjs'), '--import', 'tsx', path.join(import.meta.dirname, 'worker.ts'), copy, '01'], {
        env: { ...process.env, KILL_AT: String(1 + round * 1.5), KILL_FROM: `${path.sep}archive` }, encoding: 'utf8',
      })
      assert.equal(signal, 'SIGKILL', stderr)
      assert.equal(sqlite3(copy, 'PRAGMA integrity_check'), 'ok')
      if (listed(copy) === 'events-1.db 1 601') {
        assert.equal(sqlite3(copy, 'SELECT COUNT(*), MIN(id) FROM events'), '4599|602')
        if (execFileSync('sqlite3', [path.join(folderOf(copy), 'events-1.db'), 'SELECT MAX(id) FROM event'], { encoding: 'utf8' }) === '5100\n') unlisted += 1
      } else {
        moved += 1
      }
      const next = await bench.open(copy)
      next.recordEvent(await next.startSession('implement', true), roleEvent(task(1), 1))
      await next.flush()
      const last = (await next.snapshot())?.lastEvent ?? 0
      assert.ok(last >= 5_201)
      assert.deepEqual(ids(await next.events()), upTo(last))
      assert.equal(listed(copy), 'events-1.db 1 5100')
      assert.deepEqual(archives(copy), ['events-1.db'])
    }
    // The kills fell on both sides of both renames.
    assert.ok(unlisted > 0 && moved > 0 && unlisted + moved < 13, `${unlisted} ${moved}`)
  })
})
