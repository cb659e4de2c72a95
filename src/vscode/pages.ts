import * as vscode from 'vscode'

const scheme = 'devteam'

/** Texts that are read like a file and can't be edited: a forecast, the whole of a proposal. Each name is one page, and showing it again renews it. */
export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>()
  readonly #changed = new vscode.EventEmitter<vscode.Uri>()
  readonly onDidChange = this.#changed.event
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this)

  provideTextDocumentContent(uri: vscode.Uri): string { return this.#texts.get(uri.path) ?? 'Run the command once more: this text was not kept over a restart.' }

  /** `name`: what stands on the tab. */
  async show(name: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: name })
    this.#texts.set(uri.path, text)
    this.#changed.fire(uri)
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true })
  }

  dispose(): void {
    this.#registration.dispose()
    this.#changed.dispose()
  }
}
