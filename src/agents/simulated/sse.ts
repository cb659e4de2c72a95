import type { Tokens } from '../executor.ts'
import type { Step } from './script.ts'

const textPiece = 240
const jsonPiece = 800

/** One reply of the Messages API as it streams: server-sent events, as text. */
export function streamedReply(id: string, model: string, step: Step, usage: Tokens): string[] {
  const events: string[] = []
  const send = (type: string, data: Readonly<Record<string, unknown>>) => events.push(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
  const counted = { input_tokens: usage.input, cache_creation_input_tokens: usage.cacheWrite, cache_read_input_tokens: usage.cacheRead }
  send('message_start', { message: { id: `msg_${id}`, type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null, usage: { ...counted, output_tokens: 1 } } })
  send('ping', {})
  const block = (index: number, start: Readonly<Record<string, unknown>>, deltas: readonly Readonly<Record<string, unknown>>[]) => {
    send('content_block_start', { index, content_block: start })
    for (const delta of deltas) send('content_block_delta', { index, delta })
    send('content_block_stop', { index })
  }
  if (step.kind === 'final') block(0, { type: 'text', text: '' }, pieces(step.text, textPiece).map((text) => ({ type: 'text_delta', text })))
  else step.calls.forEach((call, i) => block(i, { type: 'tool_use', id: `toolu_${id}_${i}`, name: call.name, input: {} }, pieces(JSON.stringify(call.input), jsonPiece).map((json) => ({ type: 'input_json_delta', partial_json: json }))))
  send('message_delta', { delta: { stop_reason: step.kind === 'final' ? 'end_turn' : 'tool_use', stop_sequence: null }, usage: { ...counted, output_tokens: usage.output } })
  send('message_stop', {})
  return events
}

function pieces(text: string, size: number): string[] {
  const characters = Array.from(text) // code points: a pair of surrogates stays whole
  return Array.from({ length: Math.max(1, Math.ceil(characters.length / size)) }, (_, i) => characters.slice(i * size, (i + 1) * size).join(''))
}
