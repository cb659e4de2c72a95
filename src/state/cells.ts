import type { Row, Value } from './engine.ts'
import { databaseError } from './faults.ts'

/**
 * Reads the cells of rows, and refuses what the schema does not allow: only another program can have written that. Not zod: loading it
 * takes longer than reading the whole state, and `devteam status` waits for it.
 */
export function text(row: Row, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : refuse(column, value)
}

export function number(row: Row, column: string): number {
  const value = row[column]
  return typeof value === 'number' ? value : refuse(column, value)
}

/** 0 or 1. */
export const flag = (row: Row, column: string): boolean => number(row, column) === 1

/** NULL is what is not known. */
export const maybeText = (row: Row, column: string): string | undefined => row[column] === null ? undefined : text(row, column)
export const maybeNumber = (row: Row, column: string): number | undefined => row[column] === null ? undefined : number(row, column)

export function oneOf<T extends string>(row: Row, column: string, values: readonly T[]): T {
  const value = row[column]
  return values.find((allowed) => allowed === value) ?? refuse(column, value)
}

function refuse(column: string, value: Value | undefined): never {
  throw databaseError(`The database holds ${value === undefined ? 'nothing' : JSON.stringify(value)} as ${column}: another program changed it. Put a copy of it back, or run \`devteam plan\` again.`)
}
