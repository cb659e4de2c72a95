import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { messagesApi } from '../../src/agents/simulated/messages-api.ts'
import type { Request, Script } from '../../src/agents/simulated/script.ts'

/** A loopback Messages API whose model follows a script; what runs against it is a whole `devteam` with the executor for real models. */
export class ModelServer {
  private constructor(private readonly server: http.Server) {}

  /** A reply for which `pause` gives a promise waits for it. */
  static async start(scriptOf: (request: Request) => Script, pause: (request: Request) => Promise<void> | undefined): Promise<ModelServer> {
    const server = http.createServer((request, response) => {
      const answer = async (): Promise<void> => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk as Buffer)
        let pausing: Promise<void> | undefined
        const api = messagesApi({ scriptOf, waitOf: (asked) => { pausing = pause(asked); return 0 }, delay: async () => { await pausing } })
        const reply = await api(`http://model.invalid${request.url ?? ''}`, { method: 'POST', body: Buffer.concat(chunks).toString() })
        response.writeHead(reply.status, Object.fromEntries(reply.headers)).end(await reply.text())
      }
      answer().catch((error: unknown) => response.destroy(error as Error))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new ModelServer(server)
  }

  /** What `devteam` needs in its environment to ask this model. */
  get env(): NodeJS.ProcessEnv {
    const { port } = this.server.address() as AddressInfo
    return { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

/** A gate to wait at: `reached` resolves when somebody comes, who goes on after `open`. */
export class Barrier {
  private arrive: () => void = () => undefined
  private release: () => void = () => undefined
  readonly reached = new Promise<void>((resolve) => { this.arrive = resolve })
  private readonly opened = new Promise<void>((resolve) => { this.release = resolve })

  wait(): Promise<void> { this.arrive(); return this.opened }
  open(): void { this.release() }
}
