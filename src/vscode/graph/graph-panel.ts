import { randomBytes } from 'node:crypto'
import * as vscode from 'vscode'
import type { Notices } from '../notices.ts'
import type { Project, ProjectState } from '../project.ts'
import type { ToHost, ToWebview } from '../protocol.ts'
import type { Selection } from '../selection.ts'
import { exportPicture } from './export.ts'
import { isFromPage } from './messages.ts'
import { pageHtml } from './page-html.ts'

const graphViewType = 'devteam.graph'

/**
 * The graph panel, one a window. The page says `ready` when it listens: only then is anything posted, and it gets the whole of what there is. A
 * hidden page is thrown away by VS Code and says `ready` again when it is shown.
 */
export class GraphPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined
  private listening = false
  private readonly parts: vscode.Disposable[]

  constructor(private readonly extension: vscode.Uri, private readonly project: Project, private readonly selection: Selection, private readonly notices: Notices) {
    this.parts = [
      vscode.window.registerWebviewPanelSerializer(graphViewType, this),
      project.onDidChange((state) => { this.post(messageOf(state)) }),
      selection.onDidChange(({ task, by }) => { if (by !== 'graph') this.post({ type: 'select', task }) }),
    ]
  }

  async show(): Promise<void> {
    if (this.panel !== undefined) {
      this.panel.reveal()
      return
    }
    // After a reload a tab behind another one is only a name until somebody clicks it, and can't be shown by a program: ours takes its place.
    const names = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(graphViewType))
    this.take(vscode.window.createWebviewPanel(graphViewType, 'DevTeam Graph', vscode.ViewColumn.Active, this.options()))
    await vscode.window.tabGroups.close(names, true)
  }

  /** The panel comes back after a reload of the window. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = this.options()
    this.take(panel)
    return Promise.resolve()
  }

  dispose(): void {
    this.panel?.dispose()
    for (const part of this.parts) part.dispose()
  }

  private take(panel: vscode.WebviewPanel): void {
    this.panel?.dispose()
    this.panel = panel
    this.listening = false
    panel.iconPath = vscode.Uri.joinPath(this.extension, 'media/graph.svg')
    panel.webview.onDidReceiveMessage((message: unknown) => { if (isFromPage(message)) this.received(message).catch((error: unknown) => { this.notices.error(error) }) })
    panel.onDidDispose(() => { if (this.panel === panel) this.panel = undefined })
    panel.onDidChangeViewState(() => { if (!panel.visible) this.listening = false })
    const file = (name: string): string => panel.webview.asWebviewUri(vscode.Uri.joinPath(this.extension, 'dist/webview', name)).toString()
    panel.webview.html = pageHtml({ script: file('graph.js'), style: file('graph.css'), worker: file('layout-worker.js'), cspSource: panel.webview.cspSource, nonce: randomBytes(16).toString('hex') })
  }

  private options(): vscode.WebviewOptions & vscode.WebviewPanelOptions {
    return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.extension, 'dist/webview')], enableFindWidget: false, retainContextWhenHidden: false }
  }

  private async received(message: ToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.listening = true
        this.post(messageOf(await this.project.load()))
        this.post({ type: 'select', task: this.selection.task })
        return
      case 'select': this.selection.set(message.task, 'graph'); return
      case 'run': await vscode.commands.executeCommand('devteam.runTask', message.task); return
      case 'openTask': await vscode.commands.executeCommand('devteam.openTaskFile', message.task); return
      case 'command': await vscode.commands.executeCommand({ plan: 'devteam.planTracks', openSample: 'devteam.openSample', retry: 'devteam.refresh' }[message.command]); return
      case 'export': await exportPicture(message.format, message.content, this.notices); return
    }
  }

  private post(message: ToWebview | undefined): void {
    if (message !== undefined && this.listening) void this.panel?.webview.postMessage(message)
  }
}

function messageOf(state: ProjectState): ToWebview | undefined {
  switch (state.kind) {
    case 'loading': return undefined
    case 'empty': return { type: 'empty' }
    case 'planned': return { type: 'plan', plan: state.plan }
    case 'error': return { type: 'error', message: state.message, file: undefined }
  }
}
