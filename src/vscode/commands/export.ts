import * as vscode from 'vscode'
import type { ExportFormat } from '../../plan/export/exported.ts'
import { NotHere } from '../workspace-root.ts'
import type { Notices } from '../notices.ts'
import type { Project } from '../project.ts'

interface FormatItem extends vscode.QuickPickItem { readonly format: ExportFormat; readonly file: string }

const formats: readonly FormatItem[] = [
  { format: 'csv', label: 'CSV', detail: 'A row for each task, for spreadsheets', file: 'plan.csv' },
  { format: 'mermaid', label: 'Mermaid', detail: 'A Gantt chart for Markdown', file: 'plan.mmd' },
  { format: 'msproject-xml', label: 'Microsoft Project (XML)', detail: 'Tasks, links, resources and calendar, for ProjectLibre and GanttProject too', file: 'plan.xml' },
  { format: 'taskmaster', label: 'Task Master', detail: 'tasks.json', file: 'tasks.json' },
]

/** `DevTeam: Export Plan...`: what `devteam plan --export FORMAT --output FILE` does. */
export class ExportCommand {
  constructor(private readonly project: Project, private readonly notices: Notices) {}

  async run(): Promise<void> {
    const core = await this.project.core()
    if (await core.look() === undefined) throw new NotHere('There is no plan to export yet. Make one first: "DevTeam: Plan Tracks...".')
    const picked = await vscode.window.showQuickPick(formats, { title: 'DevTeam: Export Plan', placeHolder: 'For which program?', matchOnDetail: true })
    if (picked === undefined) return
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri
    const target = await vscode.window.showSaveDialog({ title: 'DevTeam: Export Plan', saveLabel: 'Export', ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, picked.file) }) })
    if (target === undefined) return
    const { content, warnings } = await core.export(picked.format)
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(content))
    this.notices.info([`The plan is in ${vscode.workspace.asRelativePath(target)}.`, ...warnings.map((warning) => `${warning}.`)].join(' '), { Open: () => vscode.commands.executeCommand('vscode.open', target) })
  }
}
