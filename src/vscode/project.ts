import * as vscode from 'vscode'
import type { Core, Look } from './core.ts'

/** What is known of the workspace. Whole snapshots: nobody has to follow single changes. */
export type ProjectState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'empty' }
  | ({ readonly kind: 'planned' } & Look)
  | { readonly kind: 'error'; readonly message: string }

/** Commits come in bursts while agents work: the views follow this often at the most, in milliseconds. */
const pauseMs = 100

/**
 * The workspace's plan as the views see it. It follows the database, whoever writes it: this window, another one, a terminal. Nothing is opened
 * before `load` or `core` is first called.
 */
export class Project implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ProjectState>()
  /** After every new snapshot. */
  readonly onDidChange = this.changed.event
  private current: ProjectState = { kind: 'loading' }
  private opened: Promise<Core> | undefined
  private reading: Promise<void> | undefined
  private stale = false
  private timer: NodeJS.Timeout | undefined
  private disposed = false

  constructor(private readonly open: () => Promise<Core>, private readonly log: vscode.LogOutputChannel) {}

  get state(): ProjectState { return this.current }

  /** The core, opened once; from then on the views follow. */
  core(): Promise<Core> {
    this.opened ??= this.open().then((core) => {
      core.onChange(() => { this.soon() })
      return core
    })
    return this.opened
  }

  /** The state once it was read. */
  async load(): Promise<ProjectState> {
    if (this.current.kind === 'loading') await this.refresh()
    return this.current
  }

  /** Reads everything again, the task files too: what a person asks for. */
  async reload(): Promise<void> {
    (await this.core()).forgetFiles()
    await this.refresh()
  }

  /** Reads what the database has now. Calls while it reads lead to one more reading. */
  refresh(): Promise<void> {
    if (this.reading !== undefined) {
      this.stale = true
      return this.reading
    }
    this.reading = this.read().finally(() => {
      this.reading = undefined
      if (!this.stale) return
      this.stale = false
      this.soon()
    })
    return this.reading
  }

  dispose(): void {
    this.disposed = true
    clearTimeout(this.timer)
    this.changed.dispose()
    this.opened?.then((core) => core.close()).catch((error: unknown) => { this.log.error(error instanceof Error ? error : String(error)) })
  }

  private soon(): void {
    if (this.disposed) return
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      void this.refresh()
    }, pauseMs)
  }

  private async read(): Promise<void> {
    try {
      const look = await (await this.core()).look()
      this.current = look === undefined ? { kind: 'empty' } : { kind: 'planned', ...look }
    } catch (error) {
      this.log.error(error instanceof Error ? error : String(error))
      this.current = { kind: 'error', message: error instanceof Error ? error.message : String(error) }
    }
    if (this.disposed) return
    void vscode.commands.executeCommand('setContext', 'devteam.state', this.current.kind)
    this.changed.fire(this.current)
  }
}
