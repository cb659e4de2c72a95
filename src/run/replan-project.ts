import { UserError } from '../plan/errors.ts'
import { checkPlaces, readPrd, readTasks } from '../plan/files/read.ts'
import { inIdOrder } from '../plan/natural.ts'
import type { Strategy } from '../plan/plan.ts'
import type { PlanInProgress } from '../plan/replan/in-progress.ts'
import { replan, type Replan } from '../plan/replan/replan.ts'
import type { Task } from '../plan/task.ts'
import type { PlanBasis } from '../state/replan.ts'
import type { Snapshot } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import type { Config } from './config.ts'
import { writePlanFiles } from './plan-files.ts'
import { settingsOf } from './plan-project.ts'

export interface ReplanRequest {
  readonly root: string
  readonly state: State
  readonly config: Config
  /** Tracks that may have open work; undefined: as many as the plan has. */
  readonly tracks?: number | undefined
  /** undefined: the plan's. */
  readonly strategy?: Strategy | undefined
  readonly allowIdleTracks: boolean
}

/** What would change, and the plan that it was made from. */
export interface Proposal { readonly replan: Replan; readonly basis: Snapshot }

/**
 * Plans what is left of the plan anew, from the task files as they are now. Nothing is written. Throws UserError: `input` where there is no plan or
 * the files can't be planned, `held` where a running process stands in the way.
 */
export async function proposeReplan({ root, state, config, tracks, strategy, allowIdleTracks }: ReplanRequest): Promise<Proposal> {
  const basis = await state.planBasis()
  if (basis === undefined) throw new UserError('input', `There is no plan yet in ${root}. Make one with \`devteam plan\`.`)
  const review = basis.snapshot.reviewLease
  if (review?.alive === true) throw new UserError('held', `The final review is held by process ${review.pid} on ${review.host} since ${review.since}: wait until it ends, or stop it, then replan.`)
  const files = await readTasks(root)
  return { basis: basis.snapshot, replan: replan(inProgress(basis, files), files, { tracks, strategy, allowIdleTracks, sprintHours: config.sprintHours }) }
}

/** Takes a proposal over: the database, then docs/sprints and TASK_SUMMARY.md. false: the plan has changed since it was made; nothing was written. */
export async function applyReplan({ root, state, config, tracks, strategy }: ReplanRequest, { replan: proposed, basis }: Proposal): Promise<boolean> {
  const { plan, tasks } = proposed
  checkPlaces(root)
  const { planned_at: replanned_at = '', ...settings } = settingsOf(plan, config, await readPrd(root))
  const session = await state.startSession(['plan --replan', ...(tracks === undefined ? [] : [String(tracks)]), ...(strategy === undefined ? [] : [`--strategy ${strategy}`])].join(' '), false)
  try {
    const saved = await state.replan(session, basis, proposed, { ...settings, replanned_at })
    if (saved) await writePlanFiles(root, plan, inIdOrder(tasks, ({ id }) => id))
    await state.endSession(session, saved ? 'completed' : 'failed')
    return saved
  } catch (error) {
    await state.endSession(session, 'failed').catch(() => undefined) // the first error is the one to tell
    throw error
  }
}

/** The rows of the database as a plan in progress; what only files say of a task comes from them. */
function inProgress({ snapshot, stated }: PlanBasis, files: readonly Task[]): PlanInProgress {
  const byId = new Map(files.map((task) => [task.id, task]))
  const running = new Map(snapshot.tracks.flatMap(({ id, lease }) => (lease?.alive === true ? [[id, `process ${lease.pid} on ${lease.host} since ${lease.since}`] as const] : [])))
  const plannedTask = ({ id, title, component, estimatedHours, dependencies }: Snapshot['tasks'][number]): Task => {
    const [file, noted] = [byId.get(id), stated?.get(id)]
    return {
      ...(file ?? { description: '', acceptanceCriteria: [], priority: 'medium' }), id, title, component, estimatedHours,
      dependencies: dependencies.filter((other) => noted?.ordered.has(other) !== true), allowedPatterns: stated === undefined ? file?.allowedPatterns ?? [] : noted?.scope ?? [],
    }
  }
  return {
    strategy: snapshot.settings.strategy === 'balanced' ? 'balanced' : 'component', tracks: snapshot.tracks, sprints: snapshot.sprints, running,
    tasks: snapshot.tasks.map((row) => ({ task: plannedTask(row), track: row.track, sprint: row.sprint, completed: row.status === 'completed', inHand: row.status === 'in_progress' && running.has(row.track) })),
  }
}
