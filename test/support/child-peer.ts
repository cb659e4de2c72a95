import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { SavedPlan } from '../unit/state/support.ts'
import type { Operation } from './state-model.ts'

/** A StatePeer in a process of its own. */
export class ChildPeer {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #lines: AsyncIterator<string>
  #errors = ''

  /** `worker`: the bundled state-peer-worker.ts. */
  constructor(worker: string, root: string, plan: SavedPlan) {
    this.#child = spawn(process.execPath, ['--liftoff-only', worker, root, JSON.stringify(plan)], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => { this.#errors += text })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** What it was told. Rejects when it ends without. */
  async perform(operation: Operation): Promise<string> {
    const answer = await this.#asked(operation)
    if (answer === undefined) throw new Error(`the process ended: ${this.#errors}`)
    return answer
  }

  /** Kills it some milliseconds after it was asked; gives what it was told until then. */
  async performAndDie(operation: Operation, ms: number): Promise<string | undefined> {
    setTimeout(() => this.#child.kill('SIGKILL'), ms)
    const answer = await this.#asked(operation)
    await this.kill()
    return answer
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await closed
  }

  async #asked(operation: Operation): Promise<string | undefined> {
    // It may be dead by now, and its end tells that.
    this.#child.stdin.on('error', () => undefined).write(`${JSON.stringify(operation)}\n`)
    const line = await this.#lines.next()
    return line.done === true ? undefined : line.value
  }
}
