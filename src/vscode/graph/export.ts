import * as vscode from 'vscode'
import type { Notices } from '../notices.ts'

/** Asks where to and writes the picture. `content`: SVG text, or a PNG as base64. */
export async function exportPicture(format: 'svg' | 'png', content: string, notices: Notices): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  const target = await vscode.window.showSaveDialog({
    title: 'Export Graph', filters: format === 'svg' ? { 'SVG image': ['svg'] } : { 'PNG image': ['png'] }, ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `devteam-graph.${format}`) }),
  })
  if (target === undefined) return
  await vscode.workspace.fs.writeFile(target, Buffer.from(content, format === 'svg' ? 'utf8' : 'base64'))
  notices.info(`Wrote ${vscode.workspace.asRelativePath(target)}`, { Open: () => vscode.commands.executeCommand('vscode.open', target) })
}
