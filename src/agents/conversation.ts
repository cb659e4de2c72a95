import type * as Sdk from '@anthropic-ai/sdk'
import type { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import type { BetaContentBlockParam, BetaMessage, BetaMessageParam, BetaUsage } from '@anthropic-ai/sdk/resources/beta'
import type { BetaMessageStream } from '@anthropic-ai/sdk/lib/BetaMessageStream'
import type { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema'
import type { BetaToolRunnerParams } from '@anthropic-ai/sdk/lib/tools/BetaToolRunner'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExecutorError, type BeforeWrite, type Brief, type ExecutorEvent, type ExecutorFault, type ExecutorResult, type Tokens } from './executor.ts'
import { readFault, type Fault } from './faults.ts'
import { FileAccess } from './file-access.ts'
import { IdleWatch, watchedFetch } from './idle.ts'
import { addTokens, costOfRequest, noTokens } from './models.ts'
import { answerSchema } from './output-schema.ts'
import { redact } from './redact.ts'
import { makeTools } from './tools.ts'

export interface ConversationSettings {
  readonly apiKey: string
  readonly baseUrl: string | undefined
  readonly fetch: typeof globalThis.fetch
  readonly idleTimeoutMs: number
  readonly maxRequests: number
  readonly maxReplyTokens: number
  readonly turnRetries: number
  readonly backoffMs: number
}

export interface ConversationContext {
  readonly settings: ConversationSettings
  readonly sdk: typeof Sdk
  readonly makeTool: typeof betaZodTool
  readonly transformSchema: typeof transformJSONSchema
  readonly brief: Brief
  readonly signal: AbortSignal
  readonly onEvent: (event: ExecutorEvent) => void
  readonly beforeWrite: BeforeWrite | undefined
}

/** How one stretch of turns ended: with the last reply, or with a fault after which `history` can be sent again. */
type Stretch = { readonly kind: 'done'; readonly message: BetaMessage } | { readonly kind: 'fault'; readonly fault: Fault; readonly error: unknown }

/** One role at work on one brief: the turns, what they used, and the last reply. */
export class Conversation {
  private tokens: Tokens = noTokens
  private costUsd: number | undefined = 0
  private requests = 0
  private history: BetaMessageParam[]
  private readonly written = new Set<string>()
  private readonly idle: IdleWatch

  constructor(private readonly context: ConversationContext) {
    this.history = [{ role: 'user', content: redact(context.brief.prompt, [context.settings.apiKey]) }]
    this.idle = new IdleWatch(context.settings.idleTimeoutMs, context.signal)
  }

  /** Rejects as Executor.run does. */
  async run(directory: string): Promise<ExecutorResult> {
    const started = performance.now()
    const { brief, onEvent, makeTool } = this.context
    try {
      const access = await FileAccess.open(directory, this.context.beforeWrite)
      const tools = makeTools(brief.role.tools, { access, onEvent, makeTool, onWrite: (file) => this.written.add(file) })
      let message = await this.toLastReply(tools)
      let text = redact(textOf(message), [this.context.settings.apiKey])
      let answer: unknown
      if (brief.outputSchema !== undefined) {
        let parsed = parseAnswer(text)
        if (!parsed.ok) { // the API holds the answer to the schema; a gateway may not
          this.history.push({ role: 'assistant', content: message.content as BetaContentBlockParam[] }, { role: 'user', content: `Your answer is not valid JSON (${parsed.reason}). Give the whole answer again as JSON of the schema, and nothing else.` })
          message = await this.toLastReply(tools)
          text = redact(textOf(message), [this.context.settings.apiKey])
          parsed = parseAnswer(text)
          if (!parsed.ok) throw this.error('answer', `${brief.role.name} gave no valid JSON twice (${parsed.reason}): ${text.slice(0, 200)}`)
        }
        answer = parsed.value
      }
      return {
        text, tokens: this.tokens, costUsd: this.costUsd, model: brief.model, durationMs: Math.round(performance.now() - started), filesWritten: [...this.written].sort(),
        ...(answer === undefined ? {} : { answer }),
      }
    } finally { this.idle.close() }
  }

  /** Runs turns until a reply that asks for no tool. A turn that fails on the way is sent again with the same history: it only ever grows. */
  private async toLastReply(tools: BetaToolRunnerParams['tools']): Promise<BetaMessage> {
    const { settings, signal } = this.context
    for (let retry = 0; ; retry += 1) {
      const before = this.history.length
      const stretch = await this.stretch(tools)
      if (stretch.kind === 'done') return this.checked(stretch.message)
      if (this.history.length > before) retry = 0 // it got further: the retries count for one turn
      const { fault, retry: may, message } = stretch.fault
      if (!may || retry >= settings.turnRetries || this.requests >= settings.maxRequests) throw this.error(fault, may ? `${message}. Tried ${retry + 1} times` : message, stretch.error)
      await sleep(settings.backoffMs * 4 ** retry, undefined, { signal }).catch(() => { throw abortError(signal) })
    }
  }

  private async stretch(tools: BetaToolRunnerParams['tools']): Promise<Stretch> {
    const { settings, sdk, brief, signal } = this.context
    const client = new sdk.Anthropic({
      apiKey: settings.apiKey, authToken: null, maxRetries: 2, timeout: Math.min(settings.idleTimeoutMs, 2 ** 31 - 1), logLevel: 'off',
      baseURL: settings.baseUrl ?? null, fetch: watchedFetch(settings.fetch, () => this.idle.touch()),
    })
    const runner = client.beta.messages.toolRunner({
      model: brief.model, max_tokens: settings.maxReplyTokens, stream: true, thread: false, messages: this.history, tools,
      max_iterations: Math.max(1, settings.maxRequests - this.requests), cache_control: { type: 'ephemeral' }, thinking: { type: 'adaptive', display: 'summarized' },
      system: systemPrompt(brief),
      ...(brief.outputSchema === undefined ? {} : { output_config: { format: { type: 'json_schema' as const, schema: answerSchema(brief.outputSchema, this.context.transformSchema) } } }),
    }, { signal: this.idle.signal })
    let last: BetaMessage | undefined
    try {
      for await (const stream of runner) {
        this.history = [...runner.params.messages]
        this.requests += 1
        this.idle.touch()
        last = await this.turn(stream)
        this.idle.rest()
      }
    } catch (error) {
      if (signal.aborted) throw abortError(signal)
      const fault = readFault(this.idle.expired ?? error, sdk)
      if (fault === undefined) throw error
      if (this.idle.expired !== undefined) this.idle.renew()
      return { kind: 'fault', fault, error }
    } finally { this.idle.rest() }
    if (signal.aborted) throw abortError(signal)
    if (last === undefined) throw new Error('The tool runner ended without a reply')
    return { kind: 'done', message: last }
  }

  /** One reply. What it used counts whether it comes to its end or not. */
  private async turn(stream: BetaMessageStream): Promise<BetaMessage> {
    const { onEvent } = this.context
    let usage: BetaUsage | undefined
    stream.on('streamEvent', (event, snapshot) => {
      if (event.type === 'message_start' || event.type === 'message_delta') usage = snapshot.usage
    })
    stream.on('contentBlock', (block) => {
      const text = block.type === 'text' ? block.text : block.type === 'thinking' ? block.thinking : ''
      if (text.trim() !== '') onEvent({ type: 'text', text: redact(text, [this.context.settings.apiKey]) })
    })
    try {
      return await stream.finalMessage()
    } finally { if (usage !== undefined) this.count(usage) }
  }

  private count(usage: BetaUsage): void {
    const tokens: Tokens = { input: usage.input_tokens, output: usage.output_tokens, cacheRead: usage.cache_read_input_tokens ?? 0, cacheWrite: usage.cache_creation_input_tokens ?? 0 }
    const cost = costOfRequest(this.context.brief.model, tokens)
    this.tokens = addTokens(this.tokens, tokens)
    this.costUsd = cost === undefined || this.costUsd === undefined ? undefined : this.costUsd + cost
    this.context.onEvent({ type: 'usage', tokens, costUsd: cost })
  }

  /** The last reply, if it is a whole one. */
  private checked(message: BetaMessage): BetaMessage {
    const { brief, settings } = this.context
    const who = `${brief.role.name} (${brief.model})`
    switch (message.stop_reason) {
      case 'end_turn': case 'stop_sequence': return message
      case 'tool_use': case 'pause_turn': throw this.error('answer', `${who} was not done after ${this.requests} requests, the most that one brief may take`)
      case 'max_tokens': throw this.error('answer', `${who} was cut off: its reply reached ${settings.maxReplyTokens} tokens`)
      case 'model_context_window_exceeded': throw this.error('answer', `${who} was cut off: the conversation is longer than the model can read`)
      case 'refusal': throw this.error('answer', `${who} refused the work${message.stop_details?.explanation == null ? '' : `: ${message.stop_details.explanation}`}`)
      default: throw this.error('answer', `${who} stopped for an unknown reason (${String(message.stop_reason)})`)
    }
  }

  private error(fault: ExecutorFault, message: string, cause?: unknown): ExecutorError {
    return new ExecutorError(redact(message, [this.context.settings.apiKey]), this.tokens, this.costUsd, { fault, ...(cause === undefined ? {} : { cause }) })
  }
}

/** The role's own text only: nothing that comes from files, commands or a task stands here. */
const systemPrompt = (brief: Brief): string => `You are ${brief.role.name}: ${brief.role.description}\n\n${brief.role.instructions}`

const textOf = (message: BetaMessage): string => message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n').trim()

function parseAnswer(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string } {
  try { return { ok: true, value: JSON.parse(text) as unknown } } catch (error) { return { ok: false, reason: (error as Error).message } }
}

/** What Executor.run rejects with when its signal aborts, whatever the reason was. */
export function abortError(signal: AbortSignal): Error {
  const error = new Error('The work was stopped', { cause: signal.reason })
  error.name = 'AbortError'
  return error
}
