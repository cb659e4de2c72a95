import { UserError } from '../plan/errors.ts'
import type { TaskId } from '../plan/ids.ts'
import { conflictOrder } from '../plan/schedule/order.ts'
import type { Plan } from '../plan/plan.ts'
import type { Task } from '../plan/task.ts'
import type { Actor } from './actor.ts'
import { number, text } from './cells.ts'
import type { Tx, Value } from './engine.ts'
import { insertEvent } from './events.ts'
import { requireNoLease } from './leases.ts'
import { deleteMeta, setMeta } from './meta.ts'
import { writeStated } from './stated.ts'

export interface PlanToSave {
  readonly plan: Plan
  /** As their files have them. The order of tasks in conflict is kept as dependencies are. */
  readonly tasks: readonly Task[]
  /** Every task once, each after those it depends on. */
  readonly order: readonly TaskId[]
  readonly settings: Readonly<Record<string, string>>
  readonly completed?: CompletedElsewhere | undefined
}

/** Tasks that were completed before DevTeam had the plan, and the tool that says so. */
export interface CompletedElsewhere { readonly tool: string; readonly tasks: ReadonlySet<TaskId> }

/** Replaces the plan. Throws UserError `held` while somebody works on the old one, `input` when work of it is done here. */
export async function savePlan(tx: Tx, actor: Actor, session: string, saved: PlanToSave): Promise<void> {
  await requireNoLease(tx, actor.self, 'all')
  await requireNothingDone(tx)
  const completed = saved.completed ?? { tool: 'the plan before', tasks: await completedElsewhere(tx, saved.tasks) }
  // Children before parents: an engine may look at foreign keys all the same.
  for (const table of ['finding', 'dependency', 'task', 'sprint', 'track', 'setting']) await tx.all(`DELETE FROM ${table}`)
  await deleteMeta(tx, 'cost_usd', 'cost_unknown', 'project_completed_at', 'project_completed_by')
  await setMeta(tx, 'plan_id', actor.newId())
  await insertSettings(tx, saved)
  await insertTracks(tx, saved.plan)
  const tasksToRun = conflictOrder(saved.plan, saved.tasks)
  await insertTasks(tx, { ...saved, tasks: tasksToRun })
  await writeStated(tx, saved.tasks, tasksToRun)
  const { tasks, usedTracks, strategy } = saved.plan
  await insertEvent(tx, session, { type: 'plan.saved', data: { tasks, tracks: usedTracks, strategy, ...(completed.tasks.size === 0 ? {} : { completed: completed.tasks.size }) } })
  await markCompleted(tx, session, saved, completed)
}

async function requireNothingDone(tx: Tx): Promise<void> {
  const [row] = await tx.all(`SELECT COUNT(*) AS total, COALESCE(SUM(CASE WHEN status = 'completed' AND NOT (${elsewhere}) THEN 1 ELSE 0 END), 0) AS completed, COALESCE(SUM(CASE WHEN status = 'in_progress' THEN 1 ELSE 0 END), 0) AS in_progress FROM task`)
  if (row === undefined) return
  const [total, completed, running] = [number(row, 'total'), number(row, 'completed'), number(row, 'in_progress')]
  if (completed + running === 0) return
  const what = [completed > 0 ? `${completed} of ${total} tasks completed` : '', running > 0 ? `${running} in progress` : ''].filter((part) => part !== '').join(', ')
  throw new UserError('input', `The plan has ${what}; a new plan would forget that. Plan only what is left with \`devteam plan --replan\`, go on with \`devteam implement --sprint all\`, or set every task back with \`devteam reset --all\` and plan again.`)
}

/** A task that was completed here was started here; one that was completed elsewhere never was. */
const elsewhere = "status = 'completed' AND started_at IS NULL"

async function completedElsewhere(tx: Tx, tasks: readonly Task[]): Promise<ReadonlySet<TaskId>> {
  const there = new Set((await tx.all(`SELECT id FROM task WHERE ${elsewhere}`)).map((row) => text(row, 'id')))
  return new Set(tasks.map((task) => task.id).filter((id) => there.has(id)))
}

/**
 * Completed at no known time and with nothing spent here. A sprint of such tasks alone is done, and a track of such sprints completed, so that a run
 * skips them.
 */
async function markCompleted(tx: Tx, session: string, { plan, tasks }: PlanToSave, { tool, tasks: completed }: CompletedElsewhere): Promise<void> {
  if (completed.size === 0) return
  const titles = new Map(tasks.map((task) => [task.id, task.title]))
  for (const track of plan.tracks) {
    for (const sprint of track.sprints) {
      const place = { track: track.id, sprint: sprint.id }
      const done = sprint.tasks.filter((task) => completed.has(task))
      for (const task of done) {
        await tx.all("UPDATE task SET status = 'completed', duration_ms = 0, tokens = 0, cost_usd = 0 WHERE id = $1", task)
        await insertEvent(tx, session, { ...place, task, type: 'task.skipped', data: { title: titles.get(task) ?? task, reason: `completed before, says ${tool}` } })
      }
      if (done.length === 0 || done.length < sprint.tasks.length) continue
      await tx.all("UPDATE sprint SET status = 'done' WHERE id = $1", sprint.id)
      await insertEvent(tx, session, { ...place, type: 'sprint.skipped', data: { name: sprint.name } })
    }
    if (track.tasks.length > 0 && track.tasks.every((task) => completed.has(task))) await tx.all("UPDATE track SET status = 'completed' WHERE id = $1", track.id)
  }
}

async function insertSettings(tx: Tx, { plan, settings }: PlanToSave): Promise<void> {
  const all = { parallel_tracks: String(plan.usedTracks), requested_tracks: String(plan.requestedTracks), strategy: plan.strategy, planned_at: tx.now, ...settings }
  for (const [key, value] of Object.entries(all)) await tx.all('INSERT INTO setting (key, value) VALUES ($1, $2)', key, value)
}

async function insertTracks(tx: Tx, plan: Plan): Promise<void> {
  await insertRows(tx, 'track', ['id', 'name'], plan.tracks.map((track) => [track.id, track.name]), { status: "'pending'" })
  await insertRows(tx, 'sprint', ['id', 'name', 'goal', 'track_id', 'number'], plan.tracks.flatMap((track) => track.sprints.map(({ id, name, goal, number: place }) => [id, name, goal, track.id, place])), { status: "'planned'" })
}

/** So many rows in one statement: a statement for each of thousands would cost more than the rows. */
const rowsAtOnce = 100

/** `same`: what is alike in all rows, in SQL. To hand over a value takes longer than to store it. */
async function insertRows(tx: Tx, table: string, columns: readonly string[], rows: readonly (readonly Value[])[], same: Readonly<Record<string, string>> = {}): Promise<void> {
  const statementFor = (count: number): string => {
    const values = Array.from({ length: count }, (_, row) => `(${[...columns.map((__, column) => `$${row * columns.length + column + 1}`), ...Object.values(same)].join(', ')})`)
    return `INSERT INTO ${table} (${[...columns, ...Object.keys(same)].join(', ')}) VALUES ${values.join(', ')}`
  }
  const ofMany = rows.length < rowsAtOnce ? '' : statementFor(rowsAtOnce)
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = rows.slice(from, from + rowsAtOnce)
    await tx.all(some.length === rowsAtOnce ? ofMany : statementFor(some.length), ...some.flat())
  }
}

async function insertTasks(tx: Tx, { plan, tasks, order }: PlanToSave): Promise<void> {
  const places = new Map(plan.tracks.flatMap((track) => track.sprints.flatMap((sprint) => sprint.tasks.map((task) => [task, { track: track.id, sprint: sprint.id }] as const))))
  const positions = new Map(order.map((task, index) => [task, index + 1]))
  await insertRows(tx, 'task', ['id', 'title', 'component', 'track_id', 'sprint_id', 'position', 'estimated_hours'], tasks.map((task) => {
    const [place, position] = [places.get(task.id), positions.get(task.id)]
    if (place === undefined || position === undefined) throw new Error(`${task.id} has no ${place === undefined ? 'sprint' : 'place in the order'}`)
    return [task.id, task.title, task.component, place.track, place.sprint, position, task.estimatedHours]
  }), { status: "'pending'", iterations: '0', simulated: '0' })
  await insertRows(tx, 'dependency', ['task_id', 'depends_on'], tasks.flatMap((task) => [...new Set(task.dependencies)].map((dependency) => {
    if (!places.has(dependency)) throw new Error(`${task.id} depends on ${dependency}, which is not in the plan`)
    return [task.id, dependency]
  })))
}
