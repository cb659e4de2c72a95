import * as vscode from 'vscode'
import type { Plan, Strategy } from '../../plan/plan.ts'
import type { Advice } from '../core.ts'
import type { ExecutorChooser } from '../executor-choice.ts'
import type { Notices } from '../notices.ts'
import type { Project } from '../project.ts'
import { needTrust } from '../workspace-root.ts'

/** `DevTeam: Plan Tracks...`: the number of tracks where there are tasks, else a description to make them from. */
export class PlanCommand {
  constructor(private readonly project: Project, private readonly chooser: ExecutorChooser, private readonly notices: Notices, private readonly output: vscode.OutputChannel) {}

  async run(): Promise<void> {
    needTrust('Planning')
    const core = await this.project.core()
    const strategy = chosenStrategy()
    const advice = await core.advice(strategy)
    const tracks = advice === undefined ? undefined : await askTracks(advice)
    const describe = advice === undefined ? await askDescription() : undefined
    if (tracks === undefined && describe === undefined) return
    const input = describe === undefined ? undefined : core.inputOf(describe)
    const choice = input?.kind === 'text' ? await this.chooser.choose(core) : {}
    if (choice === undefined) return
    const cancel = new AbortController()
    const { plan } = await vscode.window.withProgress(describe === undefined ? { location: { viewId: 'devteam.plan' } } : { location: vscode.ProgressLocation.Notification, title: 'DevTeam: writing requirements and tasks', cancellable: true }, (_, token) => {
      token.onCancellationRequested(() => { cancel.abort('cancelled') })
      return core.plan({ tracks, strategy, input, choice, signal: cancel.signal, write: (text) => { this.output.append(text) } })
    })
    await this.project.reload()
    const said = planSaid(plan)
    const actions = { 'Show Graph': () => vscode.commands.executeCommand('devteam.showGraph') }
    if (plan.warnings.length === 0) this.notices.info(said, actions)
    else this.notices.warn(`${said} ${plan.warnings.join(' ')}`, actions)
  }
}

/** A plan in one sentence. */
export const planSaid = (plan: Plan): string => `${plan.tasks} tasks on ${plan.usedTracks} ${plan.usedTracks === 1 ? 'track' : 'tracks'}: critical path ${plan.criticalPath.hours} h, finish ${plan.makespanHours} h.`

/** The strategy of the settings; undefined: they leave it to the configuration. */
export function chosenStrategy(): Strategy | undefined {
  const strategy = vscode.workspace.getConfiguration('devteam').get<string>('strategy', '')
  return strategy === 'component' || strategy === 'balanced' ? strategy : undefined
}

async function askTracks({ tasks, totalHours, recommendedTracks, maxTracks, curve }: Advice): Promise<number | undefined> {
  const best = curve.find((each) => each.tracks === recommendedTracks)?.hours
  const answer = await vscode.window.showInputBox({
    title: 'DevTeam: Plan Tracks', value: String(recommendedTracks), valueSelection: [0, String(recommendedTracks).length], ignoreFocusOut: true,
    prompt: `Number of parallel tracks for ${tasks} tasks (${totalHours} h). Recommended: ${recommendedTracks}${best === undefined ? '' : ` (${best} h at best)`}, at most ${maxTracks}.`,
    validateInput: (text) => (/^[1-9]\d{0,3}$/.test(text.trim()) ? undefined : 'A whole number from 1 on'),
  })
  return answer === undefined ? undefined : Number(answer.trim())
}

async function askDescription(): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: 'DevTeam: Plan Tracks', ignoreFocusOut: true, placeHolder: 'A web shop with a catalogue, a cart and a checkout',
    prompt: 'There are no tasks in docs/planning/tasks yet. What shall be built? Requirements and tasks are made from your description.',
    validateInput: (value) => (value.trim() === '' ? 'A sentence or two' : undefined),
  })
  return text?.trim()
}
