import type { TaskId } from '../plan/ids.ts'
import type { RecordedEvent } from '../state/event.ts'

/** A role and the model that it ran or would run on. */
export interface Agent { readonly role: string; readonly model?: string | undefined }

/** `backend:api-developer-go (claude-sonnet-5-5)` */
export const agentName = ({ role, model }: Agent): string => (model === undefined ? role : `${role} (${model})`)

/** What events say of the work of agents. */
export interface AgentWork {
  /**
   * Who implemented each task first, in its last attempt: that is who it was given to. A stronger model that took over after failures is what befell the task, and
   * nobody knew it before.
   */
  readonly implementers: ReadonlyMap<TaskId, string>
  /** When the last attempt at each task began, in milliseconds since the epoch. */
  readonly begun: ReadonlyMap<TaskId, number>
  /** Work outside of tasks since `from`: reviews, mending after them, documentation. Sums of what each took, in minutes. */
  outsideMinutes(simulated: boolean, from: string): number
}

/** `events`: `task.started` and `role.completed`, in order. */
export function agentWork(events: readonly RecordedEvent[]): AgentWork {
  const implementers = new Map<TaskId, string>()
  const begun = new Map<TaskId, number>()
  const outside: { readonly time: string; readonly simulated: boolean; readonly durationMs: number }[] = []
  for (const { task, role, model, time, ...event } of events) {
    if (event.type === 'task.started' && task !== undefined) {
      implementers.delete(task)
      begun.set(task, Date.parse(time))
    }
    if (event.type !== 'role.completed') continue
    const { kind, simulated, durationMs } = event.data
    if (task !== undefined && role !== undefined && kind === 'implement' && !implementers.has(task)) implementers.set(task, agentName({ role, model }))
    if (task === undefined && kind !== 'prd' && kind !== 'tasks') outside.push({ time, simulated, durationMs })
  }
  return { implementers, begun, outsideMinutes: (simulated, from) => outside.reduce((sum, each) => sum + (each.simulated === simulated && each.time >= from ? each.durationMs / 60_000 : 0), 0) }
}
