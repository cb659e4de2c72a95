import { text } from '../cells.ts'
import type { Tx } from '../engine.ts'
import { endDeadLeases } from '../leases.ts'
import { deleteMeta, readMeta } from '../meta.ts'
import type { ProcessIdentity } from '../process.ts'
import { interruptDead } from '../sessions.ts'
import { renew, settleBlocked } from '../task-rows.ts'

/** One thing that recovery did (`repaired`) or found and left to a person (`found`, with the way out). */
export interface Step { readonly did: 'repaired' | 'found'; readonly what: 'lock' | 'leftover' | 'database' | 'lease' | 'session' | 'task' | 'sprint' | 'track' | 'project'; readonly says: string }

const open = (column: string, of: string): string => `EXISTS (SELECT 1 FROM task t WHERE t.${column} = ${of}.id AND t.status <> 'completed')`

/** Puts right in the rows what has one right answer; nothing of a living process. Gives what it did, and what only a person can decide. */
export async function repairRows(tx: Tx, self: ProcessIdentity, force: boolean): Promise<Step[]> {
  const steps: Step[] = []
  const repaired = (what: Step['what'], says: string): void => { steps.push({ did: 'repaired', what, says }) }
  const found = (what: Step['what'], says: string): void => { steps.push({ did: 'found', what, says }) }
  for (const { name, holder, tasks } of await endDeadLeases(tx, self, force)) {
    repaired('lease', `${name} of process ${holder.pid} on ${holder.host} since ${holder.since} is ended${tasks.length === 0 ? '' : `, ${tasks.join(', ')} pending again`}`)
  }
  for (const row of await tx.all('SELECT name, pid, host, heartbeat_at FROM lease WHERE host <> $1 ORDER BY since', self.host)) {
    found('lease', `${text(row, 'name')} is held by process ${String(row['pid'])} on ${text(row, 'host')}, last heard of ${text(row, 'heartbeat_at')}: if that host is gone, \`devteam recover --force\``)
  }
  for (const ran of await interruptDead(tx, self, force)) repaired('session', `${ran} is marked as interrupted`)
  // A lease is what says that somebody works on a track. Who is blocked is settled below, and told.
  const orphans = await renew(tx, "status = 'in_progress' AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.name = 'track:' || task.track_id)")
  if (orphans.length > 0) repaired('task', `${orphans.join(', ')}: nobody works on it, pending again`)
  for (const row of await tx.all(`SELECT id FROM sprint WHERE status = 'done' AND ${open('sprint_id', 'sprint')} ORDER BY id`)) {
    await tx.all("UPDATE sprint SET status = 'active', completed_at = NULL WHERE id = $1", text(row, 'id'))
    repaired('sprint', `${text(row, 'id')} was done although tasks of it are open: active again`)
  }
  for (const row of await tx.all(`SELECT id FROM track WHERE status = 'completed' AND ${open('track_id', 'track')} ORDER BY LENGTH(id), id`)) {
    await tx.all("UPDATE track SET status = 'in_progress', completed_at = NULL WHERE id = $1", text(row, 'id'))
    repaired('track', `${text(row, 'id')} was completed although tasks of it are open: in progress again`)
  }
  const [openTrack] = await tx.all("SELECT id FROM track WHERE status <> 'completed'")
  if (openTrack !== undefined && (await readMeta(tx)).has('project_completed_at')) {
    await deleteMeta(tx, 'project_completed_at', 'project_completed_by')
    repaired('project', 'it was completed although tracks are open: its final review is to be done again')
  }
  const freed = await settleBlocked(tx)
  if (freed.length > 0) repaired('task', `${freed.join(', ')}: blocked by no failed task, pending again`)
  for (const row of await tx.all('PRAGMA foreign_key_check')) {
    found('database', `a row of ${text(row, 'table')} names a row of ${text(row, 'parent')} that is not there: another program changed it. \`devteam export\` shows the rows; put a copy back, or plan again`)
  }
  for (const gap of await gaps(tx)) found('database', gap)
  return steps
}

/** Ids of events have no gap, through the archives to the newest. */
async function gaps(tx: Tx): Promise<string[]> {
  const parts = await tx.all('SELECT first_id, last_id FROM archive UNION ALL SELECT MIN(id), MAX(id) FROM event HAVING COUNT(*) > 0 ORDER BY 1')
  const holes = parts.flatMap((part, index) => {
    const [before, first] = [Number(parts[index - 1]?.['last_id'] ?? 0), Number(part['first_id'])]
    return first > before + 1 ? [`events ${before + 1} to ${first - 1} are not there: the log has a gap, all else is not touched by that`] : []
  })
  const [row] = await tx.all('SELECT MAX(id) - MIN(id) + 1 - COUNT(*) AS missing FROM event')
  const missing = Number(row?.['missing'] ?? 0)
  return missing > 0 ? [...holes, `${missing} of the live events are not there: the log has a gap, all else is not touched by that`] : holes
}
