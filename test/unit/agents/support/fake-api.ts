import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { streamedReply } from '../../../../src/agents/simulated/sse.ts'
import type { Step } from '../../../../src/agents/simulated/script.ts'

/** What the fake Messages API does with one request. */
export type Reply =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'status'; readonly status: number; readonly type: string; readonly headers?: Readonly<Record<string, string>> }
  /** Events of a good reply up to `after`, then an SSE error. */
  | { readonly kind: 'sse-error'; readonly after: number; readonly type: string }
  | { readonly kind: 'drop'; readonly after: number }
  | { readonly kind: 'stall'; readonly after: number }
  | { readonly kind: 'stop'; readonly reason: string; readonly text: string }

export interface RecordedRequest { readonly path: string; readonly headers: http.IncomingHttpHeaders; readonly body: { readonly [key: string]: unknown; readonly messages: readonly { readonly role: string; readonly content: unknown }[] } }

export const usage = { input: 100, output: 20, cacheRead: 0, cacheWrite: 0 }
export const final = (text: string): Reply => ({ kind: 'step', step: { kind: 'final', text } })
export const calls = (...list: { name: 'read_file' | 'write_file' | 'edit_file' | 'search_files' | 'list_files'; input: Record<string, unknown> }[]): Reply => ({ kind: 'step', step: { kind: 'calls', calls: list } })

/** A loopback server that is the Messages API: it answers each request with the next reply, and records what it was asked. */
export class FakeApi {
  readonly requests: RecordedRequest[] = []
  private constructor(private readonly server: http.Server, private readonly replies: Reply[]) {}

  static async start(...replies: Reply[]): Promise<FakeApi> {
    const server = http.createServer()
    const api = new FakeApi(server, replies)
    server.on('request', (request, response) => api.answer(request, response))
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
    return api
  }

  get url(): string { return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    let text = ''
    request.on('data', (chunk: Buffer) => { text += chunk.toString() })
    request.on('end', () => {
      this.requests.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) as RecordedRequest['body'] })
      const reply = this.replies.shift() ?? { kind: 'status', status: 500, type: 'api_error' }
      if (reply.kind === 'status') {
        response.writeHead(reply.status, { 'content-type': 'application/json', 'retry-after-ms': '1', ...reply.headers }).end(JSON.stringify({ type: 'error', error: { type: reply.type, message: `told to answer ${reply.status}` } }))
        return
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const good: Step = reply.kind === 'step' ? reply.step : { kind: 'final', text: reply.kind === 'stop' ? reply.text : 'a reply that does not come to its end' }
      const events = streamedReply(`test_${this.requests.length}`, String(this.requests.at(-1)?.body.model), good, usage)
      if (reply.kind === 'step') response.end(events.join(''))
      else if (reply.kind === 'stop') response.end(events.join('').replace('"end_turn"', JSON.stringify(reply.reason)))
      else {
        response.write(events.slice(0, reply.after).join(''))
        if (reply.kind === 'sse-error') response.end(`event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: reply.type, message: 'broke off' } })}\n\n`)
        else if (reply.kind === 'drop') setImmediate(() => response.destroy())
      }
    })
  }
}
