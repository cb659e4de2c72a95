import * as vscode from 'vscode'
import type { Project, ProjectState } from '../project.ts'
import { statusText } from './status-text.ts'

/** One item: what runs, done/total, cost. A click shows the tree. */
export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('devteam.status', vscode.StatusBarAlignment.Left, 10)
  private readonly listener: vscode.Disposable

  constructor(project: Project) {
    this.item.name = 'DevTeam'
    this.item.command = 'devteam.plan.focus'
    this.listener = project.onDidChange((state) => { this.show(state) })
    this.show(project.state)
  }

  dispose(): void {
    this.listener.dispose()
    this.item.dispose()
  }

  private show(state: ProjectState): void {
    const said = statusText(state)
    if (said === undefined) {
      this.item.hide()
      return
    }
    this.item.text = said.text
    this.item.tooltip = `${said.spoken}\nShow the plan`
    this.item.accessibilityInformation = { label: said.spoken }
    this.item.show()
  }
}
