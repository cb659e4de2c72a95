import type { Database, SqlJsStatic, Statement } from 'sql.js'
import type { Row, Value } from '../engine.ts'
import { createStatements, sqliteMark } from '../schema.ts'
import type { Table } from './tables.ts'

/** A new database that is filled row by row. */
export class DatabaseBuilder {
  readonly database: Database
  readonly #inserts = new Map<string, Statement>()

  constructor(sql: SqlJsStatic) {
    this.database = new sql.Database()
    this.database.run('PRAGMA foreign_keys = ON')
    this.database.run(sqliteMark)
    for (const statement of createStatements) this.database.run(statement)
    this.database.run('BEGIN')
  }

  /** Parents before children. Throws what SQLite says to a row that breaks a constraint. */
  insert({ name, columns }: Table, row: Row): void {
    // The schema of the new database is this build's own.
    if (name === 'meta' && row['key'] === 'schema_version') return
    let insert = this.#inserts.get(name)
    if (insert === undefined) this.#inserts.set(name, insert = this.database.prepare(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`))
    insert.run(columns.map((column): Value => row[column] ?? null))
  }

  listArchive(file: string, first: number, last: number): void { this.database.run('INSERT INTO archive (file, first_id, last_id) VALUES (?, ?, ?)', [file, first, last]) }

  /** The bytes of the file. `counter`: its commit counter, which must not be one that a running process may know. */
  finish(counter: number): Uint8Array {
    this.database.run(`PRAGMA user_version = ${counter}`)
    this.database.run('COMMIT')
    this.database.run('VACUUM')
    return this.database.export()
  }

  close(): void {
    for (const insert of this.#inserts.values()) insert.free()
    this.database.close()
  }
}
