import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { devteam, ndjson, sampleProject, start, succeed } from '../../support/devteam.ts'
import { git } from '../../support/folders.ts'

const sqlite = (folder: string, query: string): string => execFileSync('sqlite3', ['.devteam/devteam.db', query], { cwd: folder, encoding: 'utf8' }).trim()
const quick = { millisecondsPerHour: 0, failureRate: 0 }
const taskFile = (folder: string, id: string): string => path.join(folder, 'docs/planning/tasks', `${id}.json`)
const places = "SELECT id, track_id, sprint_id FROM task WHERE status = 'completed' ORDER BY id"

/** Writes a task file: that of `like`, with other values. */
function writeTask(folder: string, id: string, values: object, like = id): void {
  const task = JSON.parse(fs.readFileSync(taskFile(folder, like), 'utf8')) as object
  fs.writeFileSync(taskFile(folder, id), `${JSON.stringify({ ...task, ...values, id }, null, 2)}\n`)
}
const wishList = (folder: string, values: object = {}): void => writeTask(folder, 'TASK-019', { title: 'Wish list UI', estimated_hours: 8, dependencies: ['TASK-009'], ...values }, 'TASK-010')

interface ReplanJson {
  applied: boolean; changes: boolean; diff: { added: string[]; removed: string[]; changed: { task: string; changes: { field: string; before: unknown; after: unknown }[] }[]; changedCompleted: { task: string }[]; removedCompleted: string[] }
  moved: { task: string; from: { track: string; sprint: string }; to: { track: string; sprint: string } }[]; left: { tasks: number; totalHours: number; hoursBefore: number; hoursUnmoved: number | null; hours: number }
  plan: { tasks: number; usedTracks: number; tracks: { id: string; tasks: string[]; sprints: { id: string; tasks: string[] }[] }[] }
}
const replanned = async (folder: string, ...args: string[]): Promise<ReplanJson> => JSON.parse(await succeed(folder, ['plan', '--replan', '--json', ...args])) as ReplanJson

describe('devteam plan --replan', function () {
  this.timeout(300_000)

  it('takes a new task into a plan in progress, and the project ends with all tasks and one final review', async () => {
    const folder = await sampleProject({ planned: true, simulation: quick })
    await succeed(folder, ['implement', '--sprint', 'SPRINT-001-01'])
    await succeed(folder, ['implement', '--task', 'TASK-002'])
    const [before, planId] = [sqlite(folder, places), sqlite(folder, "SELECT value FROM meta WHERE key = 'plan_id'")]
    wishList(folder)
    const text = await succeed(folder, ['plan', '--replan', '--yes'])
    assert.match(text, /^Replanning: 4 of 18 tasks completed, 15 tasks left \(108 hours\)/)
    assert.match(text, /Task files that differ from the plan:\n {2}\+ TASK-019: Wish list UI \(frontend, 8 hours\)/)
    assert.doesNotMatch(text, /Moves:/, 'there is room for it after what is planned')
    assert.match(text, /Hours left on the tracks: 40 → 48, 8 hours more/)
    assert.equal(sqlite(folder, places), before)
    assert.equal(sqlite(folder, "SELECT id, goal FROM sprint WHERE track_id = '02' ORDER BY number"), [
      'SPRINT-001-02|Deliver React project setup, Login/registration UI and Product catalog UI', 'SPRINT-002-02|Deliver Shopping cart UI, Checkout flow UI, Admin dashboard UI and Wish list UI',
    ].join('\n'))
    const sprint = JSON.parse(fs.readFileSync(path.join(folder, 'docs/sprints/SPRINT-002-02.json'), 'utf8')) as { tasks: string[]; sprint_number: number }
    assert.deepEqual([sprint.sprint_number, sprint.tasks.includes('TASK-019')], [2, true])
    assert.match(fs.readFileSync(path.join(folder, 'docs/planning/TASK_SUMMARY.md'), 'utf8'), /TASK-019/)
    assert.match(await succeed(folder, ['plan', '--replan']), /Nothing to replan/)

    const run = await succeed(folder, ['implement', '--sprint', 'all'])
    assert.match(run, /Total tasks: 19\/19 completed/)
    assert.match(run, /Found completed sprint: SPRINT-001-01 \(skipping\)/)
    assert.match(run, /Task 4\/4: TASK-019 - Wish list UI/)
    assert.equal(sqlite(folder, 'SELECT status, COUNT(*) FROM tasks GROUP BY status'), 'completed|19\ndone|6')
    const events = ndjson(await succeed(folder, ['events', '--json']))
    assert.equal(events.filter((event) => event.type === 'project.completed').length, 1)
    assert.deepEqual(events.filter((event) => event.type === 'plan.changed').map((event) => event.added), [['TASK-019']])
    assert.equal(sqlite(folder, "SELECT value FROM meta WHERE key = 'plan_id'"), planId)
    assert.match(git(folder, 'log', '-1', '--format=%B', sqlite(folder, "SELECT commit_id FROM task WHERE id = 'TASK-019'")), new RegExp(`DevTeam-Plan: ${planId}`))
  })

  it('shows the diff and asks first: without a terminal it changes nothing and says --yes', async () => {
    const folder = await sampleProject({ planned: true })
    const before = fs.readFileSync(path.join(folder, '.devteam/devteam.db'))
    writeTask(folder, 'TASK-012', { title: 'Cart API', estimated_hours: 12, dependencies: ['TASK-004', 'TASK-008'], component: 'shop', scope: { allowed_patterns: ['backend/**'] } })
    const { code, out, err } = await devteam(folder, ['plan', '--replan'])
    assert.equal(code, 1)
    assert.match(out, /~ TASK-012: Cart API\n {6}title: Shopping cart API → Cart API\n {6}hours: 8 → 12\n {6}component: backend → shop\n {6}dependencies: TASK-008 → TASK-004, TASK-008\n {6}scope: .* → backend\/\*\*/)
    assert.match(err, /Add --yes/)
    assert.match(await succeed(folder, ['plan', '--replan', '--dry-run']), /Nothing was changed \(--dry-run\)/)
    const json = await replanned(folder, '--dry-run')
    assert.deepEqual([json.applied, json.changes, json.diff.changed[0]?.changes.map((change) => change.field)], [false, true, ['title', 'hours', 'component', 'dependencies', 'scope']])
    assert.deepEqual(fs.readFileSync(path.join(folder, '.devteam/devteam.db')), before)
  })

  it('asks on a terminal', async () => {
    const folder = await sampleProject({ planned: true })
    wishList(folder)
    const program = path.resolve(import.meta.dirname, '../../../dist/cli/devteam.cjs')
    const onTerminal = (answer: string): string => execFileSync('script', ['-qec', `"${process.execPath}" "${program}" plan --replan || true`, '/dev/null'], { cwd: folder, input: `${answer}\n`, encoding: 'utf8' })
    assert.match(onTerminal('n'), /Take this over\? \[y\/N\][\s\S]*Nothing was changed/)
    assert.equal(sqlite(folder, "SELECT COUNT(*) FROM task WHERE id = 'TASK-019'"), '0')
    assert.match(onTerminal('y'), /Take this over\? \[y\/N\][\s\S]*Replanned/)
    assert.equal(sqlite(folder, "SELECT COUNT(*) FROM task WHERE id = 'TASK-019'"), '1')
  })

  it('drops a pending task whose file is gone, and keeps a completed one as history', async () => {
    const folder = await sampleProject({ planned: true, simulation: quick })
    await succeed(folder, ['implement', '--task', 'TASK-006'])
    for (const id of ['TASK-006', 'TASK-018']) fs.rmSync(taskFile(folder, id))
    writeTask(folder, 'TASK-001', { dependencies: [], estimated_hours: 9 })
    const json = await replanned(folder, '--yes')
    assert.deepEqual([json.diff.removed, json.diff.removedCompleted, json.diff.changed.map(({ task }) => task), json.plan.tasks], [['TASK-018'], ['TASK-006'], ['TASK-001'], 17])
    assert.equal(sqlite(folder, "SELECT GROUP_CONCAT(id || status) FROM task WHERE id IN ('TASK-006', 'TASK-018')"), 'TASK-006completed')
    assert.match(await succeed(folder, ['plan', '--replan']), /TASK-006: Email notification service \(its file is gone; it stays as history\)/)
  })

  it('tells of a completed task whose file has changed, and undoes nothing', async () => {
    const folder = await sampleProject({ planned: true, simulation: quick })
    await succeed(folder, ['implement', '--task', 'TASK-001'])
    writeTask(folder, 'TASK-001', { estimated_hours: 30 })
    const text = await succeed(folder, ['plan', '--replan'])
    assert.match(text, /Completed, and kept as it is:\n {2}~ TASK-001: Database schema design\n {6}hours: 8 → 30\n {6}nothing is undone; `devteam reset --task TASK-001`[\s\S]*Nothing to replan/)
    assert.equal(sqlite(folder, "SELECT status, estimated_hours FROM task WHERE id = 'TASK-001'"), 'completed|8.0')
  })

  it('takes more tracks and fewer, and another strategy: completed work stays on its track', async () => {
    const folder = await sampleProject({ planned: true, simulation: quick })
    await succeed(folder, ['implement', '--sprint', 'SPRINT-001-03'])
    const balanced = await replanned(folder, '--yes', '--strategy', 'balanced')
    assert.ok(balanced.moved.some(({ from, to }) => from.track !== to.track) && balanced.left.hours < balanced.left.hoursBefore)
    const one = await replanned(folder, '1', '--yes')
    assert.equal(new Set(one.plan.tracks.filter((track) => track.tasks.some((id) => !['TASK-003', 'TASK-007'].includes(id))).map((track) => track.id)).size, 1)
    assert.equal(sqlite(folder, "SELECT track_id, sprint_id FROM task WHERE id IN ('TASK-003', 'TASK-007')"), '03|SPRINT-001-03\n03|SPRINT-001-03')
    assert.equal(sqlite(folder, "SELECT status FROM track WHERE id = '03'"), one.plan.tracks.find((track) => track.id === '03')?.tasks.length === 2 ? 'completed' : 'in_progress')
    await replanned(folder, '3', '--yes')
    assert.match(await succeed(folder, ['implement', '--sprint', 'all']), /Total tasks: 18\/18 completed/)
  })

  it('plans new work after the final review, which then runs again', async () => {
    const folder = await sampleProject({ planned: true, simulation: quick })
    await succeed(folder, ['implement', '--sprint', 'all'])
    assert.match(await succeed(folder, ['plan', '--replan']), /\nNothing to replan: every task is completed\.\n$/)
    wishList(folder)
    const json = await replanned(folder, '--yes')
    assert.deepEqual(json.left, { tasks: 1, totalHours: 8, hoursBefore: 0, hoursUnmoved: 8, hours: 8 })
    assert.equal(sqlite(folder, "SELECT track_id, sprint_id FROM task WHERE id = 'TASK-019'"), '02|SPRINT-003-02')
    assert.equal(sqlite(folder, 'SELECT GROUP_CONCAT(status) FROM track'), 'completed,in_progress,completed')
    assert.equal((JSON.parse(await succeed(folder, ['status', '--json'])) as { projectCompleted: boolean }).projectCompleted, false)
    assert.match(await succeed(folder, ['implement', '--sprint', 'all', '02']), /Task 1\/1: TASK-019 - Wish list UI[\s\S]*PROJECT COMPLETION SUCCESSFUL[\s\S]*Total tasks: 19\/19 completed/)
  })

  it('moves nothing on a track that a living process works on, and replans the rest beside it', async () => {
    const folder = await sampleProject({ planned: true, simulation: { ...quick, millisecondsPerHour: 150 } })
    const run = start(folder, ['implement', '--sprint', 'all', '01'])
    await run.until(/Launching/)
    wishList(folder, { title: 'Backups elsewhere', component: 'infrastructure', dependencies: [] })
    const json = await replanned(folder, '--yes')
    assert.equal(json.plan.tracks.find((track) => track.tasks.includes('TASK-019'))?.id, '03')
    assert.ok(json.moved.every(({ from, to }) => from.track !== '01' && to.track !== '01'))
    const reset = await devteam(folder, ['reset', '--task', 'TASK-016'])
    assert.equal(reset.code, 3, 'the run was still going on')

    const file = fs.readFileSync(taskFile(folder, 'TASK-016'))
    writeTask(folder, 'TASK-016', { estimated_hours: 20 })
    const { code, err } = await devteam(folder, ['plan', '--replan', '--yes'])
    assert.equal(code, 3)
    assert.match(err, new RegExp(`TASK-016\\.json has changed, and track 01 is being run by process ${run.child.pid ?? 0} on .* since .*\\.\nWait until the run ends or stop it`))
    fs.writeFileSync(taskFile(folder, 'TASK-016'), file)

    const ended = await run.ended
    assert.equal(ended.code, 0, ended.err)
    assert.match(ended.out, /TRACK 1 COMPLETE[\s\S]*Total tasks: 7\/7/)
    await Promise.all(['02', '03'].map((track) => succeed(folder, ['implement', '--sprint', 'all', track])))
    assert.equal(sqlite(folder, 'SELECT status, COUNT(*) FROM tasks GROUP BY status').split('\n')[0], 'completed|19')
    const events = ndjson(await succeed(folder, ['events', '--json']))
    assert.equal(events.filter((event) => event.type === 'project.completed').length, 1)
  })

  it('makes a failed task pending again whose file has changed, and with it what it blocks', async () => {
    const folder = await sampleProject({ planned: true, simulation: { ...quick, firstAttemptMisses: { 'TASK-003': ['Image builds', 'Compose file', 'Health checks'] } } })
    const file = fs.readFileSync(taskFile(folder, 'TASK-003'), 'utf8')
    fs.writeFileSync(taskFile(folder, 'TASK-003'), `${file}\n\n`) // the sample's lint gate refuses this
    assert.equal((await devteam(folder, ['implement', '--task', 'TASK-003', '--max-iterations', '1'])).code, 1)
    assert.equal(sqlite(folder, "SELECT status, COUNT(*) FROM task GROUP BY status ORDER BY status"), 'blocked|3\nfailed|1\npending|14')
    fs.writeFileSync(taskFile(folder, 'TASK-003'), file)
    wishList(folder, { component: 'infrastructure', dependencies: ['TASK-007'] })
    await replanned(folder, '--yes')
    assert.equal(sqlite(folder, "SELECT status, COUNT(*) FROM task GROUP BY status ORDER BY status"), 'blocked|4\nfailed|1\npending|14', 'nothing of it has changed; the new task waits for it')
    writeTask(folder, 'TASK-003', { estimated_hours: 5 })
    await replanned(folder, '--yes')
    assert.equal(sqlite(folder, 'SELECT status, COUNT(*) FROM task GROUP BY status'), 'pending|19')
  })

  it('says in other places that it is there, and refuses what makes no sense', async () => {
    const folder = await sampleProject({ planned: true, simulation: quick })
    const refused = async (pattern: RegExp, ...args: string[]): Promise<void> => {
      const { code, err } = await devteam(folder, args)
      assert.equal(code, 2, err)
      assert.match(err, pattern)
    }
    await succeed(folder, ['implement', '--task', 'TASK-001'])
    await refused(/1 of 18 tasks completed[\s\S]*devteam plan --replan/, 'plan', '3')
    await refused(/--yes goes with --replan/, 'plan', '--yes')
    await refused(/--dry-run goes with --replan/, 'plan', '--dry-run')
    await refused(/--replan takes the task files that are there/, 'plan', '--replan', '--describe', 'x')
    await refused(/whole number/, 'plan', '--replan', '0')
    writeTask(folder, 'TASK-004', { dependencies: ['TASK-008'] })
    await refused(/TASK-004 -> TASK-008 -> TASK-004|TASK-008 -> TASK-004 -> TASK-008/, 'plan', '--replan', '--yes')
    const empty = await devteam(await sampleProject(), ['plan', '--replan'])
    assert.deepEqual([empty.code, /There is no plan yet/.test(empty.err)], [2, true])
  })
})
