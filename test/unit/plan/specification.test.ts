import assert from 'node:assert/strict'
import fc from 'fast-check'
import fs from 'node:fs'
import path from 'node:path'
import type { Imported } from '../../../src/plan/import/imported.ts'
import { readSpecified } from '../../../src/plan/specification/specification.ts'
import type { Task } from '../../../src/plan/task.ts'

const read = (text: string, name = 'SPEC.md'): Imported | undefined => readSpecified({ path: name, text })
const planned = (text: string, name?: string): Imported => read(text, name) ?? assert.fail('it is not structured')
const facts = (task: Task): unknown[] => [task.id, task.title, task.component, task.estimatedHours, [...task.dependencies], [...task.acceptanceCriteria]]
/** The examples of the documentation: what it shows is what is read. */
const documentation = fs.readFileSync(path.resolve(import.meta.dirname, '../../../docs/specifications.md'), 'utf8')
const example = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(documentation)?.[1] ?? assert.fail(language)

const library = [
  ['TASK-A1', 'Book schema', 'backend', 8, [], ['Books table', 'Loans table']],
  ['TASK-002', 'Lending API', 'backend', 6, ['TASK-A1'], ['Lend endpoint', 'Return endpoint']],
  ['TASK-003', 'Book list page', 'frontend', 4, ['TASK-002'], ['List of books', 'Search box']],
  ['TASK-004', 'Reader page', 'frontend', 2, ['TASK-003'], []],
]

describe('a specification in Markdown', () => {
  it('is read as the documentation shows it', () => {
    const { tasks, prd, completed, warnings } = planned(example('markdown'))
    assert.deepEqual(tasks.map(facts), library)
    assert.deepEqual([prd?.project, prd?.users, prd?.technology, prd?.problem], ['Library', ['readers', 'librarians'], ['Python and FastAPI'], 'Readers can\'t see which books are lent.'])
    assert.deepEqual(prd?.mustHave.map((each) => [each.id, each.title]), [['F001', 'Book schema'], ['F002', 'Lending API'], ['F003', 'Book list page'], ['F004', 'Reader page']])
    assert.deepEqual([tasks[1]?.priority, tasks[1]?.allowedPatterns, tasks[1]?.featureRef, tasks[2]?.description], ['high', ['backend/lending/**', 'tests/lending/**'], 'F002', 'shows what is there'])
    assert.deepEqual([completed, warnings], [['TASK-003'], []])
  })
  it('may have Windows line ends and a byte order mark', () => {
    assert.deepEqual(planned(`\uFEFF${example('markdown').replaceAll('\n', '\r\n')}`), planned(example('markdown')))
  })
  it('states hours in the title or in a line about the estimate, not by any figure', () => {
    const { tasks } = planned('# X\n## Billing\nEstimate: 3 h\n- Saves 100 hours a month\n## Mail\nHours: 5\n- Sent\n## Search [~2 days]\n- Found\n## Last - 1.5 hours\n- Done\n## Cut the 100 hours a month\n- Yes\n')
    assert.deepEqual(tasks.map((task) => [task.title, task.estimatedHours, task.hoursGuessed]), [['Billing', 3, undefined], ['Mail', 5, undefined], ['Search', 16, undefined], ['Last', 1.5, undefined], ['Cut the 100 hours a month', 4, true]])
  })
  it('guesses hours that are not stated, and says which', () => {
    const { tasks, warnings } = planned('# X\n## Tasks\n- One (2h)\n- Two (depends on One)\n  - a\n  - b\n')
    assert.deepEqual(tasks.map((task) => [task.estimatedHours, task.hoursGuessed]), [[2, undefined], [6, true]])
    assert.match(warnings.join('\n'), /Hours of 1 of 2 tasks are guesses.*: TASK-002\./)
  })
  it('reads hours as people write them, and leaves them out of the title', () => {
    const spans = [['(1h 30m)', 1.5], ['(90 minutes)', 1.5], ['[1,5 h]', 1.5], ['(2 person days)', 16], ['- 1 person-week', 40], ['(~4h)', 4], ['(3-5 hours)', 4, 3, 5], ['\u2013 3\u20135h', 4, 3, 5], ['- 3 to 5 hours', 4, 3, 5], [': 2d', 16], ['(backend: 3h)', undefined]] as const
    const { tasks, warnings } = planned(`# X\n## Tasks\n${spans.map(([span], i) => `- Part ${i}x ${span}`).join('\n').replaceAll(' :', ':')}\n`)
    assert.deepEqual(tasks.slice(0, -1).map((task) => [task.title, task.estimatedHours, ...(task.estimate === undefined ? [] : [task.estimate.low, task.estimate.high])]), spans.slice(0, -1).map(([, ...hours], i) => [`Part ${i}x`, ...hours]))
    assert.equal(warnings.filter((warning) => warning === 'A day was taken for 8 hours of work, a week for 40').length, 1)
    assert.match(warnings.join('\n'), /SPEC\.md: not read as the hours of a task: line 13 "backend: 3h"\./)
    assert.doesNotMatch(planned('# X\n- A (2h)\n').warnings.join('\n'), /8 hours of work/)
  })
  it('reads hours in lines and tables the same way', () => {
    const lines = ['Hours: 1h 30m', 'Estimate: 3-5 days', 'Effort: 1,5 h (with tests)', 'Time estimate: about 4 hours for the form', '**Hours:** 3-5', 'Estimated time: 2D', 'Estimate: 5 points', 'Estimate: up to 4 hours', 'Duration: 2h, 3h for tests']
    const { tasks, warnings } = planned(`# X\n${lines.map((line, i) => `## Part ${i}x\n${line}\n- a\n`).join('')}`)
    assert.deepEqual(tasks.map((task) => [task.estimatedHours, task.estimate?.low, task.hoursGuessed]), [[1.5, undefined, undefined], [32, 24, undefined], [1.5, undefined, undefined], [4, undefined, undefined], [4, 3, undefined], [16, undefined, undefined], [4, undefined, true], [4, undefined, true], [4, undefined, true]])
    assert.match(warnings.join('\n'), /not read as the hours of a task: line 24 "up to 4 hours"; line 27 "2h, 3h for tests"\. If they are/)
    const table = planned('# X\n| Task | Effort |\n|---|---|\n| A | 1h 30m |\n| B | 2-3 days |\n')
    assert.deepEqual(table.tasks.map((task) => [task.estimatedHours, task.estimate]), [[1.5, undefined], [20, { low: 16, high: 24 }]])
  })
  it('tells hours in a title that are not marked off', () => {
    const { tasks, warnings } = planned('# X\n- Login 4h\n- Cart (1h)\n- Tickets 2h\n  Hours: 3\n')
    assert.deepEqual(tasks.map((task) => [task.title, task.estimatedHours, task.hoursGuessed]), [['Login 4h', 4, true], ['Cart', 1, undefined], ['Tickets 2h', 3, undefined]])
    assert.match(warnings.join('\n'), /not read as the hours of a task: line 2 "4h"\. /)
  })
  it('takes the hours in the title where a line says others, and tells it', () => {
    const { tasks, warnings } = planned('# X\n- Login (8h)\n  Hours: 4\n- Cart (2h)\n  Estimate: 2 hours\n- Mails (3h)\n  Estimate: 5 points\n')
    assert.deepEqual(tasks.map((task) => task.estimatedHours), [8, 2, 3])
    assert.deepEqual(warnings, ['SPEC.md: not taken, for there are hours in the title: line 3 "4", where the title of Login says 8 h'])
  })
  it('takes a phase of days or weeks, and a group of tasks with hours of their own, for no task', () => {
    const titles = (text: string): unknown => planned(text).tasks.map((task) => [task.title, task.estimatedHours])
    assert.deepEqual(titles('# X\n## Phase 1: Base (2 weeks)\n- Login (8h)\n- Cart\n## Sprint 2 (1 week)\n- Search\n## Milestone 2 (10 days)\n### Mails (2h)\n- Sent\n'), [['Login', 8], ['Cart', 4], ['Search', 4], ['Mails', 2]])
    assert.deepEqual(titles('# X\n## Backend (3 days)\n- Login (8h)\n## Web (16h)\n- Cart (6h)\n## Search (2 days)\n- Found\n'), [['Login', 8], ['Cart', 6], ['Search', 16]])
    assert.deepEqual(titles('# X\n## Phase 1: Base (8h)\n- Login\n## API (4h)\n- Lend\n'), [['Phase 1', 8], ['API', 4]])
  })
  it('has no criteria for a task without any', () => {
    const { tasks, prd } = planned('# X\n- Login (2h)\n- Cart\n')
    assert.deepEqual([...tasks, ...prd?.mustHave ?? []].map((each) => each.acceptanceCriteria), [[], [], [], []])
  })
  it('finds tasks without numbers by the number in their ids', () => {
    const ids = (text: string): unknown => planned(text).tasks.map((task) => [...task.dependencies])
    assert.deepEqual(ids('# X\n- Login (2h)\n- Cart (1h, depends on Task 1)\n- Mails (1h, depends on #1 and #2)\n'), [[], ['TASK-001'], ['TASK-001', 'TASK-002']])
    assert.deepEqual(ids('# X\n- T7: Login (2h)\n- T8: Cart (1h, depends on Task 7)\n'), [[], ['T7']])
    assert.throws(() => read('# X\n- T2: Login (2h)\n- F2: Cart (1h)\n- Last (1h, depends on #2)\n'), /line 4: depends on names "#2", which may be T2 or F2/)
    assert.throws(() => read('# X\n- Login (2h)\n- Cart (1h, depends on Task 3)\n'), /line 3: depends on names "Task 3", and there is no such task/)
  })
  it('finds what a task depends on by id, title, or a part of one title', () => {
    const { tasks } = planned('# X\n## Tasks\n- T1: Login, registration and reset (2h)\n- Cart (1h)\n- Checkout (3h)\nDepends on: Login, registration and reset, Cart\n- Mails (1h, depends on T1 and checkout)\n- Last (1h)\n  - Depends on: none\n- End (depends on: Login, 2h)\n')
    assert.deepEqual(tasks.map((task) => [task.id, [...task.dependencies]]), [['T1', []], ['TASK-002', []], ['TASK-003', ['T1', 'TASK-002']], ['TASK-004', ['T1', 'TASK-003']], ['TASK-005', []], ['TASK-006', ['T1']]])
  })
  it('takes numbers before titles for names, not for titles', () => {
    for (const text of ['# X\n## Task 1: Login (4h)\n- a\n## Task 2: Cart (3h)\nDepends on: Task 1\n- b\n', '# X\n## 1. Login (4h)\n- a\n## 2. Cart (3h)\nDepends on: 1\n- b\n', '# X\n1. Login (4h)\n   - a\n2. Cart (3h, depends on #1)\n   - b\n']) {
      assert.deepEqual(planned(text).tasks.map((task) => [task.id, task.title, [...task.dependencies], [...task.acceptanceCriteria]]), [['TASK-001', 'Login', [], ['A']], ['TASK-002', 'Cart', ['TASK-001'], ['B']]], text)
    }
    assert.throws(() => read('# X\n## A\n1. One (1h)\n2. Two (1h)\n## B\n1. Three (1h)\n2. Four (1h, depends on 1)\n'), /line 7: depends on names "1"/)
  })
  it('takes the rows of a table for tasks', () => {
    const { tasks } = planned('# Shop\n## Backend\n\nText | with a bar\n\n| ID | Task | Hours | Depends on | Priority | Acceptance criteria |\n|:---|---|---:|---|---|---|\n| T1 | Login \\| logout | 4 | - | high | logs in; logs out |\n| T2 | Cart | 1.5 | T1 | | |\n\n| What | Why |\n|---|---|\n| a | b |\n')
    assert.deepEqual(tasks.map((task) => [...facts(task), task.priority]), [['T1', 'Login | logout', 'backend', 4, [], ['Logs in', 'Logs out'], 'high'], ['T2', 'Cart', 'backend', 1.5, ['T1'], [], 'medium']])
    assert.throws(() => read('# X\n| Task | Hours |\n|---|---|\n| A | many |\n| B | 2 |\n'), /line 4: hours of A are no number/)
  })
  it('knows the usual names of columns, and leaves sums out', () => {
    for (const name of ['Estimate', 'Est. Hours', 'Estimated effort', 'Time estimate', 'Duration']) {
      assert.deepEqual(planned(`# X\n| Task | ${name} |\n|---|---|\n| Cart | 1-2 days |\n| Schema | 0.5 day |\n| **Total** | **2 days (~0.5 weeks)** |\n`).tasks.map((task) => [task.title, task.estimatedHours]), [['Cart', 12], ['Schema', 4]], name)
    }
  })
  it('reads an effort in words, a status and the usual priorities in a table', () => {
    const { tasks, completed } = planned('# Shop\n| Priority | Feature | Effort | Status |\n|---|---|---|---|\n| P0 | Cart | Low | ✅ Done |\n| 🔴 Critical | Checkout | 4h | not started |\n| P3 (later) | Mails | 2 d | Completed in May |\n')
    assert.deepEqual(tasks.map((task) => [task.title, task.priority, task.estimatedHours, task.hoursGuessed]), [['Cart', 'high', 4, true], ['Checkout', 'high', 4, undefined], ['Mails', 'low', 16, undefined]])
    assert.deepEqual(completed, ['TASK-001', 'TASK-003'])
  })
  it('is left to the executor where few of many items state anything, and what they state makes no sense', () => {
    const items = Array.from({ length: 12 }, (_, i) => `- Point ${i + 1}\n`).join('')
    for (const text of [`# Notes\n## Features\n${items}- Tests; depends on who is there\n`, `# Notes\n## Features\n${items}- Point 1\n- Tests (2h)\n`]) assert.equal(read(text), undefined, text)
    assert.equal(planned(`# Notes\n## Features\n${items}- Tests; depends on Point 12\n`).tasks.length, 13)
    assert.throws(() => read(`# Notes\n## Features\n${items.replaceAll(/(?<=Point [1-4])$/gm, ' (2h)')}- Tests; depends on who is there\n`), /line 15: depends on names "who is there"/)
  })
  it('tells everything that is wrong at once, each with its line', () => {
    const text = '# X\n## Tasks\n- One (0h)\n- Two (2h, depends on Nine)\n- two (3h)\n- Three (1h, depends on Four)\n- Four (1h, depends on Three)\n- Six\n  Hours: many\n- Login API (1h)\n- Login page (1h)\n- Seven (1h, depends on login)\n- Eight (1h)\n  Priority: some day\n'
    assert.throws(() => read(text), (error: Error) => {
      for (const part of [
        'SPEC.md, line 3: estimated_hours is 0', 'SPEC.md, line 4: depends on names "Nine", and there is no such task', 'SPEC.md, line 5: title "two" is there twice, also in line 4', 'SPEC.md, line 6: dependencies form a cycle',
        'SPEC.md, line 9: hours of Six are no number', 'SPEC.md, line 12: depends on names "login", which may be TASK-007 or TASK-008', 'SPEC.md, line 14: priority of Eight is "some day"', '7 problems, nothing was written',
      ]) assert.ok(error.message.includes(part), `${part} in ${error.message}`)
      return true
    })
  })
  it('names the line of a task whose id is there before', () => {
    assert.throws(() => read('# X\n- T1: One (0h)\n- T1: Two (2h)\n'), (error: Error) => error.message.includes('SPEC.md, line 2: estimated_hours is 0') && error.message.includes('SPEC.md, line 3: id T1 is there twice'))
    assert.throws(() => read('# X\n- T1: One (2h)\n- T1: Two (0h)\n'), (error: Error) => error.message.includes('SPEC.md, line 3: estimated_hours is 0'))
  })
  it('is left to the executor where it leaves its tasks open', () => {
    for (const text of ['Build a todo app', '# Notes\n\n## Features\n- Write notes\n- Search notes\n', '# Shop\nThe frontend depends on the API being stable, and saves 20 hours a week.\n## Features\n- Cart\n## Acceptance criteria\n- It works\n', '']) assert.equal(read(text), undefined, text)
  })
  it('needs acceptance criteria for most of its tasks where it has nothing else', () => {
    const feature = (name: string): string => `## ${name}\nText.\n### Acceptance criteria\n- ${name} works\n`
    const { tasks } = planned(`# Shop\n${feature('Cart')}${feature('Checkout')}`)
    assert.deepEqual(tasks.map((task) => [task.title, [...task.acceptanceCriteria]]), [['Cart', ['Cart works']], ['Checkout', ['Checkout works']]])
    assert.equal(read(`# Shop\n${feature('Cart')}`), undefined)
  })
  it('is planned, refused or left to the executor, whatever the text', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('# T', '## Backend', '### A (8h)', '- item (1h)', '  - sub', 'Depends on: A', '- [ ] x (2h, depends on A)', '```', '| a | b |', 'Acceptance criteria:', '1. one', '**b**: c', '---', 'Hours: -1', '(((((', ''))
    fc.assert(fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
      try { for (const task of read(lines.join('\n'))?.tasks ?? []) assert.ok(task.estimatedHours > 0) } catch (error) { assert.equal((error as Error).name, 'UserError', String(error)) }
    }), { numRuns: 500 })
  })
  it('takes long lines and many tasks in its stride', () => {
    assert.equal(read(`# X\n${'('.repeat(200_000)}\n- ${'[a'.repeat(100_000)}\n`), undefined)
    const { tasks } = planned(`# X\n## Tasks\n${Array.from({ length: 2_000 }, (_, i) => `- Part ${i} of it (2h${i === 0 ? '' : `, depends on: Part ${i - 1} of it`})`).join('\n')}`)
    assert.equal(tasks.length, 2_000)
    assert.deepEqual([...tasks[1_999]?.dependencies ?? []], ['TASK-1999'])
  }).timeout(60_000)
})

describe('a specification in YAML or JSON', () => {
  it('is read as the documentation shows it, and gives what Markdown gives', () => {
    const [yaml, markdown] = [planned(example('yaml'), 'spec.yaml'), planned(example('markdown'))]
    assert.deepEqual(yaml.tasks, markdown.tasks)
    assert.deepEqual(yaml.prd, markdown.prd)
    assert.deepEqual(yaml.completed, ['TASK-003'])
  })
  it('takes task files of ours in a list, and requirements', () => {
    const tasks = [{ id: 'A', title: 'One', estimated_hours: 2, estimate: { low: 1, high: 3 }, suggested_agent: 'x:y', task_type: 'backend' }, { id: 'B', title: 'Two', estimated_hours: 1, dependencies: ['A'], feature_ref: 'R1' }]
    const list = planned(JSON.stringify(tasks, null, '\t'), 'tasks.json')
    assert.deepEqual(list.tasks.map((task) => [task.id, task.component, [...task.dependencies], task.estimate, task.suggestedAgent]), [['A', 'backend', [], { low: 1, high: 3 }, 'x:y'], ['B', 'general', ['A'], undefined, undefined]])
    const { prd, warnings } = planned(JSON.stringify({ project: 'P', requirements: { must_have: [{ id: 'R1', description: 'D' }] }, tasks, owner: 'me' }), 'p.json')
    assert.deepEqual(prd?.mustHave, [{ id: 'R1', description: 'D', acceptanceCriteria: [] }])
    assert.match(warnings.join('\n'), /no place for it: owner/)
  })
  it('tells what is wrong with its line', () => {
    const text = 'project: X\ntasks:\n  - title: One\n    hours: -1\n  - title: Two\n    depends_on:\n      - One\n      - Nine\n  - hours: 2\n'
    assert.throws(() => read(text, 's.yml'), (error: Error) => {
      for (const part of ['s.yml, line 4: task 1, hours is not above 0', 's.yml, line 9: task 3, title']) assert.ok(error.message.includes(part), `${part} in ${error.message}`)
      return true
    })
    assert.throws(() => read(text.replace('-1', '1').replace('  - hours: 2\n', ''), 's.yml'), /s\.yml, line 8: depends on names "Nine"/)
    assert.throws(() => read('tasks:\n  - title: [a\n', 's.yml'), /s\.yml, line \d+, column \d+: is not YAML/)
    assert.throws(() => read('a: &a [x]\ntasks:\n  - title: *b\n', 's.yml'), /s\.yml, line 1.*b/)
  })
  it('tells the shape and the sense of all that is wrong at once', () => {
    const text = 'project: [X]\ntasks:\n  - title: One\n    hours: -1\n    estimate: {low: a, high: 3}\n  - title: Two\n    depends_on: [One, Nine]\n  - hours: 2\n  - text\n  - title: Two\n    hours: lots\n    scope: src\n    priority: some day\nusers: {a: 1}\nrequirements: {must_have: [x]}\n'
    assert.throws(() => read(text, 's.yml'), (error: Error) => {
      for (const part of [
        's.yml, line 1: project is ["X"] and no text', 'line 4: task 1, hours is not above 0', 'line 5: task 1, estimate.low is "a" and no number of hours', 'line 7: depends on names "Nine"', 'line 8: task 3, title is missing.',
        'line 9: task 4 is "text" and has to be keys with values', 'line 10: title "Two" is there twice, also in line 6', 'line 11: task 5, hours is "lots" and no number of hours', 'line 12: task 5, scope is "src"', 'line 13: priority of Two is "some day"',
        'line 14: users.0 is {"a":1} and no text', 'line 15: requirements.must_have.0 is "x"', '12 problems, nothing was written',
      ]) assert.ok(error.message.includes(part), `${part} in ${error.message}`)
      assert.doesNotMatch(error.message, /Invalid input|\?0/)
      return true
    })
  })
  it('takes hours in words, and an estimate alone', () => {
    const { tasks, warnings } = planned('tasks:\n  - title: One\n    hours: 1h 30m\n  - title: Two\n    estimate: 3-5\n    depends_on: Task 1\n  - title: Three\n    effort: 2 days\n    estimate: {low: 2, high: 40}\n  - title: Four\n    estimated_hours: "8"\n', 's.yml')
    assert.deepEqual(tasks.map((task) => [task.estimatedHours, task.estimate, [...task.dependencies]]), [[1.5, undefined, []], [4, { low: 3, high: 5 }, ['TASK-001']], [16, { low: 2, high: 40 }, []], [8, undefined, []]])
    assert.deepEqual(warnings, ['A day was taken for 8 hours of work, a week for 40'])
  })
  it('is left to the executor where it has no list of tasks', () => {
    for (const text of ['a: b', 'tasks:\n  - Login\n', '', 'just text', '{"project": "X"}']) assert.equal(read(text, 's.yaml'), undefined, text)
  })
})
