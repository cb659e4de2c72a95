import type { SprintId, TaskId, TrackId } from '../plan/ids.ts'
import { flag, maybeNumber, maybeText, number, oneOf, text } from './cells.ts'
import type { Row, Tx, Value } from './engine.ts'
import type { TaskRow, TaskStatus } from './rows.ts'

const statuses: readonly TaskStatus[] = ['pending', 'in_progress', 'completed', 'failed', 'blocked']

function parseTask(row: Row, dependencies: readonly TaskId[]): TaskRow {
  return {
    id: text(row, 'id') as TaskId,
    title: text(row, 'title'),
    component: text(row, 'component'),
    track: text(row, 'track_id') as TrackId,
    sprint: text(row, 'sprint_id') as SprintId,
    position: number(row, 'position'),
    estimatedHours: number(row, 'estimated_hours'),
    status: oneOf(row, 'status', statuses),
    reason: maybeText(row, 'reason'),
    session: maybeText(row, 'session_id'),
    iterations: number(row, 'iterations'),
    model: maybeText(row, 'model'),
    startedAt: maybeText(row, 'started_at'),
    completedAt: maybeText(row, 'completed_at'),
    durationMs: maybeNumber(row, 'duration_ms'),
    tokens: maybeNumber(row, 'tokens'),
    costUsd: maybeNumber(row, 'cost_usd'),
    commit: maybeText(row, 'commit_id'),
    simulated: flag(row, 'simulated'),
    dependencies,
  }
}

/** One task; undefined: there is none of that id. */
export async function readTask(tx: Tx, id: TaskId): Promise<TaskRow | undefined> {
  const [row] = await tx.all('SELECT * FROM task WHERE id = $1', id)
  if (row === undefined) return undefined
  const dependencies = await tx.all('SELECT d.depends_on AS id FROM dependency d JOIN task t ON t.id = d.depends_on WHERE d.task_id = $1 ORDER BY t.position', id)
  return parseTask(row, dependencies.map((dependency) => text(dependency, 'id') as TaskId))
}

/** All tasks, in plan order. */
export async function readTasks(tx: Tx): Promise<TaskRow[]> {
  const dependencies = new Map<string, TaskId[]>()
  for (const row of await tx.all('SELECT d.task_id AS task_id, d.depends_on AS depends_on FROM dependency d JOIN task t ON t.id = d.depends_on ORDER BY t.position')) {
    const list = dependencies.get(text(row, 'task_id'))
    if (list === undefined) dependencies.set(text(row, 'task_id'), [text(row, 'depends_on') as TaskId])
    else list.push(text(row, 'depends_on') as TaskId)
  }
  const rows = await tx.all('SELECT * FROM task ORDER BY position')
  return rows.map((row) => parseTask(row, dependencies.get(text(row, 'id')) ?? []))
}

/** What the row of a task says that nobody has begun. */
export const untouched: Row = {
  status: 'pending', reason: null, session_id: null, iterations: 0, model: null, started_at: null, completed_at: null, duration_ms: null, tokens: null, cost_usd: null, commit_id: null, simulated: 0,
}

/** Makes tasks pending again, as if nobody had begun them. `where` is a condition on `task`; gives the ids in plan order. */
export async function renew(tx: Tx, where: string, ...values: Value[]): Promise<TaskId[]> {
  const ids = (await tx.all(`SELECT id FROM task WHERE ${where} ORDER BY position`, ...values)).map((row) => text(row, 'id') as TaskId)
  const columns = Object.keys(untouched)
  for (const id of ids) await tx.all(`UPDATE task SET ${columns.map((column, i) => `${column} = $${i + 1}`).join(', ')} WHERE id = $${columns.length + 1}`, ...Object.values(untouched), id)
  return ids
}

/** Makes tasks in progress pending again (blocked where one before them has failed meanwhile), since nobody has them in hand any more. Gives their ids. */
export async function putDown(tx: Tx, where: string, ...values: Value[]): Promise<TaskId[]> {
  const ids = await renew(tx, `status = 'in_progress' AND ${where}`, ...values)
  if (ids.length > 0) await settleBlocked(tx)
  return ids
}

/**
 * Settles who is blocked after failed or completed tasks became pending: a task that nobody has begun is blocked exactly when it depends,
 * directly or not, on a failed one. Gives the ids that are pending now, in plan order.
 */
export async function settleBlocked(tx: Tx): Promise<TaskId[]> {
  const blocked = await tx.all(
    `WITH RECURSIVE reach (id, origin) AS (
      SELECT d.task_id, f.id FROM dependency d JOIN task f ON f.id = d.depends_on WHERE f.status = 'failed'
      UNION SELECT d.task_id, r.origin FROM dependency d JOIN reach r ON r.id = d.depends_on)
    SELECT t.id AS id, t.status AS status, MIN(r.origin) AS origin FROM task t JOIN reach r ON r.id = t.id WHERE t.status IN ('pending', 'blocked') GROUP BY t.id, t.status`,
  )
  for (const row of blocked.filter((one) => text(one, 'status') === 'pending')) {
    await tx.all("UPDATE task SET status = 'blocked', reason = $1 WHERE id = $2", `${text(row, 'origin')} failed`, text(row, 'id'))
  }
  const still = new Set(blocked.map((row) => text(row, 'id')))
  const free = (await tx.all("SELECT id FROM task WHERE status = 'blocked' ORDER BY position")).map((row) => text(row, 'id') as TaskId).filter((id) => !still.has(id))
  for (const id of free) await renew(tx, 'id = $1', id)
  return free
}
