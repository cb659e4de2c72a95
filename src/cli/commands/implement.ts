import { UserError } from '../../plan/errors.ts'
import { completionText } from '../../report/completion.ts'
import { eventJson } from '../../report/event-json.ts'
import { TranscriptPrinter } from '../../report/transcript-printer.ts'
import type { SpokenEvent } from '../../report/transcript.ts'
import { readConfig, type Config } from '../../run/config.ts'
import { projectRoles } from '../../run/project-roles.ts'
import { runProject, type RunOutcome, type Selection } from '../../run/run-project.ts'
import { agentsOf } from '../agents.ts'
import { printJson, wholeNumber, type CommonOptions, type Shell } from '../shell.ts'
import { dryRun } from './dry-run.ts'
import { withState } from '../workspace.ts'

export interface ImplementOptions extends CommonOptions {
  readonly sprint?: string
  readonly task?: string
  readonly executor?: string
  readonly model?: readonly string[]
  readonly maxIterations?: string
  readonly maxCost?: string
  readonly dryRun?: boolean
  /** `--no-wait` makes it false. */
  readonly wait?: boolean
}

/** `devteam implement --sprint all [NN] | --sprint ID | --task ID` */
export async function implementCommand(shell: Shell, track: string | undefined, options: ImplementOptions): Promise<number> {
  const selection = selectionOf(track, options)
  const config = withLimits(await readConfig(shell.cwd), options)
  if (options.dryRun === true) return dryRun(shell, selection, config, await projectRoles(shell.media, shell.cwd))
  const agents = await agentsOf(shell, config, options)
  return withState(shell, async (state) => {
    if (!shell.json) {
      shell.out('Loading state from SQLite: .devteam/devteam.db\n')
      if (agents.executor.simulated) shell.out('Agents follow a script, and no model is called (simulated).\n')
    }
    const tracks = selection.kind === 'all' ? (await state.snapshot())?.tracks.filter((each) => each.status !== 'completed').length ?? 1 : 1
    const printer = new TranscriptPrinter(tracks, shell.out)
    const onEvent = (event: SpokenEvent): void => {
      if (shell.json) printJson(shell, eventJson(event))
      else printer.event(event)
    }
    const outcome = await runProject({ root: shell.cwd, config, state, ...agents, selection, signal: shell.signal, noWait: options.wait === false, onEvent })
    if (!shell.json) shell.out(closing(outcome, selection))
    return exitCode(outcome, shell.signal)
  })
}

function selectionOf(track: string | undefined, options: ImplementOptions): Selection {
  if (options.task !== undefined && options.sprint !== undefined) throw new UserError('usage', 'Give --sprint or --task, not both.')
  if (options.task !== undefined) return { kind: 'task', task: options.task }
  if (options.sprint === undefined) throw new UserError('usage', 'Say what to implement: --sprint all, --sprint all 01 (one track), --sprint SPRINT-001-01 or --task TASK-001.')
  if (options.sprint !== 'all') {
    if (track !== undefined) throw new UserError('usage', `A sprint needs no track: devteam implement --sprint ${options.sprint}`)
    return { kind: 'sprint', sprint: options.sprint }
  }
  return track === undefined ? { kind: 'all' } : { kind: 'track', track }
}

function withLimits(config: Config, options: ImplementOptions): Config {
  const maxCost = options.maxCost === undefined ? undefined : Number(options.maxCost)
  if (maxCost !== undefined && !(maxCost > 0)) throw new UserError('usage', `--max-cost takes an amount in USD above 0, not "${options.maxCost}".`)
  return {
    ...config, ...(options.maxIterations === undefined ? {} : { maxIterations: wholeNumber(options.maxIterations, '--max-iterations') }),
    budgets: { ...config.budgets, ...(maxCost === undefined ? {} : { maxCostUsdPerRun: maxCost }) },
  }
}

function closing(outcome: RunOutcome, selection: Selection): string {
  switch (outcome.result) {
    case 'nothing to do': return selection.kind === 'all' ? 'All tracks are complete and the final project review is done: nothing to do.\nThe report: docs/project-completion-report.md\n' : `${outcome.done.join(', ')} is already complete: nothing to do.\n`
    case 'incomplete': return outcome.open.length === 0 ? '' : [
      `Not done: ${outcome.open.length} tasks failed or are blocked.`, ...outcome.open.map((task) => `  ${task.id} ${task.title}: ${task.status}${task.reason === undefined ? '' : `, ${task.reason}`}`),
      'Run the command again to try them once more; `devteam events --task ID` shows what was tried.', '',
    ].join('\n')
    case 'part done': return selection.kind === 'task' ? `${selection.task} is done. \`devteam status\` shows what is next.\n` : 'Done. `devteam status` shows what is next.\n'
    case 'completed': return outcome.figures === undefined ? '' : `\n${completionText(outcome.figures)}\n\nThe report: docs/project-completion-report.md\n`
    case 'interrupted': return ''
  }
}

function exitCode(outcome: RunOutcome, signal: AbortSignal): number {
  if (outcome.result === 'interrupted') return signal.reason === 'SIGTERM' ? 143 : 130
  return outcome.result === 'incomplete' ? 1 : 0
}
