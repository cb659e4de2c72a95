import { UserError } from '../plan/errors.ts'
import type { SprintId, TaskId, TrackId } from '../plan/ids.ts'
import type { Actor } from './actor.ts'
import { number, text } from './cells.ts'
import type { Tx } from './engine.ts'
import { insertEvent } from './events.ts'
import { requireNoLease } from './leases.ts'
import { deleteMeta } from './meta.ts'
import { readTask, renew, settleBlocked } from './task-rows.ts'

/** One task, one track, or all. */
export interface ResetScope { readonly task?: TaskId; readonly track?: TrackId; readonly all?: true }

/**
 * Makes tasks pending again, whatever they were (blocked where a failed task stays before them), and sets back the sprints, tracks and the project that are incomplete by it. Gives
 * the number of tasks that changed. Throws UserError `held` while a process works on them or reviews, `input` for an unknown id.
 */
export async function resetTasks(tx: Tx, actor: Actor, session: string, scope: ResetScope): Promise<number> {
  const [where, track, values] = await select(tx, scope)
  await requireNoLease(tx, actor.self, track === undefined ? 'all' : [track])
  const before = await countPending(tx)
  await renew(tx, `${where} AND status <> 'pending'`, ...values)
  await settleBlocked(tx)
  const changed = await countPending(tx) - before
  await setBackSprints(tx)
  await setBackTracks(tx)
  if (changed > 0) await insertEvent(tx, session, { type: 'plan.reset', task: scope.task, track, data: { scope: scope.task ?? scope.track ?? 'all', tasks: changed } })
  return changed
}

async function select(tx: Tx, scope: ResetScope): Promise<[string, TrackId | undefined, string[]]> {
  if (scope.task !== undefined) {
    const task = await readTask(tx, scope.task)
    if (task === undefined) throw new UserError('input', `There is no task ${scope.task} in the plan: \`devteam status\` lists them.`)
    return ['id = $1', task.track, [task.id]]
  }
  if (scope.track !== undefined) {
    const [row] = await tx.all('SELECT id FROM track WHERE id = $1', scope.track)
    if (row === undefined) throw new UserError('input', `There is no track ${scope.track} in the plan: \`devteam status\` lists them.`)
    return ['track_id = $1', scope.track, [scope.track]]
  }
  if (scope.all !== true) throw new Error('nothing to reset was named')
  return ['id IS NOT NULL', undefined, []]
}

async function countPending(tx: Tx): Promise<number> {
  const [row] = await tx.all("SELECT COUNT(*) AS n FROM task WHERE status = 'pending'")
  return row === undefined ? 0 : number(row, 'n')
}

const done = "SUM(CASE WHEN t.status = 'completed' THEN 1 ELSE 0 END)"

async function setBackSprints(tx: Tx): Promise<void> {
  const rows = await tx.all(`SELECT s.id AS id, ${done} AS completed FROM sprint s JOIN task t ON t.sprint_id = s.id WHERE s.status <> 'planned' GROUP BY s.id HAVING ${done} < COUNT(*)`)
  for (const row of rows) {
    const id = text(row, 'id') as SprintId
    if (number(row, 'completed') > 0) await tx.all("UPDATE sprint SET status = 'active', completed_at = NULL WHERE id = $1", id)
    else await tx.all("UPDATE sprint SET status = 'planned', started_at = NULL, completed_at = NULL WHERE id = $1", id)
    await tx.all('DELETE FROM finding WHERE sprint_id = $1', id)
  }
}

async function setBackTracks(tx: Tx): Promise<void> {
  const rows = await tx.all(`SELECT r.id AS id, ${done} AS completed FROM track r JOIN task t ON t.track_id = r.id GROUP BY r.id HAVING ${done} < COUNT(*)`)
  for (const row of rows) {
    await tx.all('UPDATE track SET status = $1, completed_at = NULL WHERE id = $2', number(row, 'completed') > 0 ? 'in_progress' : 'pending', text(row, 'id'))
  }
  if (rows.length === 0) return
  // The project's review was of work that is to be done again.
  await tx.all('DELETE FROM finding WHERE sprint_id IS NULL')
  await deleteMeta(tx, 'project_completed_at', 'project_completed_by')
}
