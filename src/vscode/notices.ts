import * as vscode from 'vscode'

/** What buttons of a notification do. */
export type Actions = Readonly<Record<string, () => unknown>>

/** Notifications. Nobody waits for them: a command is done when its work is done, not when its message was read. */
export class Notices {
  constructor(private readonly log: vscode.LogOutputChannel) {}

  info(message: string, actions: Actions = {}): void { this.ask(vscode.window.showInformationMessage(message, ...Object.keys(actions)), actions) }

  warn(message: string, actions: Actions = {}): void { this.ask(vscode.window.showWarningMessage(message, ...Object.keys(actions)), actions) }

  /**
   * What went wrong. What a person can mend (a UserError) is its message; the rest is a bug, whose stack goes to the log. The class is known by its
   * name: the core is another bundle, with a class of its own.
   */
  error(error: unknown): void {
    const known = error instanceof Error && error.name === 'UserError'
    if (known) this.log.warn(error.message)
    else this.log.error(error instanceof Error ? error : String(error))
    const message = error instanceof Error ? error.message : String(error)
    const actions = { 'Show Log': () => { this.log.show() } }
    this.ask(vscode.window.showErrorMessage(known ? message : `DevTeam failed: ${message}`, ...Object.keys(actions)), actions)
  }

  private ask(answer: Thenable<string | undefined>, actions: Actions): void {
    Promise.resolve(answer).then((picked) => (picked === undefined ? undefined : actions[picked]?.())).catch((error: unknown) => { this.error(error) })
  }
}
