import type { TaskId } from '../plan/ids.ts'
import { conflictOrder } from '../plan/schedule/order.ts'
import type { Replan } from '../plan/replan/replan.ts'
import type { Task } from '../plan/task.ts'
import type { Actor } from './actor.ts'
import type { Tx } from './engine.ts'
import { insertEvent } from './events.ts'
import { requireNoLease } from './leases.ts'
import { deleteMeta } from './meta.ts'
import type { ProcessIdentity } from './process.ts'
import { readSnapshot } from './queries.ts'
import type { Snapshot } from './rows.ts'
import { readStated, type Stated, writeStated } from './stated.ts'
import { renew, settleBlocked } from './task-rows.ts'

/** What a proposal is made from. `stated` undefined: the plan was saved by a version that did not note it. */
export interface PlanBasis { readonly snapshot: Snapshot; readonly stated: ReadonlyMap<TaskId, Stated> | undefined }

export interface ReplanToSave {
  /** What the proposal was made from. */
  readonly basis: Snapshot
  readonly replan: Replan
  readonly settings: Readonly<Record<string, string>>
}

export async function readBasis(tx: Tx, self: ProcessIdentity): Promise<PlanBasis | undefined> {
  const snapshot = await readSnapshot(tx, self)
  return snapshot === undefined ? undefined : { snapshot, stated: await readStated(tx) }
}

/**
 * Takes a proposal over. The plan keeps its id, its history and its costs. false: the plan has changed since the proposal was made, and nothing was
 * written. Throws UserError `held` while the final review runs.
 */
export async function saveReplan(tx: Tx, actor: Actor, session: string, { basis, replan, settings }: ReplanToSave): Promise<boolean> {
  const now = await readSnapshot(tx, actor.self)
  if (now === undefined || fingerprint(now) !== fingerprint(basis)) return false
  await requireNoLease(tx, actor.self, now.tracks.filter((track) => track.lease?.alive !== true).map((track) => track.id))
  const stated = await readStated(tx)
  await putPlaces(tx, now, replan)
  await removeTasks(tx, replan.diff.removed)
  const toRun = conflictOrder(replan.plan, replan.open)
  await putTasks(tx, now, replan)
  await putDependencies(tx, toRun)
  await tx.all('DELETE FROM sprint WHERE NOT EXISTS (SELECT 1 FROM task WHERE task.sprint_id = sprint.id)')
  await tx.all('DELETE FROM track WHERE NOT EXISTS (SELECT 1 FROM task WHERE task.track_id = track.id)')
  await settleTracks(tx)
  for (const { task } of replan.diff.changed) await renew(tx, "id = $1 AND status = 'failed'", task)
  await settleBlocked(tx)
  if (replan.open.length > 0) {
    // The project's review was of less than there is now.
    await tx.all('DELETE FROM finding WHERE sprint_id IS NULL')
    await deleteMeta(tx, 'project_completed_at', 'project_completed_by')
  }
  for (const [key, value] of Object.entries(settings)) await tx.all('INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value', key, value)
  const completed = new Set(now.tasks.filter((task) => task.status === 'completed').map((task) => task.id))
  await writeStated(tx, replan.open, toRun, new Map([...stated ?? []].filter(([id]) => completed.has(id))))
  const { diff, moved, left, plan } = replan
  await insertEvent(tx, session, {
    type: 'plan.changed',
    data: { added: diff.added, removed: diff.removed, changed: diff.changed.map(({ task }) => task), moved: moved.map(({ task }) => task), tracks: plan.usedTracks, strategy: plan.strategy, hoursBefore: left.hoursBefore, hours: left.hours },
  })
  return true
}

/** All that a proposal rests on. A figure of a completed task may change beside it, and events may be recorded. */
function fingerprint({ planId, tracks, sprints, tasks }: Snapshot): string {
  return JSON.stringify([
    planId, tracks.map(({ id, name, status, lease }) => [id, name, status, lease?.alive]), sprints.map(({ id, name, track, number, status }) => [id, name, track, number, status]),
    tasks.map(({ id, title, component, estimatedHours, track, sprint, position, status, dependencies }) => [id, title, component, estimatedHours, track, sprint, position, status, dependencies]),
  ])
}

/** The tracks and sprints that there are now; those that have lost all their tasks are deleted later. */
async function putPlaces(tx: Tx, { tracks, sprints, tasks }: Snapshot, { plan }: Replan): Promise<void> {
  const [knownTracks, knownSprints] = [new Set<string>(tracks.map((track) => track.id)), new Map(sprints.map((sprint) => [sprint.id, sprint]))]
  for (const track of plan.tracks) {
    if (!knownTracks.has(track.id)) await tx.all("INSERT INTO track (id, name, status) VALUES ($1, $2, 'pending')", track.id, track.name)
    for (const sprint of track.sprints) {
      const before = knownSprints.get(sprint.id)
      if (before === undefined) {
        await tx.all("INSERT INTO sprint (id, name, goal, track_id, number, status) VALUES ($1, $2, $3, $4, $5, 'planned')", sprint.id, sprint.name, sprint.goal, track.id, sprint.number)
        continue
      }
      const mine = tasks.filter((task) => task.sprint === sprint.id)
      if (mine.map((task) => task.id).join(' ') === sprint.tasks.join(' ')) continue
      await tx.all('UPDATE sprint SET name = $1, goal = $2, number = $3 WHERE id = $4', sprint.name, sprint.goal, sprint.number, sprint.id)
      // One that was begun and has nothing to show is planned anew.
      if (!mine.some((task) => task.status === 'completed')) await tx.all("UPDATE sprint SET status = 'planned', started_at = NULL WHERE id = $1", sprint.id)
    }
  }
}

async function removeTasks(tx: Tx, removed: readonly TaskId[]): Promise<void> {
  for (const id of removed) await tx.all('DELETE FROM dependency WHERE task_id = $1 OR depends_on = $1', id)
  for (const id of removed) await tx.all('DELETE FROM task WHERE id = $1', id)
}

async function putTasks(tx: Tx, { tasks }: Snapshot, { plan, open, order }: Replan): Promise<void> {
  const places = new Map(plan.tracks.flatMap((track) => track.sprints.flatMap((sprint) => sprint.tasks.map((task) => [task, { track: track.id, sprint: sprint.id }] as const))))
  const rows = new Map(tasks.map((task) => [task.id, task]))
  const stated = new Map(open.map((task) => [task.id, task]))
  for (const [index, id] of order.entries()) {
    const [row, place, position, task] = [rows.get(id), places.get(id), index + 1, stated.get(id)]
    if (row === undefined) {
      if (place === undefined || task === undefined) throw new Error(`${id} is new and has no place`)
      await tx.all(
        "INSERT INTO task (id, title, component, track_id, sprint_id, position, estimated_hours, status, iterations, simulated) VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', 0, 0)",
        id, task.title, task.component, place.track, place.sprint, position, task.estimatedHours,
      )
    } else {
      if (row.position !== position) await tx.all('UPDATE task SET position = $1 WHERE id = $2', position, id)
      if (task === undefined) continue // completed
      if (place === undefined) throw new Error(`${id} has no place`)
      if (row.track !== place.track || row.sprint !== place.sprint) await tx.all('UPDATE task SET track_id = $1, sprint_id = $2 WHERE id = $3', place.track, place.sprint, id)
      if (row.title !== task.title || row.component !== task.component || row.estimatedHours !== task.estimatedHours) await tx.all('UPDATE task SET title = $1, component = $2, estimated_hours = $3 WHERE id = $4', task.title, task.component, task.estimatedHours, id)
    }
  }
}

async function putDependencies(tx: Tx, open: readonly Task[]): Promise<void> {
  for (const task of open) {
    await tx.all('DELETE FROM dependency WHERE task_id = $1', task.id)
    for (const dependency of new Set(task.dependencies)) await tx.all('INSERT INTO dependency (task_id, depends_on) VALUES ($1, $2)', task.id, dependency)
  }
}

/** A track that has no more work is completed once its sprints are; one that has new work no longer is. */
async function settleTracks(tx: Tx): Promise<void> {
  await tx.all("UPDATE track SET status = 'in_progress', completed_at = NULL WHERE status = 'completed' AND EXISTS (SELECT 1 FROM sprint WHERE sprint.track_id = track.id AND sprint.status <> 'done')")
  await tx.all("UPDATE track SET status = 'completed', completed_at = $1 WHERE status <> 'completed' AND NOT EXISTS (SELECT 1 FROM sprint WHERE sprint.track_id = track.id AND sprint.status <> 'done')", tx.now)
}
