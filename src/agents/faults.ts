import type * as Sdk from '@anthropic-ai/sdk'
import type { ExecutorFault } from './executor.ts'

/** What a failed request means. `retry`: the same turn may be sent again. */
export interface Fault { readonly fault: ExecutorFault; readonly retry: boolean; readonly message: string }

const passing = new Set(['overloaded_error', 'api_error', 'rate_limit_error', 'timeout_error'])

/**
 * Reads an error of the SDK. The SDK itself has retried what came before a reply (408, 409, 429, 5xx, connections); after the HTTP 200 it retries
 * nothing: an SSE `error` event is an APIError without status, a dropped socket an AnthropicError ("terminated").
 * undefined: no error of the SDK, so a bug of ours.
 */
export function readFault(error: unknown, sdk: typeof Sdk): Fault | undefined {
  if (error instanceof IdleError) return { fault: 'unreachable', retry: true, message: error.message }
  if (error instanceof sdk.APIConnectionError) return { fault: 'unreachable', retry: true, message: `The model can't be reached: ${causeOf(error)}` }
  if (error instanceof sdk.APIError) {
    const said = error.apiMessage ?? error.message
    const status = error.status as number | undefined
    if (status === undefined) return { fault: passing.has(error.type ?? 'api_error') ? 'unreachable' : 'configuration', retry: passing.has(error.type ?? 'api_error'), message: `The model broke off in mid reply: ${said}` }
    if (status === 401 || status === 403) return { fault: 'configuration', retry: false, message: `The key was refused (${status}): ${said}. Set another key: ANTHROPIC_API_KEY, or "DevTeam: Set API Key" in VS Code` }
    if (status === 404) return { fault: 'configuration', retry: false, message: `Not found (404): ${said}. Check the model's name and the base URL` }
    if (status === 408 || status === 409 || status === 429 || status >= 500) return { fault: 'unreachable', retry: true, message: `${status === 429 ? 'The rate limit is used up' : status === 529 ? 'The model is overloaded' : 'The model failed'} (${status}): ${said}` }
    return { fault: 'configuration', retry: false, message: `The request was refused (${status}): ${said}` }
  }
  if (error instanceof sdk.AnthropicError) return { fault: 'unreachable', retry: true, message: `The connection was lost in mid reply: ${causeOf(error)}` }
  return undefined
}

/** Nothing came for too long: the SDK's own time limit ends with the headers. */
export class IdleError extends Error {
  override readonly name = 'IdleError'
  constructor(milliseconds: number) { super(`Nothing came from the model for ${milliseconds / 1000} seconds`) }
}

const causeOf = (error: Error): string => {
  const inner = error.cause
  return inner instanceof Error && inner.message !== '' && inner.message !== error.message ? `${error.message} (${inner.cause instanceof Error ? inner.cause.message : inner.message})` : error.message
}
