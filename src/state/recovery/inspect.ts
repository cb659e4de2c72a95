import type { Database, SqlJsStatic } from 'sql.js'
import { checkHeader, checkIntegrity, databaseError } from '../faults.ts'

/** What a whole database file says of itself. */
export interface Inspected {
  /** undefined: there is no plan in it. */
  readonly planId: string | undefined
  readonly schema: number
  readonly tasks: number
  readonly completed: readonly string[]
  /** id of the newest event, 0 where there is none. */
  readonly lastEvent: number
}

/** Looks into the bytes of a database file, with `integrity_check` where `thorough`, else `quick_check`. Throws UserError `database` for what is not a whole database of ours. */
export function inspect(sql: SqlJsStatic, file: string, bytes: Uint8Array, thorough: boolean): Inspected {
  checkHeader(file, bytes, bytes.length)
  const database = new sql.Database(bytes)
  try {
    checkIntegrity(file, String(cell(database, thorough ? 'PRAGMA integrity_check(1)' : 'PRAGMA quick_check(1)')))
    const planId = cell(database, "SELECT value FROM meta WHERE key = 'plan_id'")
    return {
      planId: typeof planId === 'string' ? planId : undefined,
      schema: Number(cell(database, "SELECT value FROM meta WHERE key = 'schema_version'") ?? 0),
      tasks: Number(cell(database, 'SELECT COUNT(*) FROM task')),
      completed: (database.exec("SELECT id FROM task WHERE status = 'completed' ORDER BY position")[0]?.values ?? []).map(([id]) => String(id)),
      lastEvent: Number(cell(database, 'SELECT COALESCE(MAX(id), (SELECT MAX(last_id) FROM archive), 0) FROM event')),
    }
  } catch (error) {
    // SQLite's own words: a page is damaged, or a table is not there.
    if (error instanceof Error && error.name === 'Error') throw databaseError(`${file} is damaged: ${error.message}.`, error)
    throw error
  } finally {
    database.close()
  }
}

const cell = (database: Database, query: string): unknown => database.exec(query)[0]?.values[0]?.[0]
