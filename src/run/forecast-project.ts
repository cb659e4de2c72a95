import { readTasks } from '../plan/files/read.ts'
import type { ForecastOptions } from '../plan/forecast/forecast.ts'
import type { TaskId } from '../plan/ids.ts'
import type { Task } from '../plan/task.ts'
import { agentName } from '../report/agent-work.ts'
import { forecastReport, type ForecastReport } from '../report/forecast.ts'
import type { Snapshot } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import { modelsOf, type ExecutorChoice } from './choose-executor.ts'
import { readConfig } from './config.ts'
import { projectRoles } from './project-roles.ts'

/** `media`: where the roles ship. `models`: other models than those of the configuration. */
export interface ForecastRequest { readonly root: string; readonly media: string; readonly state: State; readonly models?: ExecutorChoice['models']; readonly options: ForecastOptions }

/** The forecast of a plan as it is now, with the agents that a run would choose. Writes nothing. Throws UserError('input') where tasks, roles or the configuration can't be read. */
export async function forecastProject(snapshot: Snapshot, request: ForecastRequest): Promise<ForecastReport> {
  const { root, state, options } = request
  const [files, started, roles] = await Promise.all([readTasks(root), state.events({ type: 'task.started' }), state.events({ type: 'role.completed' })])
  const open = new Set(snapshot.tasks.filter(({ status }) => status !== 'completed').map(({ id }) => id))
  // Before anything is measured it makes no difference who works.
  const assigned = open.size === snapshot.tasks.length ? new Map<TaskId, string>() : await assignedAgents(request, files.filter(({ id }) => open.has(id)))
  return forecastReport(snapshot, { files, events: [...started, ...roles].sort((a, b) => a.id - b.id), assigned, now: Date.now() }, options)
}

/** Who implements each task if a run begins now. A task whose suggested agent is not there has none: a run refuses it, and says so. */
async function assignedAgents({ root, media, models }: ForecastRequest, tasks: readonly Task[]): Promise<Map<TaskId, string>> {
  const [config, roles] = await Promise.all([readConfig(root), projectRoles(media, root)])
  const modelOf = modelsOf(config, models === undefined ? {} : { models })
  return new Map(tasks.flatMap((task) => {
    if (task.suggestedAgent !== undefined && roles.find(task.suggestedAgent) === undefined) return []
    const developer = roles.forTask(task).find((role) => role.stage === 'implement')
    return developer === undefined ? [] : [[task.id, agentName({ role: developer.name, model: modelOf[developer.tier] })] as const]
  }))
}
