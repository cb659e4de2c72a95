import { UserError } from '../plan/errors.ts'
import { checkPlaces, readPrd, readTasks, writePrd, writeTasks } from '../plan/files/read.ts'
import { makePlan } from '../plan/make-plan.ts'
import { planOrder } from '../plan/schedule/order.ts'
import type { Plan } from '../plan/plan.ts'
import type { Prd, Task } from '../plan/task.ts'
import type { Config } from './config.ts'
import { writePlanFiles } from './plan-files.ts'
import type { PlanRequest, PlanResult } from './plan-request.ts'
import { writeIgnoreFile } from './sample.ts'

/**
 * Reads (or makes) the tasks, plans them, and writes the database, docs/sprints and docs/planning/TASK_SUMMARY.md. Nothing is written unless all
 * of it is sound. Throws UserError('input') where there are no tasks to plan.
 */
export async function planProject(request: PlanRequest): Promise<PlanResult> {
  const { root, state, config } = request
  const [there, prdThere] = [await readTasks(root), await readPrd(root)]
  const { source, imported } = request
  const isNew = source !== undefined || imported !== undefined
  if (!isNew && there.length === 0) throw new UserError('input', `There are no tasks in docs/planning/tasks of ${root}. Describe the project: \`devteam plan --describe "..."\` or \`devteam plan --from FILE\`; \`devteam init --sample\` writes a sample.`)
  if (isNew && there.length > 0) throw new UserError('input', `docs/planning/tasks already has ${there.length} tasks. Plan them with \`devteam plan\`, or move the folder away to start over.`)
  const planned = source === undefined ? planOf(request, imported?.tasks ?? there, imported === undefined) : undefined // what can't be planned is refused before anything is written
  checkPlaces(root)
  await writeIgnoreFile(root)
  const { id: session, started } = state.beginSession(request.command, source?.executor.simulated ?? false)
  try {
    if (isNew) await started
    const made = source === undefined ? undefined : await (await import('./make-tasks.ts')).makeTasks(request, source, session)
    const tasks = made?.tasks ?? imported?.tasks ?? there
    const prd = made?.prd ?? imported?.prd ?? prdThere
    const plan = planned ?? planOf(request, tasks)
    if (isNew && prd !== undefined) await writePrd(root, prd)
    if (isNew) await writeTasks(root, tasks)
    const completed = imported === undefined ? undefined : { tool: imported.tool, tasks: new Set(imported.completed) }
    // One commit: each waits for the disk.
    await Promise.all([started, state.savePlan(session, plan, tasks, planOrder(plan, tasks), settingsOf(plan, config, prd), completed), state.endPlanning(session)])
    await writePlanFiles(root, plan, tasks)
    return { plan, tasks, prd, made: made !== undefined, imported }
  } catch (error) {
    await state.endSession(session, request.signal.aborted ? 'interrupted' : 'failed').catch(() => undefined) // the first error is the one to tell
    throw error
  }
}

const planOf = ({ tracks, strategy, config, allowIdleTracks, isOver }: PlanRequest, tasks: readonly Task[], areChecked = false): Plan =>
  makePlan(tasks, { ...(tracks === undefined ? {} : { tracks }), strategy: strategy ?? config.strategy, sprintHours: config.sprintHours, allowIdleTracks, isOver, areChecked })

/** What the database notes of a plan besides its rows. */
export function settingsOf(plan: Plan, config: Config, prd: Prd | undefined): Record<string, string> {
  return {
    parallel_tracks: String(plan.usedTracks), requested_tracks: String(plan.requestedTracks), max_tracks: String(plan.maxTracks), recommended_tracks: String(plan.recommendedTracks), strategy: plan.strategy,
    hours_by_tracks: plan.curve.map(({ tracks, hours }) => `${tracks}=${hours}`).join(' '),
    total_hours: String(plan.totalHours), critical_path_hours: String(plan.criticalPath.hours), makespan_hours: String(plan.makespanHours), width: String(plan.width),
    sprint_hours: String(config.sprintHours), planned_at: new Date().toISOString(), ...(config.executor === undefined ? {} : { executor: config.executor }), ...(prd === undefined ? {} : { project: prd.project }),
  }
}
