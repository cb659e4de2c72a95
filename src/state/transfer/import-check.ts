import * as z from 'zod'
import { UserError } from '../../plan/errors.ts'
import type { Problem } from '../../plan/problem.ts'
import type { Row, Value } from '../engine.ts'
import { type ExportHeader, exportHeader, exportLine, exportName, exportVersion } from './export-format.ts'
import { schemaVersion } from '../faults.ts'
import { eventTableName, references, type Table, tables } from './tables.ts'

const again = 'Export the state again where it is whole, or mend that line'
/** After so many problems nobody reads on. */
const enough = 1_000

/**
 * Looks at an exported state line by line and hands on the rows, as long as all is well so far: each row for itself, its place among the tables, its key, what it refers to, and that the ids of
 * events have no gap. Collects every problem with its line number.
 */
export class ImportCheck {
  readonly problems: Problem[] = []
  #header: ExportHeader | undefined
  #line = 0
  #table = 0
  readonly #counts = new Map<string, number>()
  readonly #keys = new Map<string, Set<string>>()
  readonly #positions = new Map<Value, number>()
  readonly #taken = new Set<number>()
  readonly #sprintTracks = new Map<Value, Value>()
  #lastEvent: number | undefined

  constructor(private readonly file: string, private readonly take: (table: Table, row: Row) => void) {}

  /** There are so many problems that reading on is useless. */
  get hopeless(): boolean { return this.problems.length >= enough }

  get exportedAt(): string { return this.#header?.exportedAt ?? '' }

  /** Throws UserError `input` for a first line that is not the header of a version that this build knows. */
  line(text: string): void {
    this.#line += 1
    if (this.#header === undefined) {
      this.#header = this.#readHeader(text)
      return
    }
    const parsed = exportLine.safeParse(parseJson(text))
    if (!parsed.success) {
      this.#problem('is not {"table": ..., "row": {...}}')
      return
    }
    const index = tables.findIndex(({ name }) => name === parsed.data.table)
    const table = tables[index]
    if (table === undefined) {
      this.#problem(`names the table ${JSON.stringify(parsed.data.table)}, which DevTeam does not have`)
      return
    }
    if (index < this.#table) this.#problem(`is a row of ${table.name} after rows of ${tables[this.#table]?.name ?? ''}, whose rows come later`)
    this.#table = Math.max(index, this.#table)
    this.#counts.set(table.name, (this.#counts.get(table.name) ?? 0) + 1)
    this.#row(table, parsed.data.row)
  }

  /** After the last line. Throws UserError `input` for an empty file. */
  end(): ExportHeader {
    if (this.#header === undefined) throw notOurs(this.file)
    if (this.hopeless) return this.#header
    this.#line += 1
    for (const { name } of tables) {
      const [found, expected] = [this.#counts.get(name) ?? 0, this.#header.rows[name] ?? 0]
      if (found !== expected) this.problems.push({ where: this.file, what: `has ${found} rows of ${name} and should have ${expected}: it was cut off or changed`, wayOut: 'Export the state again, and copy the whole file' })
    }
    if (!this.#keysOf('meta').has('["plan_id"]')) this.problems.push({ where: this.file, what: 'holds no plan (meta has no plan_id)', wayOut: 'Export the state of a workspace that has one' })
    return this.#header
  }

  #readHeader(text: string): ExportHeader {
    const json = parseJson(text)
    const claimed = z.looseObject({ format: z.literal(exportName), version: z.number(), schemaVersion: z.number() }).safeParse(json)
    if (!claimed.success) throw notOurs(this.file)
    const { version, schemaVersion: schema } = claimed.data
    if (version > exportVersion || schema > schemaVersion) {
      throw new UserError('input', `${this.file} was exported by a newer DevTeam (format ${version}, schema ${schema}; this one knows ${exportVersion} and ${schemaVersion}): update DevTeam here.`)
    }
    const header = exportHeader.safeParse(json)
    if (header.success) return header.data
    throw new UserError('input', `${this.file} line 1: the header is not whole: ${header.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}. Export the state again.`)
  }

  #row(table: Table, given: Readonly<Record<string, unknown>>): void {
    const isEvent = table.name === eventTableName
    const { data } = given
    const isObject = typeof data === 'object' && data !== null && !Array.isArray(data)
    if (isEvent && !isObject) this.#problem('is no object', 'event.data')
    const parsed = table.row.safeParse(isEvent ? { ...given, data: JSON.stringify(data ?? null) } : given)
    if (!parsed.success) {
      for (const issue of parsed.error.issues) this.#problem(...wordsOf(table, given, issue))
      this.#lastEvent = undefined
      return
    }
    const row = parsed.data
    if (isEvent) this.#checkEvent(row)
    else this.#checkKey(table, row)
    this.#checkReferences(table, row)
    if (this.problems.length === 0) this.take(table, row)
  }

  #checkEvent(row: Row): void {
    const id = Number(row['id'])
    if (this.#lastEvent !== undefined && id !== this.#lastEvent + 1) this.#problem(`is ${id} after ${this.#lastEvent}: ids of events have no gap`, 'event.id')
    this.#lastEvent = id
  }

  #checkKey(table: Table, row: Row): void {
    const key = JSON.stringify(table.key.map((column) => row[column]))
    if (this.#keysOf(table.name).has(key)) this.#problem(`is a second row of ${table.name} with ${table.key.map((column) => `${column} ${JSON.stringify(row[column])}`).join(', ')}`)
    this.#keysOf(table.name).add(key)
  }

  #checkReferences(table: Table, row: Row): void {
    for (const { column, to } of references.filter((reference) => reference.table === table.name)) {
      const id = row[column]
      if (id !== null && !this.#keysOf(to).has(JSON.stringify([id]))) this.#problem(`names ${JSON.stringify(id)}, and there is no such ${to}`, `${table.name}.${column}`)
    }
    if (table.name === 'sprint') this.#sprintTracks.set(row['id'] ?? null, row['track_id'] ?? null)
    if (table.name === 'task') this.#checkTask(row)
    const [task, earlier] = [this.#positions.get(row['task_id'] ?? null), this.#positions.get(row['depends_on'] ?? null)]
    if (table.name === 'dependency' && task !== undefined && earlier !== undefined && earlier >= task) {
      this.#problem(`makes ${String(row['task_id'])} wait for ${String(row['depends_on'])}, which has a later position: the tasks could not be done in that order`)
    }
  }

  #checkTask(row: Row): void {
    const track = this.#sprintTracks.get(row['sprint_id'] ?? null)
    if (track !== undefined && track !== row['track_id']) this.#problem(`is ${JSON.stringify(row['track_id'])}, and its sprint is in ${JSON.stringify(track)}`, 'task.track_id')
    const position = Number(row['position'])
    if (this.#taken.has(position)) this.#problem(`is ${position}, which another task has`, 'task.position')
    this.#taken.add(position)
    this.#positions.set(row['id'] ?? null, position)
  }

  #keysOf(table: string): Set<string> {
    let keys = this.#keys.get(table)
    if (keys === undefined) this.#keys.set(table, keys = new Set())
    return keys
  }

  #problem(what: string, field?: string): void {
    this.problems.push({ where: `${this.file} line ${this.#line}`, ...(field === undefined ? {} : { field }), what, wayOut: again })
  }
}

function wordsOf(table: Table, given: Readonly<Record<string, unknown>>, issue: z.core.$ZodIssue): [what: string, field?: string] {
  if (issue.code === 'unrecognized_keys') return [`has ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}, which the table ${table.name} does not have`]
  const column = String(issue.path[0] ?? '')
  const value = given[column]
  const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value).slice(0, 60)}`
  return [`${found}: ${issue.message.replace(/^Invalid (input|option): /, '')}`, `${table.name}.${column}`]
}

const notOurs = (file: string): UserError => new UserError('input', `${file} is not a state that \`devteam export\` wrote: its first line is not {"format": "${exportName}", ...}. Name such a file.`)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // undefined fits no schema, so the line is told as a problem.
    return undefined
  }
}
