import { number, text } from '../cells.ts'
import type { Row, Tx } from '../engine.ts'
import { parseData } from '../events.ts'
import { type ExportHeader, exportName, exportVersion } from './export-format.ts'
import { databaseError, schemaVersion } from '../faults.ts'
import { eventTableName, type Table, tables } from './tables.ts'

/** Lines are handed on in pieces of about so many characters. */
const pieceLength = 64 * 1024

export interface ExportOptions {
  /** Version of the program that exports. */
  readonly devteam: string
  /** Takes out of a text what must not leave this machine. To do it twice must change nothing more. */
  readonly clean: (text: string) => string
  /** What stands for the name of a host. */
  readonly host: (name: string) => string
  readonly write: (piece: string) => void | Promise<void>
}

/**
 * Writes the whole state that one read sees, archived events included, as `exportHeader` describes it; gives the number of rows of each table. UserError `database` when an archive
 * is missing or damaged.
 */
export async function exportState(tx: Tx, options: ExportOptions): Promise<Readonly<Record<string, number>>> {
  const rows = await countRows(tx)
  const header: ExportHeader = { format: exportName, version: exportVersion, schemaVersion, exportedAt: tx.now, devteam: options.devteam, rows }
  let piece = `${JSON.stringify(header)}\n`
  for (const table of tables) {
    let written = 0
    for await (const batch of batchesOf(tx, table)) {
      for (const row of batch) {
        piece += `${JSON.stringify({ table: table.name, row: cleanRow(table, row, options) })}\n`
        written += 1
        if (piece.length < pieceLength) continue
        await options.write(piece)
        piece = ''
      }
    }
    if (written !== rows[table.name]) throw databaseError(`The archives hold ${written} events together with the database, and ${rows[table.name] ?? 0} are listed: an archive was changed. \`devteam doctor\` says which.`)
  }
  await options.write(piece)
  return rows
}

async function countRows(tx: Tx): Promise<Record<string, number>> {
  const rows: Record<string, number> = {}
  for (const { name } of tables) {
    const archived = name === eventTableName ? ' + (SELECT COALESCE(SUM(last_id - first_id + 1), 0) FROM archive)' : ''
    const [row] = await tx.all(`SELECT COUNT(*)${archived} AS n FROM ${name}`)
    rows[name] = row === undefined ? 0 : number(row, 'n')
  }
  return rows
}

/** One archive after the other, then what is live: never all events at once. */
async function* batchesOf(tx: Tx, { name, columns, key }: Table): AsyncGenerator<readonly Row[]> {
  const select = `SELECT ${columns.join(', ')} FROM ${name}`
  const order = `ORDER BY ${key.join(', ')}`
  if (name === eventTableName) {
    for (const archive of await tx.all('SELECT file, first_id, last_id FROM archive ORDER BY first_id')) {
      // A crash may have left more in the file than was committed.
      yield await tx.archived(text(archive, 'file'), `${select} WHERE id >= $1 AND id <= $2 ${order}`, number(archive, 'first_id'), number(archive, 'last_id'))
    }
  }
  yield await tx.all(`${select} ${order}`)
}

function cleanRow(table: Table, row: Row, { clean, host }: ExportOptions): Readonly<Record<string, unknown>> {
  const cleaned: Record<string, unknown> = { ...row }
  for (const column of table.prose) cleaned[column] = typeof row[column] === 'string' ? clean(row[column]) : row[column]
  if (typeof row['host'] === 'string') cleaned['host'] = host(row['host'])
  if (table.name === eventTableName) cleaned['data'] = cleanTexts(parseData(number(row, 'id'), text(row, 'data')), clean)
  return cleaned
}

/** In the values, not in their JSON: what replaces a key there could break it. */
function cleanTexts(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map((each) => cleanTexts(each, clean))
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cleanTexts(each, clean)]))
  return value
}
