import type { Task } from '../task.ts'

export const exportFormats = ['taskmaster', 'mermaid', 'csv', 'msproject-xml'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const isExportFormat = (text: string): text is ExportFormat => (exportFormats as readonly string[]).includes(text)

/** A planned task as it stands. Hours from the start of the plan. */
export interface ExportedTask {
  /** As it was planned; texts, criteria and priority from its file. */
  readonly task: Task
  readonly track: string
  readonly sprint: string
  /** Ids of tasks that go before it: its dependencies, and the order that the plan gave to tasks that change the same files. */
  readonly after: readonly string[]
  readonly start: number
  readonly finish: number
  readonly slack: number
  readonly critical: boolean
  readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'blocked'
}

export interface ExportedTrack { readonly id: string; readonly name: string; readonly sprints: readonly { readonly id: string; readonly name: string }[] }

/** A plan with its schedule and status, tasks in the order of the plan. */
export interface ExportedPlan {
  readonly name: string
  /** The day on which it was planned, `2026-01-05`. */
  readonly plannedOn: string
  readonly tracks: readonly ExportedTrack[]
  readonly tasks: readonly ExportedTask[]
}

/** A text in another format, and what that format has no place for. */
export interface Exported { readonly content: string; readonly warnings: readonly string[] }

/** `2 tasks are blocked (A, B)`: ids in a sentence, long lists cut. Nothing where there are none. */
export function told(tasks: readonly ExportedTask[], what: (count: string) => string): string[] {
  if (tasks.length === 0) return []
  const ids = tasks.slice(0, 20).map(({ task }) => task.id).join(', ')
  return [`${what(tasks.length === 1 ? '1 task' : `${tasks.length} tasks`)}: ${ids}${tasks.length > 20 ? ` and ${tasks.length - 20} more` : ''}`]
}
