import assert from 'node:assert/strict'
import fc from 'fast-check'
import { modelIds } from '../../../src/agents/models.ts'
import type { Roles } from '../../../src/agents/roles.ts'
import { createSimulatedExecutor } from '../../../src/agents/simulated/executor.ts'
import { readOutline } from '../../../src/agents/simulated/outline.ts'
import { prd, tasks } from '../../../src/agents/simulated/planning.ts'
import { nextStep, type Request, type Script } from '../../../src/agents/simulated/script.ts'
import { parsePrd, parseTasks } from '../../../src/plan/schema.ts'
import type { Prd, Task } from '../../../src/plan/task.ts'
import { briefFor, Workspace } from './support/workspace.ts'

const answer = (script: (request: Request) => Script, kind: 'prd' | 'tasks', source: string): unknown => {
  const step = nextStep(script({ role: 'planning:prd-writer', subject: { kind, source }, prompt: '', schema: { type: 'object' }, rounds: [] }), [])
  assert.ok(step.kind === 'final')
  return JSON.parse(step.text)
}
const planned = (source: string): Task[] => parseTasks(answer(tasks, 'tasks', source))
const required = (source: string): Prd => parsePrd(answer(prd, 'prd', source))

const outline = `# Library

Readers can't see which books are lent.

## Users
- readers
- librarians

## Technology
- Python and FastAPI

## Backend

### TASK-A1: Book schema (8h)
- Books table
- Loans table

### Lending API (6 hours)
Depends on: TASK-A1
Acceptance criteria:
- Lend endpoint
- Return endpoint

## Frontend
- **Book list page** (4h) - shows what is there; depends on Lending API
  - List of books
  - Search box
- [ ] Reader page (2h, depends on: Book list page)

## Out of scope
- Fines
`

describe('planning from a text', () => {
  it('takes titles, hours, criteria, dependencies and components from an outline', () => {
    assert.deepEqual(planned(outline).map((task) => [task.id, task.title, task.component, task.estimatedHours, [...task.dependencies], [...task.acceptanceCriteria]]), [
      ['TASK-001', 'Book schema', 'backend', 8, [], ['Books table', 'Loans table']],
      ['TASK-002', 'Lending API', 'backend', 6, ['TASK-001'], ['Lend endpoint', 'Return endpoint']],
      ['TASK-003', 'Book list page', 'frontend', 4, ['TASK-002'], ['List of books', 'Search box']],
      ['TASK-004', 'Reader page', 'frontend', 2, ['TASK-003'], ['Reader page']],
    ])
    const document = required(outline)
    assert.deepEqual([document.project, document.users, document.technology, document.mustHave.length, document.problem], ['Library', ['readers', 'librarians'], ['Python and FastAPI'], 4, 'Readers can\'t see which books are lent.'])
  })

  it('takes hours from an estimate, not from any figure', () => {
    const list = planned('# X\n## Billing\nEstimate: 3 h\n- Saves 100 hours a month\n## Mail\nHours: 5\n- Sent\n')
    assert.deepEqual(list.map((task) => [task.title, task.estimatedHours]), [['Billing', 3], ['Mail', 5]])
  })

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

  it('leaves out a dependency that would close a circle, or that names nothing', () => {
    const list = planned('# X\n## Tasks\n- One (2h, depends on Two)\n- Two (2h, depends on One)\n- Three (2h, depends on Nine)\n')
    assert.deepEqual(list.map((task) => [...task.dependencies]), [['TASK-002'], [], []])
  })

  it('never fails on any text', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('# T', '## Backend', '### A (8h)', '- item', '  - sub', 'Depends on: A', '- [ ] x (2h)', '```', '| a | b |', 'Acceptance criteria:', '1. one', '**b**: c', '---', ''))
    fc.assert(fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
      const source = lines.join('\n')
      assert.ok(planned(source).length > 0)
      assert.ok(required(source).mustHave.length + required(source).shouldHave.length > 0)
      assert.deepEqual(readOutline(source), readOutline(source))
    }), { numRuns: 300 })
  })

  it('answers over the executor as a model would', async () => {
    const workspace = new Workspace()
    try {
      const roles: Roles = await workspace.roles()
      const executor = createSimulatedExecutor({ seed: 1, failureRate: 0, millisecondsPerHour: 0, models: modelIds })
      const ask = (kind: 'prd' | 'tasks', role: Roles['prdWriter']) => executor.run(briefFor(role, { kind, source: outline }, { outputSchema: { type: 'object' } }), workspace.root, new AbortController().signal, () => undefined)
      assert.equal(parsePrd((await ask('prd', roles.prdWriter)).answer).project, 'Library')
      assert.equal(parseTasks((await ask('tasks', roles.taskGraphAnalyzer)).answer).length, 4)
    } finally { workspace.remove() }
  })
})
