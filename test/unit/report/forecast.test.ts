import assert from 'node:assert/strict'
import type { SprintId, TaskId, TrackId } from '../../../src/plan/ids.ts'
import { forecastReport, type ForecastReport } from '../../../src/report/forecast.ts'
import { forecastText } from '../../../src/report/forecast-text.ts'
import type { RecordedEvent } from '../../../src/state/event.ts'
import type { Snapshot, TaskRow } from '../../../src/state/rows.ts'
import type { Task } from '../../../src/plan/task.ts'
import { task } from '../plan/sample.ts'

const noon = Date.parse('2026-03-02T12:00:00.000Z')
const minute = 60_000
const at = (minutes: number): string => new Date(noon + minutes * minute).toISOString()
const track = (n: number, alive = false): Snapshot['tracks'][number] => ({ id: `0${n}` as TrackId, name: `Track ${n}`, status: 'pending', completedAt: undefined, lease: alive ? { pid: 1, host: 'here', since: at(0), alive } : undefined })

function row(n: number, more: Partial<TaskRow> = {}): TaskRow {
  return {
    id: `TASK-${String(n).padStart(3, '0')}` as TaskId, title: `Task ${n}`, component: 'backend', track: '01' as TrackId, sprint: 'SPRINT-001-01' as SprintId, position: n, estimatedHours: 4, status: 'pending', reason: undefined,
    session: undefined, iterations: 0, model: undefined, startedAt: undefined, completedAt: undefined, durationMs: undefined, tokens: undefined, costUsd: undefined, commit: undefined, simulated: false, dependencies: [], ...more,
  }
}
/** Completed, ten minutes after the one before. */
const done = (n: number, minutes: number, more: Partial<TaskRow> = {}): TaskRow => row(n, { status: 'completed', model: 'sonnet', startedAt: at(n * 10 - minutes / 100), completedAt: at(n * 10), durationMs: minutes * minute, ...more })
const snapshot = (tasks: readonly TaskRow[], tracks = [track(1), track(2)]): Snapshot => ({ planId: 'p', settings: {}, tracks, sprints: [], tasks, reviewLease: undefined, projectCompleted: false, costUsd: 0, simulated: false, lastEvent: 0 })
const forecast = (tasks: readonly TaskRow[], more: { tracks?: Snapshot['tracks']; files?: readonly Task[]; events?: readonly RecordedEvent[]; assigned?: ReadonlyMap<TaskId, string> } = {}): ForecastReport => forecastReport(snapshot(tasks, more.tracks === undefined ? undefined : [...more.tracks]), { files: more.files ?? [], events: more.events ?? [], assigned: more.assigned ?? new Map(), now: noon + 120 * minute }, { runs: 300, seed: 1 })
const six = [1, 2, 3, 4, 5, 6].map((n) => done(n, 8))

describe('the forecast of a plan in progress', () => {
  it('says of a fresh plan what is estimated, and that nothing is measured', () => {
    const report = forecast([row(1), row(2, { track: '02' as TrackId, dependencies: ['TASK-001' as TaskId] }), row(3)])
    assert.deepEqual([report.openHours, report.makespanHours, report.tracks, report.hours, report.agents], [12, 8, 2, null, []])
    assert.match(forecastText(report), /8 hours on 2 tracks.*\(12 hours of work\)\n {2}No range: give tasks a low and a high estimate[^]*No task has been measured yet/)
  })
  it('takes low and high from the task files while they have the hours of the plan', () => {
    const files = [task(1, 4, [], { estimate: { low: 2, high: 9 } }), task(2, 5, [], { estimate: { low: 2, high: 9 } })]
    const { hours } = forecast([row(1), row(2)], { files })
    assert.deepEqual([hours?.withoutSpread, hours?.tasks, hours?.plannedHours], [1, 2, 8])
    assert.match(forecastText(forecast([row(1), row(2)], { files })), /1 of 2 tasks has no low and high and counts as certain: the true range is wider/)
  })
  it('says that overruns with one cause are not in the range', () => {
    const files = [1, 2].map((n) => task(n, 4, [], { estimate: { low: 2, high: 9 } }))
    assert.match(forecastText(forecast([row(1), row(2)], { files })), /Each task is drawn by itself; overruns that have one cause come together and make the true range wider/)
    assert.doesNotMatch(forecastText(forecast([row(1)], { files })), /one cause/)
  })
  it('counts what is completed as done and the rest in the time of agents', () => {
    const report = forecast([...six, row(7), row(8, { track: '02' as TrackId, estimatedHours: 2, dependencies: ['TASK-006' as TaskId] })])
    const [agents] = report.agents
    assert.deepEqual([report.completed, report.openHours, report.makespanHours, report.agents.length, agents?.measuredTasks, agents?.simulated], [6, 6, 4, 1, 6, false])
    assert.deepEqual([agents?.calibration?.minutesPerHour, agents?.left?.p50Minutes, agents?.left?.p95Minutes].map((each) => Math.round((each ?? NaN) * 1000) / 1000), [2, 8, 8])
    assert.deepEqual(agents?.left?.byTask.map(({ criticality }) => criticality), [1, 0])
    const text = forecastText(report)
    assert.match(text, /Measured: 6 tasks, 2\.0 min of an agent/)
    assert.match(text, /How well it did: too few to say, 1 task predicted of 5 needed/)
    assert.doesNotMatch(text, /simulated/)
  })
  it('never mixes real and simulated work', () => {
    const simulated = [11, 12, 13, 14, 15].map((n) => done(n, 0.01, { simulated: true }))
    const report = forecast([...six, ...simulated, row(20)])
    assert.deepEqual(report.agents.map((agent) => [agent.simulated, agent.measuredTasks, Math.round((agent.calibration?.minutesPerHour ?? NaN) * 1e4) / 1e4]), [[false, 6, 2], [true, 5, 0.0025]])
    assert.match(forecastText(report), /Measured \(simulated\): 5 tasks[^]*What is left \(simulated\): 1 task/)
    assert.equal(forecast([...six.slice(2), ...simulated.slice(2), row(20)]).agents.every(({ calibration }) => calibration === undefined), true, 'four and three are not seven')
    assert.match(forecastText(forecast([...six.slice(2), row(20)])), /Measured: 4 tasks, too few to say how long agents take: it needs 5/)
  })
  it('tells by agent: the role and the model that a task was given to, and what reviews took besides', () => {
    const wrote = (n: number | undefined, role: string, kind = 'implement', model = 'sonnet'): RecordedEvent => ({
      id: ++last, time: at(n ?? 70), session: 's', type: 'role.completed', task: n === undefined ? undefined : row(n).id, role, model,
      data: { kind, summary: '', files: [], durationMs: 3 * minute, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, costUsd: 0, simulated: false },
    })
    const began = (n: number): RecordedEvent => ({ id: ++last, time: at(n), session: 's', type: 'task.started', task: row(n).id, data: { title: '', number: 1, of: 1 } })
    let last = 0
    const events = [
      { ...wrote(undefined, 'planning:prd-writer', 'prd'), time: at(-60) }, began(1), wrote(1, 'backend:b'), began(1), wrote(1, 'backend:designer', 'design'), ...[1, 2, 3].map((n) => wrote(n, 'backend:a')),
      ...[4, 5].map((n) => wrote(n, 'backend:b')), wrote(1, 'backend:a', 'implement', 'opus'), wrote(1, 'validator', 'validate'), wrote(undefined, 'quality:code-reviewer', 'review'), wrote(undefined, 'documentation:writer', 'document'),
    ]
    const report = forecast(six, { events })
    assert.deepEqual(report.agents[0]?.calibration?.agents.map(({ name, tasks }) => [name, tasks]), [['backend:a (sonnet)', 3], ['backend:b (sonnet)', 2], ['sonnet', 1]])
    assert.equal(report.agents[0].outsideMinutes, 6)
    assert.match(forecastText(report), /A task's time goes from its start to its commit: design, code, tests, checks and validation[^]*Not in it: [^\n]*reviews, mending and documentation after the tasks \(6 min of agents so far\)/)
  })
  it('predicts by the agent that a task is given to, and says where nothing is known of it', () => {
    const slow = [1, 3, 5, 7, 9, 11], quick = [2, 4, 6, 8, 10, 12]
    const model = (n: number): string => (slow.includes(n) ? 'slow' : 'quick')
    const measured = [...slow, ...quick].sort((a, b) => a - b).map((n) => done(n, (slow.includes(n) ? 40 : 8) * (1 + (n % 5) / 20), { model: model(n) }))
    const left = (assigned: string | undefined, component = 'backend'): ForecastReport => forecast([...measured, row(20, { component })], { assigned: new Map(assigned === undefined ? [] : [[row(20).id, assigned]]) })
    const minutes = (report: ForecastReport): number => report.agents[0]?.left?.p50Minutes ?? NaN
    assert.ok(minutes(left('slow')) > 3 * minutes(left('quick')))
    assert.ok(minutes(left('slow')) > minutes(left('new')) && minutes(left('new')) > minutes(left('quick')))
    assert.deepEqual([left('slow'), left('new'), left('slow', 'docs'), left('new', 'docs'), left(undefined)].map((report) => report.agents[0]?.left?.byTask.map(({ agent, basis }) => [agent, basis])), [
      [['slow', 'component and agent']], [['new', 'component']], [['slow', 'agent']], [['new', 'overall']], [[undefined, 'component']],
    ])
    assert.match(forecastText(left('slow')), /Predicted by:\n {4}component and agent: 1 task\n/)
    assert.match(forecastText(left('new')), / {4}component alone, nothing of their agent is measured: 1 task \(TASK-020\)\n/)
    assert.match(forecastText(left(undefined)), /No agent can implement TASK-020/)
    assert.equal(left('slow').agents[0]?.backTest.better, 'component and agent')
    assert.match(forecastText(left('slow')), /Half were off by less than \d+% \(by the overall rate alone: \d+%\)[^]*against the overall rate alone: better, by more than chance explains \(nearer for \d of 7 tasks\)/)
  })
  it('takes no measure from what was completed elsewhere', () => {
    const report = forecast([...[1, 2, 3, 4, 5].map((n) => row(n, { status: 'completed', durationMs: 0 })), row(6)])
    assert.deepEqual([report.completed, report.agents], [5, []])
  })
  it('counts the time that a running task has had, if somebody runs it', () => {
    const tasks = [...six, row(7, { track: '02' as TrackId, estimatedHours: 1 }), row(8), row(9, { status: 'in_progress', startedAt: at(117), dependencies: ['TASK-008' as TaskId] })]
    const left = (alive: boolean): number => forecast(tasks, { tracks: [track(1, alive), track(2)] }).agents[0]?.left?.p50Minutes ?? NaN
    assert.deepEqual([left(true), left(false)].map(Math.round), [13, 16], '8 - 3 minutes and 8; 8 and 8')
    assert.deepEqual(forecast(tasks, { tracks: [track(1, true), track(2)] }).running, ['TASK-009'])
    assert.match(forecastText(forecast(tasks, { tracks: [track(1, true), track(2)] })), /\(9 hours of work\)\n {2}What is running counts with all its hours: TASK-009\n/)
    assert.doesNotMatch(forecastText(forecast(tasks)), /running counts/)
    // An attempt that was stopped hours ago counts for nothing, as it does where tasks are measured.
    const resumed: RecordedEvent = { id: 1, time: at(117), session: 's', type: 'task.started', task: row(9).id, data: { title: '', number: 1, of: 1 } }
    const since = tasks.map((each) => (each.id === 'TASK-009' ? { ...each, startedAt: at(-600) } : each))
    assert.equal(Math.round(forecast(since, { tracks: [track(1, true), track(2)], events: [resumed] }).agents[0]?.left?.p50Minutes ?? NaN), 13)
  })
  it('counts failed and blocked tasks as still to be done, and names them', () => {
    const report = forecast([...six, row(7, { status: 'failed', durationMs: 99 * minute, startedAt: at(70) }), row(8, { status: 'blocked', dependencies: ['TASK-007' as TaskId] })])
    assert.deepEqual([report.stuck, Math.round(report.agents[0]?.left?.p50Minutes ?? NaN), report.agents[0]?.measuredTasks], [['TASK-007', 'TASK-008'], 16, 6])
    assert.match(forecastText(report), /TASK-007, TASK-008 failed or blocked: counted as still to be done/)
  })
  it('has nothing left to forecast at the end, and says how well it did', () => {
    const report = forecast(Array.from({ length: 14 }, (_, i) => done(i + 1, 8 + (i % 3), { component: i % 2 === 0 ? 'backend' : 'frontend' })))
    assert.equal(report.agents[0]?.left, undefined)
    const text = forecastText(report)
    assert.match(text, /By component:\n {4}backend: [^\n]*\(7 tasks\)\n {4}frontend: [^\n]*\(7 tasks\)/)
    assert.match(text, /How well it did, on 9 tasks, each predicted from those completed before it began:\n {2}Half were off by less than \d+% \(by the overall rate alone: \d+%\)\n {2}Took no longer than their 80% value, which four of five should: \d+% \(by the overall rate alone: \d+%\)\n {2}Component and agent against/)
    assert.doesNotMatch(text, /What is left/)
  })
})
