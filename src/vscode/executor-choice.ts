import * as vscode from 'vscode'
import type { ExecutorChoice } from '../run/choose-executor.ts'
import type { Core } from './core.ts'

const keyName = 'anthropic.apiKey'

/** Who does the work: the setting, a key in the secret storage, the environment; where nothing says, a question. */
export class ExecutorChooser {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  /** undefined: the person asked has closed the question. */
  async choose(core: Core): Promise<ExecutorChoice | undefined> {
    const choice = await this.known()
    if (await core.namesExecutor(choice)) return choice
    const simulated = { label: 'Simulated agents', description: 'no model, no cost', detail: 'They write small real files. All they do is marked as simulated.' }
    const anthropic = { label: 'Claude, with an API key', description: 'costs money', detail: 'Asks for the key, and keeps it in the secret storage.' }
    const picked = await vscode.window.showQuickPick([simulated, anthropic], { title: 'DevTeam: Who Does the Work?', placeHolder: 'Neither .devteam/config.json nor the setting devteam.executor names an executor' })
    if (picked === undefined) return undefined
    if (picked === simulated) return { ...choice, name: 'simulated' }
    return await this.setKey() ? { ...await this.known(), name: 'anthropic' } : undefined
  }

  /** Asks for the key and keeps it; false: nothing was entered. */
  async setKey(): Promise<boolean> {
    const key = await vscode.window.showInputBox({ title: 'DevTeam: Set API Key', prompt: 'A key of the Anthropic API. It is kept in the secret storage of VS Code. Leave it empty to forget the present one.', password: true, ignoreFocusOut: true })
    if (key === undefined) return false
    if (key.trim() === '') {
      await this.secrets.delete(keyName)
      return false
    }
    await this.secrets.store(keyName, key.trim())
    return true
  }

  private async known(): Promise<ExecutorChoice> {
    const name = vscode.workspace.getConfiguration('devteam').get<string>('executor', '')
    const apiKey = await this.secrets.get(keyName) ?? process.env.ANTHROPIC_API_KEY
    return { ...(name === '' ? {} : { name }), ...(apiKey === undefined || apiKey === '' ? {} : { apiKey }), baseUrl: process.env.ANTHROPIC_BASE_URL }
  }
}
