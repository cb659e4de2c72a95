import * as vscode from 'vscode'

/** Why a command can't do its work here, and what to do about it. */
export class NotHere extends Error {
  override readonly name = 'UserError'
}

/** The folder that DevTeam works in: the first of the window. It has to be on a disk. */
export function workspaceRoot(): string | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  return folder?.scheme === 'file' ? folder.fsPath : undefined
}

/** For what writes or runs programs. Throws where the person has not said that the folder is trusted. */
export function needTrust(what: string): void {
  if (!vscode.workspace.isTrusted) throw new NotHere(`${what} writes files and runs programs of this folder. Trust it first: "Workspaces: Manage Workspace Trust".`)
}
