import fs from 'node:fs'
import path from 'node:path'
import { redoOf } from './replace.ts'

/** How often the file is looked at where the system sends no notice (network and some container file systems), in milliseconds. */
const lookEveryMs = 1_000

/**
 * Tells listeners that a file was replaced, by whichever process. `identify` names the file's present content; a change of that name
 * is a change. A subscription keeps the process alive until it is ended.
 */
export class FileWatch {
  readonly #file: string
  readonly #identify: () => string
  readonly #listeners = new Set<() => void>()
  #seen = ''
  #watcher: fs.FSWatcher | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(file: string, identify: () => string) {
    this.#file = file
    this.#identify = identify
  }

  add(listener: () => void): () => void {
    // One listener handed in twice is two subscriptions.
    const own = (): void => { listener() }
    if (this.#listeners.size === 0) {
      this.#seen = this.#identify()
      this.#timer = setInterval(() => { this.look() }, lookEveryMs)
      this.#watch()
    }
    this.#listeners.add(own)
    return () => {
      if (this.#listeners.delete(own) && this.#listeners.size === 0) this.#stop()
    }
  }

  /** Looks now, and tells the listeners once when the file is another. */
  look(): void {
    if (this.#listeners.size === 0) return
    // The folder may be new, or another one of the same name.
    if (this.#watcher === undefined) this.#watch()
    const now = this.#identify()
    if (now === this.#seen) return
    this.#seen = now
    for (const listener of this.#listeners) queueMicrotask(listener)
  }

  close(): void {
    this.#listeners.clear()
    this.#stop()
  }

  #watch(): void {
    const folder = path.dirname(this.#file)
    if (!fs.existsSync(folder)) return
    try {
      const watcher = fs.watch(folder, (_event, name) => {
        // A commit in place shows by the file that it is copied from.
        if (name === null || [path.basename(this.#file), path.basename(redoOf(this.#file))].includes(name)) this.look()
        if (!fs.existsSync(folder)) this.#unwatch()
      })
      // The timer goes on looking where watching fails or ends.
      watcher.on('error', () => { this.#unwatch() })
      this.#watcher = watcher
    } catch (error) {
      // Out of inotify handles, or the folder just went: again the timer's part.
      if (!['ENOSPC', 'EMFILE', 'ENOENT', 'EPERM', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }

  #unwatch(): void {
    this.#watcher?.close()
    this.#watcher = undefined
  }

  #stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#unwatch()
  }
}
