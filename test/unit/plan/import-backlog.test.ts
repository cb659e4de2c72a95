import assert from 'node:assert/strict'
import { readBacklog } from '../../../src/plan/import/backlog.ts'
import type { Imported, ImportFile } from '../../../src/plan/import/imported.ts'
import { recognize } from '../../../src/plan/import/recognize.ts'
import { inOne, orderOf } from './import-support.ts'

const file = (name: string, matter: string, body = ''): ImportFile => ({ path: `backlog/tasks/${name}.md`, text: `---\n${matter}\n---\n\n${body}` })
const read = (tasks: ImportFile[], completed: ImportFile[] = [], config?: string): Imported =>
  readBacklog({ tasks, completed, config: config === undefined ? undefined : { path: 'backlog/config.yml', text: config } }, 'backlog')

describe('a plan of Backlog.md', () => {
  it('is known by front matter with id and title', () => {
    assert.equal(recognize(file('task-1 - A', 'id: task-1\ntitle: A'))?.kind, 'Backlog.md')
    assert.equal(recognize({ path: 'a.md', text: '---\nlayout: page\n---\nx' }), undefined)
  })
  it('compares ids without regard to case, and takes no parent for a dependency', () => {
    const imported = read([file('a', 'id: TASK-1\ntitle: A'), file('b', 'id: task-2\ntitle: B\ndependencies:\n  - task-1'), file('c', 'id: task-2.1\ntitle: C\nparent_task_id: task-2\ndependencies: [TASK-2]')])
    assert.deepEqual(orderOf(imported), ['TASK-1:', 'task-2: TASK-1', 'task-2.1: task-2'])
    assert.ok(inOne(imported.warnings, /no place for it: parent_task_id/))
    assert.deepEqual(orderOf(read([file('a', 'id: task-4\ntitle: A'), file('b', 'id: task-4.1\ntitle: B\nparent_task_id: task-4')])), ['task-4:', 'task-4.1:'])
  })
  it('knows completed tasks by folder, by Done, and by the last status of the config', () => {
    const tasks = [file('a', 'id: t-1\ntitle: A\nstatus: Done'), file('b', 'id: t-2\ntitle: B\nstatus: Shipped'), file('c', 'id: t-3\ntitle: C\nstatus: To Do')]
    const completed = [file('d', 'id: t-4\ntitle: D\nstatus: To Do')]
    assert.deepEqual(read(tasks, completed, 'statuses: ["To Do", "Done", "Shipped"]').completed, ['t-1', 't-2', 't-4'])
    assert.deepEqual(read(tasks, completed).completed, ['t-1', 't-4'])
  })
  it('makes the acceptance criteria criteria, and the rest the description', () => {
    const body = '## Description\n\n<!-- SECTION:DESCRIPTION:BEGIN -->\nWhy.\n<!-- SECTION:DESCRIPTION:END -->\n\n## Acceptance Criteria\n<!-- AC:BEGIN -->\n- [ ] #1 First\n- [x] #2 Second\n  goes on\n<!-- AC:END -->\n\n## Notes\n- [ ] not one\n'
    const [task] = read([file('a', 'id: t-1\ntitle: A\npriority: high', body)]).tasks
    assert.deepEqual(task?.acceptanceCriteria, ['First', 'Second goes on'])
    assert.equal(task.description, '## Description\n\nWhy.\n\n## Notes\n- [ ] not one')
    assert.deepEqual([task.priority, task.estimatedHours], ['high', 8])
  })
  it('takes the usual words for priorities, and tells the others', () => {
    const imported = read(['High', 'critical', 'P3', 'hoch', ''].map((priority, i) => file(`${i}`, `id: t-${i}\ntitle: A\npriority: ${priority}`)))
    assert.deepEqual(imported.tasks.map((task) => task.priority), ['high', 'high', 'low', 'medium', 'medium'])
    assert.ok(inOne(imported.warnings, /tasks\/3\.md: the priority "hoch" is none of ours; medium was taken/))
  })
  it('keeps ids that look like numbers, and reads what people leave without quotes', () => {
    const imported = read([file('a', 'id: 4.10\ntitle: Fix: the parser\nassignee: [@a]\nlabels:\n  - @b'), file('b', 'id: 4.1\ntitle: B')])
    assert.deepEqual(imported.tasks.map((task) => [task.id, task.title]), [['4.10', 'Fix: the parser'], ['4.1', 'B']])
    assert.ok(inOne(imported.warnings, /no place for it: assignee$/))
    assert.equal(imported.tasks[0]?.description, 'Labels: @b')
  })
  it('tells what is left out: files without front matter, dependencies on nothing, guessed hours', () => {
    const imported = read([file('a', 'id: t-1\ntitle: A\ndependencies: [t-9]'), { path: 'backlog/tasks/readme.md', text: '# Hello' }])
    assert.deepEqual(orderOf(imported), ['t-1:'])
    assert.ok(inOne(imported.warnings, /readme\.md has no front matter/) && inOne(imported.warnings, /t-1 depends on t-9/) && inOne(imported.warnings, /Hours of 1 of 1/))
  })
  it('takes a component from a label or from the folders of files, and says so', () => {
    const imported = read([
      file('a', 'id: t-1\ntitle: A\nlabels: [bug, frontend]\nmilestone: m1'), file('b', 'id: t-2\ntitle: B\nlabels: [\'area: Rule Parser\']'), file('c', 'id: t-3\ntitle: C', 'Change `backend/a.py`, and backend/b/c.py for reading/writing.'),
      file('d', 'id: t-4\ntitle: D\nlabels: [bug]', 'See src/a.ts, apps/web/x.ts and tests/x.ts.'), file('e', 'id: t-5\ntitle: The API', 'and/or'),
    ])
    assert.deepEqual(imported.tasks.map((task) => task.component), ['frontend', 'rule-parser', 'backend', 'general', 'general'])
    assert.equal(imported.tasks[0]?.description, 'Labels: bug, frontend\n\nMilestone: m1')
    assert.ok(inOne(imported.warnings, /Components were derived: backend by file paths \(1\), frontend by label \(1\), rule-parser by label \(1\); 2 without a sign of one are general/), imported.warnings.join('\n'))
  })
  it('takes stars and such at the start of a value for text', () => {
    const imported = read([file('a', 'id: t-1\ntitle: *Important* fix\nlabels:\n  - *x\n  - !y z'), file('b', 'id: t-2\ntitle: & more\n[odd]: key')])
    assert.deepEqual(imported.tasks.map((task) => [task.title, task.description]), [['*Important* fix', 'Labels: *x, !y z'], ['& more', '']])
  })
  it('ends the front matter where Backlog.md does, at the first line that begins with three dashes', () => {
    const [task] = read([{ path: 'backlog/tasks/a.md', text: '---\nid: t-1\ntitle: A\n---## Description\n\nText\n\n---\nmore' }]).tasks
    assert.deepEqual([task?.id, task?.title, task?.description], ['t-1', 'A', '## Description\n\nText\n\n---\nmore'])
  })
  it('takes files apart that have one id, and what waits for it waits for both', () => {
    const imported = read([file('a', 'id: t-1\ntitle: A'), file('b', 'id: T-1\ntitle: B\nstatus: Done'), file('c', 'id: t-2\ntitle: C\ndependencies: [T-1]')])
    assert.deepEqual([orderOf(imported), imported.completed], [['t-1:', 'T-1-2:', 't-2: T-1-2 t-1'], ['T-1-2']])
    assert.ok(inOne(imported.warnings, /backlog\/tasks\/b\.md: T-1 is there twice, also in backlog\/tasks\/a\.md; this one is now T-1-2/))
  })
  it('refuses cycles and broken YAML, and names the file', () => {
    assert.throws(() => read([file('a', 'id: t-1\ntitle: A\ndependencies: [T-2]'), file('b', 'id: t-2\ntitle: B\ndependencies: [t-1]')]), /backlog\/tasks\/a\.md: dependencies form a cycle/)
    assert.throws(() => read([file('a', 'id: t-1\ntitle: A\nlabels: [a, {'), file('b', 'id: t-2\ntitle: [')]), /2 problems[\s\S]*backlog\/tasks\/a\.md, line 4: has YAML[\s\S]*b\.md, line 3: has YAML that can't be read: [^.:]+\. Mend it there/)
    assert.throws(() => read([file('a', 'id: t-1\ntitle: A')], [], 'name: x\nstatuses: [\n'), /backlog\/config\.yml, line \d: has YAML/)
  })
})
