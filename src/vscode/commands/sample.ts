import * as vscode from 'vscode'
import type { Notices } from '../notices.ts'
import type { Project } from '../project.ts'
import { needTrust, workspaceRoot } from '../workspace-root.ts'

/** `DevTeam: Open Sample Project`: into the opened folder where that is empty, else into a new folder that is opened then. */
export class SampleCommand {
  constructor(private readonly media: string, private readonly project: Project | undefined, private readonly notices: Notices) {}

  async run(): Promise<void> {
    const root = workspaceRoot()
    if (root !== undefined && this.project !== undefined && await isEmpty(vscode.Uri.file(root))) {
      needTrust('The sample project')
      await this.make(root)
      await this.project.reload()
      await vscode.commands.executeCommand('devteam.plan.focus')
      this.notices.info('The sample project is here. Its tasks are not planned yet.', { 'Plan Tracks...': () => vscode.commands.executeCommand('devteam.planTracks') })
      return
    }
    const [parent] = await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, title: 'Where shall the folder devteam-sample be made?', openLabel: 'Make Sample Here' }) ?? []
    if (parent === undefined) return
    const folder = await freeName(parent)
    await vscode.workspace.fs.createDirectory(folder)
    await this.make(folder.fsPath)
    await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: root !== undefined })
  }

  private async make(folder: string): Promise<void> {
    const { makeSample } = await import('../core.ts')
    await makeSample(this.media, folder)
  }
}

const isEmpty = async (folder: vscode.Uri): Promise<boolean> => (await vscode.workspace.fs.readDirectory(folder)).every(([name]) => name === '.git' || name === '.vscode' || name === '.DS_Store')

async function freeName(parent: vscode.Uri): Promise<vscode.Uri> {
  const taken = new Set((await vscode.workspace.fs.readDirectory(parent)).map(([name]) => name))
  let name = 'devteam-sample'
  for (let number = 2; taken.has(name); number += 1) name = `devteam-sample-${number}`
  return vscode.Uri.joinPath(parent, name)
}
