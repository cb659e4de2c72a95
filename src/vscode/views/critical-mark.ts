import * as vscode from 'vscode'

const scheme = 'devteam-critical'
/** The address of a row of the critical path: nothing lies there, it only carries the mark. */
export const criticalUri = (task: string): vscode.Uri => vscode.Uri.from({ scheme, path: `/${task}` })

/** Marks the critical path at the right edge of the tree, where a narrow side bar does not cut it off as it does a description. */
export class CriticalMark implements vscode.FileDecorationProvider {
  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    return uri.scheme === scheme ? new vscode.FileDecoration('◆', 'On the critical path') : undefined
  }
}
