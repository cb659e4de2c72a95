import * as z from 'zod'

/** The first line of an exported state. */
export const exportName = 'devteam-state'
/** Of the file format; `schemaVersion` beside it is that of the tables. */
export const exportVersion = 1

/**
 * An exported state is NDJSON: this header, then one line a row, `{"table": "task", "row": {...}}`, tables in the order of `tables`, events
 * oldest first. A line at a time is written, read and checked, so that a million events take no more memory than one; a person can grep it, and a problem has
 * a line number. The header counts the rows of every table, so a file that was cut off is noticed.
 */
export const exportHeader = z.strictObject({
  format: z.literal(exportName),
  version: z.int().min(1),
  schemaVersion: z.int().min(1),
  exportedAt: z.iso.datetime({ precision: 3 }),
  devteam: z.string(),
  rows: z.record(z.string(), z.int().min(0)),
})
export type ExportHeader = z.infer<typeof exportHeader>

/** Of `event`, `data` is an object here and JSON text in the table. */
export const exportLine = z.strictObject({ table: z.string(), row: z.record(z.string(), z.unknown()) })
