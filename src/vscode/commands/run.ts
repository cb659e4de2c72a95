import * as vscode from 'vscode'
import type { RunOutcome, Selection } from '../../run/run-project.ts'
import type { ExecutorChooser } from '../executor-choice.ts'
import type { Notices } from '../notices.ts'
import type { Project } from '../project.ts'
import { needTrust, NotHere } from '../workspace-root.ts'
import type { PlanNode } from '../views/plan-tree.ts'

/** Runs tracks and tasks in this window. Several may go on at once, as in several terminals: the database sees to it that no two work on one track. */
export class Runner implements vscode.Disposable {
  private readonly running = new Set<AbortController>()

  constructor(private readonly project: Project, private readonly chooser: ExecutorChooser, private readonly notices: Notices, private readonly output: vscode.OutputChannel) {}

  runAll(): Promise<void> { return this.run({ kind: 'all' }) }

  async runTrack(node: PlanNode | undefined): Promise<void> {
    const track = node?.kind === 'track' ? node.track.id : await this.pickTrack()
    if (track !== undefined) await this.run({ kind: 'track', track })
  }

  async runSprint(node: PlanNode | undefined): Promise<void> { if (node?.kind === 'sprint') await this.run({ kind: 'sprint', sprint: node.sprint.id }) }

  runTask(task: string): Promise<void> { return this.run({ kind: 'task', task }) }

  stop(): void { for (const each of this.running) each.abort('Stop Run') }

  dispose(): void { this.stop() }

  private async run(selection: Selection): Promise<void> {
    needTrust('Running agents')
    if ((await this.project.load()).kind === 'empty') throw new NotHere('There is no plan yet. Make one first: "DevTeam: Plan Tracks...".')
    const core = await this.project.core()
    const choice = await this.chooser.choose(core)
    if (choice === undefined) return
    const stop = new AbortController()
    this.begin(stop)
    let outcome: RunOutcome
    try {
      outcome = await vscode.window.withProgress({ location: { viewId: 'devteam.plan' } }, () => core.run({ selection, choice, signal: stop.signal, write: (text) => { this.output.append(text) } }))
    } finally {
      this.end(stop)
      await this.project.refresh()
    }
    this.tell(outcome, selection)
  }

  private begin(stop: AbortController): void {
    this.running.add(stop)
    void vscode.commands.executeCommand('setContext', 'devteam.running', true)
  }

  private end(stop: AbortController): void {
    this.running.delete(stop)
    if (this.running.size === 0) void vscode.commands.executeCommand('setContext', 'devteam.running', false)
  }

  private async pickTrack(): Promise<string | undefined> {
    const state = await this.project.load()
    if (state.kind !== 'planned') throw new NotHere('There is no plan yet. Make one first: "DevTeam: Plan Tracks...".')
    const picked = await vscode.window.showQuickPick(state.snapshot.tracks.map((track) => {
      const tasks = state.snapshot.tasks.filter((task) => task.track === track.id)
      return { label: `${track.id} ${track.name}`, description: `${tasks.filter((task) => task.status === 'completed').length}/${tasks.length} tasks`, track: track.id }
    }), { title: 'DevTeam: Run Track', placeHolder: 'The track to run' })
    return picked?.track
  }

  /** One notification at the end; what happened in between stands in the views and the output. */
  private tell({ result, open, figures, done }: RunOutcome, selection: Selection): void {
    const { notices } = this
    const log = { 'Show Output': () => { this.output.show() } }
    switch (result) {
      case 'completed':
        if (figures === undefined) notices.info(`${nameOf(selection)} complete. The final review follows the last track.`, log)
        else notices.info('The project is complete: all tasks are done and the final review has passed.', { 'Open Report': openReport, ...log })
        return
      case 'part done': notices.info(`${nameOf(selection)} done.`, log); return
      case 'nothing to do': notices.info(selection.kind === 'all' ? 'All tracks are complete and the final review is done: nothing to do.' : `${done.join(', ')} is already complete.`, log); return
      case 'incomplete': notices.warn(open.length === 0 ? 'The final review did not pass.' : `Not done: ${open.length} ${open.length === 1 ? 'task' : 'tasks'} failed or blocked (${open.slice(0, 3).map((task) => task.id).join(', ')}${open.length > 3 ? ', ...' : ''}). Run again to try once more.`, log); return
      case 'interrupted': notices.info('The run was stopped. What is done is saved; run again to go on.', log); return
    }
  }
}

async function openReport(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  if (folder !== undefined) await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(folder, 'docs/project-completion-report.md'))
}

function nameOf(selection: Selection): string {
  switch (selection.kind) {
    case 'all': return 'All tracks'
    case 'track': return `Track ${selection.track}`
    case 'sprint': return selection.sprint
    case 'task': return selection.task
  }
}
