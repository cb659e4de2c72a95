import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../plan/errors.ts'
import { tasksFolder } from '../plan/files/places.ts'
import { readTasks } from '../plan/files/read.ts'
import type { Task } from '../plan/task.ts'

/** `problem`: what is wrong with the files, in which case there are no tasks. */
export interface ReadTasks { readonly tasks: readonly Task[]; readonly problem: string | undefined }

/**
 * The task files, read once and again when they change: commits come several times a second, and a plan may have thousands of files. Node's own
 * watcher looks at the folder: VS Code's misses files of folders that were made in the same moment, as a new plan's are.
 */
export class TaskFiles {
  private cached: Promise<ReadTasks> | undefined
  private watcher: fs.FSWatcher | undefined

  /** `changed` is told after a change; several changes at once may be told several times. */
  constructor(private readonly root: string, private readonly changed: () => void) {}

  read(): Promise<ReadTasks> {
    // What is not watched is read every time.
    if (!this.watch()) this.cached = undefined
    this.cached ??= this.load()
    return this.cached
  }

  /** The next reading looks at the files again. */
  forget(): void { this.cached = undefined }

  close(): void {
    this.watcher?.close()
    this.watcher = undefined
  }

  private watch(): boolean {
    if (this.watcher !== undefined) return true
    const folder = path.join(this.root, tasksFolder)
    try {
      this.watcher = fs.watch(folder, { persistent: false }, () => {
        this.forget()
        if (!fs.existsSync(folder)) this.close()
        this.changed()
      })
      this.watcher.on('error', () => { this.close() })
      return true
    } catch (error) {
      // No such folder (yet), or no more watchers to be had: then it goes without.
      if (!['ENOENT', 'ENOTDIR', 'ENOSPC', 'EMFILE', 'EPERM', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
      return false
    }
  }

  private async load(): Promise<ReadTasks> {
    try { return { tasks: await readTasks(this.root), problem: undefined } } catch (error) {
      if (error instanceof UserError) return { tasks: [], problem: error.message }
      throw error
    }
  }
}
