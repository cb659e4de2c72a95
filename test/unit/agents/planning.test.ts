import assert from 'node:assert/strict'
import fc from 'fast-check'
import { modelIds } from '../../../src/agents/models.ts'
import type { Roles } from '../../../src/agents/roles.ts'
import { createSimulatedExecutor } from '../../../src/agents/simulated/executor.ts'
import { prd, tasks } from '../../../src/agents/simulated/planning.ts'
import { nextStep, type Request, type Script } from '../../../src/agents/simulated/script.ts'
import { parsePrd, parseTasks } from '../../../src/plan/answers.ts'
import type { Prd, Task } from '../../../src/plan/task.ts'
import { briefFor, Workspace } from './support/workspace.ts'

const answer = (script: (request: Request) => Script, kind: 'prd' | 'tasks', source: string): unknown => {
  const step = nextStep(script({ role: 'planning:prd-writer', subject: { kind, source }, prompt: '', schema: { type: 'object' }, rounds: [] }), [])
  assert.ok(step.kind === 'final')
  return JSON.parse(step.text)
}
const planned = (source: string): Task[] => parseTasks(answer(tasks, 'tasks', source))
const required = (source: string): Prd => parsePrd(answer(prd, 'prd', source))

const outline = '# Library\n\n## Backend\n- Lend books\n- Return books\n\n## Frontend\n- Book list page\n'

describe('planning from a text', () => {
  it('frames features that have neither hours nor dependencies', () => {
    const list = planned('# Notes\n\n## Features\n- Write notes\n- Search notes\n\n## Nice to have\n- Share notes\n')
    assert.deepEqual(list.map((task) => task.title), ['Project foundation', 'Write notes', 'Search notes', 'Share notes', 'Integration tests', 'User guide'])
    assert.deepEqual([...(list[1]?.dependencies ?? [])], ['TASK-001'])
    assert.deepEqual([...(list[4]?.dependencies ?? [])], ['TASK-002', 'TASK-003', 'TASK-004'])
    assert.equal(required('# Notes\n## Nice to have\n- Share notes\n').shouldHave[0]?.title, 'Share notes')
  })

  it('makes a plan of a plain sentence', () => {
    const list = planned('Build a todo app with a REST API, a React frontend and Docker deployment')
    assert.deepEqual(list.map((task) => [task.title, task.component]), [['Project foundation', 'backend'], ['REST API', 'backend'], ['React frontend', 'frontend'], ['Docker deployment', 'infrastructure'], ['Integration tests', 'tests'], ['User guide', 'documentation']])
    assert.equal(required('Build a todo app with a REST API').project, 'Todo app')
  })

  it('never fails on any text', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('# T', '## Backend', '### A (8h)', '- item', '  - sub', 'Depends on: A', '- [ ] x (2h)', '```', '| a | b |', 'Acceptance criteria:', '1. one', '**b**: c', '---', ''))
    fc.assert(fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
      const source = lines.join('\n')
      assert.ok(planned(source).length > 0)
      assert.ok(required(source).mustHave.length + required(source).shouldHave.length > 0)
      assert.deepEqual(planned(source), planned(source))
    }), { numRuns: 300 })
  })

  it('answers over the executor as a model would', async () => {
    const workspace = new Workspace()
    try {
      const roles: Roles = await workspace.roles()
      const executor = createSimulatedExecutor({ seed: 1, failureRate: 0, millisecondsPerHour: 0, models: modelIds })
      const ask = (kind: 'prd' | 'tasks', role: Roles['prdWriter']) => executor.run(briefFor(role, { kind, source: outline }, { outputSchema: { type: 'object' } }), workspace.root, new AbortController().signal, () => undefined)
      assert.equal(parsePrd((await ask('prd', roles.prdWriter)).answer).project, 'Library')
      assert.equal(parseTasks((await ask('tasks', roles.taskGraphAnalyzer)).answer).length, 6)
    } finally { workspace.remove() }
  })
})
