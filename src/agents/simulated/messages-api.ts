import { createHash } from 'node:crypto'
import * as z from 'zod'
import { subjectIn } from '../brief-block.ts'
import type { Tokens } from '../executor.ts'
import { nextStep, type Request, type Result, type Script, type Step } from './script.ts'
import { streamedReply } from './sse.ts'

/** What a request's body holds of interest. Tool results may be text or blocks of text. */
const textBlocks = z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))
const block = z.looseObject({
  type: z.string(), text: z.string().optional(), tool_use_id: z.string().optional(), id: z.string().optional(), is_error: z.boolean().optional(),
  content: z.union([z.string(), textBlocks]).optional(),
})
const body = z.looseObject({
  model: z.string(), system: z.union([z.string(), textBlocks]).optional(), tools: z.array(z.unknown()).optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(block)]) })),
  output_config: z.looseObject({ format: z.looseObject({ schema: z.record(z.string(), z.unknown()) }).nullish() }).nullish(),
})
type Body = z.infer<typeof body>

export interface MessagesApi {
  /** The script of a conversation, chosen by its request. */
  readonly scriptOf: (request: Request) => Script
  /** Milliseconds that the reply to this request takes. */
  readonly waitOf: (request: Request, step: Step) => number
  readonly delay: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
}

/** `fetch` that is the Messages API: it reads a request as the SDK sends it, and streams a reply as the API does. No network. */
export const messagesApi = (api: MessagesApi): typeof fetch => async (input, init) => {
  const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url
  if (!new URL(url).pathname.endsWith('/v1/messages')) return fault(404, 'not_found_error', `There is no ${url} in the simulation.`)
  if (typeof init?.body !== 'string') return fault(400, 'invalid_request_error', 'The simulation reads JSON bodies only.')
  const parsed = body.safeParse(JSON.parse(init.body))
  if (!parsed.success) return fault(400, 'invalid_request_error', z.prettifyError(parsed.error))
  const request = requestOf(parsed.data)
  if (request === undefined) return fault(400, 'invalid_request_error', 'The first message has no <brief> block: a scripted model reads nothing else.')
  const step = nextStep(api.scriptOf(request), request.rounds)
  await api.delay(api.waitOf(request, step), init.signal ?? undefined)
  const id = createHash('sha256').update(init.body).digest('base64url').slice(0, 24)
  const events = streamedReply(id, parsed.data.model, step, usageOf(parsed.data, step))
  return new Response(events.join(''), { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': `req_${id}` } })
}

function requestOf({ system, messages, output_config: output }: Body): Request | undefined {
  const prompt = textOf(messages[0]?.content)
  const subject = subjectIn(prompt)
  if (subject === undefined) return undefined
  const rounds = messages.slice(1).flatMap((message): Result[][] => {
    if (message.role !== 'user' || typeof message.content === 'string') return []
    const results = message.content.filter((each) => each.type === 'tool_result')
    return results.length === 0 ? [] : [results.map((each) => ({ text: textOf(each.content), isError: each.is_error ?? false }))]
  })
  const role = /^You are ([a-z0-9-]+(?::[a-z0-9-]+)?):/.exec(textOf(system))?.[1] ?? 'unknown'
  return { role, subject, prompt, rounds, schema: output?.format?.schema }
}

const textOf = (content: string | readonly { readonly text?: string | undefined }[] | undefined): string => (typeof content === 'string' ? content : content?.map((each) => each.text ?? '').join('\n') ?? '')

/** About four characters of English or code are a token. */
const tokensIn = (characters: number): number => Math.ceil(characters / 4)
const smallestCache = 1_024

/** Tokens from the real sizes of request and reply. What the request before this one held is read from the cache, as it is with the real API. */
function usageOf(request: Body, step: Step): Tokens {
  const fixed = JSON.stringify([request.system, request.tools]).length
  const lastReply = request.messages.findLastIndex((message) => message.role === 'assistant')
  const sizes = request.messages.map((message) => JSON.stringify(message.content).length)
  const sum = (list: readonly number[]): number => list.reduce((total, size) => total + size, 0)
  const before = lastReply < 0 ? 0 : tokensIn(fixed + sum(sizes.slice(0, lastReply)))
  const all = tokensIn(fixed + sum(sizes))
  const output = step.kind === 'final' ? tokensIn(step.text.length) : tokensIn(sum(step.calls.map((call) => JSON.stringify(call).length)))
  const cacheRead = before >= smallestCache ? before : 0
  return all >= smallestCache ? { input: 3, cacheRead, cacheWrite: Math.max(0, all - cacheRead - 3), output } : { input: all, cacheRead: 0, cacheWrite: 0, output }
}

const fault = (status: number, type: string, message: string): Response => Response.json({ type: 'error', error: { type, message } }, { status })
