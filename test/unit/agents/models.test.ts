import assert from 'node:assert/strict'
import { costOfRequest, priceOf } from '../../../src/agents/models.ts'

const million = 1_000_000

describe('cost of a request', () => {
  it('adds up the four kinds of tokens at their own prices', () => {
    assert.equal(costOfRequest('claude-opus-5-5', { input: million, output: million, cacheRead: million, cacheWrite: million }), 4 + 20 + 0.2 + 5)
    assert.equal(costOfRequest('claude-sonnet-5-5', { input: 500_000, output: 0, cacheRead: 0, cacheWrite: 0 }), 1)
  })

  it('takes the higher price for a prompt of more than 100k tokens, cached ones included', () => {
    const at = costOfRequest('claude-haiku-5-5', { input: 50_000, output: 0, cacheRead: 30_000, cacheWrite: 20_000 })
    assert.equal(at, (50_000 * 0.1 + 30_000 * 0.01 + 20_000 * 0.125) / million)
    const above = costOfRequest('claude-haiku-5-5', { input: 50_000, output: 1_000, cacheRead: 30_001, cacheWrite: 20_000 })
    assert.equal(above, (50_000 * 0.5 + 1_000 * 2.5 + 30_001 * 0.05 + 20_000 * 0.625) / million)
  })

  it('does not know the cost of an unknown model', () => {
    assert.equal(costOfRequest('local-llama', { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 }), undefined)
    assert.equal(priceOf('constructor'), undefined)
    assert.deepEqual(priceOf('claude-sonnet-5-5-20261001'), priceOf('claude-sonnet-5-5'))
  })
})
