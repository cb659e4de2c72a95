import assert from 'node:assert/strict'
import type { Imported } from '../../../src/plan/import/imported.ts'
import { recognize } from '../../../src/plan/import/recognize.ts'
import { readTaskMaster } from '../../../src/plan/import/task-master.ts'
import { inOne, orderOf } from './import-support.ts'

const task = (id: number | string, more: object = {}): object => ({ id, title: `Task ${id}`, description: 'd', status: 'pending', dependencies: [], ...more })
const read = (value: unknown): Imported => readTaskMaster({ path: 'x/tasks.json', text: '' }, value)

describe('a plan of Task Master', () => {
  it('is known by its content, in the old form and the new', () => {
    const kind = (value: unknown): string | undefined => recognize({ path: 'any.json', text: JSON.stringify(value) })?.kind
    assert.equal(kind({ tasks: [task(1)] }), 'Task Master')
    assert.equal(kind({ master: { tasks: [task(1)] } }), 'Task Master')
    assert.equal(kind({ tasks: [{ id: 'A', title: 'A', estimated_hours: 2 }] }), undefined)
    assert.equal(kind({ name: 'a package' }), undefined)
    // Keys of ours in a file of theirs.
    assert.equal(kind({ master: { tasks: [task(1, { acceptance_criteria: ['x'] })] } }), 'Task Master')
    assert.equal(kind({ backend: { tasks: [task(1, { hours: 2 })] } }), undefined)
    assert.equal(kind({ tasks: [task(1, { hours: 2, subtasks: [] }), task(2, { hours: 1 })] }), 'Task Master')
    assert.equal(recognize({ path: 'any.json', text: '{' }), undefined)
  })
  it('reads the tag master, else the first, and tells the others', () => {
    const master = read({ other: { tasks: [task(9)] }, master: { tasks: [task(1), task(2)] } })
    assert.deepEqual(orderOf(master), ['1:', '2:'])
    assert.ok(inOne(master.warnings, /only the tag master was read, not other \(1 tasks\)/))
    assert.deepEqual(orderOf(read({ a: { tasks: [task(3)] }, b: { tasks: [task(4)] } })), ['3:'])
  })
  it('takes ids and dependencies as numbers or texts', () => assert.deepEqual(orderOf(read({ tasks: [task(1), task('2', { dependencies: ['1', 1] }), task(3, { dependencies: [1, '2'] })] })), ['1:', '2: 1', '3: 1 2']))
  it('makes subtasks criteria, in order, and leaves cancelled ones out', () => {
    const imported = read({ tasks: [task(1, { subtasks: [{ id: 1, title: 'First' }, { id: 2, title: 'Second', description: 'more' }, { id: 3, title: 'Third', status: 'cancelled' }] })] })
    assert.deepEqual(imported.tasks[0]?.acceptanceCriteria, ['First', 'Second: more'])
    assert.ok(inOne(imported.warnings, /cancelled subtasks were left out: 3/))
  })
  it('takes dependencies of subtasks on other tasks, not those within the task', () => {
    const subtasks = [{ id: 1, title: 'a', dependencies: ['2.1'] }, { id: 2, title: 'b', dependencies: [1, '1', '1.1', '3.1'] }]
    assert.deepEqual(orderOf(read({ tasks: [task(1, { subtasks }), task(2, { subtasks: [{ id: 1, title: 'c' }] }), task(3, { subtasks: [{ id: 1, title: 'd' }] })] })), ['1: 2 3', '2:', '3:'])
  })
  it('knows what is completed and what is cancelled', () => {
    const imported = read({ tasks: ['done', 'completed', 'cancelled', 'in-progress', 'review', 'deferred'].map((status, i) => task(i + 1, { status, dependencies: i === 3 ? [3] : [] })) })
    assert.deepEqual(imported.completed, ['1', '2'])
    assert.deepEqual(orderOf(imported), ['1:', '2:', '4:', '5:', '6:'])
    assert.ok(inOne(imported.warnings, /left out: 3/) && inOne(imported.warnings, /4 depends on 3, which is not there/))
  })
  it('guesses hours by complexity, else priority, says so once, and takes those that are there', () => {
    const imported = read({ tasks: [task(1, { complexity: 9 }), task(2, { complexity: 'low' }), task(3, { priority: 'high' }), task(4), task(5, { estimatedHours: 3 }), task(6, { hours: 5 }), task(7, { estimated_hours: 6 })] })
    assert.deepEqual(imported.tasks.map((each) => each.estimatedHours), [16, 2, 8, 4, 3, 5, 6])
    assert.ok(inOne(imported.warnings, /Hours of 4 of 7 tasks are guesses/))
  })
  it('reads hours in words, in their keys or at the end of a title, and tells those that it can\'t read', () => {
    const imported = read({ tasks: [
      task(1, { estimatedHours: '1h 30m' }), task(2, { hours: '3-5 days' }), task(3, { estimated_hours: 'soon', complexity: 2 }), task(4, { title: 'Login (90 minutes)' }), task(5, { title: 'Cart (up to 4 hours)' }), task(6, { title: 'Mails (2h)', hours: 3 }), task(7, { title: 'Viewer (3D)' }),
    ] })
    assert.deepEqual(imported.tasks.map((each) => [each.title, each.estimatedHours, each.estimate, each.hoursGuessed]), [
      ['Task 1', 1.5, undefined, undefined], ['Task 2', 32, { low: 24, high: 40 }, undefined], ['Task 3', 2, undefined, true], ['Login', 1.5, undefined, undefined], ['Cart (up to 4 hours)', 4, undefined, true], ['Mails (2h)', 3, undefined, undefined], ['Viewer (3D)', 4, undefined, true],
    ])
    for (const pattern of [/task 3: the hours "soon" can't be read; they were guessed/, /Hours were taken from titles: 4 1\.5 h$/, /task 5: "up to 4 hours" in the title of 5 was not read as its hours/, /^A day was taken for 8 hours/, /Hours of 3 of 7 tasks are guesses/]) assert.ok(inOne(imported.warnings, pattern), `${pattern} in ${imported.warnings.join('\n')}`)
  })
  it('takes details of subtasks over, and tells what is deeper, done already, or in a state of its own', () => {
    const subtasks = [{ id: 1, title: 'a', details: 'how', status: 'done' }, { id: '2', title: 'b', testStrategy: 'look', subtasks: [{ id: 1, title: 'deep' }] }]
    const imported = read({ tasks: [task(1, { subtasks, status: 'review' })] })
    assert.equal(imported.tasks[0]?.description, 'd\n\nSubtask 1: how\n\nSubtask 2: Test strategy: look')
    assert.ok(inOne(imported.warnings, /subtasks of subtasks were left out: those of 2/) && inOne(imported.warnings, /done in tasks that are not.*: 1\.1/) && inOne(imported.warnings, /became pending: 1 review/))
  })
  it('takes dependencies that are a text or a number alone, and complexity in words', () => {
    const imported = read({ tasks: [task(1, { complexity: 'very-complex' }), task(2, { dependencies: '1' }), task(3, { dependencies: '1, 2' }), task(4, { dependencies: 3 }), task(5, { dependencies: '' })] })
    assert.deepEqual(orderOf(imported), ['1:', '2: 1', '3: 1 2', '4: 3', '5:'])
    assert.equal(imported.tasks[0]?.estimatedHours, 16)
  })
  it('takes subtasks that are texts, or have no ids', () => {
    assert.deepEqual(read({ tasks: [task(1, { subtasks: ['One', { title: 'Two' }] })] }).tasks[0]?.acceptanceCriteria, ['One', 'Two'])
  })
  it('is known where a task lacks its id, and refused with all that is wrong', () => {
    const value = { tasks: [task(1), { title: 'x' }, { id: 3, dependencies: [{}] }] }
    assert.equal(recognize({ path: 'any.json', text: JSON.stringify(value) })?.kind, 'Task Master')
    assert.throws(() => read(value), /2 problems[\s\S]*tasks\.1\.id[\s\S]*tasks\.2\.dependencies\.0/)
  })
  it('takes a component from tags and from the folders of files', () => {
    const imported = read({ tasks: [task(1, { tags: ['frontend'] }), task(2, { details: 'In `infra/main.tf`' }), task(3, { category: 'misc' })] })
    assert.deepEqual(imported.tasks.map((each) => each.component), ['frontend', 'infrastructure', 'general'])
  })
  it('takes a task without a title or with odd fields, and names keys that have no place', () => {
    const imported = read({ tasks: [{ id: 1, description: 'What to do\nand more', details: ['a', 'b'], assignee: 'x', priority: 'some day' }] })
    assert.deepEqual([imported.tasks[0]?.title, imported.tasks[0]?.description, imported.tasks[0]?.priority], ['What to do', 'What to do\nand more\n\na\nb', 'medium'])
    assert.ok(inOne(imported.warnings, /no place for it: assignee/) && inOne(imported.warnings, /priority "some day"/))
  })
  it('replaces ids that are not fit, always the same way, and says so', () => {
    const imported = read({ tasks: [task('a/b'), task('a-b'), task('../c', { dependencies: ['a/b'] }), task('A-B')] })
    assert.deepEqual(orderOf(imported), ['a-b-2:', 'a-b:', 'c: a-b-2', 'A-B-3:'])
    assert.ok(inOne(imported.warnings, /a\/b is now a-b-2, \.\.\/c is now c, A-B is now A-B-3/))
  })
  it('takes tasks apart that have one id, and what waits for it waits for both', () => {
    const imported = read({ tasks: [task(1), task('1', { dependencies: [1] }), task(2, { dependencies: [1] }), task('1-2')] })
    assert.deepEqual(orderOf(imported), ['1:', '1-3: 1', '2: 1 1-3', '1-2:'])
    assert.ok(inOne(imported.warnings, /x\/tasks\.json, task 1: 1 is there twice, also in x\/tasks\.json, task 1; this one is now 1-3, and what waits for 1 waits for both/), imported.warnings.join('\n'))
  })
  it('is known as a list alone too, in a tag as well, by the keys that only Task Master has', () => {
    const list = [task(1, { status: 'done', testStrategy: 'look' }), task(2, { dependencies: ['1'], subtasks: [{ id: 1, title: 'Part' }] })]
    const kind = recognize({ path: 'any.json', text: JSON.stringify(list) })
    assert.equal(kind?.kind, 'Task Master')
    assert.deepEqual([orderOf(read(list)), read(list).completed, read(list).tasks[1]?.acceptanceCriteria], [['1:', '2: 1'], ['1'], ['Part']])
    assert.deepEqual(orderOf(read({ master: list, other: { tasks: [] } })), ['1:', '2: 1'])
    assert.equal(recognize({ path: 'any.json', text: JSON.stringify([{ id: 1, title: 'Ours', dependencies: [] }]) }), undefined)
  })
  it('reads several ids in one text of a list', () => {
    const subtasks = [{ id: 1, title: 'a' }, { id: 2, title: 'b' }, { id: 3, title: 'c', dependencies: ['3.1,3.2', '1.1, 2'] }]
    const imported = read({ tasks: [task(1, { subtasks: [{ id: 1, title: 'x' }] }), task(2, { dependencies: ['1, 1'] }), task(3, { subtasks })] })
    assert.deepEqual([orderOf(imported), imported.warnings.filter((warning) => warning.includes('not there'))], [['1:', '2: 1', '3: 1'], []])
  })
  it('refuses cycles, bad ids and empty plans, and names the file', () => {
    assert.throws(() => read({ tasks: [task(1, { dependencies: [2] }), task(2, { dependencies: [1] })] }), /x\/tasks\.json, task 1: dependencies form a cycle.*1 -> 2 -> 1/)
    assert.throws(() => read({ tasks: [task(1, { dependencies: [1] })] }), /x\/tasks\.json, task 1: dependencies names the task itself/)
    assert.throws(() => read({ tasks: [{ id: {}, title: 'x' }] }), /x\/tasks\.json: tasks\.0\.id/)
    assert.throws(() => read({ tasks: [task(1, { status: 'cancelled' })] }), /x\/tasks\.json: has no tasks of Task Master/)
  })
})
