import assert from 'node:assert/strict'
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import type { ExecutorEvent, ToolName } from '../../../src/agents/executor.ts'
import { FileAccess } from '../../../src/agents/file-access.ts'
import { makeTools } from '../../../src/agents/tools.ts'
import { Workspace } from './support/workspace.ts'

describe('tools', () => {
  let workspace: Workspace
  let events: ExecutorEvent[]
  let written: string[]
  let call: (name: ToolName, input: Record<string, unknown>) => Promise<string>
  beforeEach(async () => {
    workspace = new Workspace({ 'src/a.py': 'one\n\ndef two():\n    return 2\n', 'src/b.ts': 'export const x = 1\n', '.git/config': 'two', 'node_modules/p/i.js': 'two', '.devteam/config.json': '{}' })
    events = []
    written = []
    const access = await FileAccess.open(workspace.root)
    const tools = makeTools(['read_file', 'list_files', 'search_files', 'write_file', 'edit_file'], { access, onEvent: (event) => events.push(event), onWrite: (file) => written.push(file), makeTool: betaZodTool })
    call = async (name, input) => {
      const tool = tools.find((each) => 'name' in each && each.name === name)
      assert.ok(tool)
      const result = await tool.run(tool.parse(input))
      assert.ok(typeof result === 'string')
      return result
    }
  })
  afterEach(() => workspace.remove())

  it('reads with line numbers, whole or in part', async () => {
    assert.equal(await call('read_file', { path: 'src/a.py' }), '1\tone\n2\t\n3\tdef two():\n4\t    return 2')
    assert.equal(await call('read_file', { path: 'src/a.py', from_line: 3, to_line: 3 }), '3\tdef two():\n[1 more lines: read from line 4]')
    assert.equal(await call('read_file', { path: 'src/a.py', from_line: 9 }), '[the file has 4 lines]')
  })

  it('lists files in order, without what no agent needs', async () => {
    assert.equal(await call('list_files', {}), 'src/a.py\nsrc/b.ts')
    assert.equal(await call('list_files', { glob: '**/*.py' }), 'src/a.py')
    await assert.rejects(call('list_files', { path: 'none' }), /no folder none/)
    await assert.rejects(call('list_files', { path: '..' }), /outside/)
  })

  it('finds lines by pattern and by plain text', async () => {
    assert.equal(await call('search_files', { pattern: 'DEF \\w+\\(' }), 'src/a.py:3: def two():')
    assert.equal(await call('search_files', { pattern: 'two()', literal: true }), 'src/a.py:3: def two():')
    assert.equal(await call('search_files', { pattern: 'three' }), '[no matches]')
    await assert.rejects(call('search_files', { pattern: '(?=a)b' }), /RE2/)
  })

  it('is not held up by a pattern that backtracks for ever elsewhere', async () => {
    workspace.write('src/c.txt', `${'a'.repeat(5_000)}!\n`)
    assert.equal(await call('search_files', { pattern: '^(a+)+$' }), '[no matches]')
  })

  it('tells of every call, and of what was written', async () => {
    await call('write_file', { path: 'docs/x.md', content: 'x\n' })
    await assert.rejects(call('edit_file', { path: '.git/config', old_text: 'two', new_text: 'x' }), /read-only/)
    assert.deepEqual(written, ['docs/x.md'])
    assert.deepEqual(events.map((event) => event.type === 'tool' && [event.name, event.path, event.ok]), [['write_file', 'docs/x.md', true], ['edit_file', '.git/config', false]])
  })

  it('lets edits of one file at the same time all land', async () => {
    workspace.write('n.txt', Array.from({ length: 20 }, (_, i) => `<${i}>`).join('\n'))
    await Promise.all(Array.from({ length: 20 }, (_, i) => call('edit_file', { path: 'n.txt', old_text: `<${i}>`, new_text: `(${i})` })))
    assert.equal(workspace.read('n.txt'), Array.from({ length: 20 }, (_, i) => `(${i})`).join('\n'))
  })
})
