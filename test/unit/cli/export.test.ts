import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { devteam, sampleProject, succeed } from '../../support/devteam.ts'
import { temporaryFolder } from '../../support/folders.ts'

interface TaskFile { id: string; estimated_hours: number; dependencies: string[]; component: string; acceptance_criteria: string[] }
const tasksOf = (folder: string): TaskFile[] => fs.readdirSync(path.join(folder, 'docs/planning/tasks')).sort().map((name) => JSON.parse(fs.readFileSync(path.join(folder, 'docs/planning/tasks', name), 'utf8')) as TaskFile)

describe('devteam plan --export', function () {
  this.timeout(120_000)

  it('writes each format, and changes nothing', async () => {
    const folder = await sampleProject({ planned: true })
    const before = fs.readFileSync(path.join(folder, '.devteam/devteam.db'))
    const csv = await succeed(folder, ['plan', '--export', 'csv'])
    assert.equal(csv.split('\r\n')[0]?.split(',').slice(0, 2).join(), 'id,title')
    const json = JSON.parse(await succeed(folder, ['plan', '--export', 'csv', '--json'])) as { format: string; content: string; warnings: string[] }
    assert.deepEqual([json.format, json.content], ['csv', csv])
    for (const format of ['taskmaster', 'mermaid', 'msproject-xml']) {
      const { file } = JSON.parse(await succeed(folder, ['plan', '--export', format, '-o', 'out.txt', '--json'])) as { file: string }
      assert.equal(file, path.join(folder, 'out.txt'))
      assert.match(fs.readFileSync(file, 'utf8'), /Payment integration API/)
    }
    assert.ok(before.equals(fs.readFileSync(path.join(folder, '.devteam/devteam.db'))))
  })
  it('has the numbers of the plan, also where tasks that may change the same files got an order', async () => {
    const folder = await sampleProject()
    for (const [id, pattern] of [['TASK-006', 'shared/**'], ['TASK-017', 'shared/a.ts'], ['TASK-003', 'shared/*.ts']] as const) await succeed(folder, ['task', 'edit', id, '--scope', pattern])
    const plan = JSON.parse(await succeed(folder, ['plan', '3', '--json'])) as { conflicts: { resolved: string }[]; criticalPath: { hours: number }; schedule: { task: string; start: number; finish: number; slack: number; critical: boolean }[] }
    assert.ok(plan.conflicts.some(({ resolved }) => resolved === 'ordered'))
    const rows = (await succeed(folder, ['plan', '--export', 'csv'])).split('\r\n').filter((line) => line.startsWith('TASK-')).map((line) => line.split(','))
    assert.deepEqual(rows.map((row) => [row[0], row[6], row[7], row[9], row[10]].join()).sort(), plan.schedule.map(({ task, start, finish, slack, critical }) => [task, start, finish, slack, critical ? 'yes' : 'no'].join()).sort())
    assert.match(await succeed(folder, ['graph', '--format', 'dot']), new RegExp(`critical path ${plan.criticalPath.hours} h`))
  })
  it('says which tasks have changed since the plan was made', async () => {
    const folder = await sampleProject({ planned: true })
    assert.equal((await devteam(folder, ['plan', '--export', 'csv'])).err, '')
    await succeed(folder, ['task', 'edit', 'TASK-018', '--hours', '7'])
    await succeed(folder, ['task', 'add', 'Wish list'])
    assert.match((await devteam(folder, ['plan', '--export', 'csv'])).err, /^⚠️ This is the plan as it was made; TASK-018, TASK-019 have changed since: `devteam plan --replan` takes that in\n$/)
  })
  it('tells on standard error what the format has no place for', async () => {
    const { out, err, code } = await devteam(await sampleProject({ planned: true }), ['plan', '--export', 'taskmaster'])
    assert.equal(code, 0)
    assert.match(err, /^⚠️ Task Master numbers tasks/)
    assert.doesNotThrow(() => JSON.parse(out) as unknown)
  })
  it('gives the same tasks to another DevTeam by way of Task Master', async () => {
    const folder = await sampleProject({ planned: true })
    const other = temporaryFolder('round-trip')
    await succeed(folder, ['plan', '--export', 'taskmaster', '-o', path.join(other, 'tasks.json')])
    await succeed(other, ['plan', '--from', 'tasks.json'])
    const facts = (each: TaskFile): unknown => [each.id, each.estimated_hours, each.dependencies, each.component, each.acceptance_criteria]
    assert.deepEqual(tasksOf(other).map(facts), tasksOf(folder).map(facts))
  })
  it('says what is wrong: no plan, no such format, nowhere to write, together with planning', async () => {
    const folder = await sampleProject()
    const cases: [string[], RegExp][] = [
      [['plan', '--export', 'csv'], /no plan yet/], [['plan', '--export', 'pdf'], /"pdf".*taskmaster, mermaid, csv, msproject-xml/], [['plan', '3', '--export', 'csv'], /plans nothing/], [['plan', '--export', 'csv', '--replan', '--yes', '--strategy', 'balanced'], /Without --strategy, --replan and --yes, then/], [['plan', '--replan', '--time-budget', '5'], /Without --time-budget, then/], [['plan', '--what-if', '--output', 'x'], /Without --output, then/], [['plan', '--output', 'x'], /--export/],
    ]
    for (const [args, message] of cases) {
      const { code, err } = await devteam(folder, args)
      assert.equal(code, 2, err)
      assert.match(err, message)
    }
    await succeed(folder, ['plan', '3'])
    const unwritable = await devteam(folder, ['plan', '--export', 'csv', '-o', 'no/such/folder/x.csv'])
    assert.equal(unwritable.code, 2, unwritable.err)
    assert.match(unwritable.err, /x\.csv can't be written/)
  })
})
