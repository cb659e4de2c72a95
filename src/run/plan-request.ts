import type { Executor, Tier } from '../agents/executor.ts'
import type { Roles } from '../agents/roles.ts'
import type { Imported } from '../plan/import/imported.ts'
import type { Plan, Strategy } from '../plan/plan.ts'
import type { Prd, Task } from '../plan/task.ts'
import type { SpokenEvent } from '../report/transcript.ts'
import type { State } from '../state/state.ts'
import type { Config } from './config.ts'

/** What is to be planned, and how. */
export interface PlanRequest {
  readonly root: string
  readonly state: State
  readonly config: Config
  readonly command: string
  /** undefined: the configuration's `parallelTracks` is not taken; the recommended number is. */
  readonly tracks?: number | undefined
  readonly strategy?: Strategy | undefined
  readonly allowIdleTracks: boolean
  /** Ends the search for a shorter plan early. */
  readonly isOver?: (() => boolean) | undefined
  /** A description or an outline: PRD and tasks are made from it first. */
  readonly source?: PlanSource | undefined
  /** A plan of another tool, or a structured specification: its tasks, and its PRD where it has one, are written to docs/planning first. */
  readonly imported?: Imported | undefined
  readonly signal: AbortSignal
  readonly onEvent: (event: SpokenEvent) => void
}

/** Text to make a plan from, and who makes it. */
export interface PlanSource { readonly text: string; readonly executor: Executor; readonly roles: Roles; readonly modelOf: (tier: Tier) => string }

export interface PlanResult { readonly plan: Plan; readonly tasks: readonly Task[]; readonly prd: Prd | undefined; readonly made: boolean; readonly imported?: Imported | undefined }
