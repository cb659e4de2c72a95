import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { devteam, sampleProject, start, succeed } from '../../support/devteam.ts'
import { git, temporaryFolder, writeFiles } from '../../support/folders.ts'

type Json = Record<string, unknown>
const tasks = 'docs/planning/tasks'
const read = (folder: string, id: string): Json => JSON.parse(fs.readFileSync(path.join(folder, tasks, `${id}.json`), 'utf8')) as Json
/** The lines that git sees as changed, without those that name files. */
const changed = (folder: string): string[] => git(folder, 'diff', '-U0').split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line))
const isClean = (folder: string): boolean => git(folder, 'status', '--porcelain', tasks) === ''

async function refused(folder: string, args: readonly string[], code: number, ...patterns: RegExp[]): Promise<void> {
  const ended = await devteam(folder, ['task', ...args])
  assert.equal(ended.code, code, ended.err + ended.out)
  for (const pattern of patterns) assert.match(ended.err, pattern)
  assert.ok(!/\n\s+at /.test(ended.err), ended.err)
  assert.equal(ended.out, '')
}

describe('devteam task', function () {
  this.timeout(240_000)

  it('adds a task under the next id, and a first one', async () => {
    const folder = await sampleProject()
    assert.equal(await succeed(folder, ['task', 'add', 'Password reset mails', '--hours', '3h', '--component', 'backend', '--depends', 'TASK-004,TASK-006', '--criterion', 'A mail is sent', '--criterion', 'The link expires', '--scope', 'backend/mail/**', '--low', '2', '--high', '6', '--priority', 'low']),
      'Added TASK-019 "Password reset mails" (3 h, backend): docs/planning/tasks/TASK-019.json\n')
    assert.deepEqual(read(folder, 'TASK-019'), {
      id: 'TASK-019', title: 'Password reset mails', description: '', component: 'backend', estimated_hours: 3, dependencies: ['TASK-004', 'TASK-006'], acceptance_criteria: ['A mail is sent', 'The link expires'],
      scope: { allowed_patterns: ['backend/mail/**'] }, estimate: { low: 2, high: 6 }, priority: 'low',
    })
    await succeed(folder, ['plan', '3'])
    const empty = temporaryFolder('first')
    assert.match(await succeed(empty, ['task', 'add', 'First']), /^Added TASK-001 "First" \(4 h, general\).*\nNobody gave hours/)
    assert.deepEqual(JSON.parse(await succeed(empty, ['task', 'add', 'Second', '--hours', '2', '--id', 'API-07', '--json'])), { changes: [{ change: 'added', id: 'API-07', file: `${tasks}/API-07.json`, fields: [] }], notes: [], planIsOlder: false })
  })

  it('adds many at once, each under an id of its own', async () => {
    const folder = temporaryFolder('many')
    const ended = await Promise.all(Array.from({ length: 6 }, (_, i) => devteam(folder, ['task', 'add', `Task ${i}`, '--hours', '1'])))
    assert.deepEqual(ended.map(({ code, err }) => [code, err]), ended.map(() => [0, '']))
    assert.deepEqual(fs.readdirSync(path.join(folder, tasks)).sort(), [1, 2, 3, 4, 5, 6].map((n) => `TASK-00${n}.json`))
  })

  it('edits one file many times at once, and no edit is lost', async () => {
    const folder = temporaryFolder('at-once')
    await succeed(folder, ['task', 'add', 'Task', '--hours', '1'])
    const words = ['a', 'b', 'c', 'd', 'e', 'f']
    const ended = await Promise.all(words.map((word) => devteam(folder, ['task', 'edit', 'TASK-001', '--add-criterion', word])))
    assert.deepEqual(ended.map(({ code, err }) => [code, err]), ended.map(() => [0, '']))
    assert.deepEqual((read(folder, 'TASK-001').acceptance_criteria as string[]).sort(), words)
  })

  it('edits in place: only what is said differs', async () => {
    const folder = await sampleProject()
    assert.equal(await succeed(folder, ['task', 'edit', 'TASK-004', '--hours', '6', '--remove-criterion', '2', '--add-criterion', 'Logout endpoint']), 'Changed TASK-004 (estimated_hours, acceptance_criteria): docs/planning/tasks/TASK-004.json\n')
    assert.deepEqual(changed(folder), ['-  "estimated_hours": 8,', '+  "estimated_hours": 6,', '-    "Register endpoint",', '-    "Password reset endpoint"', '+    "Password reset endpoint",', '+    "Logout endpoint"'])
    assert.equal(await succeed(folder, ['task', 'edit', 'TASK-004', '--hours', '6']), 'Nothing to change: it is so already.\n')
    await succeed(folder, ['task', 'edit', 'TASK-004', '--hours', '8', '--criterion', 'Login endpoint', '--criterion', 'Register endpoint', '--criterion', 'Password reset endpoint'])
    assert.ok(isClean(folder))
    await succeed(folder, ['task', 'edit', 'TASK-004', '--no-agent', '--no-description', '--no-depends', '--no-feature'])
    const { suggested_agent: agent, feature_ref: feature, description, dependencies } = read(folder, 'TASK-004')
    assert.deepEqual([agent, feature, description, dependencies], [undefined, undefined, '', []])
  })

  it('gives another id, and those that depend on it follow', async () => {
    const folder = await sampleProject()
    assert.match(await succeed(folder, ['task', 'edit', 'TASK-004', '--id', 'AUTH-1']), /^Renamed TASK-004 to AUTH-1/)
    assert.deepEqual([read(folder, 'TASK-008').dependencies, fs.existsSync(path.join(folder, tasks, 'TASK-004.json'))], [['AUTH-1'], false])
    await refused(folder, ['edit', 'AUTH-1', '--id', 'TASK-001'], 2, /TASK-001 is there twice/)
    await refused(folder, ['edit', 'AUTH-1', '--id', '../x'], 2, /not fit to be an id/)
  })

  it('changes dependencies, and refuses a cycle with its path', async () => {
    const folder = await sampleProject()
    assert.match(await succeed(folder, ['task', 'depend', 'TASK-018', '--on', 'TASK-001', 'TASK-004']), /TASK-018 depends on TASK-001 now\.\nTASK-018 depends on TASK-004 now\./)
    assert.deepEqual(read(folder, 'TASK-018').dependencies, ['TASK-001', 'TASK-004'])
    await succeed(folder, ['task', 'depend', 'TASK-018', '--not-on', 'TASK-001', '--not-on', 'TASK-004'])
    assert.ok(isClean(folder))
    await refused(folder, ['depend', 'TASK-001', '--on', 'TASK-008'], 2, /TASK-001\.json: dependencies form a cycle.*TASK-001 -> TASK-008 -> TASK-004 -> TASK-001/)
    assert.ok(isClean(folder))
  })

  it('mends dependencies and hours with which nothing can be planned', async () => {
    const folder = temporaryFolder('mend')
    const file = (id: string, more: object): string => JSON.stringify({ id, title: id, estimated_hours: 1, ...more })
    writeFiles(folder, { [`${tasks}/A.json`]: file('A', { dependencies: ['B'] }), [`${tasks}/B.json`]: file('B', { dependencies: ['A'] }) })
    await refused(folder, ['edit', 'A', '--hours', '2'], 2, /A -> B -> A/)
    await succeed(folder, ['task', 'depend', 'A', '--not-on', 'B'])
    writeFiles(folder, { [`${tasks}/B.json`]: file('B', { dependencies: ['A', 'gone'], estimate: { low: 0.5, high: 0.7 } }) })
    await succeed(folder, ['task', 'edit', 'B', '--depends', 'A', '--high', '9'])
    await succeed(folder, ['plan', '1'])
  })

  it('removes what nothing depends on, or says what becomes of the rest', async () => {
    const folder = await sampleProject()
    await refused(folder, ['remove', 'TASK-004'], 2, /TASK-008 depends on it.*--reconnect.*TASK-001.*--drop/)
    assert.ok(isClean(folder))
    assert.equal(await succeed(folder, ['task', 'remove', 'TASK-004', '--reconnect']),
      'Removed TASK-004 "User authentication API": docs/planning/tasks/TASK-004.json\nChanged TASK-008 (dependencies): docs/planning/tasks/TASK-008.json\nTASK-008 does not depend on TASK-004 any more, but on TASK-001.\n')
    await succeed(folder, ['task', 'remove', 'TASK-005', '--drop'])
    assert.deepEqual([read(folder, 'TASK-008').dependencies, read(folder, 'TASK-009').dependencies], [['TASK-001'], []])
    await refused(folder, ['remove', 'TASK-001', '--drop', '--reconnect'], 2, /not both/)
  })

  it('splits a task, and the plan has the same order and hours', async () => {
    const folder = await sampleProject()
    assert.equal(await succeed(folder, ['task', 'split', 'TASK-004', '--into', 'Login API:5', 'Password reset', '--criteria', '1,2', '3']), [
      'Changed TASK-004 (title, description, estimated_hours, acceptance_criteria): docs/planning/tasks/TASK-004.json', 'Added TASK-019 "Password reset" (3 h, backend): docs/planning/tasks/TASK-019.json',
      'Changed TASK-008 (dependencies): docs/planning/tasks/TASK-008.json', 'TASK-008 depends on TASK-019 now.', ''].join('\n'))
    assert.deepEqual([read(folder, 'TASK-004').acceptance_criteria, read(folder, 'TASK-019').acceptance_criteria], [['Login endpoint', 'Register endpoint'], ['Password reset endpoint']])
    const plan = JSON.parse(await succeed(folder, ['plan', '3', '--json'])) as { totalHours: number; criticalPath: { hours: number } }
    assert.deepEqual([plan.totalHours, plan.criticalPath.hours], [128, 42])
    assert.match(await succeed(folder, ['task', 'split', '--help']), /first part keeps the id/)
  })

  it('tells all that is wrong at once, and writes nothing', async () => {
    const folder = await sampleProject()
    await refused(folder, ['edit', 'TASK-005', '--hours', '-3', '--priority', 'huge', '--low', '3', '--depends', 'TASK-77', '--remove-criterion', '9', '--title', ' '], 2,
      /^6 problems/, /--hours: is "-3"/, /--priority: is "huge"/, /estimate .*--high/, /TASK-005\.json: dependencies names "TASK-77"/, /acceptance_criteria has no "9"/, /title is empty/)
    await refused(folder, ['edit', 'task-5', '--hours', '3'], 2, /task-5: is no task\. Write TASK-005/)
    await refused(folder, ['edit', 'TASK-005'], 2, /Say what to change/)
    await refused(folder, ['add', 'Twin', '--id', 'task-001'], 2, /upper and lower case only/)
    await refused(folder, ['split', 'TASK-005', '--into', 'Only one'], 2, /one part/)
    await refused(folder, ['depend', 'TASK-005'], 2, /--on ID/)
    writeFiles(folder, { [`${tasks}/TASK-002.json`]: '{' })
    await refused(folder, ['add', 'X', '--hours', '0'], 2, /--hours: is "0"/, /TASK-002\.json: is not JSON: line 1/)
    assert.equal(fs.readdirSync(path.join(folder, tasks)).length, 18)
  })

  it('lists and shows tasks, with a plan how far they are', async () => {
    const folder = await sampleProject()
    assert.match(await succeed(folder, ['task', 'list']), /^Task {6}Hours {2}Component {7}Title +Depends on\nTASK-001 {6}8 {2}backend {9}Database schema design\n[\s\S]*\n18 tasks, 128 hours\n$/)
    assert.match(await succeed(folder, ['task', 'list', '--component', 'backend']), /\n7 tasks, 52 hours\n$/)
    await succeed(folder, ['plan', '3'])
    const shown = await succeed(folder, ['task', 'show', 'TASK-004'])
    for (const line of ['TASK-004 User authentication API', 'Status:      pending, SPRINT-001-01 on track 1', '  3. Password reset endpoint', '  TASK-001 Database schema design', '  TASK-008 Product catalog API']) assert.ok(shown.split('\n').includes(line), `${line} in ${shown}`)
    const { id, status, track, dependents } = JSON.parse(await succeed(folder, ['task', 'show', 'TASK-004', '--json'])) as Json
    assert.deepEqual([id, status, track, dependents], ['TASK-004', 'pending', '01', ['TASK-008']])
    assert.equal((JSON.parse(await succeed(folder, ['task', 'list', '--json'])) as { tasks: unknown[] }).tasks.length, 18)
    assert.match(await succeed(temporaryFolder('none'), ['task', 'list']), /devteam task add/)
    assert.deepEqual((await devteam(folder, ['task', 'show', 'X'])).code, 2)
  })

  it('says when the plan is older, and leaves completed work alone', async () => {
    const folder = await sampleProject({ planned: true, simulation: { millisecondsPerHour: 0 } })
    assert.match(await succeed(folder, ['task', 'edit', 'TASK-012', '--hours', '9']), /older than the task files now: `devteam plan --replan`/)
    assert.ok(!/replan/.test(await succeed(folder, ['task', 'edit', 'TASK-012', '--description', 'The cart.'])))
    // The forecast reads these from the files.
    assert.ok(!/replan/.test(await succeed(folder, ['task', 'edit', 'TASK-016', '--low', '5', '--high', '30', '--priority', 'low'])))
    assert.match(await succeed(folder, ['forecast']), /17 of 18 tasks have no low and high/)
    await succeed(folder, ['implement', '--task', 'TASK-001'])
    git(folder, 'checkout', '-q', tasks)
    await refused(folder, ['edit', 'TASK-001', '--title', 'Other', '--criterion', 'x'], 2, /TASK-001: is completed and can't get another title, acceptance_criteria\. `devteam reset --task TASK-001`/)
    await refused(folder, ['remove', 'TASK-001', '--drop'], 2, /is completed and can't be removed/)
    await refused(folder, ['split', 'TASK-001', '--into', 'A', 'B'], 2, /is completed and can't be split/)
    await refused(folder, ['depend', 'TASK-001', '--on', 'TASK-006'], 2, /is completed and can't wait for TASK-006, which is not completed/)
    assert.ok(isClean(folder))
    await succeed(folder, ['task', 'edit', 'TASK-001', '--hours', '7'])
    await succeed(folder, ['reset', '--task', 'TASK-001'])
    await succeed(folder, ['task', 'edit', 'TASK-001', '--title', 'Other'])
    // The number of a removed task that the database still has is not given away.
    await succeed(folder, ['task', 'remove', 'TASK-018'])
    assert.match(await succeed(folder, ['task', 'add', 'New', '--hours', '1']), /TASK-019/)
  })

  it('leaves alone what an agent is at, and names the process', async () => {
    const folder = await sampleProject({ planned: true, simulation: { millisecondsPerHour: 60_000 } })
    const running = start(folder, ['implement', '--task', 'TASK-001'])
    try {
      await running.until(/TASK-001/)
      await refused(folder, ['remove', 'TASK-001', '--drop'], 3, new RegExp(`TASK-001: is being worked on by process ${running.child.pid ?? ''} on .* and can't be removed`))
      await refused(folder, ['edit', 'TASK-001', '--criterion', 'x'], 3, /can't get another acceptance_criteria/)
      await succeed(folder, ['task', 'edit', 'TASK-004', '--criterion', 'x'])
    } finally {
      running.kill('SIGKILL')
      await running.ended
    }
    await refused(folder, ['split', 'TASK-001', '--into', 'A', 'B'], 2, /TASK-001: is begun and can't be split\. `devteam reset --task TASK-001`/)
    await succeed(folder, ['reset', '--task', 'TASK-001'])
    await succeed(folder, ['task', 'split', 'TASK-001', '--into', 'A', 'B'])
  })

  it('changes nothing where one of several files is read-only', async function () {
    if (process.platform === 'win32') this.skip()
    const folder = await sampleProject()
    fs.chmodSync(path.join(folder, tasks, 'TASK-008.json'), 0o444)
    const program = path.resolve(import.meta.dirname, '../../../dist/cli/devteam.cjs')
    const command = [process.execPath, program, 'task', 'split', 'TASK-004', '--into', 'A', 'B']
    // Root may write everywhere: it goes without that right here.
    const [first = '', ...args] = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all', ...command] : command
    const { status, stderr } = spawnSync(first, args, { cwd: folder, encoding: 'utf8' })
    assert.deepEqual([status, stderr], [2, 'docs/planning/tasks/TASK-008.json: is read-only. Make it writable.\n'])
    fs.chmodSync(path.join(folder, tasks, 'TASK-008.json'), 0o644)
    assert.ok(isClean(folder))
    fs.chmodSync(path.join(folder, tasks), 0o555)
    const locked = spawnSync(first, args, { cwd: folder, encoding: 'utf8' })
    fs.chmodSync(path.join(folder, tasks), 0o755)
    assert.equal(locked.status, 2)
    assert.match(locked.stderr, /TASK-004\.json can't be written: EACCES.*Nothing was changed/)
    assert.ok(isClean(folder))
  })
})
