import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { devteam, sampleProject, succeed } from '../../support/devteam.ts'
import { git, temporaryFolder } from '../../support/folders.ts'

interface Hours { p50Hours: number; p80Hours: number; p95Hours: number; withoutSpread: number; plannedHours: number; criticality: { task: string; share: number }[] }
interface Report { completed: number; openHours: number; makespanHours: number; hours: Hours | null; agents: { simulated: boolean; measuredTasks: number; left?: { tasks: number; p50Minutes: number; p80Minutes: number } }[] }
interface WhatIfJson { hours: number; tracks: number; strategy: string; byTracks?: unknown[]; outcomes: { change: string; hours: number }[] }

interface OpenTask { task: string; component: string; agent?: string; basis: string; p50Minutes: number; p80Minutes: number }
interface Predicted { task: string; agent: string; knownTasks: number; p50Minutes: number; overallP50Minutes: number; minutes: number }
interface Agents { outsideMinutes: number; left: { byTask: OpenTask[] }; calibration: { agents: { name: string; tasks: number; minutesPerHour: number }[] }; backTest: { predicted: Predicted[]; medianError: number; overall: { medianError: number }; nearer: number; better: string } }

const sqlite = (folder: string, query: string): void => { execFileSync('sqlite3', ['.devteam/devteam.db', query], { cwd: folder }) }

/** Everything below a folder with its text, without git's own. */
const contents = (folder: string): string[] => fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile() && !each.parentPath.includes('.git')).map((each) => `${each.name} ${fs.readFileSync(path.join(each.parentPath, each.name), 'latin1')}`)

function giveRange(folder: string, id: string, low: number, high: number): void {
  const file = path.join(folder, 'docs/planning/tasks', `${id}.json`)
  fs.writeFileSync(file, `${JSON.stringify({ ...JSON.parse(fs.readFileSync(file, 'utf8')) as object, estimate: { low, high } }, null, 2)}\n`)
}

describe('devteam forecast', function () {
  this.timeout(180_000)

  it('follows a plan from its estimates to the measured time of agents', async () => {
    const folder = await sampleProject({ planned: true })
    const read = async (): Promise<Report> => JSON.parse(await succeed(folder, ['forecast', '--json'])) as Report
    const fresh = await read()
    assert.deepEqual([fresh.completed, fresh.openHours, fresh.makespanHours, fresh.hours, fresh.agents], [0, 128, 52, null, []])
    await succeed(folder, ['implement', '--sprint', 'all', '02', '--executor', 'simulated'])
    const later = await read()
    assert.deepEqual([later.completed, later.openHours, later.makespanHours], [6, 84, 52])
    assert.deepEqual(later.agents.map(({ simulated, measuredTasks, left }) => [simulated, measuredTasks, left?.tasks]), [[true, 6, 12]])
    const left = later.agents[0]?.left
    assert.ok(left !== undefined && left.p50Minutes > 0 && left.p50Minutes <= left.p80Minutes)
    const text = await succeed(folder, ['forecast'])
    assert.match(text, /Forecast: 6\/18 tasks completed[^]*Measured \(simulated\): 6 tasks[^]*What is left \(simulated\): 12 tasks/)
    const before = contents(folder)
    await succeed(folder, ['forecast', '--seed', '7', '--runs', '50'])
    assert.deepEqual(contents(folder), before, 'it writes nothing')
  })
  it('goes by the component and the agent of each task', async () => {
    const folder = await sampleProject({ planned: true })
    for (const track of ['02', '01']) await succeed(folder, ['implement', '--sprint', 'all', track, '--executor', 'simulated'])
    const read = async (...more: string[]): Promise<Agents> => {
      const [agents] = (JSON.parse(await succeed(folder, ['forecast', '--json', ...more])) as { agents: Agents[] }).agents
      assert.ok(agents !== undefined)
      return agents
    }
    const of = ({ left }: Agents, id: string): OpenTask => {
      const task = left.byTask.find((each) => each.task === id)
      assert.ok(task !== undefined)
      return task
    }
    // What the simulation took depends on the machine. Here the backend's agents take 30 minutes an hour and the frontend's 3, more or less.
    sqlite(folder, "UPDATE task SET duration_ms = (CASE component WHEN 'backend' THEN 30 ELSE 3 END) * estimated_hours * 60000 * (0.8 + 0.1 * (position % 5)) WHERE status = 'completed'")
    const before = await read()
    assert.deepEqual(before.left.byTask.map(({ agent, basis }) => [agent?.replace(/ .*/, ''), basis]), ['docker', 'pipeline', 'kubernetes', 'yaml', 'shell'].map((kind) => [`infrastructure:developer-${kind}`, 'overall']))
    await succeed(folder, ['task', 'edit', 'TASK-003', '--agent', 'frontend:developer-typescript'])
    await succeed(folder, ['task', 'edit', 'TASK-007', '--agent', 'backend:api-developer-python'])
    const given = await read()
    assert.deepEqual(['TASK-003', 'TASK-007'].map((id) => [of(given, id).agent, of(given, id).basis]), [['frontend:developer-typescript (claude-sonnet-5-5)', 'agent'], ['backend:api-developer-python (claude-sonnet-5-5)', 'agent']])
    assert.ok(of(given, 'TASK-007').p50Minutes > 1.3 * of(given, 'TASK-003').p50Minutes, 'both are of 6 hours')
    assert.ok(of(given, 'TASK-003').p50Minutes < of(before, 'TASK-003').p50Minutes && of(given, 'TASK-007').p50Minutes > of(before, 'TASK-007').p50Minutes)
    assert.deepEqual((await read('--model', 'sonnet=another')).left.byTask.map(({ basis }) => basis), Array(5).fill('overall'), 'nothing is known of another model')
    assert.match((await devteam(folder, ['forecast', '--model', 'sonnet'])).err, /--model takes TIER=ID/)

    // Twice as long, all of it: so is what is forecast.
    sqlite(folder, "UPDATE task SET duration_ms = 2 * duration_ms WHERE status = 'completed'")
    const doubled = await read()
    doubled.left.byTask.forEach((task, i) => { assert.ok(Math.abs(task.p80Minutes / 2 - (given.left.byTask[i]?.p80Minutes ?? NaN)) < 1e-3 * task.p80Minutes) })

    // What is said of a task comes from tasks before it: the last one changes nothing but its own.
    const { predicted, better, nearer, medianError, overall } = doubled.backTest
    assert.ok(predicted.every(({ knownTasks, agent }) => knownTasks >= 5 && agent.endsWith('(claude-sonnet-5-5)')) && nearer <= predicted.length && medianError < overall.medianError, better)
    sqlite(folder, `UPDATE task SET duration_ms = 100 * duration_ms WHERE id = '${predicted.at(-1)?.task ?? ''}'`)
    const later = (await read()).backTest.predicted
    assert.deepEqual(later.slice(0, -1), predicted.slice(0, -1))
    assert.equal(later.at(-1)?.p50Minutes, predicted.at(-1)?.p50Minutes)

    await succeed(folder, ['task', 'edit', 'TASK-014', '--agent', 'nobody:here'])
    const text = await succeed(folder, ['forecast'])
    for (const part of [
      /A task's time goes from its start to its commit: design, code, tests, checks and validation/, /Not in it: waiting for other tracks; [^\n]*reviews, mending and documentation after the tasks \([\d.]+ s of agents so far\)/,
      /By agent:\n {4}(?:backend:api-developer-python|frontend:developer-typescript) \(claude-sonnet-5-5\): [^\n]*\(6 tasks, 1 to do\)/, / {4}agent alone, nothing of their component is measured: 2 tasks \(TASK-003, TASK-007\)\n/,
      /No agent can implement TASK-014/, /Component and agent against the overall rate alone: (?:better|worse|no clear difference)/,
    ]) assert.match(text, part)
    fs.mkdirSync(path.join(folder, '.devteam/agents'), { recursive: true })
    fs.writeFileSync(path.join(folder, '.devteam/agents/broken.md'), 'no front matter')
    assert.deepEqual(await devteam(folder, ['forecast']).then(({ code, err }) => [code, err.includes('.devteam/agents/broken.md:1:')]), [2, true])
  })
  it('shows with the plan where tasks have ranges', async () => {
    const folder = await sampleProject()
    assert.equal((JSON.parse(await succeed(folder, ['plan', '3', '--json'])) as { forecast: Hours | null }).forecast, null)
    giveRange(folder, 'TASK-001', 4, 30)
    giveRange(folder, 'TASK-002', 4, 5)
    const { forecast } = JSON.parse(await succeed(folder, ['plan', '3', '--json'])) as { forecast: Hours }
    assert.deepEqual([forecast.plannedHours, forecast.withoutSpread, forecast.criticality.length], [52, 16, 18])
    assert.ok(forecast.p50Hours > 52 && forecast.p50Hours < forecast.p80Hours && forecast.p80Hours < forecast.p95Hours && forecast.p95Hours <= 74)
    assert.match(await succeed(folder, ['plan', '3']), /Forecast \(estimated hours\):\n {2}50%: within [\d.]+ hours, 80%: within [\d.]+, 95%: within [\d.]+\n[^]*16 of 18 tasks have no low and high/)
    assert.deepEqual((JSON.parse(await succeed(folder, ['forecast', '--json'])) as Report).hours, forecast, 'the plan and the database say the same')
    giveRange(folder, 'TASK-003', 10, 20)
    const { code, err } = await devteam(folder, ['plan', '3'])
    assert.deepEqual([code, /TASK-003\.json.*estimate.*10 to 20.*6, lies outside/.test(err)], [2, true])
  })
  it('says what to do where there is no plan, and refuses options that make no sense', async () => {
    const folder = temporaryFolder('none')
    assert.deepEqual(await devteam(folder, ['forecast']).then(({ code, err }) => [code, err.includes('Run `devteam plan` first')]), [2, true])
    assert.match((await devteam(await sampleProject(), ['forecast', '--runs', '1000000'])).err, /from 1 to 999999, not "1000000"/)
    for (const args of [['--runs', '0'], ['--seed', 'x']]) assert.equal((await devteam(await sampleProject(), ['forecast', ...args])).code, 2)
  })
})

describe('devteam plan --what-if', function () {
  this.timeout(120_000)

  it('answers and writes nothing', async () => {
    const folder = await sampleProject()
    const before = contents(folder)
    const overview = await succeed(folder, ['plan', '3', '--what-if'])
    assert.match(overview, /^What If: 18 tasks with `component` on 3 tracks take 52 hours\. Nothing is changed\.\nTrack 1 \(Backend API\) has work for all of it/)
    assert.match(overview, / {2}2 tracks: 76 hours, 64 hours at best\n {2}3 tracks: 52 hours, 44 hours at best \(this plan\)/)
    assert.match(overview, /`balanced` on 3 tracks: 44 hours\n[^]*\(4 dependencies tried\)[^]*\(7 critical tasks tried\)[^]*TASK-016: \+5 hours, ends 5 hours later/)
    const text = await succeed(folder, ['plan', '3', '--what-if', 'tracks=2', '--what-if', 'TASK-004=12h', '--what-if=without TASK-016->TASK-012, strategy=balanced'])
    assert.equal(text, [
      'What if tracks=2: 76 hours on 2 tracks instead of 52 hours (24 more)', 'What if TASK-004=12h: 56 hours instead of 52 hours (4 more)',
      'What if without TASK-016->TASK-012, strategy=balanced: 44 hours with `balanced` instead of 52 hours (8 less)', '',
    ].join('\n'))
    const json = JSON.parse(await succeed(folder, ['plan', '3', '--what-if', 'split TASK-008', '--json'])) as WhatIfJson
    assert.deepEqual([json.hours, json.tracks, json.byTracks, json.outcomes.map(({ change, hours }) => [change, hours])], [52, 3, undefined, [['split TASK-008', 52]]])
    const both = JSON.parse(await succeed(folder, ['plan', '3', '--what-if', 'tracks=1', '--what-if', '--json'])) as WhatIfJson
    assert.deepEqual([both.byTracks?.length, both.outcomes.map(({ hours }) => hours)], [4, [128]])
    assert.deepEqual(contents(folder), before)
    assert.equal(git(folder, 'status', '--porcelain'), '')
  })
  it('is about the plan that is there: its strategy, its tracks', async () => {
    const folder = await sampleProject()
    await succeed(folder, ['plan', '2', '--strategy', 'balanced'])
    const about = async (...args: string[]): Promise<unknown[]> => { const { strategy, tracks, hours } = JSON.parse(await succeed(folder, ['plan', ...args, '--what-if', 'TASK-004=8h', '--json'])) as WhatIfJson; return [strategy, tracks, hours] }
    assert.deepEqual(await about(), ['balanced', 2, 64])
    assert.deepEqual(await about('3', '--strategy', 'component'), ['component', 3, 52])
    await succeed(folder, ['plan', '4', '--allow-idle-tracks'])
    assert.match(await succeed(folder, ['plan', '--what-if']), /^What If: 18 tasks with `component` on 4 tracks take 44 hours/)
  })
  it('is about what is left of a plan in progress', async () => {
    const folder = await sampleProject({ planned: true })
    await succeed(folder, ['implement', '--task', 'TASK-001', '--executor', 'simulated'])
    const json = JSON.parse(await succeed(folder, ['plan', '3', '--what-if', 'TASK-004=9h', '--json'])) as WhatIfJson & { completed: number; tasks: number }
    assert.deepEqual([json.completed, json.tasks, json.hours, json.outcomes.map(({ hours }) => hours)], [1, 17, 44, [45]])
    assert.match(await succeed(folder, ['plan', '3', '--what-if']), /^1 of 18 tasks are completed: this is about the rest, planned anew\.\n\nWhat If: 17 tasks/)
    assert.match((await devteam(folder, ['plan', '--what-if', 'TASK-001=9h'])).err, /there is no task TASK-001 in docs\/planning\/tasks that is still to be done/)
  })
  it('names everything in the question that it can\'t answer', async () => {
    const folder = await sampleProject()
    const { code, err, out } = await devteam(folder, ['plan', '--what-if', '3', '--what-if', 'TASK-099=4h', '--what-if', 'without TASK-001->TASK-002'])
    assert.deepEqual([code, out], [2, ''])
    for (const part of ['devteam plan 3 --what-if', 'there is no task TASK-099 in docs/planning/tasks that is still to be done', 'neither of the two depends on the other']) assert.ok(err.includes(part), part)
    for (const other of [['--describe', 'x'], ['--replan'], ['--export', 'csv']]) assert.equal((await devteam(folder, ['plan', ...other, '--what-if'])).code, 2)
    assert.equal((await devteam(temporaryFolder('empty'), ['plan', '--what-if'])).code, 2)
  })
})
