import * as z from 'zod'
import type { Value } from '../engine.ts'

const text = z.string()
const time = z.iso.datetime({ precision: 3, error: 'is not a time in UTC with milliseconds' })
const count = z.int().min(0)
const flag = z.literal([0, 1])
const amount = z.number().min(0)

/** One table as it leaves and enters the database: every column, in the order of the schema. `event.data` is JSON text there. */
export interface Table {
  readonly name: string
  readonly row: z.ZodType<Readonly<Record<string, Value>>>
  readonly columns: readonly string[]
  /** What names one row. */
  readonly key: readonly string[]
  /** Columns with what people, agents and programs wrote: keys and paths can be in them. */
  readonly prose: readonly string[]
}

function table(name: string, shape: Readonly<Record<string, z.ZodType<Value>>>, key: readonly string[], prose: readonly string[] = []): Table {
  return { name, row: z.strictObject(shape), columns: Object.keys(shape), key, prose }
}

export const eventTableName = 'event'

/**
 * All tables with rows of their own, parents before children. `archive` is none of them: it says which files hold which part of `event`.
 * Parsed with zod where rows come from outside: from an exported file, or from a damaged database.
 */
export const tables: readonly Table[] = [
  table('meta', { key: text, value: text }, ['key']),
  table('setting', { key: text, value: text }, ['key'], ['value']),
  table('track', { id: text, name: text, status: z.enum(['pending', 'in_progress', 'completed']), completed_at: time.nullable() }, ['id'], ['name']),
  table('sprint', {
    id: text, name: text, goal: text, track_id: text, number: count, status: z.enum(['planned', 'active', 'done']), started_at: time.nullable(), completed_at: time.nullable(),
  }, ['id'], ['name', 'goal']),
  table('task', {
    id: text, title: text, component: text, track_id: text, sprint_id: text, position: count, estimated_hours: amount,
    status: z.enum(['pending', 'in_progress', 'completed', 'failed', 'blocked']), reason: text.nullable(), session_id: text.nullable(), iterations: count, model: text.nullable(),
    started_at: time.nullable(), completed_at: time.nullable(), duration_ms: amount.nullable(), tokens: count.nullable(), cost_usd: amount.nullable(), commit_id: text.nullable(), simulated: flag,
  }, ['id'], ['title', 'reason']),
  table('dependency', { task_id: text, depends_on: text }, ['task_id', 'depends_on']),
  table('session', {
    id: text, command: text, status: z.enum(['running', 'completed', 'failed', 'interrupted']), started_at: time, ended_at: time.nullable(), host: text, pid: count, process_start: text, simulated: flag,
  }, ['id'], ['command']),
  table('lease', { name: text, token: text, session_id: text, host: text, pid: count, process_start: text, since: time, heartbeat_at: time }, ['name']),
  table('finding', {
    id: count, session_id: text, sprint_id: text.nullable(), review: text, severity: z.enum(['critical', 'high', 'medium', 'low', 'info']), file: text.nullable(), line: z.int().nullable(), text,
    status: z.enum(['open', 'fixed']),
  }, ['id'], ['file', 'text']),
  table(eventTableName, {
    id: z.int().min(1), time, session_id: text, type: text.min(1), track_id: text.nullable(), sprint_id: text.nullable(), task_id: text.nullable(), iteration: z.int().nullable(),
    role: text.nullable(), tier: text.nullable(), model: text.nullable(), data: text,
  }, ['id']),
]

/** Which column names a row of which table. */
export const references: readonly { readonly table: string; readonly column: string; readonly to: string }[] = [
  { table: 'sprint', column: 'track_id', to: 'track' },
  { table: 'task', column: 'track_id', to: 'track' },
  { table: 'task', column: 'sprint_id', to: 'sprint' },
  { table: 'dependency', column: 'task_id', to: 'task' },
  { table: 'dependency', column: 'depends_on', to: 'task' },
  { table: 'finding', column: 'sprint_id', to: 'sprint' },
]
