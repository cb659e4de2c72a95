import * as vscode from 'vscode'

/** The one selected task that tree and graph share. Who sets it is told, so that nobody hears its own echo. */
export class Selection implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<{ readonly task: string | undefined; readonly by: 'tree' | 'graph' | 'command' }>()
  readonly onDidChange = this.changed.event
  private current: string | undefined

  get task(): string | undefined { return this.current }

  set(task: string | undefined, by: 'tree' | 'graph' | 'command'): void {
    if (task === this.current) return
    this.current = task
    this.changed.fire({ task, by })
  }

  dispose(): void { this.changed.dispose() }
}
