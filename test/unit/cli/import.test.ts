import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { devteam, ndjson, succeed } from '../../support/devteam.ts'
import { git, temporaryFolder, writeFiles } from '../../support/folders.ts'

interface Status { tasks: { completed: number } }
interface Plan { tasks: number; warnings: string[] }

const tasksOf = (folder: string): { id: string; dependencies: string[] }[] =>
  fs.readdirSync(path.join(folder, 'docs/planning/tasks')).sort().map((name) => JSON.parse(fs.readFileSync(path.join(folder, 'docs/planning/tasks', name), 'utf8')) as { id: string; dependencies: string[] })
const order = (folder: string): string[] => tasksOf(folder).map(({ id, dependencies }) => `${id}: ${dependencies.join(' ')}`.trim())
const status = async (folder: string): Promise<Status['tasks']> => (JSON.parse(await succeed(folder, ['status', '--json'])) as Status).tasks

/** A folder with these files; gives the plan that `plan --from` makes of `from` in it. */
async function imported(files: Record<string, string>, from: string): Promise<{ folder: string; plan: Plan }> {
  const folder = temporaryFolder('import')
  writeFiles(folder, files)
  return { folder, plan: JSON.parse(await succeed(folder, ['plan', '1', '--from', from, '--json'])) as Plan }
}

const taskMaster = JSON.stringify({ master: { tasks: [
  { id: 1, title: 'Base', status: 'done', dependencies: [], subtasks: [{ id: 1, title: 'It is there' }] },
  { id: 2, title: 'House', status: 'pending', dependencies: [1, 7] },
] } })
const backlogFiles = {
  'backlog/config.yml': 'statuses: ["To Do", "Ready"]\n', 'backlog/tasks/task-1 - A.md': '---\nid: TASK-1\ntitle: A\nstatus: Ready\n---\n', 'backlog/tasks/task-2 - B.md': '---\nid: TASK-2\ntitle: B\nstatus: To Do\ndependencies: [task-0]\n---\n',
  'backlog/completed/task-0 - Z.md': '---\nid: TASK-0\ntitle: Z\nstatus: To Do\n---\n', 'backlog/drafts/task-3 - C.md': '---\nid: TASK-3\ntitle: C\n---\n', 'backlog/tasks/old/task-4 - D.md': '---\nid: TASK-4\ntitle: D\n---\n', 'backlog/archive/task-5 - E.md': '---\nid: TASK-5\ntitle: E\n---\n',
}

describe('devteam plan --from a plan of another tool', function () {
  this.timeout(60_000)

  for (const from of ['.', '.taskmaster', '.taskmaster/tasks/tasks.json']) {
    it(`takes Task Master over from ${from}`, async () => {
      const { folder, plan } = await imported({ '.taskmaster/tasks/tasks.json': taskMaster }, from)
      assert.deepEqual(order(folder), ['1:', '2: 1'])
      assert.equal(plan.tasks, 2)
      assert.ok(plan.warnings.some((warning) => /2 depends on 7, which is not there/.test(warning)), plan.warnings.join('\n'))
      assert.equal((await status(folder)).completed, 1)
    })
  }
  it('takes Spec Kit over from a file, a feature or the project', async () => {
    for (const from of ['specs/001-x/tasks.md', 'specs/001-x', '.']) {
      const { folder } = await imported({ 'specs/001-x/tasks.md': '# Tasks\n- [x] T001 a\n- [ ] T002 [P] b\n- [ ] T003 [P] c\n' }, from)
      assert.deepEqual(order(folder), ['T001:', 'T002: T001', 'T003: T001'], from)
      assert.equal((await status(folder)).completed, 1)
    }
  })
  it('takes Backlog.md over from backlog, backlog/tasks or the project', async () => {
    for (const from of ['backlog', 'backlog/tasks', '.']) {
      const { folder } = await imported(backlogFiles, from)
      assert.deepEqual(order(folder), ['TASK-0:', 'TASK-1:', 'TASK-2: TASK-0'], from)
      assert.equal((await status(folder)).completed, 2, from)
    }
  })
  it('takes Beads over from a file or the project', async () => {
    const issues = [{ id: 'b-1', title: 'A', status: 'closed' }, { id: 'b-2', title: 'B', status: 'open', dependencies: [{ issue_id: 'b-2', depends_on_id: 'b-1', type: 'blocks' }] }]
    for (const from of ['.beads/issues.jsonl', '.beads', '.']) {
      const { folder } = await imported({ '.beads/issues.jsonl': issues.map((issue) => JSON.stringify(issue)).join('\n'), '.beads/interactions.jsonl': '{"kind":"log"}\n' }, from)
      assert.deepEqual(order(folder), ['b-1:', 'b-2: b-1'], from)
      assert.equal((await status(folder)).completed, 1)
    }
  })
  it('leaves out the files that Beads merges from, and takes every other', async () => {
    const issue = (id: string): string => `${JSON.stringify({ id, title: id, status: 'open' })}\n`
    const { folder, plan } = await imported({ '.beads/issues.jsonl': issue('b-1'), '.beads/beads.jsonl': issue('b-2'), '.beads/beads.base.jsonl': issue('b-3'), '.beads/beads.left.jsonl': issue('b-3'), '.beads/beads.right.jsonl': '' }, '.')
    assert.deepEqual(order(folder), ['b-1:', 'b-2:'])
    assert.ok(plan.warnings.some((warning) => /beads\.base\.jsonl, beads\.left\.jsonl, beads\.right\.jsonl.*not read/.test(warning)), plan.warnings.join('\n'))
  })
  it('takes Backlog.md over from the folder that backlog.config.yml names, with its statuses', async () => {
    const files = { 'backlog.config.yml': 'backlog_directory: "docs/board" # ours\nstatuses: ["To Do", "Ready"]\n', 'docs/board/tasks/a.md': '---\nid: T-1\ntitle: A\nstatus: Ready\n---\n', 'docs/board/tasks/b.md': '---\nid: T-2\ntitle: B\nstatus: To Do\n---\n' }
    for (const [from, text] of [['.', files], ['docs/board', files], ['docs/board/tasks', files]] as const) {
      const { folder } = await imported(text, from)
      assert.deepEqual([order(folder), (await status(folder)).completed], [['T-1:', 'T-2:'], 1], from)
    }
  })
  it('takes Spec Kit over from the folder that some versions use', async () => assert.deepEqual(order((await imported({ '.specify/specs/001-x/tasks.md': '- [ ] T001 a\n' }, '.')).folder), ['T001:']))
  it('takes task files of our own over from another folder', async () => {
    const other = temporaryFolder('other')
    writeFiles(other, { 'docs/planning/tasks/A.json': '{ "id": "A", "title": "A", "estimated_hours": 3 }' })
    assert.deepEqual(order((await imported({}, other)).folder), ['A:'])
    assert.deepEqual(order((await imported({}, path.join(other, 'docs/planning/tasks'))).folder), ['A:'])
  })
  it('tells what it took over before the plan, and keeps what is completed when it plans again', async () => {
    const folder = temporaryFolder('import')
    writeFiles(folder, { 'tasks/tasks.json': taskMaster })
    assert.match(await succeed(folder, ['plan', '--from', 'tasks/tasks.json']), /^Imported 2 tasks of Task Master into docs\/planning\/tasks, 1 of them completed; the hours of the plan are those of all, `devteam forecast` says what is left\n(?:⚠️ .+\n)*⚠️ Hours of 2 of 2 tasks are guesses[\s\S]*Sprint Planning Complete!/)
    assert.equal((tasksOf(folder)[0] as { hours_guessed?: boolean }).hours_guessed, true)
    await succeed(folder, ['plan', '1'])
    assert.equal((await status(folder)).completed, 1)
    const skipped = ndjson(await succeed(folder, ['events', '--json'])).filter((event) => event.type === 'task.skipped')
    assert.deepEqual(skipped.map((event) => [event.task, event.reason]), [['1', 'completed before, says Task Master'], ['1', 'completed before, says the plan before']])
    await succeed(folder, ['reset', '--all'])
    assert.equal((await status(folder)).completed, 0)
  })
  it('runs only what is not completed', async () => {
    const { folder } = await imported({ 'tasks.md': '- [x] T001 a\n- [x] T002 b\n- [ ] T003 c\n', '.devteam/config.json': '{ "executor": "simulated", "simulation": { "millisecondsPerHour": 0 } }' }, 'tasks.md')
    git(folder, 'init', '-q', '-b', 'main')
    git(folder, 'add', '-A')
    git(folder, 'commit', '-q', '-m', 'Start')
    const events = ndjson(await succeed(folder, ['implement', '--sprint', 'all', '--json']))
    assert.deepEqual(events.filter((event) => event.type === 'task.started').map((event) => event.task), ['T003'])
    assert.equal((await status(folder)).completed, 3)
  })
  it('refuses a cycle or a broken plan as a whole, and names its file', async () => {
    const cycle = JSON.stringify({ tasks: [{ id: 1, title: 'A', dependencies: [2] }, { id: 2, title: 'B', dependencies: [1] }] })
    for (const [text, message] of [[cycle, /tasks\.json, task 1: dependencies form a cycle/], ['{ "tasks": [', /tasks\.json: is not JSON: line 1/]] as const) {
      const folder = temporaryFolder('import')
      writeFiles(folder, { 'tasks/tasks.json': text })
      const { code, out, err } = await devteam(folder, ['plan', '--from', 'tasks/tasks.json'])
      assert.equal(code, 2, err)
      assert.match(err, message)
      assert.equal(out, '')
      assert.deepEqual(fs.readdirSync(folder), ['tasks'])
    }
    const nothing = await devteam(temporaryFolder('import'), ['plan', '--from', '.', '--executor', 'simulated'])
    assert.equal(nothing.code, 2)
    assert.match(nothing.err, /is a folder.*Task Master/)
  })
  it('refuses links that lead out of the plan or nowhere', async () => {
    const outside = temporaryFolder('outside')
    writeFiles(outside, { 'x.md': '---\nid: t-1\ntitle: A\n---\n' })
    for (const [target, message] of [[path.join(outside, 'x.md'), /x\.md is a link that leads out/], ['nowhere.md', /x\.md is a link to what is not there/]] as const) {
      const folder = temporaryFolder('import')
      writeFiles(folder, { 'backlog/tasks/a.md': '---\nid: t-2\ntitle: B\n---\n' })
      fs.symlinkSync(target, path.join(folder, 'backlog/tasks/x.md'))
      const { code, err } = await devteam(folder, ['plan', '--from', 'backlog'])
      assert.equal(code, 2, err)
      assert.match(err, message)
      assert.deepEqual(fs.readdirSync(folder), ['backlog'])
    }
  })
})

describe('a folder with plans of several tools', function () {
  this.timeout(60_000)
  it('gives one of them, and names the others', async () => {
    const { folder, plan } = await imported({ ...backlogFiles, '.taskmaster/tasks/tasks.json': taskMaster, 'specs/001-x/tasks.md': '- [ ] T001 a\n', '.beads/issues.jsonl': '{"id":"b-1","title":"A","status":"open"}\n' }, '.')
    assert.deepEqual(order(folder), ['1:', '2: 1'])
    assert.ok(plan.warnings.some((warning) => /also has a plan of Beads and of Backlog\.md and of Spec Kit, which was not read/.test(warning)), plan.warnings.join('\n'))
  })
  it('is refused where a folder of a plan is a link out of it', async () => {
    const outside = temporaryFolder('outside')
    writeFiles(outside, { ...backlogFiles, 'specs/001-x/tasks.md': '- [ ] T001 a\n', '.beads/issues.jsonl': '{"id":"b-1","title":"A","status":"open"}\n', '.taskmaster/tasks/tasks.json': taskMaster })
    for (const name of ['backlog', 'backlog/tasks', 'specs', '.beads', '.taskmaster']) {
      const folder = temporaryFolder('import')
      fs.mkdirSync(path.join(folder, 'backlog'))
      if (name === 'backlog') fs.rmdirSync(path.join(folder, 'backlog'))
      fs.symlinkSync(path.join(outside, name), path.join(folder, name))
      const { code, err } = await devteam(folder, ['plan', '--from', '.'])
      assert.equal(code, 2, `${name}: ${err}`)
      assert.match(err, /is a link that leads out of|lies behind a link that leads out of/, name)
    }
  })
})

describe('devteam plan with a structured specification', function () {
  this.timeout(60_000)
  const specification = '\uFEFF# Library\r\n\r\n## Backend\r\n- T1: Book schema (8h)\r\n- [x] Lending API (6h, depends on T1)\r\n'

  it('needs no executor and no key, whatever is configured', async () => {
    for (const args of [['--from', 'SPEC.md'], ['--from', 'SPEC.md', '--executor', 'anthropic'], ['--describe', specification]]) {
      const folder = temporaryFolder('specification')
      writeFiles(folder, { 'SPEC.md': specification, '.devteam/config.json': '{ "executor": "anthropic" }' })
      const out = await succeed(folder, ['plan', ...args])
      assert.match(out, /^Imported 2 tasks of a specification into docs\/planning\/tasks, 1 of them completed; the hours of the plan are those of all, .+\n\nWrote docs\/planning\/PROJECT_PRD\.json/, args.join(' '))
      assert.deepEqual(order(folder), ['T1:', 'TASK-002: T1'])
      assert.equal((JSON.parse(fs.readFileSync(path.join(folder, 'docs/planning/PROJECT_PRD.json'), 'utf8')) as { project: string }).project, 'Library')
      assert.equal((await status(folder)).completed, 1)
    }
  })
  it('takes YAML and JSON', async () => {
    const tasks = [{ title: 'One', hours: 2 }, { title: 'Two', hours: 1, depends_on: ['One'] }]
    for (const [name, text] of [['spec.yml', 'tasks:\n  - title: One\n    hours: 2\n  - title: Two\n    hours: 1\n    depends_on: One\n'], ['spec.json', JSON.stringify({ project: 'X', tasks })], ['list.json', JSON.stringify(tasks)]] as const) {
      assert.deepEqual(order((await imported({ [name]: text }, name)).folder), ['TASK-001:', 'TASK-002: TASK-001'], name)
    }
  })
  it('is refused with each line that is wrong, and nothing is written', async () => {
    for (const [name, text, messages] of [
      ['SPEC.md', '# X\n## Tasks\n- One (0h)\n- Two (1h, depends on Nine)\n', [/2 problems, nothing was written/, /SPEC\.md, line 3: estimated_hours is 0/, /SPEC\.md, line 4: depends on names "Nine"/]],
      ['s.json', '{ "tasks": [\n  { "title": "A", }\n] }', [/s\.json: is not JSON: line 2, column 19/]],
      ['s.yaml', 'tasks:\n  - title: [A\n', [/s\.yaml, line \d+, column \d+: is not YAML/]],
    ] as const) {
      const folder = temporaryFolder('specification')
      writeFiles(folder, { [name]: text })
      const { code, out, err } = await devteam(folder, ['plan', '--from', name, '--executor', 'simulated'])
      assert.equal(code, 2, err)
      for (const message of messages) assert.match(err, message)
      assert.deepEqual([out, fs.readdirSync(folder)], ['', [name]])
    }
  })
  it('is refused where it is empty, whoever would do the work', async () => {
    for (const args of [['--from', 'empty.md'], ['--describe', ' ']]) {
      const folder = temporaryFolder('specification')
      writeFiles(folder, { 'empty.md': '\uFEFF\n' })
      const { code, err } = await devteam(folder, ['plan', ...args, '--executor', 'simulated'])
      assert.deepEqual([code, /is empty\. (?:Describe|Say)/.test(err), fs.readdirSync(folder)], [2, true, ['empty.md']], err)
    }
  })
  it('goes to the executor where it leaves its tasks open', async () => {
    const folder = temporaryFolder('specification')
    writeFiles(folder, { 'idea.md': '# Notes\n\n## Features\n- Write notes\n- Search notes\n' })
    const without = await devteam(folder, ['plan', '--from', 'idea.md'])
    assert.equal(without.code, 2, without.err)
    assert.match(without.err, /ANTHROPIC_API_KEY[\s\S]*simulated/)
    assert.match(await succeed(folder, ['plan', '--from', 'idea.md', '--executor', 'simulated']), /^Wrote docs\/planning\/PROJECT_PRD\.json/)
  })
})
