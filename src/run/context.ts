import type { Executor, Role, Tier } from '../agents/executor.ts'
import type { Roles } from '../agents/roles.ts'
import type { TaskId } from '../plan/ids.ts'
import type { Prd, Task } from '../plan/task.ts'
import type { State } from '../state/state.ts'
import type { Config, GateConfig } from './config.ts'
import type { Journal } from './journal.ts'
import type { Usage } from './usage.ts'
import type { WorkDirectory } from './work-directory.ts'

/** Everything that a run needs, built once at its start and read only: nothing an agent writes can change it. */
export interface RunContext {
  readonly root: string
  readonly config: Config
  readonly gates: readonly GateConfig[]
  readonly state: State
  readonly planId: string
  readonly journal: Journal
  readonly executor: Executor
  readonly roles: Roles
  readonly modelOf: (tier: Tier) => string
  readonly directory: WorkDirectory
  readonly tasks: ReadonlyMap<TaskId, Task>
  readonly prd: Prd | undefined
  readonly signal: AbortSignal
  /** Resolves once all that was noted is durable and the lease, where one is held, is still ours. Rejects and stops the work otherwise. */
  readonly confirmLease: () => Promise<void>
  /** What the whole run has used so far. */
  readonly usage: Usage
  /** Do not wait for a track that nobody runs. */
  readonly noWait: boolean
}

/** A role at its own tier, or at a higher one. */
export interface Assignment { readonly role: Role; readonly tier: Tier }

const tiers: readonly Tier[] = ['haiku', 'sonnet', 'opus']
/** The next stronger tier; the strongest stays. */
export const oneUp = (tier: Tier): Tier => tiers[Math.min(tiers.indexOf(tier) + 1, tiers.length - 1)] ?? tier
export const stronger = (a: Tier, b: Tier): Tier => (tiers.indexOf(a) >= tiers.indexOf(b) ? a : b)
