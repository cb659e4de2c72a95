import fs from 'node:fs'
import path from 'node:path'
import type { Database } from 'sql.js'
import { backupFolder, stampOf } from './recovery/backups.ts'
import { databaseError, schemaVersion } from './faults.ts'
import { makeFolder, replaceFile } from './replace.ts'

/**
 * Brings a database of schema `from` to the next, by statements that run in one transaction. Foreign keys are off, so that a table
 * can be made anew. `event` keeps its columns for good, since archives stay as they are.
 */
export interface Migration { readonly from: number; readonly statements: readonly string[] }

/** From the first released schema to `schemaVersion` without a gap. Once released, none of them changes. */
export const migrations: readonly Migration[] = []

/** The schema that these lead to. */
export const newestSchema = (all: readonly Migration[]): number => Math.max(schemaVersion, ...all.map(({ from }) => from + 1))

/**
 * Brings the database in memory from schema `version` to the newest; the file is not touched. Throws UserError `database`, with the
 * database as it was, when a statement fails.
 */
export function migrate(database: Database, file: string, version: number, all: readonly Migration[]): void {
  const due = all.filter(({ from }) => from >= version).sort((a, b) => a.from - b.from)
  if (due.length === 0) return
  database.run('BEGIN')
  try {
    for (const { from, statements } of due) {
      for (const statement of statements) database.run(statement)
      database.run("UPDATE meta SET value = ? WHERE key = 'schema_version'", [String(from + 1)])
    }
    database.run('COMMIT')
  } catch (error) {
    database.run('ROLLBACK')
    const reason = error instanceof Error ? error.message : String(error)
    throw databaseError(`${file} has schema ${version} and can't be brought to schema ${newestSchema(all)}: ${reason}. It is left as it was: go on with the DevTeam that wrote it, and report this.`, error)
  }
}

/**
 * Keeps the file as `.devteam/backup/devteam-schema<version>-<time of its last commit>.db`, durable, before the first commit of a newer
 * schema. The caller holds the lock. A second try, after a commit that failed, writes the same file.
 */
export function keepOldSchema(file: string, version: number): void {
  const folder = backupFolder(file)
  makeFolder(folder)
  replaceFile(path.join(folder, `devteam-schema${version}-${stampOf(fs.statSync(file).mtime)}.db`), fs.readFileSync(file))
}
