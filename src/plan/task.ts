import type { TaskId } from './ids.ts'

export type Priority = 'high' | 'medium' | 'low'

/** One task as read from `docs/planning/tasks/<id>.json`; the defaults are filled in. */
export interface Task {
  readonly id: TaskId
  readonly title: string
  readonly description: string
  /** A requirement of the PRD, `F001`. */
  readonly featureRef?: string
  /** `backend`, `frontend`, `infrastructure`, ...; `general` where the file names none. */
  readonly component: string
  readonly estimatedHours: number
  /** The hours are a default, not somebody's estimate. */
  readonly hoursGuessed?: true
  readonly dependencies: readonly TaskId[]
  readonly acceptanceCriteria: readonly string[]
  /** Globs of the files that the task may change; empty: any. */
  readonly allowedPatterns: readonly string[]
  readonly estimate?: { readonly low: number; readonly high: number }
  readonly priority: Priority
  /** A role, `backend:api-developer-python`. */
  readonly suggestedAgent?: string
}

/** A requirement of the PRD. */
export interface Requirement {
  readonly id: string
  readonly title?: string
  readonly description: string
  readonly acceptanceCriteria: readonly string[]
}

/** `docs/planning/PROJECT_PRD.json`. */
export interface Prd {
  readonly project: string
  readonly problem: string
  readonly users: readonly string[]
  readonly mustHave: readonly Requirement[]
  readonly shouldHave: readonly Requirement[]
  readonly technology: readonly string[]
  readonly constraints: readonly string[]
  readonly successMetrics: readonly string[]
}
