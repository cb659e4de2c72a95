import assert from 'node:assert/strict'
import type { Imported } from '../../../src/plan/import/imported.ts'
import { recognize } from '../../../src/plan/import/recognize.ts'
import { readSpecKit } from '../../../src/plan/import/spec-kit.ts'
import { inOne, orderedPairs, orderOf } from './import-support.ts'

const read = (...lines: string[]): Imported => readSpecKit([{ path: 'specs/001-a/tasks.md', text: lines.join('\n') }], 'specs/001-a/tasks.md')
const ids = (imported: Imported): string[] => imported.tasks.map((task) => task.id)

describe('a plan of Spec Kit', () => {
  it('has tasks in every kind of list, bold or not, and nowhere else', () => {
    const imported = read('- [ ] T001 one', '* [x] **T002** two', '+ [X] T003 [P] [US1] three', '  - [ ] **T004 [P]** four', '```', '- [ ] T005 in a fence', '```', '- [ ] no id', '- T006 no box', 'see T007', '~~~text', '```', '- [ ] T008 x', '~~~', '1. [ ] T009 numbered')
    assert.deepEqual(ids(imported), ['T001', 'T002', 'T003', 'T004'])
    assert.deepEqual(imported.completed, ['T002', 'T003'])
    assert.deepEqual(imported.tasks.map((task) => task.title), ['one', 'two', 'three', 'four'])
    assert.match(imported.tasks[2]?.description ?? '', /User story: US1/)
  })
  it('is known by such a task', () => {
    assert.equal(recognize({ path: 'a.md', text: '# x\n- [ ] T001 y' })?.kind, 'Spec Kit')
    assert.equal(recognize({ path: 'a.md', text: '# x\n- [ ] do T001\n```\n- [ ] T001 y\n```' }), undefined)
  })
  it('runs neighbours marked [P] at once, and all else in turn', () => {
    assert.deepEqual(orderOf(read('- [ ] T001 a', '- [ ] T002 [P] b', '- [ ] T003 [P] c', '- [ ] T004 d', '- [ ] T005 [P] e')), ['T001:', 'T002: T001', 'T003: T001', 'T004: T002 T003', 'T005: T004'])
  })
  it('does not end a phase at a deeper heading', () => assert.deepEqual(orderOf(read('## P', '- [ ] T001 [P] a', '### Deeper', '- [ ] T002 [P] b')), ['T001:', 'T002:']))
  it('lets phases wait, those of user stories not for each other', () => {
    const imported = read('# One', '- [ ] T001 a', '## Two', '- [ ] T002 [US1] b', '- [ ] T003 [US1] c', '## Three', '- [ ] T004 [US2] d', '## Empty', '## Last', '- [ ] T005 [P] e', '- [ ] T006 [P] f')
    assert.deepEqual(orderedPairs(imported), ['T001<T002', 'T001<T003', 'T002<T003', 'T001<T004', ...['T005', 'T006'].flatMap((id) => ['T001', 'T002', 'T003', 'T004'].map((before) => `${before}<${id}`))])
  })
  it('lets a phase without a story between two with one wait, and be waited for', () => {
    assert.deepEqual(orderedPairs(read('# A', '- [ ] T001 [US1] a', '# B', '- [ ] T002 b', '# C', '- [ ] T003 [US2] c')), ['T001<T002', 'T001<T003', 'T002<T003'])
  })
  it('takes several features under their folders, which do not wait for each other', () => {
    const file = (name: string): { path: string; text: string } => ({ path: `specs/${name}/tasks.md`, text: '- [ ] T001 a\n- [x] T002 b' })
    const imported = readSpecKit([file('001-a'), file('002-b')], 'specs')
    assert.deepEqual(orderOf(imported), ['001-a-T001:', '001-a-T002: 001-a-T001', '002-b-T001:', '002-b-T002: 002-b-T001'])
    assert.deepEqual(imported.completed, ['001-a-T002', '002-b-T002'])
    assert.ok(inOne(imported.warnings, /2 features/) && inOne(imported.warnings, /001-a\/T001 is now 001-a-T001/) && inOne(imported.warnings, /Hours of 4 of 4 tasks/))
  })
  it('takes a component from the folders of files, else from the user story', () => {
    const imported = read('- [ ] T001 [P] Model in backend/src/models/user.py', '- [ ] T002 [P] [US2] Page in frontend/src/pages/login.tsx', '- [ ] T003 [US2] Model in src/models/user.py', '- [ ] T004 Test in tests/unit/test_user.py', '- [ ] T005 Read and/or write')
    assert.deepEqual(imported.tasks.map((task) => task.component), ['backend', 'frontend', 'user-story-2', 'tests', 'general'])
  })
  it('takes other boxes for open ones and tells them', () => assert.ok(inOne(read('- [~] T001 a').warnings, /line 1: the box of T001 is \[~\]/)))
  it('is refused with a merge conflict in it', () => {
    assert.throws(() => read('- [ ] T001 a', '<<<<<<< HEAD', '- [x] T002 b', '=======', '- [ ] T002 b', '>>>>>>> other'), /specs\/001-a\/tasks\.md, line 2: begins a merge conflict\. Resolve it/)
    assert.equal(read('- [ ] T001 a', '  ```', '<<<<<<< HEAD', '  ```').tasks.length, 1)
  })
  it('takes items apart that have one id, each in its place', () => {
    const imported = read('- [ ] T001 a', '- [ ] T002 b', '- [x] T001 c')
    assert.deepEqual([orderOf(imported), imported.completed], [['T001:', 'T002: T001', 'T001-2: T002'], ['T001-2']])
    assert.ok(inOne(imported.warnings, /line 3: T001 is there twice, also in specs\/001-a\/tasks\.md, line 1; this one is now T001-2$/))
  })
  it('takes ids with a letter, a number or a word behind them', () => {
    assert.deepEqual(ids(read('- [ ] T001a a', '- [ ] T001-1 b', '- [ ] T001.2 c', '- [x] **T012-FULL** d', '- [ ] T031-MIN [P] e', '- [ ] T040-T042 f', '- [ ] T-050 none', '- [ ] T5K_x none')), ['T001a', 'T001-1', 'T001.2', 'T012-FULL', 'T031-MIN', 'T040-T042'])
  })
  it('tells the items without an id, and the text that belongs to no task', () => {
    const imported = read('# Tasks', '', 'Input: a plan', '## One', '**Goal**: x', '- [ ] T001 a', '  - [ ] a part', '  ```sh', '  - [ ] in a fence', '  ```', '---', '- [ ] ~~T002~~ dropped', '', '### Deeper', '- [x] Skip: T003', '- [x] Skip: T004', '## Order', '- T001 first', '```', 'a picture', '```', '## Empty', '## Notes', 'z')
    assert.deepEqual(ids(imported), ['T001'])
    assert.match(imported.tasks[0]?.description ?? '', /- \[ \] a part\n {2}```sh\n {2}- \[ \] in a fence\n {2}```/)
    assert.ok(inOne(imported.warnings, /specs\/001-a\/tasks\.md: items with a box but without an id such as T001 were left out: lines 12, 15-16$/), imported.warnings.join('\n'))
    assert.ok(inOne(imported.warnings, /specs\/001-a\/tasks\.md: text that belongs to no task was not taken over: 7 lines, whole sections among them: Order, Notes$/), imported.warnings.join('\n'))
  })
})
