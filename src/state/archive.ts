import fs from 'node:fs'
import path from 'node:path'
import type { Database, SqlJsStatic } from 'sql.js'
import { checkHeader, checkIntegrity, databaseError } from './faults.ts'
import { replaceFile } from './replace.ts'
import { eventTable, sqliteMark } from './schema.ts'

/** So many events in the live file make the oldest move out of it: a commit writes the whole file, so history must not stay in it. */
export const liveLimit = 5_000
/** So many events move at once, into one file. */
export const archivedAtOnce = 4_000

/**
 * Moves old events out of the live database, in the transaction that is open on it, and lists the files that got them in `archive`.
 * The files are durable when this returns, and the rows are deleted by the commit that follows: a crash in between leaves a file that
 * is not listed, and the next commit writes the same rows to it again. Gives whether anything moved.
 */
export function archiveOldEvents(sql: SqlJsStatic, live: Database, file: string, rename?: (from: string, to: string) => void): boolean {
  let moved = false
  for (let [first, last] = idRange(live); last - first + 1 >= liveLimit; [first, last] = idRange(live)) {
    const [name, until] = [`events-${first}.db`, first + archivedAtOnce - 1]
    const folder = archiveFolder(file)
    fs.mkdirSync(folder, { recursive: true })
    replaceFile(path.join(folder, name), copyEvents(sql, live, until), rename)
    live.run('INSERT INTO archive (file, first_id, last_id) VALUES (?, ?, ?)', [name, first, until])
    live.run('DELETE FROM event WHERE id <= ?', [until])
    moved = true
  }
  return moved
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
    checkIntegrity(file, String(database.exec('PRAGMA quick_check(1)')[0]?.values[0]?.[0]))
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
    throw databaseError(`${file} is missing, and it holds older events: put a copy of it back. \`devteam events --limit 1000\` shows the newest without it.`, error)
  }
}

/** Ids are gapless, so the count follows from the ends; two look-ups in the index, where COUNT would read every row. */
function idRange(live: Database): [first: number, last: number] {
  const row = live.exec('SELECT (SELECT MIN(id) FROM event), (SELECT MAX(id) FROM event)')[0]?.values[0]
  return [Number(row?.[0] ?? 1), Number(row?.[1] ?? 0)]
}

function copyEvents(sql: SqlJsStatic, live: Database, until: number): Uint8Array {
  const copy = new sql.Database()
  const rows = live.prepare('SELECT id, time, session_id, type, track_id, sprint_id, task_id, iteration, role, tier, model, data FROM event WHERE id <= ? ORDER BY id', [until])
  try {
    copy.run(sqliteMark)
    copy.run(eventTable)
    copy.run('BEGIN')
    const insert = copy.prepare('INSERT INTO event (id, time, session_id, type, track_id, sprint_id, task_id, iteration, role, tier, model, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    while (rows.step()) insert.run(rows.get())
    insert.free()
    copy.run('COMMIT')
    return copy.export()
  } finally {
    rows.free()
    copy.close()
  }
}
