import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { UserError } from '../../../src/plan/errors.ts'
import { hasTaskFiles, readPrd, readTasks, writePrd, writeSprints, writeTasks, writeText } from '../../../src/plan/files/read.ts'
import { makePlan } from '../../../src/plan/make-plan.ts'
import { sprintFiles } from '../../../src/plan/sprints/sprint-files.ts'
import { options, shop, task } from './sample.ts'

const tasksFolder = 'docs/planning/tasks'
const file = (id: string, more: Readonly<Record<string, unknown>> = {}): string => JSON.stringify({ id, title: 'A task', estimated_hours: 4, ...more })

describe('task files', () => {
  let root = ''
  beforeEach(async () => { root = await fs.mkdtemp(path.join(os.tmpdir(), 'devteam-plan-')) })
  afterEach(async () => { await fs.rm(root, { recursive: true, force: true }) })
  const put = async (name: string, text: string | Uint8Array): Promise<void> => {
    await fs.mkdir(path.dirname(path.join(root, name)), { recursive: true })
    await fs.writeFile(path.join(root, name), text)
  }
  const putTask = (name: string, text: string | Uint8Array): Promise<void> => put(`${tasksFolder}/${name}.json`, text)
  const refused = async (...patterns: RegExp[]): Promise<void> => {
    await assert.rejects(readTasks(root), (error: unknown) => {
      assert.ok(error instanceof UserError && error.code === 'input', String(error))
      for (const pattern of patterns) assert.match(error.message, pattern)
      return true
    })
  }

  it('are none where there is no folder, or nothing in it', async () => {
    assert.deepEqual(await readTasks(root), [])
    await fs.mkdir(path.join(root, tasksFolder), { recursive: true })
    assert.deepEqual(await readTasks(root), [])
  })

  it('have defaults, and come in the order in which people count', async () => {
    await putTask('TASK-10', file('TASK-10', { dependencies: ['TASK-9'], scope: { allowed_patterns: ['src/**'] }, estimate: { low: 2, high: 8 } }))
    await putTask('TASK-9', file('TASK-9', { task_type: 'backend' }))
    const [first, second, ...others] = await readTasks(root)
    assert.deepEqual(others, [])
    assert.deepEqual(first, { id: 'TASK-9', title: 'A task', description: '', component: 'backend', estimatedHours: 4, dependencies: [], acceptanceCriteria: [], allowedPatterns: [], priority: 'medium' })
    assert.deepEqual([second?.id, second?.component, second?.dependencies, second?.allowedPatterns, second?.estimate], ['TASK-10', 'general', ['TASK-9'], ['src/**'], { low: 2, high: 8 }])
  })

  it('may have a byte order mark, Windows line ends and keys of others', async () => {
    await putTask('TASK-001', `\uFEFF${JSON.stringify({ id: 'TASK-001', title: 'Ünïcode', estimated_hours: 0.5, owner: 'ops' }, null, 2).replace(/\n/g, '\r\n')}\r\n`)
    assert.deepEqual((await readTasks(root)).map(({ title, estimatedHours }) => [title, estimatedHours]), [['Ünïcode', 0.5]])
  })

  it('are refused with all that is wrong, each with file, field and the way out', async () => {
    await putTask('A', file('A', { estimated_hours: 0 }))
    await putTask('B', file('B', { estimated_hours: '8', dependencies: 'A' }))
    await putTask('C', file('C', { dependencies: ['C', 'X', 'I', 'I'] }))
    await putTask('D', '{\n  "id": "D",\n  "title": }\n')
    await putTask('E', JSON.stringify({ id: 'E', estimated_hours: 1 }))
    await putTask('F', file('G'))
    await putTask('H', file('../H'))
    await putTask('I', file('I', { dependencies: ['J'] }))
    await putTask('J', file('J', { dependencies: ['I'] }))
    await refused(
      /tasks\/A\.json: estimated_hours is 0\. Give a number of hours above 0/, /tasks\/B\.json: estimated_hours .*without quotes/, /tasks\/B\.json: dependencies .*list of task ids/,
      /tasks\/C\.json: dependencies names the task itself, C\. Remove it/, /tasks\/C\.json: dependencies names "X", and there is no such task/, /tasks\/C\.json: dependencies names I twice/,
      /tasks\/D\.json: is not JSON: line 3, column 12/, /tasks\/E\.json: title is missing\. Give a title/, /tasks\/F\.json: id is G, .*Rename the file to G\.json/,
      /tasks\/H\.json: id is \"..\/H\", which is not fit/, /tasks\/I\.json: dependencies form a cycle, .*I -> J -> I/,
    )
  })

  for (const [what, text] of [['Infinity', '1e999'], ['a negative number', '-1'], ['null', 'null'], ['a million and one', '1000001']] as const) {
    it(`do not take ${what} for hours`, async () => {
      await putTask('A', `{"id": "A", "title": "t", "estimated_hours": ${text}}`)
      await refused(/A\.json: estimated_hours/)
    })
  }

  it('have each key once', async () => {
    await putTask('A', '{\n  "id": "A",\n  "title": "a \\": b",\n  "estimated_hours": 1,\n  "id" : "A", "scope": { "allowed_patterns": [], "allowed_patterns": ["x"] }\n}')
    await putTask('B', JSON.stringify({ id: 'B', title: '": ', description: '"a": 1, "a": 2', estimated_hours: 1, acceptance_criteria: [': x', '"'] }))
    await assert.rejects(readTasks(root), (error: Error) => {
      for (const part of ['tasks/A.json: line 5, column 3: has "id" again, which is in line 2 already. Leave one', 'tasks/A.json: line 5, column 50: has "allowed_patterns" again']) assert.ok(error.message.includes(part), error.message)
      assert.match(error.message, /^2 problems/)
      return true
    })
  })

  it('end in small letters', async () => {
    await put(`${tasksFolder}/A.JSON`, file('A'))
    await putTask('B', file('B', { dependencies: ['A'] }))
    await assert.rejects(readTasks(root), (error: Error) => error.message === 'docs/planning/tasks/A.JSON: does not end in .json, in small letters. Rename it to A.json.')
    assert.equal(hasTaskFiles(root), true)
  })

  it('show the shortest cycle', async () => {
    const edges: Readonly<Record<string, readonly string[]>> = { A: ['B'], B: ['C'], C: ['D', 'B'], D: ['A'], E: ['A'] }
    for (const [id, dependencies] of Object.entries(edges)) await putTask(id, file(id, { dependencies }))
    await refused(/: B -> C -> B\. Remove one/)
  })

  it('may not differ in upper and lower case only', async function () {
    await putTask('task-a', file('task-a'))
    await putTask('TASK-A', file('TASK-A'))
    if ((await fs.readdir(path.join(root, tasksFolder))).length < 2) return this.skip()
    await refused(/upper and lower case only/)
  })

  it('are not read through links that lead out', async function () {
    await put('elsewhere/A.json', file('A'))
    await fs.mkdir(path.join(root, tasksFolder), { recursive: true })
    try { await fs.symlink(path.join(root, 'elsewhere/A.json'), path.join(root, tasksFolder, 'A.json')) } catch { return this.skip() }
    await refused(/A\.json: is a link that leads out/)
  })

  it('are refused once where their folder leads out', async function () {
    for (const id of ['A', 'B']) await put(`elsewhere/${id}.json`, file(id))
    const inside = path.join(root, 'project')
    await fs.mkdir(path.join(inside, 'docs/planning'), { recursive: true })
    try { await fs.symlink(path.join(root, 'elsewhere'), path.join(inside, tasksFolder)) } catch { return this.skip() }
    await assert.rejects(readTasks(inside), (error: unknown) => error instanceof UserError && error.message === `docs/planning/tasks: is a link that leads out of ${inside}. Put the folder itself there.`)
  })

  it('are refused without the words of a library', async () => {
    await putTask('A', JSON.stringify({ id: 'A', title: '', estimated_hours: '8', description: 5 }))
    await refused(
      /A\.json: title is ""\. Give a title of a few words\./, /A\.json: estimated_hours is "8"\. Give a number of hours above 0 and at most 1000000, without quotes, such as 8\./,
      /A\.json: description is 5, which won't do \(invalid input: expected string, received number\)\. See the format/,
    )
  })

  it('are no pipes, which might never end', async function () {
    await putTask('A', file('A'))
    try {
      execFileSync('mkfifo', [path.join(root, tasksFolder, 'B.json')])
      await fs.symlink('B.json', path.join(root, tasksFolder, 'C.json'))
    } catch { return this.skip() }
    await refused(/B\.json: is a pipe/, /C\.json: is a pipe/)
  })

  it('must be files with UTF-8 text', async () => {
    await putTask('A', Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d]))
    await putTask('B', '')
    await fs.mkdir(path.join(root, tasksFolder, 'C.json'))
    await refused(/A\.json: is not UTF-8/, /B\.json: is not JSON: line 1, column 1: the file is empty/, /C\.json: is a folder/)
  })

  it('that are broken are not blamed on those that depend on them', async () => {
    await putTask('A', 'x')
    await putTask('B', file('B', { dependencies: ['A'] }))
    await assert.rejects(readTasks(root), (error: unknown) => error instanceof UserError && /A\.json/.test(error.message) && !/B\.json/.test(error.message))
  })

  it('come back as they were written', async () => {
    const tasks = [task(1, 2.5, [], { featureRef: 'F001', acceptanceCriteria: ['a', 'b'], allowedPatterns: ['src/**'], estimate: { low: 1, high: 4 }, suggestedAgent: 'backend:x' }), task(2, 4, [1], { priority: 'high' })]
    await writeTasks(root, tasks)
    assert.deepEqual(await readTasks(root), tasks)
    const text = await fs.readFile(path.join(root, tasksFolder, 'TASK-001.json'), 'utf8')
    assert.ok(text.endsWith('}\n') && !text.endsWith('\n\n'))
    assert.deepEqual(Object.keys(JSON.parse(text) as object), ['id', 'title', 'description', 'feature_ref', 'component', 'estimated_hours', 'dependencies', 'acceptance_criteria', 'scope', 'estimate', 'priority', 'suggested_agent'])
    await writeTasks(root, tasks)
    assert.equal(await fs.readFile(path.join(root, tasksFolder, 'TASK-001.json'), 'utf8'), text)
    assert.deepEqual((await fs.readdir(path.join(root, tasksFolder))).sort(), ['TASK-001.json', 'TASK-002.json'])
  })

  it('keep keys that are not ours when they are written again', async () => {
    await putTask('TASK-001', file('TASK-001', { owner: 'ops', scope: { allowed_patterns: ['x'], note: 'n' }, estimate: { low: 1, high: 2 } }))
    await writeTasks(root, [task(1, 8)])
    const written = JSON.parse(await fs.readFile(path.join(root, tasksFolder, 'TASK-001.json'), 'utf8')) as Record<string, unknown>
    assert.deepEqual([written.owner, written.scope, written.estimate, written.estimated_hours], ['ops', { note: 'n' }, undefined, 8])
  })

  it('are not written at all where one is wrong', async () => {
    await assert.rejects(writeTasks(root, [task(1, 4), task(2, NaN)]), UserError)
    await putTask('TASK-002', '{')
    await assert.rejects(writeTasks(root, [task(1, 4), task(2, 4)]), /TASK-002\.json: is not JSON/)
    assert.deepEqual(await fs.readdir(path.join(root, tasksFolder)), ['TASK-002.json'])
  })
})

describe('other planning files', () => {
  let root = ''
  beforeEach(async () => { root = await fs.mkdtemp(path.join(os.tmpdir(), 'devteam-plan-')) })
  afterEach(async () => { await fs.rm(root, { recursive: true, force: true }) })

  it('the PRD comes back as it was written, with keys of others', async () => {
    assert.equal(await readPrd(root), undefined)
    const prd = {
      project: 'Shop', problem: 'p', users: ['u'], mustHave: [{ id: 'F001', title: 'Login', description: 'd', acceptanceCriteria: ['a'] }], shouldHave: [], technology: ['t'], constraints: [], successMetrics: ['s'],
    }
    await writePrd(root, prd)
    assert.deepEqual(await readPrd(root), prd)
    const name = path.join(root, 'docs/planning/PROJECT_PRD.json')
    const there = JSON.parse(await fs.readFile(name, 'utf8')) as { requirements: { must_have: Record<string, unknown>[] } }
    await fs.writeFile(name, JSON.stringify({ ...there, owner: 'o', requirements: { must_have: there.requirements.must_have.map((each) => ({ ...each, rank: 1 })) } }))
    await writePrd(root, { ...prd, project: 'Shop 2' })
    const again = JSON.parse(await fs.readFile(name, 'utf8')) as { owner: string; project: string; requirements: { must_have: Record<string, unknown>[] } }
    assert.deepEqual([again.owner, again.project, again.requirements.must_have[0]?.rank], ['o', 'Shop 2', 1])
  })

  it('a PRD that is not one is refused', async () => {
    await writeText(root, 'docs/planning/PROJECT_PRD.json', '{"problem": 3}')
    await assert.rejects(readPrd(root), /PROJECT_PRD\.json: project is missing/)
  })

  it('sprints of an earlier plan go', async () => {
    const folder = path.join(root, 'docs/sprints')
    await writeSprints(root, sprintFiles(makePlan(shop, options({ tracks: 1 })), shop))
    await fs.writeFile(path.join(folder, 'SPRINT-notes.json'), '{}')
    await writeSprints(root, sprintFiles(makePlan(shop, options({ tracks: 3 })), shop))
    assert.deepEqual((await fs.readdir(folder)).sort(), ['SPRINT-001-01.json', 'SPRINT-001-02.json', 'SPRINT-001-03.json', 'SPRINT-002-01.json', 'SPRINT-002-02.json', 'SPRINT-002-03.json', 'SPRINT-notes.json'])
    assert.deepEqual(JSON.parse(await fs.readFile(path.join(folder, 'SPRINT-002-03.json'), 'utf8')), {
      id: 'SPRINT-002-03', name: 'Production Ready', track: '03', sprint_number: 2, goal: 'Deliver Kubernetes manifests, Monitoring setup and Database backups', duration_hours: 20,
      tasks: ['TASK-011', 'TASK-015', 'TASK-014'], dependencies: ['SPRINT-001-03'],
    })
  })

  it('nothing is written outside the folder', async function () {
    await assert.rejects(writeText(root, '../x.txt', ''), UserError)
    const elsewhere = await fs.mkdtemp(path.join(os.tmpdir(), 'devteam-else-'))
    try {
      try { await fs.symlink(elsewhere, path.join(root, 'docs')) } catch { return this.skip() }
      await assert.rejects(writeText(root, 'docs/x.txt', 'x'), /leads out/)
      assert.deepEqual(await fs.readdir(elsewhere), [])
    } finally { await fs.rm(elsewhere, { recursive: true, force: true }) }
  })
})
