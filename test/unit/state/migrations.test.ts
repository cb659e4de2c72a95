import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../src/plan/errors.ts'
import { schemaVersion } from '../../../src/state/faults.ts'
import { type Migration, migrations, newestSchema } from '../../../src/state/migrations.ts'
import { identifySelf } from '../../../src/state/process.ts'
import { readSnapshot } from '../../../src/state/queries.ts'
import { SqliteEngine } from '../../../src/state/sqlite.ts'
import { Bench, sqlite3 } from './support.ts'

/** What later releases might do: a column, a table made anew with rows of others that refer to it, an index and a view. */
const later: readonly Migration[] = [
  { from: schemaVersion, statements: ["ALTER TABLE task ADD COLUMN priority TEXT NOT NULL DEFAULT 'medium'"] },
  {
    from: schemaVersion + 1,
    statements: [
      'CREATE TABLE fresh (id TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, completed_at TEXT, colour TEXT)',
      'INSERT INTO fresh (id, name, status, completed_at) SELECT id, name, status, completed_at FROM track',
      'DROP TABLE track', 'ALTER TABLE fresh RENAME TO track',
    ],
  },
  { from: schemaVersion + 2, statements: ['CREATE INDEX task_by_priority ON task (priority)', 'CREATE VIEW urgent AS SELECT DISTINCT id FROM task WHERE priority = \'high\''] },
]
const fixture = (version: number): string => path.join(import.meta.dirname, '../../fixtures/state', `schema-${version}.sql`)

describe('migrations', () => {
  const bench = new Bench()
  const engines: SqliteEngine[] = []
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.close()
    await bench.end()
  })

  function open(file: string, list: readonly Migration[], rename = fs.renameSync): SqliteEngine {
    const engine = new SqliteEngine({ file, self: identifySelf(), now: () => new Date(), migrations: list, rename })
    engines.push(engine)
    return engine
  }
  const write = (engine: SqliteEngine): Promise<unknown> => engine.transaction((tx) => tx.all("INSERT INTO setting (key, value) VALUES ('written', 'x')"))
  const tasksOf = async (engine: SqliteEngine): Promise<number | undefined> => (await engine.read((tx) => readSnapshot(tx, identifySelf())))?.tasks.length
  const versionOf = (root: string): number => Number(sqlite3(root, "SELECT value FROM meta WHERE key = 'schema_version'"))
  /** In the order of the alphabet: a plan makes its indexes anew. */
  const sorted = (statements: string): string[] => statements.split(/;\n/).filter((statement) => statement !== '').sort()
  const schemaOf = (root: string): string[] => sorted(`${sqlite3(root, "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL")}\n`)
  const schemaNow = sorted(fs.readFileSync(fixture(schemaVersion), 'utf8'))
  const backups = (root: string): string[] => fs.existsSync(path.join(root, '.devteam/backup')) ? fs.readdirSync(path.join(root, '.devteam/backup')).filter((name) => name.startsWith('devteam-schema')) : []

  it('lead from the first schema to this one, each to the next', () => {
    assert.deepEqual(migrations.map(({ from }) => from), Array.from({ length: schemaVersion - 1 }, (_, index) => index + 1))
  })

  it('are needed when the schema changes: it is the one that was released under its number', async () => {
    assert.deepEqual(schemaOf((await bench.planned()).root), schemaNow, 'the schema changed: write a migration from the old one, raise schemaVersion, and keep the new one as a fixture')
  })

  for (let version = 1; version <= schemaVersion; version++) {
    it(`bring a database of schema ${version} to this one`, async () => {
      const root = bench.folder()
      fs.mkdirSync(path.join(root, '.devteam'))
      execFileSync('sqlite3', [path.join(root, '.devteam/devteam.db')], { input: `PRAGMA application_id = 0x4456544d;\n${fs.readFileSync(fixture(version), 'utf8')}\nINSERT INTO meta VALUES ('schema_version', '${version}');` })
      const state = await bench.open(root)
      assert.equal(await state.snapshot(), undefined)
      await state.startSession('plan', false)
      assert.equal(versionOf(root), schemaVersion)
      assert.deepEqual(schemaOf(root), schemaNow)
      assert.equal(backups(root).length, version === schemaVersion ? 0 : 1)
    })
  }

  for (let known = 0; known < later.length; known++) {
    it(`from ${known} migrations ago: looking writes nothing; the first commit does, and keeps the old file`, async () => {
      const { root, state } = await bench.planned()
      await state.close()
      if (known > 0) await write(open(state.file, later.slice(0, known)))
      fs.rmSync(path.join(root, '.devteam/backup'), { recursive: true, force: true })
      const old = fs.readFileSync(state.file)
      const engine = open(state.file, later)
      assert.equal(await tasksOf(engine), 18)
      assert.equal((await engine.read((tx) => tx.all("SELECT priority FROM task WHERE priority = 'medium'"))).length, 18)
      assert.ok(fs.readFileSync(state.file).equals(old))
      assert.deepEqual(backups(root), [])
      await engine.transaction((tx) => tx.all("UPDATE task SET priority = 'high' WHERE id = 'TASK-001'"))
      assert.equal(versionOf(root), newestSchema(later))
      assert.equal(sqlite3(root, 'SELECT id FROM urgent; PRAGMA foreign_key_check; PRAGMA integrity_check; SELECT COUNT(*) FROM track'), 'TASK-001\nok\n3')
      const [backup = '', ...more] = backups(root)
      assert.deepEqual(more, [])
      assert.match(backup, new RegExp(`^devteam-schema${schemaVersion + known}-\\d{8}T\\d{9}Z\\.db$`))
      assert.ok(fs.readFileSync(path.join(root, '.devteam/backup', backup)).equals(old))
      await engine.transaction((tx) => tx.all("UPDATE task SET priority = 'low' WHERE id = 'TASK-001'"))
      assert.equal(backups(root).length, 1)
    })
  }

  it('are there from the start in a new database', async () => {
    const root = bench.folder()
    const engine = open(path.join(root, '.devteam/devteam.db'), later)
    await write(engine)
    assert.equal(versionOf(root), newestSchema(later))
    assert.deepEqual(backups(root), [])
  })

  it('a job that changes nothing, or fails, migrates nothing', async () => {
    const { root, state } = await bench.planned()
    const old = fs.readFileSync(state.file)
    const engine = open(state.file, later)
    await engine.transaction((tx) => tx.all('SELECT * FROM urgent'))
    await assert.rejects(engine.transaction(async (tx) => { await tx.all("UPDATE task SET priority = 'high'"); throw new Error('changed its mind') }), /changed its mind/)
    assert.ok(fs.readFileSync(state.file).equals(old))
    assert.deepEqual(backups(root), [])
  })

  it('one that fails leaves the file as it was, and says what to do', async () => {
    const { root, state } = await bench.planned()
    const old = fs.readFileSync(state.file)
    const engine = open(state.file, [...later.slice(0, 1), { from: schemaVersion + 1, statements: ['CREATE TABLE half (id TEXT)', 'INSERT INTO nowhere VALUES (1)'] }])
    for (const attempt of [() => tasksOf(engine), () => write(engine)]) {
      await assert.rejects(attempt(), (error) => error instanceof UserError && error.exitCode === 4 && error.message.includes(state.file) && /can't be brought to schema \d+: no such table: nowhere\. It is left as it was/.test(error.message))
    }
    assert.ok(fs.readFileSync(state.file).equals(old))
    assert.deepEqual(backups(root), [])
    assert.equal((await state.snapshot())?.tasks.length, 18)
  })

  it('a commit that can\'t be written keeps one copy however often it is tried, and the old file', async () => {
    const { root, state } = await bench.planned()
    const old = fs.readFileSync(state.file)
    let full = true
    const engine = open(state.file, later, (from, to) => {
      if (full && to === state.file) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
      fs.renameSync(from, to)
    })
    for (let attempt = 0; attempt < 3; attempt++) await assert.rejects(write(engine), /the disk is full/)
    assert.ok(fs.readFileSync(state.file).equals(old))
    assert.equal(backups(root).length, 1)
    full = false
    await write(engine)
    assert.deepEqual([versionOf(root), backups(root).length], [newestSchema(later), 1])
  })

  it('a process of an older DevTeam notices, writes nothing, and says what is needed', async () => {
    const { state } = await bench.planned()
    await write(open(state.file, later))
    const newer = fs.readFileSync(state.file)
    for (const attempt of [() => state.snapshot(), () => state.startSession('implement', true)]) {
      await assert.rejects(attempt(), (error) => error instanceof UserError && error.exitCode === 4 && error.message.includes(`schema ${newestSchema(later)}, this one knows ${schemaVersion}): update DevTeam`))
    }
    assert.ok(fs.readFileSync(state.file).equals(newer))
  })

  it('a copy that was kept counts as a sign when the database is lost', async () => {
    const { root, state } = await bench.planned()
    await state.close()
    await write(open(state.file, later))
    fs.rmSync(state.file)
    await assert.rejects((await bench.open(root)).snapshot(), (error) => error instanceof UserError && error.exitCode === 4 && /is missing, but .*backup holds what belongs to it/.test(error.message))
    // The way out that it names.
    fs.copyFileSync(path.join(root, '.devteam/backup', backups(root)[0] ?? ''), state.file)
    assert.equal((await (await bench.open(root)).snapshot())?.tasks.length, 18)
  })
})
