import fs from 'node:fs'
import path from 'node:path'
import type { BindParams, Database, SqlJsStatic, Statement } from 'sql.js'
import { archiveFolder, archiveOldEvents, openArchive } from './archive.ts'
import { absent, type Content, identify, load, nameOf } from './content.ts'
import type { Engine, Row, Tx, Value } from './engine.ts'
import { checkHeader, checkIntegrity, checkNeighbours, checkNothingLost, checkVersion, databaseError, deletedError, explain, header, schemaVersion } from './faults.ts'
import { FolderLock } from './lock.ts'
import { keepOldSchema, migrate, type Migration, migrations as released, newestSchema } from './migrations.ts'
import { getOrMake } from '../plan/at.ts'
import type { ProcessIdentity } from './process.ts'
import { finishRedo, replaceDatabase } from './replace.ts'
import { createStatements, sqliteMark } from './schema.ts'
import { loadSql } from './wasm.ts'
import { FileWatch } from './watch.ts'

export interface SqliteOptions {
  /** The database file; its folder also holds the lock. */
  readonly file: string
  readonly self: ProcessIdentity
  readonly now: () => Date
  /** Path of sql-wasm.wasm; undefined: beside the running bundle. */
  readonly wasm?: string | undefined
  /** Loads sql.js, where the caller needs it too; undefined: from `wasm`. */
  readonly load?: (() => Promise<SqlJsStatic>) | undefined
  /** How long one holder of the lock is waited for, in milliseconds. */
  readonly patienceMs?: number | undefined
  /** fs.renameSync; handed in for tests. */
  readonly rename?: ((from: string, to: string) => void) | undefined
  /** From older schemas to the newest; handed in for tests. */
  readonly migrations?: readonly Migration[] | undefined
}

/** `inOrder`: its parameters appear as $1, $2, ... */
interface Prepared { readonly statement: Statement; readonly inOrder: boolean }

/** The database in memory, and which content of the file it is. `fileSchema`: of the file, where that is older than in memory. */
interface Memory { readonly database: Database; readonly statements: Map<string, Prepared>; identity: string; counter: number; fileSchema: number | undefined }
interface Job { readonly run: (tx: Tx) => Promise<() => void>; readonly reject: (error: unknown) => void; readonly bulk: boolean }

/**
 * SQLite in memory (sql.js); a commit replaces the file under a lock, so any reader, `sqlite3` too, sees one whole commit at any
 * moment. `PRAGMA user_version` counts commits.
 */
export class SqliteEngine implements Engine {
  readonly #options: SqliteOptions
  readonly #folder: string
  readonly #lock: FolderLock
  readonly #watch: FileWatch
  #sql: Promise<SqlJsStatic> | undefined
  #memory: Memory | undefined
  /** A database was there before: if it is absent now, it was deleted. */
  #known = false
  /** The pages were looked at once in this process, before its first commit. */
  #checked = false
  #swept = false
  #closed = false
  #jobs: Job[] = []
  #pump: Promise<void> | undefined
  /** Commits and reads in this process, one after another, so that no read sees half a commit. */
  #chain: Promise<unknown> = Promise.resolve()

  constructor(options: SqliteOptions) {
    this.#options = options
    this.#folder = path.dirname(options.file)
    this.#lock = new FolderLock(this.#folder, options.self, options.patienceMs)
    this.#watch = new FileWatch(options.file, () => identify(options.file))
  }

  transaction<T>(work: (tx: Tx) => Promise<T>, { bulk = false }: { readonly bulk?: boolean } = {}): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('the state is closed'))
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ run: async (tx) => { const value = await work(tx); return () => { resolve(value) } }, reject, bulk })
      this.#pump ??= this.#run()
    })
  }

  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('the state is closed'))
    return this.#alone(async () => await work(this.#tx(await this.#refresh('read'))))
  }

  onCommit(listener: () => void): () => void { return this.#watch.add(listener) }

  async close(): Promise<void> {
    this.#closed = true
    this.#watch.close()
    while (this.#pump !== undefined) await this.#pump
    await this.#alone(() => { this.#forget() })
  }

  #alone<T>(work: () => T | Promise<T>): Promise<T> {
    const next = this.#chain.then(work)
    this.#chain = next.catch(() => undefined)
    return next
  }

  /** Commits queued jobs until none is left. The lock is waited for outside the chain: reads go on meanwhile. */
  async #run(): Promise<void> {
    try {
      while (this.#jobs.length > 0) {
        let release: () => void
        try {
          await this.#open()
          release = await this.#lock.acquire()
        } catch (error) {
          for (const job of this.#jobs.splice(0)) job.reject(explain(error, this.#options.file, 'write'))
          continue
        }
        try {
          await this.#alone(() => this.#commit())
        } finally {
          release()
        }
      }
    } finally {
      // In the same step as the last look at the queue, so that no job comes in between.
      this.#pump = undefined
    }
  }

  /** Before the lock: the module is loaded, and the folder is there. */
  async #open(): Promise<void> {
    await this.#load()
    fs.mkdirSync(this.#folder, { recursive: true })
    if (!this.#swept) this.#lock.sweep()
    this.#swept = true
  }

  async #load(): Promise<SqlJsStatic> { return await (this.#sql ??= this.#options.load?.() ?? loadSql(this.#options.wasm)) }

  async #commit(): Promise<void> {
    const jobs = this.#jobs.splice(0)
    const { file, rename } = this.#options
    try {
      finishRedo(file, rename)
      const memory = await this.#refresh('write')
      const { database } = memory
      // Not before the first read: it takes longer than all else that `devteam status` does.
      if (!this.#checked && memory.identity !== absent) checkIntegrity(file, pragma(database, 'quick_check(1)'))
      this.#checked = true
      const tx = this.#tx(memory)
      // With foreign keys SQLite empties a table row by row, which takes as long as to fill it. Within a transaction they can't be turned off.
      const isBulk = jobs.some(({ bulk }) => bulk)
      if (isBulk) database.run('PRAGMA foreign_keys = OFF')
      database.run('BEGIN')
      const indexes = isBulk ? dropIndexes(database) : []
      const ended: Ended[] = []
      for (const job of jobs) ended.push(await inSavepoint(database, tx, job))
      if (!ended.some(({ wrote }) => wrote)) {
        database.run('ROLLBACK')
      } else {
        for (const statement of indexes) database.run(statement)
        // Not in the first commit: after a crash there, an archive without a database would look like a lost one.
        const archived = memory.identity !== absent && archiveOldEvents(await this.#load(), database, file, rename)
        memory.counter += 1
        database.run(`PRAGMA user_version = ${memory.counter}`)
        database.run('COMMIT')
        // Free pages would be written with every commit.
        if (archived) database.run('VACUUM')
        if (memory.fileSchema !== undefined) keepOldSchema(file, memory.fileSchema)
        const stats = replaceDatabase(file, stamp(database.export(), memory.counter), rename)
        memory.identity = nameOf(stats, memory.counter)
        memory.fileSchema = undefined
        this.#known = true
      }
      if (isBulk) database.run('PRAGMA foreign_keys = ON')
      for (const { tell } of ended) tell()
    } catch (error) {
      // The copy in memory may be ahead of the file now.
      this.#forget()
      const reason = explain(error, file, 'write')
      for (const job of jobs) job.reject(reason)
    }
    this.#watch.look()
  }

  /** The database as the file has it now. */
  async #refresh(purpose: 'read' | 'write'): Promise<Memory> {
    const sql = await this.#load()
    const { file, migrations = released } = this.#options
    try {
      checkNeighbours(file)
      const found = load(file, this.#memory?.identity)
      if (found === undefined && this.#known) throw deletedError(file)
      if (found === 'unchanged' && this.#memory !== undefined) return this.#memory
      if (found === undefined && this.#memory?.identity === absent) return this.#memory
      const counter = this.#memory?.counter ?? 0
      this.#forget()
      if (found === undefined) checkNothingLost(file)
      this.#memory = found === undefined || found === 'unchanged' ? create(sql, file, migrations) : open(sql, found, migrations)
      this.#known = this.#known || found !== undefined
      // Somebody put another file there, an older copy for one.
      if (this.#memory.counter < counter) this.#checked = false
      return this.#memory
    } catch (error) {
      this.#forget()
      throw explain(error, file, purpose)
    }
  }

  #forget(): void {
    this.#memory?.database.close()
    this.#memory = undefined
  }

  #tx(memory: Memory): Tx {
    const { file, now } = this.#options
    return {
      now: now().toISOString(),
      all: (sql, ...values) => new Promise((resolve) => { resolve(query(memory, file, sql, values)) }),
      archived: async (name, sql, ...values) => this.#queryArchive(await this.#load(), name, sql, values),
    }
  }

  #queryArchive(sqlJs: SqlJsStatic, name: string, sql: string, values: readonly Value[]): Row[] {
    const { file } = this.#options
    try {
      const database = openArchive(sqlJs, file, name)
      try {
        return query({ database, statements: new Map() }, path.join(archiveFolder(file), name), sql, values)
      } finally {
        database.close()
      }
    } catch (error) {
      throw explain(error, path.join(archiveFolder(file), name), 'read')
    }
  }
}

/** `tell`: what to do once all is durable. */
interface Ended { readonly wrote: boolean; readonly tell: () => void }

/** Runs one job; what it wrote goes if it fails, and the other jobs of the commit stay. */
async function inSavepoint(database: Database, tx: Tx, job: Job): Promise<Ended> {
  const before = changes(database)
  database.run('SAVEPOINT job')
  try {
    const tell = await job.run(tx)
    database.run('RELEASE job')
    return { wrote: changes(database) > before, tell }
  } catch (error) {
    database.run('ROLLBACK TO job')
    database.run('RELEASE job')
    return { wrote: false, tell: () => { job.reject(error) } }
  }
}

/** To be made again when the tables are full, which takes half as long as with each row. Gives the statements for that. The log is never replaced. */
function dropIndexes(database: Database): string[] {
  const rows = database.exec("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name <> 'event'")[0]?.values ?? []
  for (const [name] of rows) database.run(`DROP INDEX ${String(name)}`)
  return rows.map(([, sql]) => String(sql))
}

function query(memory: Pick<Memory, 'database' | 'statements'>, file: string, sql: string, values: readonly Value[]): Row[] {
  let statement: Statement | undefined
  try {
    const prepared = getOrMake(memory.statements, sql, () => prepare(memory.database, sql))
    statement = prepared.statement
    const parameters: BindParams = prepared.inOrder ? [...values] : Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value]))
    statement.bind(parameters)
    const columns = statement.getColumnNames()
    const rows: Row[] = []
    while (statement.step()) {
      const cells = statement.get()
      rows.push(Object.fromEntries(columns.map((column, index) => [column, plain(cells[index])])))
    }
    return rows
  } catch (error) {
    // SQLite found a damaged page on its way.
    if (error instanceof Error && /malformed|not a database/.test(error.message)) checkIntegrity(file, error.message)
    throw error
  } finally {
    statement?.reset()
  }
}

/** SQLite takes `$1` for a name and looks among all names for each, so parameters that appear in their order lose theirs. */
function prepare(database: Database, sql: string): Prepared {
  const inOrder = [...sql.matchAll(/\$(\d+)/g)].every(([, number], i) => Number(number) === i + 1)
  return { statement: database.prepare(inOrder ? sql.replaceAll(/\$\d+/g, '?') : sql), inOrder }
}

function plain(cell: number | string | Uint8Array | null | undefined): Value {
  if (cell instanceof Uint8Array) throw databaseError('The database holds binary data where DevTeam stores none: another program changed it. Put a copy of it back.')
  return cell ?? null
}

const changes = (database: Database): number => Number(database.exec('SELECT total_changes()')[0]?.values[0]?.[0])
const pragma = (database: Database, name: string): string => String(database.exec(`PRAGMA ${name}`)[0]?.values[0]?.[0])

function create(sql: SqlJsStatic, file: string, migrations: readonly Migration[]): Memory {
  const database = new sql.Database()
  database.run(sqliteMark)
  for (const statement of createStatements) database.run(statement)
  migrate(database, file, schemaVersion, migrations)
  database.run('PRAGMA foreign_keys = ON')
  return { database, statements: new Map(), identity: absent, counter: 0, fileSchema: undefined }
}

/** An older schema is brought to the newest in memory, so that looking works and writes nothing. */
function open(sql: SqlJsStatic, { file, bytes, identity }: Content, migrations: readonly Migration[]): Memory {
  checkHeader(file, bytes, bytes.length)
  const database = new sql.Database(bytes)
  try {
    const [version, newest] = [Number(database.exec("SELECT value FROM meta WHERE key = 'schema_version'")[0]?.values[0]?.[0] ?? 0), newestSchema(migrations)]
    checkVersion(file, version, newest)
    migrate(database, file, version, migrations)
    database.run('PRAGMA foreign_keys = ON')
    return { database, statements: new Map(), identity, counter: Number(pragma(database, 'user_version')), fileSchema: version < newest ? version : undefined }
  } catch (error) {
    database.close()
    // There is no table of ours, for one.
    if (error instanceof Error && error.name === 'Error') checkIntegrity(file, error.message)
    throw error
  }
}

/** sql.js exports every file with change counter 1; SQLite programs that keep the file open look at that to see a new commit. */
function stamp(bytes: Uint8Array, counter: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  view.setUint32(header.changeCounter, counter)
  view.setUint32(header.versionValidFor, counter)
  return bytes
}
