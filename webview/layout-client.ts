import type { TaskGraph } from '../src/drawing/graph.ts'
import type { Layout } from '../src/drawing/layout.ts'
import type { LayoutAnswer, LayoutRequest } from './layout-protocol.ts'

const budgetMs = 3000

export interface Laid { readonly layout: Layout; readonly ms: number }

/**
 * Runs layouts in a worker, one at a time: a new request ends the one before. A layout can't be interrupted, so a worker that takes
 * longer than the budget is ended, and a new one makes a simplified layout.
 */
export class LayoutClient {
  private worker: Worker | undefined
  private source: Promise<string> | undefined
  private newest = 0
  private giveUp: (() => void) | undefined
  constructor(private readonly workerSource: string) {}

  /** undefined: a newer request has taken its place. Rejects where the worker can't be started or the graph is none. */
  async layout(graph: TaskGraph): Promise<Laid | undefined> {
    this.newest += 1
    const id = this.newest
    this.giveUp?.()
    try {
      const careful = await this.attempt({ id, graph, simplified: false }, budgetMs)
      if (careful !== undefined || id !== this.newest) return careful
      return await this.attempt({ id, graph, simplified: true }, undefined)
    } finally { if (id === this.newest) this.giveUp = undefined }
  }

  /** The person will not wait: what is under way becomes a simplified layout. */
  simplify(): void { this.giveUp?.() }

  private async attempt(request: LayoutRequest, budget: number | undefined): Promise<Laid | undefined> {
    const worker = await this.start()
    if (request.id !== this.newest) return undefined
    return new Promise((resolve, reject) => {
      const stop = () => { worker.terminate(); this.worker = undefined; resolve(undefined) }
      const timer = budget === undefined ? undefined : setTimeout(stop, budget)
      this.giveUp = () => { clearTimeout(timer); stop() }
      worker.onerror = (event) => { clearTimeout(timer); worker.terminate(); this.worker = undefined; reject(new Error(`the layout worker failed: ${event.message}`)) }
      worker.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
        if (data.id !== request.id) return
        clearTimeout(timer)
        if ('error' in data) reject(new Error(data.error))
        else resolve({ layout: data.layout, ms: data.ms })
      }
      worker.postMessage(request)
    })
  }

  /** A webview may start a worker only from a `blob:` URL: the file is fetched once and kept. */
  private async start(): Promise<Worker> {
    if (this.worker !== undefined) return this.worker
    this.source ??= fetch(this.workerSource).then(async (answer) => {
      if (!answer.ok) throw new Error(`the layout worker could not be read: ${answer.status} ${answer.statusText}`)
      return URL.createObjectURL(new Blob([await answer.text()], { type: 'text/javascript' }))
    })
    const url = await this.source.catch((error: unknown) => { this.source = undefined; throw error })
    this.worker ??= new Worker(url)
    return this.worker
  }
}
