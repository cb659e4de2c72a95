import type { SprintId, TaskId, TrackId } from '../plan/ids.ts'
import { maybeNumber, maybeText, number, text } from './cells.ts'
import type { Row, Tx, Value } from './engine.ts'
import type { NewEvent, RecordedEvent } from './event.ts'
import { databaseError } from './faults.ts'
import { addToMeta, setMeta } from './meta.ts'

export interface EventQuery {
  /** Only events with a greater id. */
  readonly after?: number
  readonly type?: string
  readonly task?: TaskId
  readonly track?: TrackId
  readonly session?: string
  /** The newest so many. */
  readonly limit?: number
}

/** An event that has its time but not yet its id. */
export interface PendingEvent { readonly session: string; readonly time: string; readonly event: NewEvent }

/** Writes events with the next free ids: gapless and in commit order, since one transaction runs at a time. */
export async function insertEvents(tx: Tx, events: readonly PendingEvent[]): Promise<RecordedEvent[]> {
  let id = await lastEvent(tx)
  const recorded: RecordedEvent[] = []
  for (const { session, time, event } of events) {
    id += 1
    await tx.all(
      'INSERT INTO event (id, time, session_id, type, track_id, sprint_id, task_id, iteration, role, tier, model, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
      id, time, session, event.type, event.track ?? null, event.sprint ?? null, event.task ?? null, event.iteration ?? null, event.role ?? null, event.tier ?? null,
      event.model ?? null, JSON.stringify(event.data),
    )
    recorded.push({ ...event, id, time, session })
  }
  await addCosts(tx, events)
  return recorded
}

/** Writes one event that belongs to a transition, at the transition's time. */
export async function insertEvent(tx: Tx, session: string, event: NewEvent): Promise<RecordedEvent> {
  const [recorded] = await insertEvents(tx, [{ session, time: tx.now, event }])
  if (recorded === undefined) throw new Error('an event was not recorded')
  return recorded
}

/** Every use of a model ends in such an event, reviews included. A running total, since old events leave the live file. */
async function addCosts(tx: Tx, events: readonly PendingEvent[]): Promise<void> {
  const costs = events.flatMap(({ event }) => event.type === 'role.completed' ? [event.data.costUsd] : [])
  const known = costs.filter((cost) => cost !== undefined)
  if (known.length < costs.length) await setMeta(tx, 'cost_unknown', '1')
  if (known.length > 0) await addToMeta(tx, 'cost_usd', known)
}

/** The id of the newest event, 0 where there is none. A long one may have left the live table at once. */
export async function lastEvent(tx: Tx): Promise<number> {
  const [row] = await tx.all('SELECT COALESCE(MAX(id), (SELECT MAX(last_id) FROM archive), 0) AS id FROM event')
  return row === undefined ? 0 : number(row, 'id')
}

/** Oldest first, archived events among them. */
export async function selectEvents(tx: Tx, query: EventQuery): Promise<RecordedEvent[]> {
  const rows = await newestFirst(tx, conditionsOf(query), query.limit, query.after)
  return rows.map(parseEvent).reverse()
}

/** Hands over every event, oldest first, in parts of at most one archive: a million at once would take 2 GB. */
export async function visitEvents(tx: Tx, query: Omit<EventQuery, 'limit'>, visit: (events: readonly RecordedEvent[]) => void | Promise<void>): Promise<void> {
  const conditions = conditionsOf(query)
  for (const archive of await tx.all('SELECT file, last_id FROM archive WHERE last_id > $1 ORDER BY first_id', query.after ?? 0)) {
    await visit((await tx.archived(text(archive, 'file'), ...newestOf([...conditions, ['id <=', number(archive, 'last_id')]], Infinity))).map(parseEvent).reverse())
  }
  await visit((await tx.all(...newestOf(conditions, Infinity))).map(parseEvent).reverse())
}

type Condition = readonly [condition: string, value: Value]

function conditionsOf(query: EventQuery): Condition[] {
  const asked: [condition: string, value: Value | undefined][] = [['id >', query.after], ['type =', query.type], ['task_id =', query.task], ['track_id =', query.track], ['session_id =', query.session]]
  return asked.flatMap(([condition, value]): Condition[] => value === undefined ? [] : [[condition, value]])
}

/** Rows of the live table, then of one archive after the other, only as far back as `limit` and `after` reach: opening one costs milliseconds. */
async function newestFirst(tx: Tx, conditions: readonly Condition[], limit = Infinity, after = 0): Promise<Row[]> {
  const rows = await tx.all(...newestOf(conditions, limit))
  if (rows.length >= limit) return rows
  for (const archive of await tx.all('SELECT file, last_id FROM archive WHERE last_id > $1 ORDER BY first_id DESC', after)) {
    // It may have got more meanwhile, by a later commit than this transaction sees.
    for (const row of await tx.archived(text(archive, 'file'), ...newestOf([...conditions, ['id <=', number(archive, 'last_id')]], limit - rows.length))) rows.push(row)
    if (rows.length >= limit) break
  }
  return rows
}

function newestOf(conditions: readonly Condition[], limit: number): [sql: string, ...values: Value[]] {
  const where = conditions.map(([condition], index) => `${condition} $${index + 1}`).join(' AND ')
  const values = conditions.map(([, value]) => value)
  const select = `SELECT * FROM event${where === '' ? '' : ` WHERE ${where}`} ORDER BY id DESC`
  return Number.isFinite(limit) ? [`${select} LIMIT $${values.length + 1}`, ...values, limit] : [select, ...values]
}

/** The newest event of a type about one thing: what a repeated transition answers. */
export async function findEvent(tx: Tx, type: NewEvent['type'], session: string, column: 'task_id' | 'sprint_id' | 'track_id' | undefined, id: string): Promise<RecordedEvent | undefined> {
  const [row] = await newestFirst(tx, [['type =', type], ['session_id =', session], ...column === undefined ? [] : [[`${column} =`, id] as const]], 1)
  return row === undefined ? undefined : parseEvent(row)
}

function parseEvent(row: Row): RecordedEvent {
  const place = {
    track: maybeText(row, 'track_id') as TrackId | undefined,
    sprint: maybeText(row, 'sprint_id') as SprintId | undefined,
    task: maybeText(row, 'task_id') as TaskId | undefined,
    iteration: maybeNumber(row, 'iteration'),
    role: maybeText(row, 'role'),
    tier: maybeText(row, 'tier'),
    model: maybeText(row, 'model'),
  }
  const known = Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined))
  const id = number(row, 'id')
  // Only `insertEvents` writes here, so type and data belong together.
  return { id, time: text(row, 'time'), session: text(row, 'session_id'), type: text(row, 'type'), ...known, data: parseData(id, text(row, 'data')) } as RecordedEvent
}

/** The `data` of an event's row. Throws UserError `database` where another program made it something else than JSON. */
export function parseData(id: number, json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw databaseError(`Event ${id} in the database is not JSON: another program changed it. Put a copy of the database back.`, error)
  }
}
