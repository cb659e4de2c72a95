import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../src/plan/errors.ts'
import { trackId } from '../../../src/plan/ids.ts'
import { LeaseLost } from '../../../src/state/leases.ts'
import { Bench, completedEvent, done, roleEvent, sqlite3, task } from './support.ts'

describe('a copy that is put back while a process runs', () => {
  const bench = new Bench()
  afterEach(() => bench.end())
  const refused = (words: RegExp) => (error: unknown): boolean => error instanceof UserError && error.exitCode === 4 && words.test(error.message)

  /** What a person does: over the file, or in its place, with the time of the copy or the present. */
  const ways: Readonly<Record<string, (copy: string, file: string) => void>> = {
    'cp': (copy, file) => { execFileSync('cp', [copy, file]) },
    'cp -p': (copy, file) => { execFileSync('cp', ['-p', copy, file]) },
    'mv': (copy, file) => { execFileSync('cp', ['-p', copy, `${copy}.2`]); execFileSync('mv', [`${copy}.2`, file]) },
  }

  for (const [name, putBack] of Object.entries(ways)) {
    it(`by ${name} from before a lease: it is noticed, what was held is lost, and work goes on from there`, async () => {
      const { root, state, session } = await bench.planned()
      const copy = path.join(root, 'copy.db')
      execFileSync('cp', ['-p', state.file, copy])
      const lease = await state.acquireTrack(trackId(1), session)
      const claim = await state.claimTask(lease)
      assert.ok(claim.kind === 'claimed')
      await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
      putBack(copy, state.file)
      assert.equal((await state.snapshot())?.tracks[0]?.lease, undefined)
      assert.equal((await state.snapshot())?.tasks.filter((row) => row.status === 'completed').length, 0)
      await assert.rejects(state.claimTask(lease), LeaseLost)
      await assert.rejects(state.completeTask(lease, claim.task.id, done, completedEvent(claim.task)), LeaseLost)
      // Events that wait are not lost with it.
      state.recordEvent(session, roleEvent(task(1), 1))
      const again = await state.acquireTrack(trackId(1), session)
      assert.notEqual(again.token, lease.token)
      const second = await state.claimTask(again)
      assert.ok(second.kind === 'claimed' && second.task.id === claim.task.id)
      const event = await state.completeTask(again, second.task.id, done, completedEvent(second.task))
      assert.equal(event.id, 3)
      assert.equal(sqlite3(root, 'SELECT GROUP_CONCAT(id) FROM events; PRAGMA integrity_check'), '1,2,3\nok')
    })
  }

  it('from after a lease: the lease holds, and its task is done once more', async () => {
    const { root, state, session } = await bench.planned()
    const lease = await state.acquireTrack(trackId(1), session)
    const claim = await state.claimTask(lease)
    assert.ok(claim.kind === 'claimed')
    const copy = fs.readFileSync(state.file)
    await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
    fs.writeFileSync(state.file, copy)
    assert.equal((await state.snapshot())?.tasks.find(({ id }) => id === claim.task.id)?.status, 'in_progress')
    await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
    assert.equal(sqlite3(root, "SELECT COUNT(*) FROM events WHERE type = 'task.completed'"), '1')
  })

  it('that is not whole is refused before anything is written to it, and a whole one is taken', async () => {
    const { root, state, session } = await bench.planned()
    const older = fs.readFileSync(state.file)
    const lease = await state.acquireTrack(trackId(1), session)
    // The last page of the index of a table, which no reading of rows comes across.
    const page = Number(sqlite3(root, "SELECT rootpage FROM sqlite_schema WHERE name = 'task_by_sprint'"))
    const damaged = Buffer.from(older)
    damaged.fill(0xab, (page - 1) * 4_096, page * 4_096)
    fs.writeFileSync(state.file, damaged)
    await assert.rejects(state.heartbeat(lease), refused(/devteam\.db is damaged: .*Put a copy of it back/))
    assert.ok(fs.readFileSync(state.file).equals(damaged))
    fs.writeFileSync(state.file, older)
    await state.acquireTrack(trackId(1), session)
    assert.equal(sqlite3(root, 'PRAGMA integrity_check'), 'ok')
  })

  const losses: Readonly<Record<string, [(file: string) => void, RegExp]>> = {
    'deleted': [(file) => { fs.rmSync(file) }, /was deleted while DevTeam was running/],
    'emptied': [(file) => { fs.truncateSync(file) }, /was deleted while DevTeam was running/],
    'cut off': [(file) => { fs.truncateSync(file, 40_000) }, /is damaged: it has 40000 bytes/],
    'overwritten with text': [(file) => { fs.writeFileSync(file, 'notes\n'.repeat(1_000)) }, /is not an SQLite database, and is left as it is/],
    'in the way of a folder': [(file) => { fs.rmSync(file); fs.mkdirSync(file) }, /a folder stands where the file should be/],
    'replaced by another program\'s': [(file) => { fs.rmSync(file); execFileSync('sqlite3', [file, 'CREATE TABLE notes (text)']) }, /is a database of another program/],
    'left with a journal': [(file) => { fs.writeFileSync(`${file}-journal`, '') }, /-journal is there/],
  }
  for (const [name, [lose, words]] of Object.entries(losses)) {
    it(`after the file was ${name}: until then nothing is read or written, and nothing pending is lost`, async () => {
      const { root, state, session } = await bench.planned()
      const copy = fs.readFileSync(state.file)
      const lease = await state.acquireTrack(trackId(1), session)
      lose(state.file)
      state.recordEvent(session, roleEvent(task(1), 1))
      for (const attempt of [() => state.snapshot(), () => state.heartbeat(lease), () => state.flush()]) await assert.rejects(attempt(), refused(words))
      fs.rmSync(state.file, { force: true, recursive: true })
      fs.rmSync(`${state.file}-journal`, { force: true })
      fs.writeFileSync(state.file, copy)
      await state.flush()
      assert.equal(sqlite3(root, 'SELECT MAX(id) FROM events; PRAGMA integrity_check'), '2\nok')
      await state.acquireTrack(trackId(1), session)
    })
  }

  it('after the folder was deleted', async () => {
    const { root, state, session } = await bench.planned()
    const copy = fs.readFileSync(state.file)
    fs.rmSync(path.dirname(state.file), { recursive: true })
    await assert.rejects(state.acquireTrack(trackId(1), session), refused(/was deleted while DevTeam was running/))
    assert.equal(fs.existsSync(state.file), false)
    fs.mkdirSync(path.dirname(state.file), { recursive: true })
    fs.writeFileSync(state.file, copy)
    await state.acquireTrack(trackId(1), session)
    assert.equal(sqlite3(root, 'SELECT COUNT(*) FROM lease'), '1')
  })
})
