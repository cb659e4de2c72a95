import type { Engine } from './engine.ts'
import type { NewEvent } from './event.ts'
import { insertEvents, type PendingEvent } from './events.ts'

/** An event waits at most so long for a transition to be written with, in milliseconds. */
const delayMs = 100
/** After a failed write, in milliseconds: a full disk does not become empty at once. */
const retryMs = 1_000

/** Collects events that need no answer, and writes them in batches: kill -9 loses at most the last 100 ms of them. */
export class Recorder {
  readonly #engine: Engine
  #pending: PendingEvent[] = []
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined

  constructor(engine: Engine) { this.#engine = engine }

  add(session: string, time: string, event: NewEvent): void {
    this.#pending.push({ session, time, event })
    this.#arm(delayMs)
  }

  /**
   * Queues what is pending for the next commit, in one job: what is queued in the same step after it is committed with it. Rejects
   * when they could not be written; they are kept then and tried again.
   */
  write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const events = this.#pending
    if (events.length === 0) return this.#writing ?? Promise.resolve()
    this.#pending = []
    const writing = this.#engine.transaction(async (tx) => { await insertEvents(tx, events) }).then(() => undefined, (error: unknown) => {
      this.#pending = [...events, ...this.#pending]
      this.#arm(retryMs)
      throw error
    }).finally(() => {
      if (this.#writing === writing) this.#writing = undefined
    })
    this.#writing = writing
    return writing
  }

  /** Resolves once all is written, events included that came meanwhile. */
  async flush(): Promise<void> {
    do await this.write()
    while (this.#pending.length > 0)
  }

  /** Gives up what could not be written. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #arm(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      // They are kept, and the next transition or flush reports what is wrong.
      this.write().catch(() => undefined)
    }, ms)
  }
}
