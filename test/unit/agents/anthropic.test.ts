import assert from 'node:assert/strict'
import * as z from 'zod'
import { createAnthropicExecutor, type AnthropicOptions } from '../../../src/agents/anthropic.ts'
import { ExecutorError, type Brief, type ExecutorEvent, type ExecutorResult } from '../../../src/agents/executor.ts'
import { costOfRequest, modelIds } from '../../../src/agents/models.ts'
import { calls, FakeApi, final, usage, type Reply } from './support/fake-api.ts'
import { briefFor, Workspace } from './support/workspace.ts'

const key = ['sk-ant', 'api03-test-test-test-test'].join('-')
const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'], additionalProperties: false }

describe('the executor over the Messages API', () => {
  let workspace: Workspace
  let api: FakeApi | undefined
  let events: ExecutorEvent[]
  beforeEach(() => { workspace = new Workspace({ 'a.txt': 'one\n' }); events = [] })
  afterEach(async () => { workspace.remove(); await api?.stop(); api = undefined })

  const brief = async (more: Parameters<typeof briefFor>[2] = {}): Promise<Brief> => briefFor((await workspace.roles()).get('general:developer'), { kind: 'implement', task: { id: 'TASK-001', title: 'T', component: 'general', hours: 1, criteria: ['C'] } }, more)
  const run = async (replies: readonly Reply[], options: Partial<AnthropicOptions> & { readonly brief?: Brief; readonly signal?: AbortSignal } = {}): Promise<ExecutorResult> => {
    api = await FakeApi.start(...replies)
    const { brief: given, signal, ...rest } = options
    const executor = createAnthropicExecutor({ apiKey: key, baseUrl: api.url, models: modelIds, backoffMs: 1, ...rest })
    return executor.run(given ?? await brief(), workspace.root, signal ?? new AbortController().signal, (event) => events.push(event))
  }
  const failure = async (work: Promise<unknown>): Promise<ExecutorError> => {
    try { await work } catch (error) { assert.ok(error instanceof ExecutorError, String(error)); return error }
    throw new assert.AssertionError({ message: 'it did not fail' })
  }

  it('runs tools until the last reply, and sums up what was used', async () => {
    const result = await run([calls({ name: 'read_file', input: { path: 'a.txt' } }, { name: 'write_file', input: { path: 'b.txt', content: 'b\n' } }), final('Done.\nMore.')])
    const cost = costOfRequest(modelIds.sonnet, usage) ?? NaN
    assert.deepEqual([result.text, result.tokens, result.filesWritten, result.model], ['Done.\nMore.', { input: 200, output: 40, cacheRead: 0, cacheWrite: 0 }, ['b.txt'], 'claude-sonnet-5-5'])
    assert.ok(Math.abs((result.costUsd ?? NaN) - 2 * cost) < 1e-12)
    assert.equal(workspace.read('b.txt'), 'b\n')
    const last = api?.requests[1]?.body.messages.at(-1)
    assert.match(JSON.stringify(last), /1\\\\tone|1\\tone/)
    assert.deepEqual(events.filter((event) => event.type !== 'tool').map((event) => event.type), ['usage', 'text', 'usage'])
  })

  it('sends what the API of today takes: a stream, whole history, no thread, no sampling settings', async () => {
    await run([calls({ name: 'list_files', input: {} }), final('x')], { brief: await brief({ outputSchema: schema }) }).catch(() => undefined)
    const first = api?.requests[0]
    assert.equal(first?.headers.authorization, `Bearer ${key}`)
    assert.equal(first.body.stream, true)
    assert.deepEqual(first.body.output_config, { format: { type: 'json_schema', schema } })
    for (const absent of ['thread', 'temperature', 'top_p', 'top_k', 'tool_choice', 'max_iterations']) assert.equal(first.body[absent], undefined, absent)
    assert.match(String(first.body.system), /^You are general:developer: /)
    assert.ok(!String(first.body.system).includes('TASK-001'))
    assert.deepEqual(api?.requests[1]?.body.messages.map((message) => message.role), ['user', 'assistant', 'user'])
  })

  it('gives a refused tool call back to the model as an error', async () => {
    await run([calls({ name: 'write_file', input: { path: '../x', content: '' } }, { name: 'read_file', input: { nonsense: true } }), final('ok')])
    const results = JSON.stringify(api?.requests[1]?.body.messages.at(-1))
    assert.equal(results.match(/"is_error":true/g)?.length, 2)
    assert.match(results, /outside of the working directory/)
  })

  it('never sends a key that stands in a file or in the brief', async () => {
    workspace.write('k.txt', `key=${key}\n`)
    const result = await run([calls({ name: 'read_file', input: { path: 'k.txt' } }), final(`it is ${key}`)], { brief: await brief({ intro: `use ${key}` }) })
    assert.ok(!JSON.stringify(api?.requests.map((request) => request.body)).includes(key))
    assert.ok(!JSON.stringify([events, result]).includes(key))
  })

  it('asks for answers in a schema that the API takes: closed, limits as text', async () => {
    const asked = z.toJSONSchema(z.object({ line: z.int(), share: z.number().max(1) })) as Record<string, unknown>
    await run([final('{}')], { brief: await brief({ outputSchema: asked }) })
    assert.deepEqual(api?.requests[0]?.body.output_config, { format: { type: 'json_schema', schema: {
      type: 'object', properties: { line: { type: 'integer' }, share: { type: 'number', description: '{maximum: 1}' } }, required: ['line', 'share'], additionalProperties: false,
    } } })
  })

  it('parses a structured answer', async () => {
    const result = await run([final('{"ok":true}')], { brief: await brief({ outputSchema: schema }) })
    assert.deepEqual(result.answer, { ok: true })
  })

  it('asks once more for an answer that is no JSON, then gives up with what was used', async () => {
    const mended = await run([final('{"ok":tru'), final('{"ok":true}')], { brief: await brief({ outputSchema: schema }) })
    assert.deepEqual([mended.answer, mended.tokens.input], [{ ok: true }, 200])
    await api?.stop()
    const error = await failure(run([final('no'), final('still no')], { brief: await brief({ outputSchema: schema }) }))
    assert.deepEqual([error.fault, error.tokens.input], ['answer', 200])
    assert.match(error.message, /no valid JSON twice/)
  })

  it('waits out a rate limit and an overload', async () => {
    const result = await run([{ kind: 'status', status: 429, type: 'rate_limit_error', headers: { 'retry-after-ms': '1' } }, { kind: 'status', status: 529, type: 'overloaded_error' }, final('done')])
    assert.deepEqual([result.text, api?.requests.length], ['done', 3])
  })

  for (const [status, type] of [[429, 'rate_limit_error'], [529, 'overloaded_error'], [500, 'api_error']] as const) {
    it(`gives up on ${status} after bounded retries`, async () => {
      const error = await failure(run(Array.from({ length: 50 }, (): Reply => ({ kind: 'status', status, type })), { turnRetries: 1 }))
      assert.equal(error.fault, 'unreachable')
      assert.match(error.message, new RegExp(`\\(${status}\\).*Tried 2 times`))
      assert.equal(api?.requests.length, 6)
    })
  }

  for (const [status, type, message] of [[401, 'authentication_error', /key was refused/], [404, 'not_found_error', /model's name/], [400, 'invalid_request_error', /request was refused/]] as const) {
    it(`does not try again after ${status}`, async () => {
      const error = await failure(run([{ kind: 'status', status, type }]))
      assert.deepEqual([error.fault, api?.requests.length], ['configuration', 1])
      assert.match(error.message, message)
    })
  }

  for (const [what, fault] of [['an error in mid stream', { kind: 'sse-error', after: 4, type: 'overloaded_error' }], ['a dropped socket', { kind: 'drop', after: 4 }]] as const) {
    it(`sends a turn again after ${what}, without its tools running twice, and counts what was used`, async () => {
      const result = await run([calls({ name: 'write_file', input: { path: 'b.txt', content: 'b' } }), fault, final('done')])
      assert.deepEqual([result.text, result.tokens.input, api?.requests.length], ['done', 300, 3])
      assert.deepEqual(api?.requests[2]?.body.messages, api?.requests[1]?.body.messages)
      assert.equal(events.filter((event) => event.type === 'tool').length, 1)
    })

    it(`gives up on ${what} that comes again and again`, async () => {
      const error = await failure(run(Array.from({ length: 9 }, () => fault), { turnRetries: 2 }))
      assert.deepEqual([error.fault, error.tokens.input, api?.requests.length], ['unreachable', 300, 3])
    })
  }

  it('does not send again what an error in mid stream calls invalid', async () => {
    const error = await failure(run([{ kind: 'sse-error', after: 2, type: 'invalid_request_error' }]))
    assert.deepEqual([error.fault, api?.requests.length], ['configuration', 1])
  })

  it('ends a stream that stalls, and sends the turn again', async () => {
    const result = await run([{ kind: 'stall', after: 4 }, final('done')], { idleTimeoutMs: 60 })
    assert.deepEqual([result.text, api?.requests.length], ['done', 2])
  })

  for (const [reason, message] of [['max_tokens', /cut off/], ['refusal', /refused/], ['model_context_window_exceeded', /longer than/], ['something_new', /unknown reason/]] as const) {
    it(`gives up on the stop reason ${reason}`, async () => {
      const error = await failure(run([{ kind: 'stop', reason, text: 'half' }]))
      assert.deepEqual([error.fault, error.tokens.output], ['answer', 20])
      assert.match(error.message, message)
    })
  }

  it('notices when the most requests are used up', async () => {
    const error = await failure(run(Array.from({ length: 9 }, () => calls({ name: 'list_files', input: {} })), { maxRequests: 3 }))
    assert.deepEqual([error.fault, api?.requests.length], ['answer', 3])
    assert.match(error.message, /not done after 3 requests/)
  })

  it('stops with an AbortError, before and within a request', async () => {
    const before = new AbortController()
    before.abort(new Error('any reason'))
    await assert.rejects(run([final('x')], { signal: before.signal }), { name: 'AbortError' })
    assert.equal(api?.requests.length, 0)
    await api.stop()
    const within = new AbortController()
    const work = run([{ kind: 'stall', after: 2 }], { signal: within.signal })
    const poll = setInterval(() => { if (api !== undefined && api.requests.length === 1) within.abort() }, 5)
    await assert.rejects(work, { name: 'AbortError' })
    clearInterval(poll)
  })

  it('does not know the cost of a model without a price', async () => {
    const result = await run([final('x')], { brief: { ...await brief(), model: 'local-model' } })
    assert.deepEqual([result.costUsd, result.tokens.input], [undefined, 100])
  })

  it('says so when nobody answers', async () => {
    const dead = await FakeApi.start()
    const url = dead.url
    await dead.stop()
    const error = await failure(run([], { baseUrl: url, turnRetries: 0 }))
    assert.equal(error.fault, 'unreachable')
    assert.match(error.message, /can't be reached/)
  })
})
