import type { DrawnPlan } from '../drawing/model.ts'
import { UserError } from '../plan/errors.ts'
import { exportPlan } from '../plan/export/export.ts'
import type { Exported, ExportFormat } from '../plan/export/exported.ts'
import { readTasks } from '../plan/files/read.ts'
import { forecastPlan, usualForecast } from '../plan/forecast/forecast.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { Strategy } from '../plan/plan.ts'
import { completionText } from '../report/completion.ts'
import { drawnPlan } from '../report/drawn-plan.ts'
import { forecastText, planForecastText } from '../report/forecast-text.ts'
import { exportedPlan } from '../report/exported-plan.ts'
import { importText } from '../report/import-text.ts'
import { analysisText, sprintPlanText } from '../report/plan-text.ts'
import { replanText } from '../report/replan-text.ts'
import { TranscriptPrinter } from '../report/transcript-printer.ts'
import { agentsFor, type ExecutorChoice } from '../run/choose-executor.ts'
import { readConfig } from '../run/config.ts'
import { forecastProject } from '../run/forecast-project.ts'
import { Repository } from '../run/git.ts'
import { inputFrom, inputOf, type PlanInput } from '../run/plan-input.ts'
import { planProject } from '../run/plan-project.ts'
import type { PlanResult } from '../run/plan-request.ts'
import { applyReplan, proposeReplan, type Proposal, type ReplanRequest } from '../run/replan-project.ts'
import { runProject, type RunOutcome, type Selection } from '../run/run-project.ts'
import { copySample } from '../run/sample.ts'
import type { RecordedEvent } from '../state/event.ts'
import type { SessionRow, Snapshot } from '../state/rows.ts'
import { openState, type State } from '../state/state.ts'
import { TaskFiles } from './task-files.ts'

/** The plan as it is now. `problem`: the task files can't be read, so that criteria are missing; the rest is as the database has it. */
export interface Look { readonly snapshot: Snapshot; readonly plan: DrawnPlan; readonly problem: string | undefined }

/** What can be said before planning. Hours are estimated. */
export interface Advice { readonly tasks: number; readonly totalHours: number; readonly recommendedTracks: number; readonly maxTracks: number; readonly curve: readonly { readonly tracks: number; readonly hours: number }[] }

export interface PlanOrder { readonly tracks: number | undefined; readonly strategy: Strategy | undefined; readonly input: PlanInput | undefined; readonly choice: ExecutorChoice; readonly signal: AbortSignal; readonly write: (text: string) => void }
export interface ReplanOrder { readonly tracks: number | undefined; readonly strategy: Strategy | undefined }
export interface RunOrder { readonly selection: Selection; readonly choice: ExecutorChoice; readonly signal: AbortSignal; readonly write: (text: string) => void }

/** What the extension needs from the core, for one workspace folder. It is a bundle of its own, loaded when a view or a command first needs it. */
export class Core {
  private readonly listeners = new Set<() => void>()
  private readonly files: TaskFiles
  private validations: { readonly plan: string; readonly upTo: number; readonly events: readonly RecordedEvent[] } | undefined

  private constructor(private readonly root: string, private readonly media: string, private readonly state: State) {
    const tell = (): void => { for (const listener of this.listeners) listener() }
    this.files = new TaskFiles(root, tell)
    state.onCommit(tell)
  }

  /** `media`: the extension's media folder; `wasm`: sql.js's WebAssembly. Nothing is written before the first plan. */
  static async open(root: string, media: string, wasm: string): Promise<Core> { return new Core(root, media, await openState(root, { wasm })) }

  /** undefined: nothing is planned yet. Rejects with a UserError where the database can't be read. */
  async look(): Promise<Look | undefined> {
    const snapshot = await this.state.snapshot()
    if (snapshot === undefined) return undefined
    const [files, validations] = await Promise.all([this.files.read(), this.validationsOf(snapshot)])
    return { snapshot, plan: drawnPlan(snapshot, files.tasks, validations), problem: files.problem }
  }

  /** The next look reads the task files again, whether they are known to have changed or not. */
  forgetFiles(): void { this.files.forget() }

  /** Newest first. */
  async sessions(): Promise<SessionRow[]> { return (await this.state.sessions()).reverse() }

  /** The newest `limit` events of a session, newest first. */
  async eventsOf(session: string, limit: number): Promise<RecordedEvent[]> { return (await this.state.events({ session, limit })).reverse() }

  /** After a commit of any process, and after a change of the task files. */
  onChange(listener: () => void): void { this.listeners.add(listener) }

  /** undefined: there are no task files. Rejects with a UserError that names what is wrong with them. */
  async advice(strategy: Strategy | undefined): Promise<Advice | undefined> {
    const tasks = await readTasks(this.root)
    if (tasks.length === 0) return undefined
    const config = await readConfig(this.root)
    const plan = makePlan(tasks, { strategy: strategy ?? config.strategy, sprintHours: config.sprintHours, allowIdleTracks: false })
    return { tasks: tasks.length, totalHours: plan.totalHours, recommendedTracks: plan.recommendedTracks, maxTracks: plan.maxTracks, curve: plan.curve }
  }

  /** How long the rest may take, as `devteam forecast` says it; undefined: nothing is planned yet. */
  async forecast(): Promise<string | undefined> {
    const snapshot = await this.state.snapshot()
    if (snapshot === undefined) return undefined
    return forecastText(await forecastProject(snapshot, { root: this.root, media: this.media, state: this.state, options: usualForecast }))
  }

  /** Does the configuration or the environment say who works? */
  async namesExecutor(choice: ExecutorChoice): Promise<boolean> { return choice.name !== undefined || choice.apiKey !== undefined || (await readConfig(this.root)).executor !== undefined }

  /** What is at a path to plan from. Rejects with a UserError that names what is wrong in it. */
  inputFrom(from: string): Promise<PlanInput> { return inputFrom(from) }

  /** What a description is: a specification that states its tasks, or a text. */
  inputOf(description: string): PlanInput { return inputOf(description) }

  /** The plan in a format that other programs read. Rejects with a UserError where there is no plan. */
  async export(format: ExportFormat): Promise<Exported> {
    const snapshot = await this.state.snapshot()
    if (snapshot === undefined) throw new UserError('input', 'There is no plan to export yet. Plan first.')
    return exportPlan(exportedPlan(snapshot, await readTasks(this.root)), format)
  }

  async plan(order: PlanOrder): Promise<PlanResult> {
    const { tracks, strategy, input, signal, write } = order
    const config = await readConfig(this.root)
    const source = input?.kind === 'text' ? { text: input.text, ...await agentsFor(config, order.choice, this.media, this.root) } : undefined
    const imported = input?.kind === 'plan' ? input.imported : undefined
    const printer = new TranscriptPrinter(1, write)
    const command = ['plan', ...(tracks === undefined ? [] : [String(tracks)])].join(' ')
    const result = await planProject({ root: this.root, state: this.state, config, command, tracks, strategy, allowIdleTracks: false, source, imported, signal, onEvent: (event) => { printer.event(event) } })
    const forecast = forecastPlan(result.plan, result.tasks)
    write(`${importText(imported)}${analysisText(result.plan, result.tasks)}\n\n${sprintPlanText(result.plan, result.tasks)}${forecast === undefined ? '' : `\n\n${planForecastText(forecast)}`}\n`)
    return result
  }

  /** What replanning would change, and how that reads. Writes nothing. */
  async proposeReplan(order: ReplanOrder): Promise<{ proposal: Proposal; text: string }> {
    const proposal = await proposeReplan(await this.replanRequest(order))
    return { proposal, text: replanText(proposal.replan, proposal.basis) }
  }

  /** false: the plan has changed since, and nothing was written. */
  async applyReplan(order: ReplanOrder, proposal: Proposal): Promise<boolean> { return applyReplan(await this.replanRequest(order), proposal) }

  async run(order: RunOrder): Promise<RunOutcome> {
    const { selection, signal, write } = order
    const config = await readConfig(this.root)
    const agents = await agentsFor(config, order.choice, this.media, this.root)
    const printer = new TranscriptPrinter(selection.kind === 'all' ? 2 : 1, write)
    const outcome = await runProject({ root: this.root, config, state: this.state, ...agents, selection, signal, onEvent: (event) => { printer.event(event) } })
    if (outcome.figures !== undefined) write(`\n${completionText(outcome.figures)}\n`)
    return outcome
  }

  close(): Promise<void> {
    this.listeners.clear()
    this.files.close()
    return this.state.close()
  }

  private async replanRequest(order: ReplanOrder): Promise<ReplanRequest> { return { root: this.root, state: this.state, config: await readConfig(this.root), allowIdleTracks: false, ...order } }

  /** All verdicts so far; only new ones are read. */
  private async validationsOf({ planId, lastEvent }: Snapshot): Promise<readonly RecordedEvent[]> {
    const known = this.validations?.plan === planId && this.validations.upTo <= lastEvent ? this.validations : { plan: planId, upTo: 0, events: [] }
    if (known.upTo === lastEvent) return known.events
    const fresh = await this.state.events({ type: 'validation.completed', after: known.upTo })
    const events = [...known.events, ...fresh]
    this.validations = { plan: planId, upTo: Math.max(lastEvent, events.at(-1)?.id ?? 0), events }
    return events
  }
}

/** The sample project in a folder without files, as a git repository: every task becomes a commit. */
export async function makeSample(media: string, folder: string): Promise<void> {
  await copySample(media, folder)
  if (await Repository.open(folder) === undefined) await Repository.create(folder, 'The sample project')
}
