import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../src/plan/errors.ts'
import { load } from '../../../src/state/content.ts'
import { identifySelf } from '../../../src/state/process.ts'
import { replaceDatabase } from '../../../src/state/replace.ts'
import { SqliteEngine } from '../../../src/state/sqlite.ts'
import { Bench, sqlite3, widePlan } from './support.ts'

/** As on Windows while another program has the database open. */
const refusing = (from: string, to: string): void => {
  if (to.endsWith('devteam.db')) throw Object.assign(new Error('EPERM'), { code: 'EPERM' })
  fs.renameSync(from, to)
}

describe('a database that can\'t be renamed onto', () => {
  const bench = new Bench()
  const engines: SqliteEngine[] = []
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.close()
    await bench.end()
  })

  function open(file: string, rename: (from: string, to: string) => void = fs.renameSync): SqliteEngine {
    const engine = new SqliteEngine({ file, self: identifySelf(), now: () => new Date(), rename })
    engines.push(engine)
    return engine
  }
  const set = (engine: SqliteEngine, value: string): Promise<unknown> => engine.transaction((tx) => tx.all("INSERT INTO setting (key, value) VALUES ('it', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value", value))
  const get = async (engine: SqliteEngine): Promise<unknown> => (await engine.read((tx) => tx.all("SELECT value FROM setting WHERE key = 'it'")))[0]?.['value']
  const shown = (file: string): string => execFileSync('sqlite3', [file, "PRAGMA integrity_check; SELECT value FROM setting WHERE key = 'it'"], { encoding: 'utf8' }).trim()
  // The lock is given back a moment after a commit is acknowledged.
  const beside = (file: string): string[] => fs.readdirSync(path.dirname(file)).filter((name) => name.startsWith('devteam.db')).sort()

  /** A database with `it` = old, and the bytes of the next commit, which sets it to new. */
  async function twoCommits(): Promise<{ file: string; older: Buffer; newer: Buffer }> {
    const { state } = await bench.planned(widePlan(2, 40))
    await state.close()
    const engine = open(state.file)
    await set(engine, 'old')
    const older = fs.readFileSync(state.file)
    await engine.transaction((tx) => tx.all("UPDATE task SET title = title || ' of the new kind, with a long name so that pages are many', reason = $1", 'x'.repeat(300)))
    await set(engine, 'new')
    const newer = fs.readFileSync(state.file)
    assert.ok(newer.length > older.length + 4_096)
    return { file: state.file, older, newer }
  }

  it('is overwritten in its place; every reader sees each commit', async () => {
    const { state } = await bench.planned()
    const { file } = state
    const inode = fs.statSync(file).ino
    let attempts = 0
    const [own, other] = [open(file, (from, to) => { if (to === file) attempts += 1; refusing(from, to) }), open(file)]
    for (const value of ['one', 'two', 'three']) {
      await set(own, value)
      assert.equal(shown(file), `ok\n${value}`)
      assert.deepEqual([await get(own), await get(other)], [value, value])
      assert.equal((await state.snapshot())?.settings['it'], value)
    }
    assert.ok(attempts >= 15, `tried only ${attempts} times`)
    assert.equal(fs.statSync(file).ino, inode)
    assert.deepEqual(beside(file), ['devteam.db'])
  })

  it('becomes shorter in its place too', async () => {
    const { file, older, newer } = await twoCommits()
    replaceDatabase(file, older, refusing)
    assert.equal(shown(file), 'ok\nold')
    replaceDatabase(file, newer, refusing)
    assert.equal(shown(file), 'ok\nnew')
  })

  it('tells whoever waits for commits', async () => {
    const { state } = await bench.planned()
    const own = open(state.file, refusing)
    const seen = new Promise<void>((resolve) => state.onCommit(resolve))
    await set(own, 'one')
    await seen
    assert.equal((await state.snapshot())?.settings['it'], 'one')
  })

  describe('recovers from an end between any two steps', () => {
    type Bytes = Buffer | undefined
    const states: readonly [name: string, truth: string, make: (older: Buffer, newer: Buffer) => { db: Buffer; redo?: Bytes; fresh?: Bytes }][] = [
      ['half of .new written', 'old', (older, newer) => ({ db: older, fresh: newer.subarray(0, 5_000) })],
      ['.new written', 'old', (older, newer) => ({ db: older, fresh: newer })],
      ['.new renamed to .redo', 'new', (older, newer) => ({ db: older, redo: newer })],
      ['the copy begun', 'new', (older, newer) => ({ db: Buffer.concat([older.subarray(0, 100), newer.subarray(100, 9_000), older.subarray(9_000)]), redo: newer })],
      ['all copied but the header', 'new', (older, newer) => ({ db: Buffer.concat([older.subarray(0, 100), newer.subarray(100)]), redo: newer })],
      ['half of the header copied', 'new', (older, newer) => ({ db: Buffer.concat([newer.subarray(0, 50), older.subarray(50, 100), newer.subarray(100)]), redo: newer })],
      ['all copied', 'new', (_older, newer) => ({ db: newer, redo: newer })],
      ['.redo deleted', 'new', (_older, newer) => ({ db: newer })],
    ]
    for (const [name, truth, make] of states) {
      it(name, async () => {
        const { file, older, newer } = await twoCommits()
        for (const rename of [fs.renameSync, refusing]) {
          const { db, redo, fresh } = make(older, newer)
          fs.writeFileSync(file, db)
          if (redo !== undefined) fs.writeFileSync(`${file}.redo`, redo)
          if (fresh !== undefined) fs.writeFileSync(`${file}.new`, fresh)
          const before = beside(file)
          assert.equal(await get(open(file)), truth)
          assert.deepEqual([fs.readFileSync(file), beside(file)], [db, before], 'reading changed something')
          const next = open(file, rename)
          await next.transaction((tx) => tx.all("INSERT INTO setting (key, value) VALUES ('after', 'x')"))
          assert.equal(await get(next), truth)
          assert.equal(shown(file), `ok\n${truth}`)
          assert.equal(execFileSync('sqlite3', [file, "SELECT value FROM setting WHERE key = 'after'"], { encoding: 'utf8' }), 'x\n')
          assert.deepEqual(beside(file), ['devteam.db'])
        }
      })
    }
  })

  it('that can\'t be overwritten either keeps the commit beside it until it can', async () => {
    const { file } = (await bench.planned()).state
    const own = open(file, refusing)
    await set(own, 'one')
    const original = fs.openSync
    Object.assign(fs, { openSync: (target: string, flags: string) => {
      if (flags === 'r+') throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' })
      return original(target, flags)
    } })
    try {
      await set(own, 'two')
      assert.equal(shown(file), 'ok\none')
      assert.deepEqual(beside(file), ['devteam.db', 'devteam.db.redo'])
      assert.deepEqual([await get(own), await get(open(file))], ['two', 'two'])
      await assert.rejects(set(own, 'three'), (error) => error instanceof UserError && error.exitCode === 4 && error.message.includes(file) && /another program holds it; close that program/.test(error.message))
      assert.equal(await get(own), 'two')
    } finally {
      Object.assign(fs, { openSync: original })
    }
    await set(own, 'four')
    assert.equal(shown(file), 'ok\nfour')
    assert.deepEqual(beside(file), ['devteam.db'])
  })

  it('is refused with a .redo that is cut off, and both files stay as they are', async () => {
    const { file, older, newer } = await twoCommits()
    fs.writeFileSync(file, older)
    fs.writeFileSync(`${file}.redo`, newer.subarray(0, newer.length - 4_096))
    const own = open(file)
    for (const attempt of [() => get(own), () => set(own, 'x')]) {
      await assert.rejects(attempt(), (error) => error instanceof UserError && error.exitCode === 4 && error.message.includes(`${file}.redo is damaged`))
    }
    assert.deepEqual([fs.readFileSync(file), fs.statSync(`${file}.redo`).size], [older, newer.length - 4_096])
  })

  describe('read while it is overwritten', () => {
    /** Reads `file` in pieces; after the first piece `act` happens. */
    function readWhile(file: string, act: () => void): Buffer {
      const original = fs.readSync
      let pieces = 0
      Object.assign(fs, { readSync: (handle: number, buffer: Buffer, offset: number, length: number, position: number) => {
        if (length <= 100) return original(handle, buffer, offset, length, position)
        const count = original(handle, buffer, offset, Math.min(length, 8_192), position)
        if (++pieces === 1) act()
        return count
      } })
      try {
        const found = load(file, undefined)
        assert.ok(found !== undefined && found !== 'unchanged')
        return found.bytes
      } finally {
        Object.assign(fs, { readSync: original })
      }
    }

    it('gives the new content when the commit ended meanwhile', async () => {
      const { file, older, newer } = await twoCommits()
      for (const [before, after] of [[older, newer], [newer, older]] as const) {
        fs.writeFileSync(file, before)
        assert.ok(readWhile(file, () => { replaceDatabase(file, after, refusing) }).equals(after))
      }
    })

    it('gives the new content when the process died meanwhile', async () => {
      const { file, older, newer } = await twoCommits()
      fs.writeFileSync(file, older)
      assert.ok(readWhile(file, () => {
        fs.writeFileSync(`${file}.redo`, newer)
        const handle = fs.openSync(file, 'r+')
        fs.writeSync(handle, newer, 20_000, 20_000, 20_000)
        fs.closeSync(handle)
      }).equals(newer))
    })

    it('ends with a word when another program never stops writing', async () => {
      const { file } = (await bench.planned()).state
      const original = fs.readSync
      let turn = 0
      Object.assign(fs, { readSync: (handle: number, buffer: Buffer, offset: number, length: number, position: number) => {
        if (length > 4) fs.utimesSync(file, ++turn, turn)
        return original(handle, buffer, offset, length, position)
      } })
      try {
        await assert.rejects(get(open(file)), (error) => error instanceof UserError && error.exitCode === 4 && /changes while it is read/.test(error.message))
      } finally {
        Object.assign(fs, { readSync: original })
      }
    })
  })

  it('survives kill -9 inside such commits: nothing acknowledged is lost', async function () {
    this.timeout(300_000)
    const { root, state } = await bench.planned(widePlan(1, 60))
    await state.close()
    const acknowledged: string[] = []
    let redos = 0
    const modules = ['kill-inside.mjs', 'refuse-rename.mjs'].flatMap((name) => ['--import', path.join(import.meta.dirname, name)])
    for (let round = 0; round < 16; round++) {
      const { signal, stdout, stderr } = spawnSync(process.execPath, [...modules, '--import', 'tsx', path.join(import.meta.dirname, 'worker.ts'), root, '01'], {
        env: { ...process.env, KILL_AT: String(1 + round * 1.5), KILL_FROM: 'devteam.db.redo' }, encoding: 'utf8',
      })
      assert.equal(signal, 'SIGKILL', stderr)
      acknowledged.push(...stdout.split('\n').filter((line) => line.startsWith('done ')).map((line) => line.slice(5)))
      if (fs.existsSync(`${state.file}.redo`)) redos += 1
      const reader = await bench.open(root)
      const kept = new Set((await reader.events({ type: 'task.completed' })).map((event) => `${event.task ?? ''} ${event.id}`))
      assert.deepEqual(acknowledged.filter((line) => !kept.has(line)), [])
      assert.deepEqual((await reader.events()).map((event) => event.id), Array.from({ length: (await reader.snapshot())?.lastEvent ?? 0 }, (_, index) => index + 1))
    }
    assert.ok(redos > 0, 'no kill fell between the commit and the end of the copy')
    await (await bench.open(root)).startSession('implement', true)
    assert.equal(sqlite3(root, 'PRAGMA integrity_check'), 'ok')
    assert.deepEqual(beside(state.file), ['devteam.db'])
  })
})
