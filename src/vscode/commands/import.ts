import path from 'node:path'
import * as vscode from 'vscode'
import type { ExecutorChooser } from '../executor-choice.ts'
import type { Notices } from '../notices.ts'
import type { Project } from '../project.ts'
import { needTrust } from '../workspace-root.ts'
import { chosenStrategy, planSaid } from './plan.ts'

/** `DevTeam: Import Plan...`: what `devteam plan --from PATH` does, on the recommended number of tracks. */
export class ImportCommand {
  constructor(private readonly project: Project, private readonly chooser: ExecutorChooser, private readonly notices: Notices, private readonly output: vscode.OutputChannel) {}

  /** `source`: for keybindings and other extensions; without, it is asked for. */
  async run(source: vscode.Uri | undefined): Promise<void> {
    needTrust('Importing a plan')
    const from = source ?? await askSource()
    if (from === undefined) return
    const core = await this.project.core()
    const input = await core.inputFrom(from.fsPath)
    // A plan is taken as it is; only of a text somebody has to make one.
    const choice = input.kind === 'text' ? await this.chooser.choose(core) : {}
    if (choice === undefined) return
    const cancel = new AbortController()
    const { plan, imported } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `DevTeam: planning from ${path.basename(from.fsPath)}`, cancellable: true }, (_, token) => {
      token.onCancellationRequested(() => { cancel.abort('cancelled') })
      return core.plan({ tracks: undefined, strategy: chosenStrategy(), input, choice, signal: cancel.signal, write: (text) => { this.output.append(text) } })
    })
    await this.project.reload()
    const remarks = [...imported?.warnings ?? [], ...plan.warnings].length
    const actions = { 'Show Graph': () => vscode.commands.executeCommand('devteam.showGraph') }
    const said = imported === undefined ? planSaid(plan) : `Imported from ${imported.tool}: ${planSaid(plan)}`
    if (remarks === 0) this.notices.info(said, actions)
    else this.notices.warn(`${said} ${remarks === 1 ? 'One remark says' : `${remarks} remarks say`} what was guessed or not taken over.`, { 'Show Remarks': () => { this.output.show() }, ...actions })
  }
}

/** A file or a folder: only macOS has one dialog for both. */
async function askSource(): Promise<vscode.Uri | undefined> {
  const file = { label: '$(file) File...', detail: 'tasks.json of Task Master, tasks.md of Spec Kit, .jsonl of Beads, or a specification (.md, .yaml, .json, .txt)', isFolder: false }
  const folder = { label: '$(folder) Folder...', detail: 'A folder of Backlog.md, or a project with a plan in one of its usual places', isFolder: true }
  const picked = await vscode.window.showQuickPick([file, folder], { title: 'DevTeam: Import Plan', placeHolder: 'Where is the plan?' })
  if (picked === undefined) return undefined
  const [chosen] = await vscode.window.showOpenDialog({
    title: 'DevTeam: Import Plan', openLabel: 'Import', canSelectMany: false, canSelectFiles: !picked.isFolder, canSelectFolders: picked.isFolder, ...(picked.isFolder ? {} : { filters: { 'Plans and specifications': ['json', 'jsonl', 'md', 'markdown', 'yaml', 'yml', 'txt'] } }),
    ...(vscode.workspace.workspaceFolders?.[0] === undefined ? {} : { defaultUri: vscode.workspace.workspaceFolders[0].uri }),
  }) ?? []
  return chosen
}
