import assert from 'node:assert/strict'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { exportPlan } from '../../../src/plan/export/export.ts'
import type { ExportedPlan, ExportedTask } from '../../../src/plan/export/exported.ts'
import { workingTime } from '../../../src/plan/export/working-time.ts'
import { readTaskMaster } from '../../../src/plan/import/task-master.ts'
import type { TaskId } from '../../../src/plan/ids.ts'
import type { Task } from '../../../src/plan/task.ts'

const task = (id: string, more: Partial<Task> = {}): Task => ({ id: id as TaskId, title: `Title ${id}`, description: '', component: 'backend', estimatedHours: 4, dependencies: [], acceptanceCriteria: [], allowedPatterns: [], priority: 'medium', ...more })
const placed = (of: Task, more: Partial<ExportedTask> = {}): ExportedTask => ({ task: of, track: '01', sprint: 'SPRINT-001', after: of.dependencies, start: 0, finish: of.estimatedHours, slack: 0, critical: false, status: 'pending', ...more })
const planOf = (...tasks: ExportedTask[]): ExportedPlan => ({ name: 'Shop', plannedOn: '2026-01-09', tracks: [{ id: '01', name: 'Backend API', sprints: [{ id: 'SPRINT-001', name: 'Foundation' }] }], tasks })
/** Any text, and what files and formats find hard. */
const hard = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.constantFrom('=1+1', '-', '@a', 'a,b "c"\r\nd', ']]>', '<b>&amp;', 'section a: b; #c', '\uD800', '\u0000\u000B'))

/** RFC 4180, read without the writer. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\r\n') { rows.push(row); row = [] }
  }
  return rows
}

describe('working time', () => {
  it('has breaks, nights and weekends', () => {
    const { start, finish } = workingTime('2026-01-09')
    assert.deepEqual([0, 4, 8, 9.5, 12].map(start), ['2026-01-09T08:00:00', '2026-01-09T13:00:00', '2026-01-12T08:00:00', '2026-01-12T09:30:00', '2026-01-12T13:00:00'])
    assert.deepEqual([0, 4, 8, 9.5, 12].map(finish), ['2026-01-09T08:00:00', '2026-01-09T12:00:00', '2026-01-09T17:00:00', '2026-01-12T09:30:00', '2026-01-12T12:00:00'])
    assert.equal(workingTime('2026-01-10').start(40), '2026-01-19T08:00:00', 'a Saturday is followed by Monday, 40 hours are a week')
    assert.throws(() => finish(1e6), /past the year 2149/)
  })
  it('goes on and never back', () => {
    const { start, finish } = workingTime('2026-01-07')
    fc.assert(fc.property(fc.double({ min: 0, max: 1e4, noNaN: true }), fc.double({ min: 0.01, max: 100, noNaN: true }), (from, hours) => {
      assert.ok(start(from) < finish(from + hours), `${start(from)} ${finish(from + hours)}`)
      assert.ok(finish(from) <= start(from))
    }), { numRuns: 500 })
  })
})

describe('a plan as CSV', () => {
  it('has a row for each task', () => {
    const { content, warnings } = exportPlan(planOf(placed(task('A')), placed(task('B', { dependencies: ['A' as TaskId], estimatedHours: 1.5 }), { start: 4, finish: 5.5, slack: 0.25, critical: true, status: 'completed' })), 'csv')
    assert.equal(content.split('\r\n')[2], 'B,Title B,backend,01,Backend API,SPRINT-001,4,5.5,1.5,0.25,yes,A,completed,medium,,,')
    assert.deepEqual(warnings, [])
  })
  it('gives back any text, and is no formula in a spreadsheet', () => {
    fc.assert(fc.property(hard, hard, (title, description) => {
      const rows = rowsOf(exportPlan(planOf(placed(task('A', { title, description })), placed(task('B'))), 'csv').content)
      assert.equal(rows.length, 3)
      for (const row of rows) { assert.equal(row.length, rows[0]?.length); for (const cell of row) assert.doesNotMatch(cell, /^[=+\-@\t\r]/) }
      for (const [written, text] of [[rows[1]?.[1], title], [rows[1]?.[15], description]] as const) assert.equal(written?.replace(/^'(?=[=+\-@\t\r])/, ''), text)
    }), { numRuns: 300 })
    assert.match(exportPlan(planOf(placed(task('A', { title: '=HYPERLINK("x")' }))), 'csv').warnings.join('\n'), /1 task begin.*apostrophe.*: A/)
  })
})

/** An element of XML: its text, and what is below it. */
interface Node { readonly name: string; text: string; readonly below: Node[] }

/** Reads XML strictly: throws where it is not well-formed. */
function xmlOf(text: string): Node {
  const root: Node = { name: '', text: '', below: [] }
  const open = [root]
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => { throw error })
  parser.on('opentag', ({ local, uri }) => {
    assert.equal(uri, 'http://schemas.microsoft.com/project')
    const node: Node = { name: local, text: '', below: [] }
    open.at(-1)?.below.push(node)
    open.push(node)
  })
  parser.on('text', (more) => { const last = open.at(-1); if (last !== undefined) last.text += more })
  parser.on('closetag', () => { open.pop() })
  parser.write(text).close()
  return root
}
const child = (node: Node | undefined, ...path: string[]): Node | undefined => path.reduce<Node | undefined>((at, name) => at?.below.find((each) => each.name === name), node)
const values = (node: Node | undefined, ...names: string[]): (string | undefined)[] => names.map((name) => child(node, name)?.text)

/** The elements that are written, in the order of the published schema of Project's XML; it is a sequence everywhere. */
const schemaOrder: Readonly<Record<string, readonly string[]>> = {
  Project: ['SaveVersion', 'UID', 'Name', 'Title', 'ScheduleFromStart', 'StartDate', 'FinishDate', 'CurrencyCode', 'CalendarUID', 'DefaultStartTime', 'DefaultFinishTime', 'MinutesPerDay', 'MinutesPerWeek', 'DaysPerMonth', 'Calendars', 'Tasks', 'Resources', 'Assignments'],
  Calendar: ['UID', 'Name', 'IsBaseCalendar', 'WeekDays'],
  WeekDay: ['DayType', 'DayWorking', 'WorkingTimes'],
  WorkingTime: ['FromTime', 'ToTime'],
  Task: [
    'UID', 'ID', 'Name', 'Type', 'IsNull', 'OutlineNumber', 'OutlineLevel', 'Priority', 'Start', 'Finish', 'Duration', 'DurationFormat', 'Work', 'EffortDriven', 'Estimated', 'Milestone', 'Summary', 'Critical',
    'PercentComplete', 'PercentWorkComplete', 'ActualStart', 'ActualFinish', 'ActualDuration', 'ActualWork', 'RemainingDuration', 'RemainingWork', 'ConstraintType', 'ConstraintDate', 'Notes', 'PredecessorLink',
  ],
  PredecessorLink: ['PredecessorUID', 'Type', 'CrossProject', 'LinkLag', 'LagFormat'],
  Resource: ['UID', 'ID', 'Name', 'Type', 'MaxUnits'],
  Assignment: ['UID', 'TaskUID', 'ResourceUID', 'PercentWorkComplete', 'ActualFinish', 'ActualStart', 'ActualWork', 'Finish', 'RemainingWork', 'Start', 'Units', 'Work'],
}

describe('a plan for Microsoft Project', () => {
  it('has tracks, sprints and tasks as an outline, links, resources and assignments', () => {
    const tasks = [placed(task('A', { estimatedHours: 8.5 }), { status: 'completed' }), placed(task('B', { dependencies: ['A' as TaskId], priority: 'high', acceptanceCriteria: ['It works'] }), { start: 8.5, finish: 12.5, critical: true })]
    const project = child(xmlOf(exportPlan(planOf(...tasks), 'msproject-xml').content), 'Project')
    const rows = child(project, 'Tasks')?.below ?? []
    assert.deepEqual(rows.map((each) => values(each, 'UID', 'Name', 'OutlineLevel', 'Summary', 'Duration', 'Start', 'Finish')), [
      ['1', 'Track 01 (Backend API)', '1', '1', 'PT12H30M0S', '2026-01-09T08:00:00', '2026-01-12T13:30:00'], ['2', 'SPRINT-001: Foundation', '2', '1', 'PT12H30M0S', '2026-01-09T08:00:00', '2026-01-12T13:30:00'],
      ['3', 'A: Title A', '3', '0', 'PT8H30M0S', '2026-01-09T08:00:00', '2026-01-12T08:30:00'], ['4', 'B: Title B', '3', '0', 'PT4H0M0S', '2026-01-12T08:30:00', '2026-01-12T13:30:00'],
    ])
    assert.deepEqual(rows.map((each) => values(each, 'OutlineNumber', 'PercentComplete')), [['1', '68'], ['1.1', '68'], ['1.1.1', '100'], ['1.1.2', '0']], 'programs find children by the outline number')
    assert.deepEqual(values(rows[2], 'ActualStart', 'ActualFinish', 'ActualDuration', 'RemainingDuration'), ['2026-01-09T08:00:00', '2026-01-12T08:30:00', 'PT8H30M0S', 'PT0H0M0S'])
    assert.deepEqual(values(rows[3], 'ActualStart', 'ActualFinish', 'ActualDuration', 'RemainingDuration'), [undefined, undefined, 'PT0H0M0S', 'PT4H0M0S'])
    assert.deepEqual(values(rows[3], 'Critical', 'ConstraintType', 'ConstraintDate', 'Priority'), ['1', '4', '2026-01-12T08:30:00', '700'])
    assert.deepEqual(values(child(rows[3], 'PredecessorLink'), 'PredecessorUID', 'Type', 'LinkLag'), ['3', '1', '0'])
    assert.match(child(rows[3], 'Notes')?.text ?? '', /Acceptance criteria:\n- It works/)
    assert.deepEqual(child(project, 'Assignments')?.below.map((each) => values(each, 'TaskUID', 'ResourceUID', 'Work')), [['3', '1', 'PT8H30M0S'], ['4', '1', 'PT4H0M0S']])
    assert.deepEqual(child(project, 'Resources')?.below.map((each) => values(each, 'UID', 'Name')), [['1', 'Track 01 (Backend API)']])
    assert.deepEqual(child(project, 'Calendars', 'Calendar', 'WeekDays')?.below.map((day) => child(day, 'DayWorking')?.text).join(''), '0111110')
  })
  it('is well-formed whatever people write', () => {
    fc.assert(fc.property(hard, hard, (title, description) => {
      const { content } = exportPlan(planOf(placed(task('A', { title, description }))), 'msproject-xml')
      assert.doesNotThrow(() => xmlOf(content))
    }), { numRuns: 300 })
  })
  it('has its elements in the order of the schema, and what the schema requires', () => {
    const tasks = [placed(task('A'), { status: 'completed' }), placed(task('B', { dependencies: ['A' as TaskId] }), { start: 4, finish: 8 })]
    const project = child(xmlOf(exportPlan(planOf(...tasks), 'msproject-xml').content), 'Project')
    const check = (node: Node | undefined): void => {
      const order = schemaOrder[node?.name ?? '']
      const names = node?.below.map(({ name }) => name) ?? []
      if (order !== undefined) {
        const places = names.map((name) => order.indexOf(name))
        assert.ok(places.every((place, i) => place >= 0 && place >= (places[i - 1] ?? 0)), `${node?.name ?? ''}: ${names.join(' ')}`)
      }
      node?.below.forEach(check)
    }
    check(project)
    assert.deepEqual(values(project, 'SaveVersion', 'CurrencyCode'), ['14', 'USD'])
    for (const list of ['Tasks', 'Resources', 'Assignments', 'Calendars']) for (const each of child(project, list)?.below ?? []) assert.match(child(each, 'UID')?.text ?? '', /^\d+$/)
  })
  it('keeps names as long as the schema allows, and the whole title in the notes', () => {
    const title = 'x'.repeat(600)
    const project = child(xmlOf(exportPlan({ ...planOf(placed(task('A', { title }))), name: 'y'.repeat(600) }, 'msproject-xml').content), 'Project')
    const [name, notes] = values(child(project, 'Tasks')?.below[2], 'Name', 'Notes')
    assert.deepEqual([name?.length, name?.slice(0, 4), name?.at(-1)], [255, 'A: x', '…'])
    assert.ok(notes?.includes(title))
    assert.deepEqual(values(project, 'Name', 'Title').map((text) => text?.length), [255, 255])
  })
})

describe('a plan as a Gantt chart', () => {
  it('has a section for each track, and marks what is critical, done and running', () => {
    const { content } = exportPlan(planOf(placed(task('A'), { critical: true, status: 'completed' }), placed(task('B'), { status: 'running', start: 4, finish: 8 }), placed(task('C'), { status: 'failed', start: 8, finish: 12 })), 'mermaid')
    assert.deepEqual(content.split('\n').slice(4, 8), [
      '  section 01 Backend API', '    A#58; Title A :done, crit, t1, 2026-01-09T08:00, 2026-01-09T12:00', '    B#58; Title B :active, t2, 2026-01-09T13:00, 2026-01-09T17:00', '    C#58; Title C (failed) :t3, 2026-01-12T08:00, 2026-01-12T12:00',
    ])
  })
  it('keeps titles from being read as its own language', () => {
    fc.assert(fc.property(hard, fc.constantFrom('A', 'section', 'gantt', 'click', 'title', '1'), (title, id) => {
      const lines = exportPlan(planOf(placed(task(id, { title }))), 'mermaid').content.trimEnd().split('\n')
      assert.equal(lines.length, 6)
      assert.match(lines[5] ?? '', /^ {4}(?!section|gantt|click|title)[^:;%]*(?:#\d+;[^:;%]*)* :t1, \S+, \S+$/)
    }), { numRuns: 300 })
  })
})

describe('a plan for Task Master', () => {
  it('comes back as it was', () => {
    const first = task('TASK-002', { estimatedHours: 2.5, acceptanceCriteria: ['One', 'Two'], priority: 'high', featureRef: 'F001', allowedPatterns: ['src/**'], component: 'frontend', description: 'Why' })
    const tasks = [first, task('TASK-010', { dependencies: ['TASK-002' as TaskId], estimate: { low: 2, high: 9 }, suggestedAgent: 'backend:api-developer-python' }), task('TASK-011', { title: 'Mails (2h)', hoursGuessed: true })]
    const { content } = exportPlan(planOf(...tasks.map((each, i) => placed(each, { status: i === 0 ? 'completed' : 'pending' }))), 'taskmaster')
    const written = JSON.parse(content) as { master: { tasks: { id: number; dependencies: number[]; status: string }[] } }
    assert.deepEqual(written.master.tasks.map((each) => [each.id, each.dependencies, each.status]), [[1, [], 'done'], [2, [1], 'pending'], [3, [], 'pending']])
    const back = readTaskMaster({ path: 'tasks.json', text: content }, written)
    assert.deepEqual([back.tasks, back.completed], [tasks, ['TASK-002']])
    assert.deepEqual(back.warnings, [])
  })
  it('gives every task a description, without which Task Master refuses the whole file', () => {
    const { content } = exportPlan(planOf(placed(task('A'))), 'taskmaster')
    assert.equal((JSON.parse(content) as { master: { tasks: { description: string }[] } }).master.tasks[0]?.description, 'Title A')
  })
  it('comes back as it was, whatever the plan', () => {
    const words = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => text.trim()).filter((text) => text !== '')
    const idList = fc.uniqueArray(fc.oneof(fc.integer({ min: 1, max: 40 }).map(String), fc.integer({ min: 1, max: 40 }).map((n) => `TASK-${n}`)), { minLength: 1, maxLength: 12 })
    const texts = fc.record({ title: words, description: words, acceptanceCriteria: fc.array(words, { maxLength: 3 }), estimatedHours: fc.double({ min: 0.1, max: 100, noNaN: true }), priority: fc.constantFrom('high', 'medium', 'low'), seed: fc.nat() })
    fc.assert(fc.property(idList, fc.array(texts, { minLength: 12, maxLength: 12 }), (ids, contents) => {
      const tasks = ids.map((id, i) => {
        const { seed = 0, ...content } = contents[i] ?? {}
        return task(id, { ...content, dependencies: ids.slice(0, i).filter((_, before) => (seed >> before) % 2 === 1) as TaskId[] })
      })
      const value: unknown = JSON.parse(exportPlan(planOf(...tasks.map((each) => placed(each))), 'taskmaster').content)
      const byId = (list: readonly Task[]): [string, unknown][] => list.map((each): [string, unknown] => [each.id, { ...each, dependencies: [...each.dependencies].sort() }]).sort(([a], [b]) => (a < b ? -1 : 1))
      assert.deepEqual(byId(readTaskMaster({ path: 'tasks.json', text: '' }, value).tasks), byId(tasks))
    }), { numRuns: 200 })
  })
  it('keeps numbers that are ids, and tells what Task Master has no place for', () => {
    const { content, warnings } = exportPlan(planOf(placed(task('7')), placed(task('12', { dependencies: ['7' as TaskId] }), { status: 'failed' })), 'taskmaster')
    const { master } = JSON.parse(content) as { master: { tasks: { id: number; dependencies: number[]; status: string }[] } }
    assert.deepEqual(master.tasks.map((each) => [each.id, each.dependencies, each.status]), [[7, [], 'pending'], [12, [7], 'pending']])
    assert.match(warnings.join('\n'), /no place for hours[\s\S]*"failed".*: 12/)
  })
})
