import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isFromPage } from '../../../src/vscode/graph/messages.ts'
import { pageHtml } from '../../../src/vscode/graph/page-html.ts'

describe('the host of the graph page', () => {
  it('takes whole messages of the page', () => {
    for (const message of [
      { type: 'ready' }, { type: 'select', task: 'TASK-001' }, { type: 'select', task: undefined }, { type: 'run', task: 'TASK-001' }, { type: 'openTask', task: 'TASK-001' },
      { type: 'command', command: 'plan' }, { type: 'export', format: 'png', content: 'AAAA' },
    ]) assert.equal(isFromPage(message), true, JSON.stringify(message))
  })

  it('takes nothing else', () => {
    for (const message of [undefined, null, 'ready', 1, [], {}, { type: 'run' }, { type: 'run', task: 1 }, { type: 'select', task: {} }, { type: 'command', command: 'rm' }, { type: 'export', format: 'exe', content: '' }, { type: 'export', format: 'svg' }, { type: '__proto__' }]) {
      assert.equal(isFromPage(message), false, JSON.stringify(message))
    }
    fc.assert(fc.property(fc.anything(), (message) => { isFromPage(message) })) // never throws
  })

  it('has a policy without inline scripts, eval, or any network but its own files', () => {
    const html = pageHtml({ script: 'https://x/graph.js', style: 'https://x/graph.css', worker: 'https://x/layout-worker.js', cspSource: 'https://x', nonce: 'abc' })
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? ''
    assert.deepEqual(policy.split('; '), ["default-src 'none'", "script-src 'nonce-abc'", 'style-src https://x', 'worker-src blob:', 'connect-src https://x', 'img-src https://x data: blob:', 'font-src https://x'])
    assert.equal((html.match(/<script/g) ?? []).length, 1)
    assert.match(html, /<body data-worker-src="https:\/\/x\/layout-worker\.js">/)
    assert.match(html, /<div id="app"><\/div>/)
  })
})
