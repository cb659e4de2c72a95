import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import * as vscode from 'vscode'

export const extensionId = 'devteam.devteam'

/** The folder that is open. */
export function workspace(): string {
  const folder = vscode.workspace.workspaceFolders?.[0]
  if (folder === undefined) throw new Error('no folder is open')
  return folder.uri.fsPath
}

/** The `devteam` of a terminal beside this window: the built program, in another process. Gives its output. */
export function terminal(...args: string[]): string {
  const program = path.resolve(extension().extensionPath, 'dist/cli/devteam.cjs')
  // On the desktop this process is Electron.
  return execFileSync(process.execPath, [program, ...args], { cwd: workspace(), encoding: 'utf8', env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' } })
}

export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension<unknown>(extensionId)
  if (found === undefined) throw new Error(`${extensionId} is not installed`)
  return found
}

/** Waits until `probe` gives something other than undefined or false. */
export async function until<T>(what: string, probe: () => T | undefined | false | Promise<T | undefined | false>, milliseconds = 15_000): Promise<T> {
  const end = Date.now() + milliseconds
  for (;;) {
    const value = await probe()
    if (value !== undefined && value !== false) return value
    if (Date.now() > end) throw new Error(`not seen within ${milliseconds} ms: ${what}`)
    await new Promise((resolve) => { setTimeout(resolve, 50) })
  }
}

/** The counts of `devteam status --json`. */
export const counts = (): Record<string, number> => (JSON.parse(terminal('status', '--json')) as { tasks: Record<string, number> }).tasks

export const exists = (...names: string[]): boolean => fs.existsSync(path.join(workspace(), ...names))
