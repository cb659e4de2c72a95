import { UserError } from '../plan/errors.ts'
import type { SprintId, TaskId, TrackId } from '../plan/ids.ts'
import type { Actor } from './actor.ts'
import { text } from './cells.ts'
import type { Tx, Value } from './engine.ts'
import type { NewEvent, RecordedEvent, TokenCount } from './event.ts'
import { findEvent, insertEvent } from './events.ts'
import { checkLease, holderOf } from './leases.ts'
import type { Claim, Lease, TaskRow } from './rows.ts'
import { putDown, readTask } from './task-rows.ts'

/** What an ended task used: measured. `costUsd` undefined: unknown. */
interface Used {
  readonly iterations: number
  readonly model: string | undefined
  readonly durationMs: number
  readonly tokens: TokenCount
  readonly costUsd: number | undefined
  readonly simulated: boolean
}
export interface Done extends Used { readonly commit: string | undefined }
export interface Failed extends Used { readonly reason: string }

/**
 * The next pending task of the lease's track, in plan order, whose dependencies are completed; it is in progress then. A task that
 * this lease has in hand already is given again, so that the call can be repeated.
 */
export async function claimTask(tx: Tx, actor: Actor, lease: Lease, within: { readonly sprint?: SprintId | undefined; readonly task?: TaskId | undefined }): Promise<Claim> {
  await checkLease(tx, lease)
  const track = trackOf(lease)
  if (within.task !== undefined) await requireTask(tx, within.task, track)
  const conditions = ['t.track_id = $1']
  const values: Value[] = [track]
  if (within.sprint !== undefined) conditions.push(`t.sprint_id = $${values.push(within.sprint)}`)
  if (within.task !== undefined) conditions.push(`t.id = $${values.push(within.task)}`)
  const first = async (more: string): Promise<TaskId | undefined> => {
    const [row] = await tx.all(`SELECT t.id AS id FROM task t WHERE ${conditions.join(' AND ')} AND ${more} ORDER BY t.position LIMIT 1`, ...values)
    return row === undefined ? undefined : text(row, 'id') as TaskId
  }
  const inHand = await first("t.status = 'in_progress'")
  if (inHand !== undefined) return { kind: 'claimed', task: await existing(tx, inHand) }
  const ready = await first("t.status = 'pending' AND NOT EXISTS (SELECT 1 FROM dependency d JOIN task x ON x.id = d.depends_on WHERE d.task_id = t.id AND x.status <> 'completed')")
  if (ready !== undefined) {
    await tx.all(
      "UPDATE task SET status = 'in_progress', reason = NULL, session_id = $1, started_at = $2, simulated = COALESCE((SELECT simulated FROM session WHERE id = $1), 0) WHERE id = $3",
      lease.session, tx.now, ready,
    )
    return { kind: 'claimed', task: await existing(tx, ready) }
  }
  const pending = await first("t.status = 'pending'")
  return pending === undefined ? { kind: 'none' } : { kind: 'waiting', task: pending, on: await obstacles(tx, actor, pending, track) }
}

/** What a task waits for. Nobody works on what lies in the own track: this lease holds it, and asks for something else. */
async function obstacles(tx: Tx, actor: Actor, task: TaskId, own: TrackId): Promise<{ task: TaskId; track: TrackId; running: boolean }[]> {
  const rows = await tx.all(
    "SELECT x.id AS id, x.track_id AS track_id, x.status AS status FROM dependency d JOIN task x ON x.id = d.depends_on WHERE d.task_id = $1 AND x.status <> 'completed' ORDER BY x.position",
    task,
  )
  const list: { task: TaskId; track: TrackId; running: boolean }[] = []
  for (const row of rows) {
    const track = text(row, 'track_id') as TrackId
    const holder = track === own ? undefined : await holderOf(tx, actor.self, track)
    list.push({ task: text(row, 'id') as TaskId, track, running: holder?.alive ?? false })
  }
  return list
}

/** Completes a task together with its event; repeated, it answers with the event of the first time. */
export async function completeTask(tx: Tx, lease: Lease, task: TaskId, done: Done, event: NewEvent): Promise<RecordedEvent> {
  await checkLease(tx, lease)
  const before = await own(tx, lease, task, 'completed')
  if (before.status === 'completed') return await repeated(tx, event, lease, 'task_id', task)
  await tx.all(
    `UPDATE task SET status = 'completed', reason = NULL, iterations = $1, model = $2, completed_at = $3, duration_ms = $4, tokens = $5, cost_usd = $6, commit_id = $7,
      simulated = $8 WHERE id = $9`,
    done.iterations, done.model ?? null, tx.now, done.durationMs, sum(done.tokens), done.costUsd ?? null, done.commit ?? null, done.simulated ? 1 : 0, task,
  )
  return await insertEvent(tx, lease.session, event)
}

/** Fails a task, and blocks every pending task that depends on it, directly or not. Gives the events: the failure's first. */
export async function failTask(tx: Tx, lease: Lease, task: TaskId, failed: Failed, event: NewEvent): Promise<RecordedEvent[]> {
  await checkLease(tx, lease)
  const before = await own(tx, lease, task, 'failed')
  if (before.status === 'failed') return [await repeated(tx, event, lease, 'task_id', task)]
  await tx.all(
    `UPDATE task SET status = 'failed', reason = $1, iterations = $2, model = $3, completed_at = NULL, duration_ms = $4, tokens = $5, cost_usd = $6, commit_id = NULL,
      simulated = $7 WHERE id = $8`,
    failed.reason, failed.iterations, failed.model ?? null, failed.durationMs, sum(failed.tokens), failed.costUsd ?? null, failed.simulated ? 1 : 0, task,
  )
  const recorded = [await insertEvent(tx, lease.session, event)]
  const dependents = await tx.all(
    `WITH RECURSIVE reach (id) AS (
      SELECT task_id FROM dependency WHERE depends_on = $1 UNION SELECT d.task_id FROM dependency d JOIN reach r ON r.id = d.depends_on)
    SELECT t.id AS id, t.title AS title, t.track_id AS track_id, t.sprint_id AS sprint_id FROM task t JOIN reach r ON r.id = t.id WHERE t.status = 'pending' ORDER BY t.position`,
    task,
  )
  for (const row of dependents) {
    const place = { track: text(row, 'track_id') as TrackId, sprint: text(row, 'sprint_id') as SprintId, task: text(row, 'id') as TaskId }
    await tx.all("UPDATE task SET status = 'blocked', reason = $1 WHERE id = $2", `${task} failed`, place.task)
    recorded.push(await insertEvent(tx, lease.session, { type: 'task.blocked', ...place, data: { title: text(row, 'title'), by: task } }))
  }
  return recorded
}

/** Puts an interrupted task back. */
export async function releaseTask(tx: Tx, lease: Lease, task: TaskId): Promise<void> {
  await checkLease(tx, lease)
  await putDown(tx, 'id = $1 AND track_id = $2', task, trackOf(lease))
}

/** What a transition answers that was made already, by the same session. */
export async function repeated(tx: Tx, event: NewEvent, lease: Lease, column: 'task_id' | 'sprint_id' | 'track_id' | undefined, id: string): Promise<RecordedEvent> {
  return await findEvent(tx, event.type, lease.session, column, id) ?? await insertEvent(tx, lease.session, event)
}

export function trackOf(lease: Lease): TrackId {
  if (lease.track === undefined) throw new Error(`the lease ${lease.name} is not of a track`)
  return lease.track
}

/** The task as this lease has it in hand, or as it brought it to `end` before. */
async function own(tx: Tx, lease: Lease, id: TaskId, end: 'completed' | 'failed'): Promise<TaskRow> {
  const task = await existing(tx, id)
  if (task.track === lease.track && task.session === lease.session && (task.status === 'in_progress' || task.status === end)) return task
  throw new Error(`${id} can't be ${end}: it is ${task.status} in track ${task.track}, and was not claimed with ${lease.name}`)
}

async function existing(tx: Tx, id: TaskId): Promise<TaskRow> {
  const task = await readTask(tx, id)
  if (task === undefined) throw new Error(`there is no task ${id}`)
  return task
}

async function requireTask(tx: Tx, id: TaskId, track: TrackId): Promise<void> {
  const task = await readTask(tx, id)
  if (task === undefined) throw new UserError('input', `There is no task ${id} in the plan: \`devteam status\` lists them.`)
  if (task.track !== track) throw new Error(`${id} is in track ${task.track}, not ${track}`)
}

const sum = (tokens: TokenCount): number => tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite
