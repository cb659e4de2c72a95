import type { SprintId, TrackId } from '../plan/ids.ts'
import { maybeNumber, maybeText, number, oneOf, text } from './cells.ts'
import type { Tx } from './engine.ts'
import type { Severity } from './event.ts'
import { lastEvent } from './events.ts'
import { holders, reviewName } from './leases.ts'
import { readMeta } from './meta.ts'
import type { ProcessIdentity } from './process.ts'
import type { FindingRow, Snapshot, SprintRow, SprintStatus, TrackRow, TrackStatus } from './rows.ts'
import { readTasks } from './task-rows.ts'

const trackStatuses: readonly TrackStatus[] = ['pending', 'in_progress', 'completed']
const sprintStatuses: readonly SprintStatus[] = ['planned', 'active', 'done']
const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']

/** Everything that the faces show; undefined: there is no plan yet. */
export async function readSnapshot(tx: Tx, self: ProcessIdentity): Promise<Snapshot | undefined> {
  const meta = await readMeta(tx)
  const planId = meta.get('plan_id')
  if (planId === undefined) return undefined
  const leases = await holders(tx, self)
  const tasks = await readTasks(tx)
  return {
    planId,
    settings: Object.fromEntries((await tx.all('SELECT key, value FROM setting ORDER BY key')).map((row) => [text(row, 'key'), text(row, 'value')])),
    tracks: (await tx.all('SELECT * FROM track ORDER BY LENGTH(id), id')).map((row): TrackRow => ({
      id: text(row, 'id') as TrackId,
      name: text(row, 'name'),
      status: oneOf(row, 'status', trackStatuses),
      completedAt: maybeText(row, 'completed_at'),
      lease: leases.get(`track:${text(row, 'id')}`),
    })),
    sprints: (await tx.all('SELECT * FROM sprint ORDER BY LENGTH(track_id), track_id, number')).map((row): SprintRow => ({
      id: text(row, 'id') as SprintId,
      name: text(row, 'name'),
      goal: text(row, 'goal'),
      track: text(row, 'track_id') as TrackId,
      number: number(row, 'number'),
      status: oneOf(row, 'status', sprintStatuses),
      startedAt: maybeText(row, 'started_at'),
      completedAt: maybeText(row, 'completed_at'),
    })),
    tasks,
    reviewLease: leases.get(reviewName),
    projectCompleted: meta.has('project_completed_at'),
    costUsd: meta.has('cost_unknown') ? undefined : Number(meta.get('cost_usd') ?? '0'),
    simulated: tasks.some((task) => task.simulated),
    lastEvent: await lastEvent(tx),
  }
}

/** Oldest first. */
export async function readFindings(tx: Tx): Promise<FindingRow[]> {
  return (await tx.all('SELECT * FROM finding ORDER BY id')).map((row) => {
    const [file, line] = [maybeText(row, 'file'), maybeNumber(row, 'line')]
    return {
      id: number(row, 'id'),
      session: text(row, 'session_id'),
      sprint: maybeText(row, 'sprint_id') as SprintId | undefined,
      review: text(row, 'review'),
      severity: oneOf(row, 'severity', severities),
      ...file === undefined ? {} : { file },
      ...line === undefined ? {} : { line },
      text: text(row, 'text'),
      status: oneOf(row, 'status', ['open', 'fixed']),
    }
  })
}
