import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { devteam, sampleProject, succeed } from '../../support/devteam.ts'
import { git, temporaryFolder, writeFiles } from '../../support/folders.ts'
import { assertGolden } from '../../support/golden.ts'
import { Stored } from '../../support/stored.ts'

interface PlanJson {
  chains: { hours: number }[]; independent: { hours: number }; criticalPath: { hours: number }; width: number; maxTracks: number; usedTracks: number
  curve: { tracks: number; hours: number }[]; tracks: { id: string; hours: number; tasks: string[]; sprints: { hours: number }[] }[]
  totalHours: number; timeSavedPercent: number; makespanHours: number; lowerBoundHours: number; warnings: string[]; elapsedMs: number
}
const ids = (...numbers: number[]): string[] => numbers.map((n) => `TASK-${String(n).padStart(3, '0')}`)

describe('devteam plan', function () {
  this.timeout(60_000)

  it('takes a time budget, as a whole number of milliseconds', async () => {
    const folder = await sampleProject()
    assert.match(await succeed(folder, ['plan', '3', '--time-budget', '1000']), /Sprint Planning Complete!/)
    const refused = await devteam(folder, ['plan', '--time-budget', 'soon'])
    assert.deepEqual([refused.code, refused.err.includes('--time-budget')], [2, true])
  })

  it('plans the sample on three tracks', async () => {
    const folder = await sampleProject()
    assertGolden('plan-3.txt', await succeed(folder, ['plan', '3']))
    assert.match(fs.readFileSync(path.join(folder, 'docs/planning/TASK_SUMMARY.md'), 'utf8'), /```mermaid/)
    assert.equal(fs.readdirSync(path.join(folder, 'docs/sprints')).filter((name) => /^SPRINT-\d+-\d+\.json$/.test(name)).length, 6)
    assert.equal(git(folder, 'status', '--porcelain').includes('.devteam'), false, 'the database stays out of git')
  })

  it('is one commit, its session in it, which fails all the same where the files of sprints can not be written', async () => {
    const folder = await sampleProject()
    await succeed(folder, ['plan', '3'])
    assert.deepEqual(await new Stored(folder).rows('PRAGMA user_version; SELECT status FROM session'), ['1', 'completed'])
    fs.rmSync(path.join(folder, 'docs/sprints/SPRINT-001-02.json'))
    fs.mkdirSync(path.join(folder, 'docs/sprints/SPRINT-001-02.json/in-the-way'), { recursive: true })
    assert.match((await devteam(folder, ['plan', '3'])).err, /docs\/sprints\/SPRINT-001-02\.json can't be written/)
    assert.deepEqual(await new Stored(folder).rows('SELECT status FROM session ORDER BY started_at'), ['completed', 'failed'])
  })

  it('saves nothing where docs/sprints is no folder, or a link that leads out', async () => {
    const folder = await sampleProject()
    for (const [put, says] of [[(place: string) => { fs.writeFileSync(place, 'in the way') }, /^docs\/sprints is not a folder\. Move it away\./], [(place: string) => { fs.symlinkSync(temporaryFolder('elsewhere'), place) }, /^docs\/sprints is a link that leads out of /], [(place: string) => { fs.symlinkSync('nowhere', place) }, /^docs\/sprints is not a folder/]] as const) {
      put(path.join(folder, 'docs/sprints'))
      const refused = await devteam(folder, ['plan', '3'])
      assert.equal(refused.code, 2)
      assert.match(refused.err, says)
      assert.equal(fs.existsSync(path.join(folder, '.devteam/devteam.db')), false)
      fs.rmSync(path.join(folder, 'docs/sprints'))
    }
  })

  it('gives every number as JSON', async () => {
    const plan = JSON.parse(await succeed(await sampleProject(), ['plan', '3', '--json'])) as PlanJson
    assert.deepEqual(plan.chains.map((chain) => chain.hours), [42, 38, 28])
    assert.deepEqual([plan.independent.hours, plan.criticalPath.hours, plan.width, plan.maxTracks, plan.usedTracks], [20, 42, 7, 3, 3])
    assert.deepEqual(plan.tracks.map((track) => track.hours), [52, 44, 32])
    assert.deepEqual(plan.tracks.map((track) => track.tasks), [ids(1, 4, 8, 12, 16, 6, 18), ids(2, 5, 9, 13, 17, 10), ids(3, 7, 11, 15, 14)])
    assert.deepEqual(plan.tracks.map((track) => track.sprints.map((sprint) => sprint.hours)), [[24, 28], [20, 24], [12, 20]])
    assert.deepEqual([plan.totalHours, plan.timeSavedPercent, plan.makespanHours, plan.lowerBoundHours], [128, 59, 52, 44])
    assert.deepEqual(plan.curve.slice(0, 4).map((point) => point.hours), [128, 64, 44, 42])
    assert.equal(typeof plan.elapsedMs, 'number')
  })
  it('clamps a request for more tracks than are worth running', async () => {
    const folder = await sampleProject()
    assert.match(await succeed(folder, ['plan', '5']), /Requested 5 tracks, but max possible is 3\. Using 3 tracks\./)
    assert.equal((JSON.parse(await succeed(folder, ['plan', '4', '--allow-idle-tracks', '--json'])) as PlanJson).usedTracks, 4)
  })
  it('names all problems of bad task files at once and writes nothing', async () => {
    const folder = temporaryFolder('bad')
    const task = (id: string, more: object = {}): string => JSON.stringify({ id, title: id, estimated_hours: 1, ...more })
    writeFiles(folder, {
      'docs/planning/tasks/TASK-001.json': task('TASK-001', { dependencies: ['TASK-002'] }), 'docs/planning/tasks/TASK-002.json': task('TASK-002', { dependencies: ['TASK-001'] }),
      'docs/planning/tasks/TASK-003.json': task('TASK-003', { dependencies: ['TASK-099'] }), 'docs/planning/tasks/TASK-004.json': '{ "id": "TASK-004",\n  "title": }',
      'docs/planning/tasks/TASK-005.json': task('TASK-005', { estimated_hours: -2 }), 'docs/planning/tasks/TASK-006.json': task('../x'),
    })
    const before = fs.readdirSync(folder, { recursive: true }).length
    const { code, err, out } = await devteam(folder, ['plan', '2'])
    assert.equal(code, 2)
    for (const word of ['TASK-001 -> TASK-002 -> TASK-001', 'TASK-099', 'TASK-004.json', 'estimated_hours', '../x']) assert.ok(err.includes(word), `${word} in ${err}`)
    assert.equal(out, '')
    assert.equal(fs.readdirSync(folder, { recursive: true }).length, before)
  })
  it('makes PRD and tasks from a description, the same each time', async () => {
    const outline = ['# Time Tracker', '', '## Entries API (8h)', '- Create an entry', '- List entries', '', '## Entries page (6h)', 'Depends on: Entries API', '- Form', '- Table'].join('\n')
    const made = await Promise.all([1, 2].map(async () => {
      const folder = temporaryFolder('describe')
      await succeed(folder, ['plan', '--describe', outline, '--executor', 'simulated'])
      return fs.readdirSync(path.join(folder, 'docs/planning/tasks')).map((name) => fs.readFileSync(path.join(folder, 'docs/planning/tasks', name), 'utf8')).join('')
    }))
    assert.equal(made[0], made[1])
    assert.match(made[0] ?? '', /Entries page/)
    assert.match(made[0] ?? '', /"dependencies": \[\s*"TASK-\d+"/)
  })
  it('asks for a description where there are no tasks, and takes no answer for an error', async () => {
    const folder = temporaryFolder('interview')
    writeFiles(folder, { '.devteam/config.json': '{ "executor": "simulated" }' })
    const asked = await devteam(folder, ['plan'], { input: 'A recipe collection\ncooks\nRecipe API\nRecipe page\n\nPython\n' })
    assert.equal(asked.code, 0, asked.err)
    assert.match(asked.out, /What shall be built\?[\s\S]*Sprint Planning Complete!/)
    const silent = await devteam(temporaryFolder('interview'), ['plan'])
    assert.equal(silent.code, 2)
    assert.match(silent.err, /--describe/)
  })
  it('refuses to replace a plan whose work has begun', async () => {
    const folder = await sampleProject({ planned: true, simulation: { millisecondsPerHour: 0 } })
    await succeed(folder, ['implement', '--task', 'TASK-001'])
    const { code, err } = await devteam(folder, ['plan', '2'])
    assert.equal(code, 2)
    assert.match(err, /devteam reset --all/)
    await succeed(folder, ['reset', '--all'])
    await succeed(folder, ['plan', '2'])
  })
})

describe('wrong use', function () {
  this.timeout(60_000)
  const cases: [string, string[], number, RegExp][] = [
    ['an unknown command', ['paln'], 2, /paln/], ['a track number that is none', ['plan', 'x'], 2, /whole number/], ['an unknown strategy', ['plan', '--strategy', 'fast'], 2, /component/],
    ['nothing to implement', ['implement'], 2, /--sprint all/], ['no plan', ['implement', '--sprint', 'all', '--executor', 'simulated'], 2, /devteam plan/],
    ['an unknown executor', ['implement', '--sprint', 'all', '--executor', 'magic'], 2, /simulated or anthropic/], ['nobody to do the work', ['implement', '--sprint', 'all'], 2, /ANTHROPIC_API_KEY[\s\S]*simulated/],
    ['a folder that is not there', ['status', '--cwd', '/no/such/folder'], 2, /no folder/], ['a graph without a plan', ['graph'], 2, /devteam plan/],
  ]
  for (const [name, args, code, message] of cases) {
    it(`${name} ends with ${code} and a way out`, async () => {
      const ended = await devteam(temporaryFolder('wrong'), args)
      assert.equal(ended.code, code, ended.err)
      assert.match(ended.err, message)
      assert.ok(!/\n\s+at /.test(ended.err), ended.err)
    })
  }
  it('status without a plan says how to make one', async () => {
    const folder = temporaryFolder('empty')
    assert.match(await succeed(folder, ['status']), /No plan yet/)
    assert.deepEqual(fs.readdirSync(folder), [])
  })
})
