import * as vscode from 'vscode'
import type { Notices } from '../notices.ts'
import type { Pages } from '../pages.ts'
import type { Project } from '../project.ts'
import { needTrust } from '../workspace-root.ts'
import { chosenStrategy } from './plan.ts'

/** A dialog shows so many lines; a page has them all. */
const mostLines = 24

/** `DevTeam: Replan...`: what is left of the plan, planned anew from the task files as they are now. Shows what would change, and asks. */
export class ReplanCommand {
  constructor(private readonly project: Project, private readonly notices: Notices, private readonly pages: Pages) {}

  async run(): Promise<void> {
    needTrust('Replanning')
    const core = await this.project.core()
    const look = await core.look()
    const tracks = look === undefined ? 1 : await askTracks(look.snapshot.tracks.length) // without a plan the core says what to do
    if (tracks === undefined) return
    const order = { tracks, strategy: chosenStrategy() }
    for (;;) {
      const { proposal, text } = await vscode.window.withProgress({ location: { viewId: 'devteam.plan' } }, () => core.proposeReplan(order))
      const { changes, left, plan } = proposal.replan
      if (!changes) {
        this.notices.info(`Nothing to replan: no task file of what is open has changed, and no better plan of it was found (${left.hours} h left).`)
        return
      }
      if (!await this.agreed(text)) return
      if (!await core.applyReplan(order, proposal)) continue // somebody changed the plan meanwhile: once more
      await this.project.reload()
      this.notices.info(`Replanned: ${left.tasks} tasks left on ${plan.usedTracks} ${plan.usedTracks === 1 ? 'track' : 'tracks'}, ${left.hours} h.`, { 'Show Graph': () => vscode.commands.executeCommand('devteam.showGraph') })
      return
    }
  }

  private async agreed(text: string): Promise<boolean> {
    const lines = text.split('\n')
    const [replan, all] = ['Replan', 'Show All']
    const detail = lines.length <= mostLines ? text : [...lines.slice(0, mostLines), '...'].join('\n')
    const picked = await vscode.window.showInformationMessage('Replan what is left?', { modal: true, detail }, replan, ...(lines.length <= mostLines ? [] : [all]))
    if (picked !== all) return picked === replan
    await this.pages.show('DevTeam Replan', text)
    return await vscode.window.showInformationMessage('Replan as it stands there?', replan, 'Leave As It Is') === replan
  }
}

async function askTracks(now: number): Promise<number | undefined> {
  const answer = await vscode.window.showInputBox({
    title: 'DevTeam: Replan', value: String(now), valueSelection: [0, String(now).length], ignoreFocusOut: true,
    prompt: `Number of tracks for what is left. The plan has ${now}. What is completed or running stays as it is.`,
    validateInput: (text) => (/^[1-9]\d{0,3}$/.test(text.trim()) ? undefined : 'A whole number from 1 on'),
  })
  return answer === undefined ? undefined : Number(answer.trim())
}
