import fs from 'node:fs'
import path from 'node:path'
import type { Database, SqlJsStatic, SqlValue } from 'sql.js'
import { UserError } from '../plan/errors.ts'
import { checkHeader, checkIntegrity, databaseError } from './faults.ts'
import { isRefusal, makeFolder, replaceFile } from './replace.ts'
import { eventTable, sqliteMark } from './schema.ts'

/** How many events, and how many bytes of their data. */
interface Amount { readonly events: number; readonly bytes: number }

/**
 * So much in the live file makes the oldest move out of it, since a commit writes the whole file. Measured on a plan of 18 tasks, whose file of 110 KB
 * grows to 290 KB with 600 short events: a commit takes 1.25 times the processor time of one without a history, on a disk without delays 1.36 times its
 * median. With 1,000 it was 1.33 and 1.54, with 5,000 more than 3. Outputs of gates are long, hence a limit in bytes too.
 */
const liveLimit: Amount = { events: 600, bytes: 192 * 1024 }
/** At most so much stays live then: the newest. */
const keptLive: Amount = { events: 100, bytes: 32 * 1024 }
/**
 * The newest archive is written anew with more in it until it holds so much. Greater ones make the commit that moves events slower, smaller ones make
 * more files: here a million short events are 50 of them.
 */
const archiveLimit: Amount = { events: 20_000, bytes: 8 * 1024 * 1024 }

/** One row of the table `archive`. */
interface Listed { readonly file: string; readonly first: number; readonly last: number }
/** `bytes`: of the event's data. */
interface Sized { readonly id: number; readonly bytes: number }

const nothing: Amount = { events: 0, bytes: 0 }

/**
 * Moves old events out of the live database, in the transaction that is open on it, and lists the files that got them in `archive`.
 * The files are durable when this returns, and the rows are deleted by the commit that follows. A crash in between leaves a file with
 * more rows than are listed, perhaps of a transaction that never was: readers stop at the listed last id, and whoever extends the
 * file next does so from there. Gives whether anything moved.
 */
export function archiveOldEvents(sql: SqlJsStatic, live: Database, file: string, rename?: (from: string, to: string) => void): boolean {
  let moving = eventsToMove(live)
  if (moving.length === 0) return false
  makeFolder(archiveFolder(file))
  for (let target = newestArchive(live); moving.length > 0; target = undefined) moving = moving.slice(moveSome(sql, live, file, moving, target, rename))
  return true
}

/** Moves as many of these events as fit into the archive `target`, or into a new one. Gives how many that were: none when `target` takes no more. */
function moveSome(sql: SqlJsStatic, live: Database, file: string, moving: readonly Sized[], target: Listed | undefined, rename?: (from: string, to: string) => void): number {
  const archive = target === undefined ? emptyArchive(sql) : openForMore(sql, file, target)
  if (archive === undefined) return 0
  try {
    // One that is longer than an archive should be has an archive of its own.
    const count = target === undefined ? Math.max(1, fitting(moving, nothing, archiveLimit)) : fitting(moving, amountIn(archive), archiveLimit)
    const [first, last] = [moving[0], moving[count - 1]]
    if (first === undefined || last === undefined) return 0
    copyEvents(live, archive, last.id)
    const name = target?.file ?? `events-${first.id}.db`
    replaceFile(path.join(archiveFolder(file), name), archive.export(), rename)
    live.run('INSERT INTO archive (file, first_id, last_id) VALUES (?, ?, ?) ON CONFLICT (file) DO UPDATE SET last_id = excluded.last_id', [name, first.id, last.id])
    live.run('DELETE FROM event WHERE id <= ?', [last.id])
    return count
  } catch (error) {
    // Another program holds the archive open: a new one begins.
    if (target !== undefined && isRefusal(error)) return 0
    throw error
  } finally {
    archive.close()
  }
}

/** Where the archives of the database `file` lie. */
export const archiveFolder = (file: string): string => path.join(path.dirname(file), 'archive')

/** Opens an archive that the live database lists. Throws UserError `database` when it is missing, damaged or not ours. */
export function openArchive(sql: SqlJsStatic, live: string, name: string): Database {
  if (!/^events-\d+\.db$/.test(name)) throw databaseError(`${live} lists ${JSON.stringify(name)} as an archive of events: another program changed it. Put a copy of it back.`)
  const file = path.join(archiveFolder(live), name)
  const bytes = readArchive(file)
  checkHeader(file, bytes, bytes.length)
  const database = new sql.Database(bytes)
  try {
    checkIntegrity(file, String(cells(database, 'PRAGMA quick_check(1)')[0]))
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function readArchive(file: string): Buffer {
  try {
    return fs.readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw databaseError(`${file} is missing, and it holds older events: put a copy of it back. \`devteam events --limit 100\` shows the newest without it.`, error)
  }
}

/** The oldest events, as soon as too much is live. */
function eventsToMove(live: Database): Sized[] {
  const { events, bytes } = amountIn(live)
  if (events < liveLimit.events && bytes < liveLimit.bytes) return []
  const rows = live.exec('SELECT id, OCTET_LENGTH(data) FROM event ORDER BY id DESC')[0]?.values ?? []
  const newestFirst = rows.map(([id, length]): Sized => ({ id: Number(id), bytes: Number(length) }))
  return newestFirst.slice(fitting(newestFirst, nothing, keptLive)).reverse()
}

/** How many of these, from the first on, come within `limit` together with what there is `before`. */
function fitting(events: readonly Sized[], before: Amount, limit: Amount): number {
  let [count, bytes] = [0, before.bytes]
  for (const event of events) {
    bytes += event.bytes
    if (before.events + count >= limit.events || bytes > limit.bytes) break
    count += 1
  }
  return count
}

function newestArchive(live: Database): Listed | undefined {
  const [file, first, last] = cells(live, 'SELECT file, first_id, last_id FROM archive ORDER BY first_id DESC LIMIT 1')
  return typeof file !== 'string' ? undefined : { file, first: Number(first), last: Number(last) }
}

/** The newest archive, with the listed events alone; undefined when it is full, or not as listed: readers say so, and work goes on in a new one. */
function openForMore(sql: SqlJsStatic, live: string, { file, first, last }: Listed): Database | undefined {
  if (last - first + 1 >= archiveLimit.events) return undefined
  let archive: Database
  try {
    archive = openArchive(sql, live, file)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
  archive.run('DELETE FROM event WHERE id > ?', [last])
  const [events, from, to] = cells(archive, 'SELECT COUNT(*), MIN(id), MAX(id) FROM event')
  if (events === last - first + 1 && from === first && to === last) return archive
  archive.close()
  return undefined
}

function emptyArchive(sql: SqlJsStatic): Database {
  const archive = new sql.Database()
  archive.run(sqliteMark)
  archive.run(eventTable)
  return archive
}

function copyEvents(live: Database, archive: Database, last: number): void {
  const columns = 'id, time, session_id, type, track_id, sprint_id, task_id, iteration, role, tier, model, data'
  const rows = live.prepare(`SELECT ${columns} FROM event WHERE id <= ? ORDER BY id`, [last])
  try {
    archive.run('BEGIN')
    const insert = archive.prepare(`INSERT INTO event (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    while (rows.step()) insert.run(rows.get())
    insert.free()
    archive.run('COMMIT')
  } finally {
    rows.free()
  }
}

function amountIn(database: Database): Amount {
  const [events = 0, bytes = 0] = cells(database, 'SELECT COUNT(*), COALESCE(SUM(OCTET_LENGTH(data)), 0) FROM event').map(Number)
  return { events, bytes }
}

/** The first row of a query; without one no cells. */
const cells = (database: Database, sql: string): readonly SqlValue[] => database.exec(sql)[0]?.values[0] ?? []
