import * as vscode from 'vscode'

/**
 * Shows what went wrong. What a person can mend (a UserError) is its message; the rest is a bug, whose stack goes to the log. The class is known by
 * its name: the core is another bundle, with a class of its own.
 */
export function reportError(log: vscode.LogOutputChannel): (error: unknown) => void {
  return (error) => {
    if (error instanceof Error && error.name === 'UserError') {
      log.warn(error.message)
      void offer(log, error.message)
    } else {
      log.error(error instanceof Error ? error : String(error))
      void offer(log, `DevTeam failed: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

async function offer(log: vscode.LogOutputChannel, message: string): Promise<void> {
  if (await vscode.window.showErrorMessage(message, 'Show Log') !== undefined) log.show()
}
