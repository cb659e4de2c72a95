import assert from 'node:assert/strict'
import { readBeads } from '../../../src/plan/import/beads.ts'
import type { Imported } from '../../../src/plan/import/imported.ts'
import { recognize } from '../../../src/plan/import/recognize.ts'
import { inOne, orderOf } from './import-support.ts'

type Link = [to: string, type: string]
const issue = (id: string, links: Link[] = [], more: object = {}): object => (
  { id, title: id, status: 'open', priority: 2, issue_type: 'task', dependencies: links.map(([to, type]) => ({ issue_id: id, depends_on_id: to, type })), ...more })
const epic = (id: string, links: Link[] = []): object => issue(id, links, { issue_type: 'epic' })
const read = (...issues: object[]): Imported => readBeads([{ path: '.beads/issues.jsonl', text: issues.map((each) => JSON.stringify(each)).join('\n') }], '.beads')

describe('a plan of Beads', () => {
  it('is known by its first line', () => {
    assert.equal(recognize({ path: 'x.jsonl', text: JSON.stringify(issue('b-1')) })?.kind, 'Beads')
    assert.equal(recognize({ path: 'x.jsonl', text: '{"kind":"log"}' }), undefined)
    assert.equal(recognize({ path: 'x.jsonl', text: 'no json' }), undefined)
  })
  it('takes links of type blocks alone for dependencies', () => {
    const imported = read(issue('b-1'), issue('b-2', [['b-1', 'blocks']]), issue('b-3', [['b-2', 'related'], ['b-1', 'discovered-from']]))
    assert.deepEqual(orderOf(imported), ['b-1:', 'b-2: b-1', 'b-3:'])
    assert.ok(inOne(imported.warnings, /1 related, 1 discovered-from/))
  })
  it('leaves deleted issues out, and knows closed ones', () => {
    const imported = read(issue('b-1', [], { status: 'tombstone' }), issue('b-2', [['b-1', 'blocks'], ['b-9', 'blocks']], { status: 'closed' }), issue('b-3', [], { status: 'in_progress' }))
    assert.deepEqual([orderOf(imported), imported.completed], [['b-2:', 'b-3:'], ['b-2']])
    assert.ok(inOne(imported.warnings, /left out: b-1/) && inOne(imported.warnings, /b-2 waits for b-1, which is not there/) && inOne(imported.warnings, /b-2 waits for b-9/))
  })
  it('takes an epic with children for all its tasks, through nested epics too', () => {
    const child = (id: string, parent: string): object => issue(id, [[parent, 'parent-child']])
    const imported = read(epic('e-1'), child('a', 'e-1'), epic('e-2', [['e-1', 'parent-child']]), child('b', 'e-2'), issue('after', [['e-1', 'blocks']]), epic('e-3', [['after', 'blocks']]), child('c', 'e-3'), child('d', 'e-3'))
    assert.deepEqual(orderOf(imported), ['a:', 'b:', 'after: a b', 'c: after', 'd: after'])
    assert.ok(inOne(imported.warnings, /Epics that have children.*e-1, e-2, e-3/))
  })
  it('takes an epic without children, and a parent that is no epic, for tasks', () => {
    assert.deepEqual(orderOf(read(epic('e-1'), issue('b', [['e-1', 'blocks']]), issue('c', [['b', 'parent-child']]))), ['e-1:', 'b: e-1', 'c:'])
  })
  it('drops a link between an epic and what is in it', () => {
    const imported = read(epic('e', [['a', 'blocks']]), issue('a', [['e', 'parent-child']]), issue('b', [['e', 'parent-child']]))
    assert.deepEqual(orderOf(imported), ['a:', 'b:'])
    assert.ok(inOne(imported.warnings, /e waits for a, and one is in the other/))
  })
  it('takes texts, criteria, priority and minutes over, and guesses hours by type', () => {
    const imported = read(issue('b-1', [], { description: 'D', design: 'E', acceptance_criteria: '- [ ] one\n2. two', priority: 0, estimated_minutes: 90 }), issue('b-2', [], { issue_type: 'feature', priority: 4 }))
    const [one, two] = imported.tasks
    assert.deepEqual([one?.description, one?.acceptanceCriteria, one?.priority, one?.estimatedHours], ['D\n\nDesign: E', ['one', 'two'], 'high', 1.5])
    assert.deepEqual([two?.priority, two?.estimatedHours], ['low', 8])
    assert.ok(inOne(imported.warnings, /Hours of 1 of 2/))
  })
  it('takes a priority as a number, a number behind a P, or a word, and tells what is none', () => {
    const imported = read(...[0, '1', 'P2', 'p4', 'critical', 'some day'].map((priority, i) => issue(`b-${i}`, [], { priority })))
    assert.deepEqual(imported.tasks.map((task) => task.priority), ['high', 'high', 'medium', 'low', 'high', 'medium'])
    assert.ok(inOne(imported.warnings, /line 6: the priority "some day" is none of ours; medium was taken/))
  })
  it('takes the newer of two lines for one issue', () => {
    const imported = read(issue('b-1', [], { title: 'new', updated_at: '2026-02-01T00:00:00Z' }), issue('b-1', [], { title: 'old', updated_at: '2026-01-01T00:00:00Z' }))
    assert.deepEqual(imported.tasks.map((task) => task.title), ['new'])
    assert.ok(inOne(imported.warnings, /there twice.*b-1 \(.*the first was taken\)/))
  })
  it('is known where records of other kinds come first, and takes the last of lines without a time', () => {
    const text = ['{"id":"b-0","status":"tombstone"}', JSON.stringify(issue('b-1', [], { title: 'old' })), JSON.stringify(issue('b-1', [], { title: 'new' }))].join('\n')
    assert.equal(recognize({ path: 'x.jsonl', text })?.kind, 'Beads')
    assert.deepEqual(readBeads([{ path: 'x.jsonl', text }], 'x').tasks.map((task) => task.title), ['new'])
  })
  it('keeps labels, takes a component from them, and tells the states that became pending', () => {
    const imported = read(issue('b-1', [], { labels: ['urgent', 'docs'], priority: 'P0' }), issue('b-2', [], { status: 'in_progress' }), issue('b-3', [], { status: 'deferred' }))
    assert.deepEqual([imported.tasks[0]?.component, imported.tasks[0]?.description, imported.tasks[0]?.priority], ['documentation', 'Labels: urgent, docs', 'high'])
    assert.ok(inOne(imported.warnings, /became pending: 1 in_progress, 1 deferred/))
  })
  it('lists a link whose type is not said among those that are no dependencies', () => {
    assert.deepEqual(orderOf(read(issue('b-1'), issue('b-2', [], { dependencies: ['b-1'] }))), ['b-1:', 'b-2:'])
  })
  it('refuses cycles and lines that are no JSON, and names the line', () => {
    assert.throws(() => read(issue('a', [['b', 'blocks']]), issue('b', [['a', 'blocks']])), /\.beads\/issues\.jsonl, line 1: dependencies form a cycle/)
    assert.throws(() => readBeads([{ path: 'i.jsonl', text: `${JSON.stringify(issue('a'))}\n{"id":` }], 'i.jsonl'), /i\.jsonl, line 2: is not JSON/)
    assert.throws(() => readBeads([{ path: 'i.jsonl', text: `<<<<<<< HEAD\n${JSON.stringify(issue('a'))}\n=======\n${JSON.stringify(issue('b', [], { dependencies: [{}] }))}` }], 'i.jsonl'), /3 problems[\s\S]*line 1: is not JSON[\s\S]*line 3: is not JSON[\s\S]*line 4: dependencies\.0/)
  })
})
