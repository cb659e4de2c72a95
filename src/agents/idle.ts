import { IdleError } from './faults.ts'

/** Node's timers take 31 bits. */
const longest = 2 ** 31 - 1

/** Aborts a request when nothing has happened for a while, or when the outer signal aborts. Whichever comes first is its signal's reason. */
export class IdleWatch {
  private controller = new AbortController()
  private timer: NodeJS.Timeout | undefined
  private readonly onOuterAbort = () => this.controller.abort(this.outer.reason)

  constructor(private readonly milliseconds: number, private readonly outer: AbortSignal) {
    if (outer.aborted) this.onOuterAbort()
    else outer.addEventListener('abort', this.onOuterAbort, { once: true })
  }

  get signal(): AbortSignal { return this.controller.signal }
  /** The time limit that ran out; undefined: none did. */
  get expired(): IdleError | undefined { return this.signal.reason instanceof IdleError ? this.signal.reason : undefined }

  /** Something happened: the time begins anew. */
  touch(): void {
    clearTimeout(this.timer)
    if (!this.signal.aborted && this.milliseconds <= longest) this.timer = setTimeout(() => this.controller.abort(new IdleError(this.milliseconds)), this.milliseconds)
  }

  /** Stops the clock: tools run now, which is no silence of the model. */
  rest(): void { clearTimeout(this.timer) }

  /** A fresh signal after the time ran out, for the next try. */
  renew(): void { if (!this.outer.aborted) this.controller = new AbortController() }

  close(): void {
    this.rest()
    this.outer.removeEventListener('abort', this.onOuterAbort)
  }
}

/** `fetch` that tells of every piece of a reply's body as it comes, keep-alive pings included. */
export const watchedFetch = (fetch: typeof globalThis.fetch, onBytes: () => void): typeof globalThis.fetch => async (input, init) => {
  const response = await fetch(input, init)
  onBytes()
  if (response.body === null) return response
  const body = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({ transform(chunk, out) { onBytes(); out.enqueue(chunk) } }))
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers })
}
