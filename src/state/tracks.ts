import { UserError } from '../plan/errors.ts'
import type { SprintId, TaskId, TrackId } from '../plan/ids.ts'
import type { Actor } from './actor.ts'
import { number, text } from './cells.ts'
import type { Tx } from './engine.ts'
import type { Finding, NewEvent, RecordedEvent } from './event.ts'
import { insertEvent } from './events.ts'
import { checkLease, holderOf, releaseLease, reviewName, takeLease } from './leases.ts'
import { readMeta, setMeta } from './meta.ts'
import type { Lease } from './rows.ts'
import { renew, settleBlocked } from './task-rows.ts'
import { repeated, trackOf } from './tasks.ts'

export interface ReviewFinding { readonly review: string; readonly finding: Finding }

export async function acquireTrack(tx: Tx, actor: Actor, track: TrackId, session: string): Promise<Lease> {
  const ids = await trackIds(tx, 'id IS NOT NULL')
  if (!ids.includes(track)) {
    throw new UserError('input', ids.length === 0 ? `There is no track ${track}: there is no plan yet. Make one with \`devteam plan\`.` : `There is no track ${track}; the plan has ${ids.join(', ')}.`)
  }
  return await takeLease(tx, actor, track, session)
}

/** The lease of the final review; undefined while a track is open, or when the review is done. */
export async function claimReview(tx: Tx, actor: Actor, session: string): Promise<Lease | undefined> {
  const [plan, open] = [await trackIds(tx, 'id IS NOT NULL'), await trackIds(tx, "status <> 'completed'")]
  if (plan.length === 0 || open.length > 0 || (await readMeta(tx)).has('project_completed_at')) return undefined
  return await takeLease(tx, actor, undefined, session)
}

export async function startTrack(tx: Tx, lease: Lease, event: NewEvent): Promise<RecordedEvent> {
  await checkLease(tx, lease)
  await tx.all("UPDATE track SET status = 'in_progress' WHERE id = $1 AND status = 'pending'", trackOf(lease))
  return await insertEvent(tx, lease.session, event)
}

export async function startSprint(tx: Tx, lease: Lease, sprint: SprintId, event: NewEvent): Promise<RecordedEvent> {
  await checkLease(tx, lease)
  await tx.all("UPDATE sprint SET status = 'active', started_at = COALESCE(started_at, $1) WHERE id = $2 AND track_id = $3 AND status <> 'done'", tx.now, sprint, trackOf(lease))
  return await insertEvent(tx, lease.session, event)
}

/**
 * Makes the failed tasks of a track pending, and every task, of other tracks too, that only they blocked. Gives the tasks of this
 * track. What a failed task of another track blocks stays blocked: that track is to be tried again.
 */
export async function retryFailed(tx: Tx, lease: Lease): Promise<TaskId[]> {
  await checkLease(tx, lease)
  const failed = await renew(tx, "track_id = $1 AND status = 'failed'", trackOf(lease))
  const changed = new Set([...failed, ...await settleBlocked(tx)])
  const rows = await tx.all("SELECT id FROM task WHERE track_id = $1 AND status = 'pending' ORDER BY position", trackOf(lease))
  return rows.map((row) => text(row, 'id') as TaskId).filter((id) => changed.has(id))
}

export async function completeSprint(tx: Tx, lease: Lease, sprint: SprintId, findings: readonly ReviewFinding[], event: NewEvent): Promise<RecordedEvent> {
  await checkLease(tx, lease)
  const [row] = await tx.all('SELECT status FROM sprint WHERE id = $1 AND track_id = $2', sprint, trackOf(lease))
  if (row === undefined) throw new Error(`track ${trackOf(lease)} has no sprint ${sprint}`)
  if (text(row, 'status') === 'done') return await repeated(tx, event, lease, 'sprint_id', sprint)
  await requireAllCompleted(tx, 'sprint_id', sprint)
  await tx.all("UPDATE sprint SET status = 'done', started_at = COALESCE(started_at, $1), completed_at = $1 WHERE id = $2", tx.now, sprint)
  await insertFindings(tx, lease.session, sprint, findings)
  return await insertEvent(tx, lease.session, event)
}

/** `review`: the lease of the final review, when this was the last open track; exactly one caller gets it. */
export interface CompletedTrack { readonly recorded: RecordedEvent; readonly othersOpen: TrackId[]; readonly review: Lease | undefined }

export async function completeTrack(tx: Tx, actor: Actor, lease: Lease, makeEvent: (othersOpen: TrackId[]) => NewEvent): Promise<CompletedTrack> {
  await checkLease(tx, lease)
  const track = trackOf(lease)
  await requireAllCompleted(tx, 'track_id', track)
  const repeats = (await trackIds(tx, "status = 'completed'")).includes(track)
  await tx.all("UPDATE track SET status = 'completed', completed_at = COALESCE(completed_at, $1) WHERE id = $2", tx.now, track)
  const othersOpen = await trackIds(tx, "status <> 'completed'")
  const event = makeEvent(othersOpen)
  const recorded = repeats ? await repeated(tx, event, lease, 'track_id', track) : await insertEvent(tx, lease.session, event)
  return { recorded, othersOpen, review: othersOpen.length === 0 ? await claimFreeReview(tx, actor, lease.session) : undefined }
}

/** Here a living holder is no error: it does the review. */
async function claimFreeReview(tx: Tx, actor: Actor, session: string): Promise<Lease | undefined> {
  const holder = await holderOf(tx, actor.self, undefined)
  const [own] = await tx.all('SELECT token FROM lease WHERE name = $1 AND session_id = $2', reviewName, session)
  return holder?.alive === true && own === undefined ? undefined : await claimReview(tx, actor, session)
}

/** Ends the project with its final review, and the lease with it. */
export async function completeProject(tx: Tx, lease: Lease, findings: readonly ReviewFinding[], event: NewEvent): Promise<RecordedEvent> {
  if ((await readMeta(tx)).get('project_completed_by') === lease.token) return await repeated(tx, event, lease, undefined, '')
  await checkLease(tx, lease)
  if (lease.name !== reviewName) throw new Error(`the project ends with the lease of its review, not with ${lease.name}`)
  await insertFindings(tx, lease.session, undefined, findings)
  await setMeta(tx, 'project_completed_at', tx.now)
  await setMeta(tx, 'project_completed_by', lease.token)
  const recorded = await insertEvent(tx, lease.session, event)
  await releaseLease(tx, lease)
  return recorded
}

/** In the order of their numbers, which text does not keep beyond 99. */
async function trackIds(tx: Tx, where: string): Promise<TrackId[]> {
  return (await tx.all(`SELECT id FROM track WHERE ${where} ORDER BY LENGTH(id), id`)).map((row) => text(row, 'id') as TrackId)
}

async function requireAllCompleted(tx: Tx, column: 'sprint_id' | 'track_id', id: string): Promise<void> {
  const open = await tx.all(`SELECT id FROM task WHERE ${column} = $1 AND status <> 'completed' ORDER BY position`, id)
  if (open.length > 0) throw new Error(`${id} can't be completed: ${open.map((row) => text(row, 'id')).join(', ')} not completed`)
}

async function insertFindings(tx: Tx, session: string, sprint: SprintId | undefined, findings: readonly ReviewFinding[]): Promise<void> {
  const [row] = await tx.all('SELECT COALESCE(MAX(id), 0) AS id FROM finding')
  let id = row === undefined ? 0 : number(row, 'id')
  for (const { review, finding } of findings) {
    id += 1
    await tx.all(
      "INSERT INTO finding (id, session_id, sprint_id, review, severity, file, line, text, status) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open')",
      id, session, sprint ?? null, review, finding.severity, finding.file ?? null, finding.line ?? null, finding.text,
    )
  }
}
