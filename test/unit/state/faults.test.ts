import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../src/plan/errors.ts'
import { trackId } from '../../../src/plan/ids.ts'
import { identifySelf } from '../../../src/state/process.ts'
import { replaceFile } from '../../../src/state/replace.ts'
import { SqliteEngine } from '../../../src/state/sqlite.ts'
import type { State } from '../../../src/state/state.ts'
import { Bench, shopPlan, sqlite3 } from './support.ts'

describe('faults of the database file', () => {
  const bench = new Bench()
  afterEach(() => bench.end())

  /** Both reading and writing are refused with exit code 4, by name, and the file stays as it is. */
  async function assertRefused(state: State, words: RegExp): Promise<void> {
    const before = fs.existsSync(state.file) ? fs.readFileSync(state.file) : undefined
    for (const attempt of [() => state.snapshot(), () => state.startSession('plan', false)]) {
      await assert.rejects(attempt(), (error) => {
        assert.ok(error instanceof UserError, String(error))
        assert.equal(error.exitCode, 4)
        assert.match(error.message, words)
        assert.ok(error.message.includes(state.file), error.message)
        return true
      })
    }
    assert.deepEqual(fs.existsSync(state.file) ? fs.readFileSync(state.file) : undefined, before)
  }
  /** A database that is changed before another process opens it. */
  async function changed(change: (file: string) => void): Promise<State> {
    const { root, state } = await bench.planned()
    await state.close()
    change(state.file)
    return await bench.open(root)
  }
  function withBytes(change: (bytes: Buffer) => Buffer): (file: string) => void {
    return (file) => { fs.writeFileSync(file, change(fs.readFileSync(file))) }
  }

  it('reading an absent or empty one creates nothing; the first write does', async () => {
    const root = bench.folder()
    const state = await bench.open(root)
    assert.equal(await state.snapshot(), undefined)
    assert.deepEqual(fs.readdirSync(root), [])
    fs.mkdirSync(path.dirname(state.file))
    fs.writeFileSync(state.file, '')
    assert.equal(await state.snapshot(), undefined)
    assert.equal(fs.statSync(state.file).size, 0)
    await state.startSession('plan', false)
    assert.equal(sqlite3(root, 'SELECT COUNT(*) FROM sessions'), '1')
  })

  it('a text file', async () => { await assertRefused(await changed((file) => { fs.writeFileSync(file, 'hello\n'.repeat(100)) }), /not an SQLite database/) })

  it('a database of another program', async () => {
    await assertRefused(await changed((file) => {
      fs.rmSync(file)
      execFileSync('sqlite3', [file, 'CREATE TABLE task (id TEXT); INSERT INTO task VALUES (1)'])
    }), /another program/)
  })

  it('a truncated one', async () => { await assertRefused(await changed(withBytes((bytes) => bytes.subarray(0, bytes.length - 4_096))), /damaged: it has \d+ bytes and should have \d+/) })

  it('one whose pages are overwritten', async () => {
    await assertRefused(await changed(withBytes((bytes) => Buffer.concat([bytes.subarray(0, 4_096), Buffer.alloc(bytes.length - 4_096, 0xab)]))), /damaged/)
  })

  it('one of a newer DevTeam', async () => {
    await assertRefused(await changed((file) => { execFileSync('sqlite3', [file, "UPDATE meta SET value = '2' WHERE key = 'schema_version'"]) }), /newer DevTeam .*: update DevTeam/)
  })

  it('a journal beside it', async () => {
    await assertRefused(await changed((file) => { fs.writeFileSync(`${file}-journal`, '') }), /-journal is there.*sqlite3/)
    await assertRefused(await changed((file) => { fs.writeFileSync(`${file}-wal`, 'x') }), /-wal is there/)
    const empty = await changed((file) => { fs.writeFileSync(`${file}-wal`, '') })
    assert.ok(await empty.snapshot())
  })

  it('one deleted while DevTeam runs is not made anew from memory', async () => {
    const { state } = await bench.planned()
    fs.rmSync(state.file)
    await assertRefused(state, /deleted while DevTeam was running/)
    assert.equal(fs.existsSync(state.file), false)
  })

  it('one that is missing where worktrees are left', async () => {
    const root = bench.folder()
    fs.mkdirSync(path.join(root, '.devteam', 'worktrees', 'track-01'), { recursive: true })
    await assertRefused(await bench.open(root), /is missing, but .*worktrees/)
  })

  it('a file in the place of the folder', async () => {
    const root = bench.folder()
    fs.writeFileSync(path.join(root, '.devteam'), '')
    await assertRefused(await bench.open(root), /a file stands where the folder should be/)
  })

  it('a change by another program is read, and the next commit keeps it', async () => {
    const { root, state, session } = await bench.planned()
    sqlite3(root, "UPDATE setting SET value = 'balanced' WHERE key = 'strategy'")
    await state.acquireTrack(trackId(1), session)
    assert.equal(sqlite3(root, "SELECT value FROM setting WHERE key = 'strategy'"), 'balanced')
    assert.equal((await state.snapshot())?.settings['strategy'], 'balanced')
  })

  it('a value that the schema does not know', async () => {
    const { root, state } = await bench.planned()
    sqlite3(root, "PRAGMA ignore_check_constraints = 1; UPDATE task SET status = 'half' WHERE id = 'TASK-001'")
    await assert.rejects(state.snapshot(), (error) => error instanceof UserError && error.exitCode === 4 && error.message.includes('"half" as status'))
  })

  it('a folder that may not be written: reads go on, writes are refused', async function () {
    const { root, state } = await bench.planned()
    const folder = path.dirname(state.file)
    fs.chmodSync(root, 0o755)
    fs.chmodSync(folder, 0o555)
    // Root may write everywhere, so a process without that right looks. It stays root: nobody else may get into a private TMPDIR or checkout.
    const script = `const { openState } = await import(${JSON.stringify(new URL('../../../src/state/state.ts', import.meta.url).href)})
      const state = await openState(${JSON.stringify(root)})
      console.log((await state.snapshot()).tasks.length)
      await state.startSession('plan', false).then(() => console.log('written'), (error) => console.log(error.exitCode, error.message))`
    const command = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script]
    const [program = '', ...args] = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all', ...command] : command
    const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', cwd: path.resolve(import.meta.dirname, '../../..') })
    fs.chmodSync(folder, 0o755)
    assert.match(stdout, /^18\n4 Can't write .*devteam\.db: access is denied/, stderr)
  })

  describe('while a commit writes', () => {
    /** An engine whose rename fails as often as told. */
    function engine(root: string, rename: (from: string, to: string) => void): SqliteEngine {
      return new SqliteEngine({ file: path.join(root, '.devteam', 'devteam.db'), self: identifySelf(), now: () => new Date(), rename })
    }
    const refusal = (code: string): Error => Object.assign(new Error(code), { code })
    const insert = (key: string) => async (tx: { all(sql: string, ...values: string[]): Promise<unknown> }): Promise<string> => {
      await tx.all("INSERT INTO meta (key, value) VALUES ($1, 'x')", key)
      return key
    }

    it('a rename that is refused for a moment is tried again', async () => {
      const { root } = await bench.planned()
      let refusals = 3
      const own = engine(root, (from, to) => {
        if (refusals-- > 0) throw refusal('EPERM')
        fs.renameSync(from, to)
      })
      assert.equal(await own.transaction(insert('a')), 'a')
      await own.close()
      assert.equal(sqlite3(root, "SELECT value FROM meta WHERE key = 'a'"), 'x')
    })

    it('a full disk rejects every job of the commit, keeps the last one, and work goes on once there is space', async () => {
      const { root, state } = await bench.planned()
      let full = true
      const own = engine(root, (from, to) => {
        if (full) throw refusal('ENOSPC')
        fs.renameSync(from, to)
      })
      const jobs = await Promise.allSettled([own.transaction(insert('a')), own.transaction(insert('b'))])
      for (const job of jobs) assert.ok(job.status === 'rejected' && job.reason instanceof UserError && /the disk is full; make room/.test(job.reason.message) && job.reason.exitCode === 4)
      assert.deepEqual(await own.read((tx) => tx.all("SELECT key FROM meta WHERE key IN ('a', 'b')")), [])
      assert.equal((await state.snapshot())?.tasks.length, 18)
      full = false
      await own.transaction(insert('b'))
      await own.close()
      assert.equal(sqlite3(root, "SELECT GROUP_CONCAT(key) FROM meta WHERE key IN ('a', 'b')"), 'b')
    })

    it('a job that fails takes nothing of the others with it', async () => {
      const { root } = await bench.planned()
      const own = engine(root, fs.renameSync)
      const broken = own.transaction(async (tx) => { await insert('b')(tx); throw new Error('changed its mind') })
      const jobs = await Promise.allSettled([own.transaction(insert('a')), broken, own.transaction(insert('c')), own.transaction(insert('c'))])
      assert.deepEqual(jobs.map((job) => job.status), ['fulfilled', 'rejected', 'fulfilled', 'rejected'])
      await own.close()
      assert.equal(sqlite3(root, "SELECT GROUP_CONCAT(key) FROM (SELECT key FROM meta WHERE key IN ('a', 'b', 'c') ORDER BY key)"), 'a,c')
      await assert.rejects(own.transaction(insert('d')), /closed/)
    })

    it('short writes are written to the end', () => {
      const file = path.join(bench.folder(), 'x')
      const bytes = Buffer.from('0123456789'.repeat(1_000))
      const original = fs.writeSync
      // As on a disk that fills up: fewer bytes than asked for, and no error.
      const short = (handle: number, data: NodeJS.ArrayBufferView, offset: number, length: number): number => original(handle, data, offset, Math.min(length, 777))
      Object.assign(fs, { writeSync: short })
      try {
        replaceFile(file, bytes)
      } finally {
        Object.assign(fs, { writeSync: original })
      }
      assert.deepEqual(fs.readFileSync(file), bytes)
    })
  })

  it('the counter of commits is SQLite\'s change counter too', async () => {
    const { root, state, session } = await bench.planned(shopPlan())
    const before = fs.readFileSync(state.file).readUInt32BE(24)
    await state.acquireTrack(trackId(1), session)
    const bytes = fs.readFileSync(state.file)
    assert.deepEqual([bytes.readUInt32BE(24), bytes.readUInt32BE(92), Number(sqlite3(root, 'PRAGMA user_version'))], [before + 1, before + 1, before + 1])
    await state.snapshot()
    const again = await state.acquireTrack(trackId(1), session)
    assert.equal(again.session, session)
    assert.deepEqual(fs.readFileSync(state.file), bytes, 'what changes nothing writes nothing')
  })
})
