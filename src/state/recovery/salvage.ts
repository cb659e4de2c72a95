import type { Database, SqlJsStatic } from 'sql.js'
import { DatabaseBuilder } from '../transfer/build.ts'
import type { Row } from '../engine.ts'
import { header, sizeInHeader } from '../faults.ts'
import { eventTableName, type Table, tables } from '../transfer/tables.ts'

/** `lostEvents`: ids of events that could not be read any more; undefined: all were read. `completed`: tasks that the file shows as completed. */
export type Salvaged =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array; readonly completed: readonly string[]; readonly lostEvents: string | undefined }
  | { readonly kind: 'in part'; readonly reason: string; readonly completed: readonly string[] }

/**
 * Reads a damaged database table by table, past its indexes, and builds a new one of the rows. Whole only when every table but the events reads from beginning to end, every row is one that DevTeam
 * could have written, and all constraints hold: so nothing is guessed. Of the events, those before the damage are kept: the log stays without a gap.
 */
export function salvage(sql: SqlJsStatic, bytes: Uint8Array, counter: number): Salvaged {
  let damaged: Database | undefined
  const builder = new DatabaseBuilder(sql)
  const completed: string[] = []
  try {
    damaged = new sql.Database(whole(bytes))
    let lostEvents: string | undefined
    const archives = read(damaged, 'archive', ['file', 'first_id', 'last_id'], 'first_id')
    if (archives.error !== undefined) return { kind: 'in part', reason: `table archive: ${archives.error}`, completed }
    for (const { file, first_id: first, last_id: last } of archives.rows) builder.listArchive(String(file), Number(first), Number(last))
    const archived = Number(archives.rows.at(-1)?.['last_id'] ?? 0)
    for (const table of tables) {
      const { rows, error } = read(damaged, table.name, table.columns, table.name === eventTableName ? 'id' : 'rowid')
      if (table.name === 'task') completed.push(...rows.flatMap((row) => (row['status'] === 'completed' ? [String(row['id'])] : [])))
      if (error !== undefined && table.name !== eventTableName) return { kind: 'in part', reason: `table ${table.name}: ${error}`, completed }
      const good = table.name === eventTableName ? withoutGap(table, rows, archived) : rows.map((row) => table.row.parse(row))
      for (const row of good) builder.insert(table, row)
      if (table.name === eventTableName && (error !== undefined || good.length < rows.length)) lostEvents = `after ${archived + good.length}`
    }
    return { kind: 'whole', bytes: builder.finish(counter), completed, lostEvents }
  } catch (error) {
    // SQLite's words, or zod's of a row that DevTeam never wrote.
    if (error instanceof Error && (error.name === 'Error' || error.name === 'ZodError')) return { kind: 'in part', reason: error.message.replace(/\s+/g, ' ').slice(0, 200), completed }
    throw error
  } finally {
    builder.close()
    damaged?.close()
  }
}

/** As long as its header says: SQLite opens no shorter file. A page of zeros is no page of any table, so what is missing is noticed. */
function whole(bytes: Uint8Array): Uint8Array {
  if (bytes.length < header.size) return bytes
  const expected = sizeInHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  // A header that is damaged itself may say anything.
  if (expected <= bytes.length || expected > bytes.length * 1_000) return bytes
  const padded = new Uint8Array(expected)
  padded.set(bytes)
  return padded
}

/** The rows up to the first page that does not read. */
function read(database: Database, table: string, columns: readonly string[], order: string): { readonly rows: Row[]; readonly error: string | undefined } {
  const rows: Row[] = []
  try {
    const statement = database.prepare(`SELECT ${columns.join(', ')} FROM ${table} NOT INDEXED ORDER BY ${order}`)
    try {
      while (statement.step()) {
        const cells = statement.get()
        rows.push(Object.fromEntries(columns.map((column, index) => [column, cells[index] as Row[string]])))
      }
    } finally {
      statement.free()
    }
    return { rows, error: undefined }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { rows, error: error.message }
  }
}

function withoutGap(table: Table, rows: readonly Row[], archived: number): Row[] {
  const good: Row[] = []
  for (const row of rows) {
    const parsed = table.row.safeParse(row)
    if (!parsed.success || parsed.data['id'] !== archived + good.length + 1 || !isJson(parsed.data['data'])) break
    good.push(parsed.data)
  }
  return good
}

function isJson(text: unknown): boolean {
  try {
    JSON.parse(String(text))
    return true
  } catch {
    return false
  }
}
