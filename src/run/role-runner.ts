import { ExecutorError, type BeforeWrite, type BriefSubject, type ExecutorResult } from '../agents/executor.ts'
import { UserError } from '../plan/errors.ts'
import type { EventPlace } from '../state/event.ts'
import { briefPrompt, type BriefParts } from './brief.ts'
import type { Assignment, RunContext } from './context.ts'
import type { Usage } from './usage.ts'

export interface RoleWork extends Omit<BriefParts, 'subject'> {
  readonly assignment: Assignment
  readonly subject: BriefSubject
  readonly place: EventPlace
  readonly retry?: boolean
  readonly outputSchema?: Readonly<Record<string, unknown>>
  /** What the files that it writes are put back to. */
  readonly base?: string | undefined
}

/** What a role needs of a run; planning has no more than this. */
export type RoleContext = Pick<RunContext, 'journal' | 'executor' | 'modelOf' | 'config' | 'usage' | 'signal' | 'confirmLease'> & { readonly directory: Pick<RunContext['directory'], 'path' | 'remember'> }

/** Has one role do one piece of work; its start, end and cost are events. What it used is added to the run's sum, and to `usage` where one is given, even when it fails. */
export async function runRole(run: RoleContext, work: RoleWork, usage?: Usage): Promise<ExecutorResult> {
  const { role, tier } = work.assignment
  const model = run.modelOf(tier)
  const place = { ...work.place, role: role.name, tier, model }
  const kind = work.subject.kind
  const simulated = run.executor.simulated
  refuseOverBudget(run)
  const started = performance.now()
  run.journal.note({ ...place, type: 'role.started', data: { kind, simulated, retry: work.retry ?? false } })
  const brief = { role, tier, model, prompt: briefPrompt(work), subject: work.subject, ...(work.outputSchema === undefined ? {} : { outputSchema: work.outputSchema }) }
  const result = await run.executor.run(brief, run.directory.path, run.signal, () => { /* live text and tool calls are shown by later faces */ }, touching(run, work.base, place)).catch((error: unknown) => {
    if (!(error instanceof ExecutorError)) throw error
    // What it used until then was paid for.
    usage?.add(error)
    run.usage.add(error)
    const { tokens, costUsd } = error
    run.journal.note({ ...place, type: 'role.completed', data: { kind, summary: error.message, brokeOff: true, files: [], durationMs: Math.round(performance.now() - started), tokens, costUsd, simulated } })
    throw new UserError('failed', `${role.name} broke off: ${error.message} What is completed is kept: run the command again.`, { cause: error })
  })
  usage?.add(result)
  run.usage.add(result)
  const summary = work.outputSchema === undefined ? firstLine(result.text) : '' // a structured answer has an event of its own
  const { filesWritten: files, durationMs, tokens, costUsd } = result
  run.journal.note({ ...place, type: 'role.completed', data: { kind, summary, files, durationMs, tokens, costUsd, simulated } })
  return result
}

/** Before every write: the file is known, durably, as one that may be half; and the lease is still ours. */
function touching(run: RoleContext, base: string | undefined, place: EventPlace): BeforeWrite {
  const known = new Set<string>()
  return async (file, temporary) => {
    if (!known.has(file)) {
      await run.directory.remember(base, file)
      run.journal.note({ ...place, type: 'file.touched', data: { file, temporary, base } })
    }
    await run.confirmLease()
    known.add(file)
  }
}

/** The limit of the whole run, before every role. */
function refuseOverBudget(run: RoleContext): void {
  const limit = run.config.budgets.maxCostUsdPerRun
  const used = run.usage.costUsd ?? 0
  if (limit === undefined || used < limit) return
  run.journal.note({ type: 'budget.exceeded', data: { budget: 'maxCostUsdPerRun', limit, used } })
  throw new UserError('failed', `The budget of this run ($${limit}) is used up. What is completed is kept: raise maxCostUsdPerRun (or --max-cost) and run the command again.`)
}

const firstLine = (text: string): string => text.trim().split('\n')[0]?.slice(0, 200) ?? ''
