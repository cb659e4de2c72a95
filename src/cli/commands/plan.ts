import path from 'node:path'
import { UserError } from '../../plan/errors.ts'
import { hasTaskFiles } from '../../plan/files/read.ts'
import { forecastPlan } from '../../plan/forecast/forecast.ts'
import { listed } from '../../plan/names.ts'
import type { Strategy } from '../../plan/plan.ts'
import { planForecastText } from '../../report/forecast-text.ts'
import { importText } from '../../report/import-text.ts'
import { analysisText, sprintPlanText } from '../../report/plan-text.ts'
import { readConfig } from '../../run/config.ts'
import type { PlanInput } from '../../run/plan-input.ts'
import { planProject } from '../../run/plan-project.ts'
import type { PlanResult } from '../../run/plan-request.ts'
import { printJson, wholeNumber, type CommonOptions, type Shell } from '../shell.ts'
import { withState } from '../workspace.ts'

export interface PlanCommandOptions extends CommonOptions {
  readonly describe?: string
  readonly from?: string
  readonly export?: string
  readonly output?: string
  readonly strategy?: string
  readonly timeBudget?: string
  readonly allowIdleTracks?: boolean
  readonly whatIf?: readonly string[]
  readonly replan?: boolean
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly executor?: string
  readonly model?: readonly string[]
}

/** `devteam plan [TRACKS]` */
export async function planCommand(shell: Shell, tracks: string | undefined, options: PlanCommandOptions): Promise<number> {
  if (options.whatIf !== undefined) {
    refuseOthers('--what-if takes the task files that are there, and changes nothing', options, ['whatIf', 'strategy', 'allowIdleTracks'])
    return (await import('./what-if.ts')).whatIfCommand(shell, { ...tracksAndStrategy(tracks, options), questions: options.whatIf })
  }
  if (options.export !== undefined) {
    if (tracks !== undefined) throw new UserError('usage', '--export plans nothing: it gives the plan that is there. Plan first, then export.')
    refuseOthers('--export plans nothing: it gives the plan that is there', options, ['export', 'output'])
    return (await import('./export.ts')).exportCommand(shell, options.export, options.output)
  }
  if (options.output !== undefined) throw new UserError('usage', '--output goes with --export FORMAT.')
  if (options.replan === true) {
    refuseOthers('--replan takes the task files that are there', options, ['replan', 'yes', 'dryRun', 'strategy', 'allowIdleTracks'])
    return (await import('./replan.ts')).replanCommand(shell, { ...tracksAndStrategy(tracks, options), yes: options.yes ?? false, dryRun: options.dryRun ?? false })
  }
  if (options.yes === true || options.dryRun === true) throw new UserError('usage', `${options.yes === true ? '--yes' : '--dry-run'} goes with --replan.`)
  const started = performance.now()
  const { plan, tasks, made, imported } = await makePlanNow(shell, tracks, options)
  const forecast = forecastPlan(plan, tasks)
  if (shell.json) printJson(shell, { ...plan, warnings: [...imported?.warnings ?? [], ...plan.warnings], forecast: forecast ?? null, elapsedMs: Math.round(performance.now() - started) })
  else shell.out(`${importText(imported)}${made || imported?.prd !== undefined ? 'Wrote docs/planning/PROJECT_PRD.json\n\n' : ''}${analysisText(plan, tasks)}\n\n${sprintPlanText(plan, tasks)}${forecast === undefined ? '' : `\n\n${planForecastText(forecast)}`}\n`)
  return 0
}

const spelled: Readonly<Record<Exclude<keyof PlanCommandOptions, keyof CommonOptions>, string>> = {
  describe: '--describe', from: '--from', export: '--export', output: '--output', strategy: '--strategy', timeBudget: '--time-budget', allowIdleTracks: '--allow-idle-tracks', whatIf: '--what-if', replan: '--replan', yes: '--yes', dryRun: '--dry-run',
  executor: '--executor', model: '--model',
}

/** An option that would be taken for nothing is refused. */
function refuseOthers(why: string, options: PlanCommandOptions, taken: readonly (keyof typeof spelled)[]): void {
  const others = (Object.keys(spelled) as (keyof typeof spelled)[]).filter((name) => options[name] !== undefined && !taken.includes(name)).map((name) => spelled[name])
  if (others.length > 0) throw new UserError('usage', `${why}. Without ${listed(others, others.length)}, then.`)
}

async function makePlanNow(shell: Shell, tracks: string | undefined, options: PlanCommandOptions): Promise<PlanResult> {
  const chosen = tracksAndStrategy(tracks, options)
  const config = await readConfig(shell.cwd)
  const input = await inputOfCommand(shell, options)
  const imported = input?.kind === 'plan' ? input.imported : undefined
  const source = input?.kind === 'text' ? { text: input.text, ...await (await import('../agents.ts')).agentsOf(shell, config, options) } : undefined
  return withState(shell, (state) => planProject({
    root: shell.cwd, state, config, command: ['plan', ...(tracks === undefined ? [] : [tracks])].join(' '), ...chosen, isOver: options.timeBudget === undefined ? undefined : overAfter(wholeNumber(options.timeBudget, '--time-budget, in milliseconds,'), () => performance.now()), source, imported, signal: shell.signal, onEvent: () => { /* planning prints its result */ },
  }))
}

/** Is it so many milliseconds since the first time that somebody asked? */
function overAfter(milliseconds: number, now: () => number): () => boolean {
  let begin: number | undefined
  return () => now() - (begin ??= now()) >= milliseconds
}

function tracksAndStrategy(tracks: string | undefined, options: PlanCommandOptions): { tracks: number | undefined; strategy: Strategy | undefined; allowIdleTracks: boolean } {
  return {
    tracks: tracks === undefined ? undefined : wholeNumber(tracks, 'The number of tracks'), strategy: options.strategy === undefined ? undefined : strategyOf(options.strategy),
    allowIdleTracks: options.allowIdleTracks ?? false,
  }
}

function strategyOf(text: string): Strategy {
  if (text === 'component' || text === 'balanced') return text
  throw new UserError('usage', `There is no strategy "${text}". Use component or balanced.`)
}

/** What PRD and tasks are to be made from; undefined: the task files that are there. */
async function inputOfCommand(shell: Shell, options: PlanCommandOptions): Promise<PlanInput | undefined> {
  if (options.describe !== undefined && options.from !== undefined) throw new UserError('usage', 'Give --describe or --from, not both.')
  if (options.describe !== undefined) return (await import('../../run/plan-input.ts')).inputOf(options.describe)
  if (options.from !== undefined) return (await import('../../run/plan-input.ts')).inputFrom(path.resolve(shell.cwd, options.from))
  if (shell.json || hasTaskFiles(shell.cwd)) return undefined
  return { kind: 'text', text: await (await import('../interview.ts')).interview(shell) }
}
