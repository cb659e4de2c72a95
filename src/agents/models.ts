import type { Tier, Tokens } from './executor.ts'

/** The model that a tier stands for unless the configuration names another one. */
export const modelIds: Readonly<Record<Tier, string>> = { haiku: 'claude-haiku-5-5', sonnet: 'claude-sonnet-5-5', opus: 'claude-opus-5-5' }

/** USD per million tokens; `cacheWrite` is the five-minute cache. */
export interface Price { readonly input: number; readonly output: number; readonly cacheRead: number; readonly cacheWrite: number }

/** `above`: other prices for a request whose prompt has more than `promptTokens` (input, cache reads and cache writes together). */
export interface ModelPrice extends Price { readonly above?: { readonly promptTokens: number; readonly price: Price } }

/** As read in 2026-11. */
const prices: Readonly<Record<string, ModelPrice>> = {
  'claude-opus-5-5': { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 },
  'claude-sonnet-5-5': { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 },
  'claude-haiku-5-5': {
    input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125,
    above: { promptTokens: 100_000, price: { input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625 } },
  },
}

/** The price of a model; a dated id (`claude-sonnet-5-5-20261001`) costs what its family costs. undefined: unknown. */
export function priceOf(model: string): ModelPrice | undefined {
  const id = Object.hasOwn(prices, model) ? model : model.replace(/-\d{8}$/, '')
  return Object.hasOwn(prices, id) ? prices[id] : undefined
}

/**
 * What one request cost, in USD. The tokens of one request only: a price that depends on the size of the prompt can't be told from a sum.
 * undefined: the model's price is unknown.
 */
export function costOfRequest(model: string, tokens: Tokens): number | undefined {
  const price = priceOf(model)
  if (price === undefined) return undefined
  const prompt = tokens.input + tokens.cacheRead + tokens.cacheWrite
  const { input, output, cacheRead, cacheWrite } = price.above !== undefined && prompt > price.above.promptTokens ? price.above.price : price
  return (tokens.input * input + tokens.output * output + tokens.cacheRead * cacheRead + tokens.cacheWrite * cacheWrite) / 1_000_000
}

export const noTokens: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }

export const addTokens = (a: Tokens, b: Tokens): Tokens => ({
  input: a.input + b.input, output: a.output + b.output, cacheRead: a.cacheRead + b.cacheRead, cacheWrite: a.cacheWrite + b.cacheWrite,
})
