import type { Executor, Tier } from './executor.ts'
import { abortError, Conversation } from './conversation.ts'

export interface AnthropicOptions {
  /** Set explicitly: from SecretStorage in VS Code, from the environment in the command line. */
  readonly apiKey: string
  readonly baseUrl?: string
  /** How requests are sent; default: the platform's `fetch`. A test or the simulation answers in the process. */
  readonly fetch?: typeof globalThis.fetch
  readonly models: Readonly<Record<Tier, string>>
  readonly name?: Executor['name']
  readonly simulated?: boolean
  /** Silence of the model that ends a request, milliseconds (default 120,000). */
  readonly idleTimeoutMs?: number
  /** Most requests of one brief (default 60). */
  readonly maxRequests?: number
  /** Most tokens of one reply (default 32,000). */
  readonly maxReplyTokens?: number
  /** How often a failed turn is sent again after the SDK's own retries (default 3). */
  readonly turnRetries?: number
  /** The first wait before a turn is sent again, milliseconds; four times as long each time (default 2,000). */
  readonly backoffMs?: number
}

/**
 * Claude through the Messages API: the SDK's tool runner, streamed, each turn with its whole history (`thread: false`: server-held threads
 * expire, and gateways don't know them). The SDK is loaded with the first brief.
 */
export function createAnthropicExecutor(options: AnthropicOptions): Executor {
  const settings = {
    apiKey: options.apiKey, baseUrl: options.baseUrl, fetch: options.fetch ?? globalThis.fetch,
    idleTimeoutMs: options.idleTimeoutMs ?? 120_000, maxRequests: options.maxRequests ?? 60, maxReplyTokens: options.maxReplyTokens ?? 32_000,
    turnRetries: options.turnRetries ?? 3, backoffMs: options.backoffMs ?? 2_000,
  }
  return {
    name: options.name ?? 'anthropic',
    simulated: options.simulated ?? false,
    run: async (brief, directory, signal, onEvent, beforeWrite) => {
      if (signal.aborted) throw abortError(signal)
      const [sdk, { betaZodTool }, { transformJSONSchema }] = await Promise.all([import('@anthropic-ai/sdk'), import('@anthropic-ai/sdk/helpers/beta/zod'), import('@anthropic-ai/sdk/lib/transform-json-schema')])
      return new Conversation({ settings, sdk, makeTool: betaZodTool, transformSchema: transformJSONSchema, brief: { ...brief, model: brief.model === '' ? options.models[brief.tier] : brief.model }, signal, onEvent, beforeWrite }).run(directory)
    },
  }
}
