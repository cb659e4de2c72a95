import { at, getOrMake } from '../at.ts'
import { told, type Exported, type ExportedPlan, type ExportedTask } from './exported.ts'
import { shifts, workingTime, type WorkingTime } from './working-time.ts'

/** An element: text, or elements below it. */
type Content = string | number | readonly string[]

const element = (name: string, content: Content): string => (typeof content === 'object' ? `<${name}>\n${content.join('\n').replaceAll(/^/gm, '  ')}\n</${name}>` : `<${name}>${typeof content === 'number' ? content : escaped(content)}</${name}>`)
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\n': '&#10;', '\t': '&#9;' }
/** XML 1.0 has no place for most control characters and for halves of surrogate pairs, not even as entities. */
const escaped = (text: string): string => text.replaceAll('\r\n', '\n').replaceAll(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '').replaceAll(/[&<>\n\t]/g, (sign) => entities[sign] ?? sign)

/** `PT8H30M0S`: working time. */
function durationOf(hours: number): string {
  const seconds = Math.round(hours * 3600)
  return `PT${Math.floor(seconds / 3600)}H${Math.floor((seconds % 3600) / 60)}M${seconds % 60}S`
}

/** A row of the outline: a track, a sprint of it, or a task. */
type Row = { readonly kind: 'group'; readonly level: number; readonly name: string; readonly inside: readonly ExportedTask[] } | { readonly kind: 'task'; readonly level: number; readonly each: ExportedTask }

/**
 * Microsoft Project's XML (http://schemas.microsoft.com/project; elements in the order of that schema): tracks and their sprints as summary tasks, tracks
 * as resources, dependencies as finish-to-start links. A task may not start before its hour in the schedule, so that programs that schedule anew keep one task
 * at a time on a track. A week has 5 days of 8 hours, and hour 0 is the morning of the first working day from the day of planning on. Throws
 * UserError('input') where the plan is longer than calendars are.
 */
export function msProjectOf(plan: ExportedPlan): Exported {
  const time = workingTime(plan.plannedOn)
  const rows = rowsOf(plan)
  const uids = new Map(rows.flatMap((row, i) => (row.kind === 'task' ? [[row.each.task.id as string, i + 1] as const] : [])))
  const resources = new Map(plan.tracks.map((track, i) => [track.id, i + 1]))
  const numbers = outlineNumbers(rows)
  const finish = plan.tasks.reduce((last, each) => Math.max(last, each.finish), 0)
  const assignments = plan.tasks.map((each, i) => element('Assignment', [
    element('UID', i + 1), element('TaskUID', uids.get(each.task.id) ?? 0), element('ResourceUID', resources.get(each.track) ?? 0), element('PercentWorkComplete', percent([each])),
    ...(each.status === 'completed' ? [element('ActualFinish', time.finish(each.finish)), element('ActualStart', time.start(each.start))] : []), element('ActualWork', durationOf(doneHours([each]))),
    element('Finish', time.finish(each.finish)), element('RemainingWork', durationOf(workOf([each]) - doneHours([each]))), element('Start', time.start(each.start)), element('Units', 1), element('Work', durationOf(each.task.estimatedHours)),
  ]))
  const project = [
    element('SaveVersion', saveVersion), element('Name', `${shortened(plan.name, longestName - 4)}.xml`), element('Title', shortened(plan.name)), element('ScheduleFromStart', 1), element('StartDate', time.start(0)), element('FinishDate', time.finish(finish)),
    element('CurrencyCode', 'USD'), element('CalendarUID', 1), element('DefaultStartTime', '08:00:00'), element('DefaultFinishTime', '17:00:00'), element('MinutesPerDay', 480), element('MinutesPerWeek', 2400), element('DaysPerMonth', 20),
    element('Calendars', [calendar()]), element('Tasks', rows.map((row, i) => taskElement(row, i + 1, at(numbers, i), uids, time))),
    element('Resources', plan.tracks.map((track) => element('Resource', [element('UID', resources.get(track.id) ?? 0), element('ID', resources.get(track.id) ?? 0), element('Name', `Track ${track.id} (${track.name})`), element('Type', 1), element('MaxUnits', 1)]))),
    element('Assignments', assignments),
  ]
  return {
    content: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${element('Project', project).replace('<Project>', '<Project xmlns="http://schemas.microsoft.com/project">')}\n`,
    warnings: [
      'Components and acceptance criteria are in the notes of the tasks',
      ...told(plan.tasks.filter(({ status }) => status !== 'pending' && status !== 'completed'), (count) => `Microsoft Project has no status but the share that is done; ${count} that are running, failed or blocked went out with 0 %`),
    ],
  }
}

const priorities = { high: 700, medium: 500, low: 300 } as const
/** Of Project 2010. The schema requires a version, and a currency too, though nothing here has a price. */
const saveVersion = 14
/** Of names in Project. */
const longestName = 255
const shortened = (text: string, most = longestName): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)

const workOf = (tasks: readonly ExportedTask[]): number => tasks.reduce((sum, { task }) => sum + task.estimatedHours, 0)
const doneHours = (tasks: readonly ExportedTask[]): number => workOf(tasks.filter(({ status }) => status === 'completed'))
const percent = (tasks: readonly ExportedTask[]): number => Math.floor((100 * doneHours(tasks)) / workOf(tasks) + 1e-9)

/** `1.2.1` for each row: some programs find what is below a summary task by these. */
function outlineNumbers(rows: readonly Row[]): string[] {
  const counts: number[] = []
  return rows.map(({ level }) => {
    counts.length = level
    counts[level - 1] = (counts[level - 1] ?? 0) + 1
    return counts.join('.')
  })
}

function rowsOf({ tracks, tasks }: ExportedPlan): Row[] {
  const [byTrack, bySprint] = [new Map<string, ExportedTask[]>(), new Map<string, ExportedTask[]>()]
  for (const each of tasks) for (const [map, key] of [[byTrack, each.track], [bySprint, `${each.track} ${each.sprint}`]] as const) getOrMake(map, key, () => []).push(each)
  return tracks.flatMap((track): Row[] => {
    const ofTrack = byTrack.get(track.id) ?? []
    const sprints = track.sprints.flatMap((sprint): Row[] => {
      const inside = bySprint.get(`${track.id} ${sprint.id}`) ?? []
      return inside.length === 0 ? [] : [{ kind: 'group', level: 2, name: `${sprint.id}: ${sprint.name}`, inside }, ...inside.map((each): Row => ({ kind: 'task', level: 3, each }))]
    })
    return ofTrack.length === 0 ? [] : [{ kind: 'group', level: 1, name: `Track ${track.id} (${track.name})`, inside: ofTrack }, ...sprints]
  })
}

function taskElement(row: Row, uid: number, outlineNumber: string, uids: ReadonlyMap<string, number>, time: WorkingTime): string {
  const inside = row.kind === 'task' ? [row.each] : row.inside
  const [start, finish] = [inside.reduce((first, each) => Math.min(first, each.start), Infinity), inside.reduce((last, each) => Math.max(last, each.finish), 0)]
  const hours = row.kind === 'task' ? row.each.task.estimatedHours : finish - start
  const name = row.kind === 'task' ? `${row.each.task.id}: ${row.each.task.title.replaceAll(/\s+/g, ' ')}` : row.name
  const head = [
    element('UID', uid), element('ID', uid), element('Name', shortened(name)), element('Type', row.kind === 'task' ? 0 : 1), element('IsNull', 0), element('OutlineNumber', outlineNumber), element('OutlineLevel', row.level), element('Priority', row.kind === 'task' ? priorities[row.each.task.priority] : 500), element('Start', time.start(start)), element('Finish', time.finish(finish)),
    element('Duration', durationOf(hours)), element('DurationFormat', 5), element('Work', durationOf(workOf(inside))), element('EffortDriven', 0), element('Estimated', 0), element('Milestone', 0), element('Summary', row.kind === 'group' ? 1 : 0),
  ]
  if (row.kind === 'group') return element('Task', [...head, element('PercentComplete', percent(inside)), element('PercentWorkComplete', percent(inside))])
  const { each } = row
  const done = doneHours(inside)
  return element('Task', [
    ...head, element('Critical', each.critical ? 1 : 0), element('PercentComplete', percent(inside)), element('PercentWorkComplete', percent(inside)),
    // The share alone does not make a task a finished one.
    ...(each.status === 'completed' ? [element('ActualStart', time.start(start)), element('ActualFinish', time.finish(finish))] : []),
    element('ActualDuration', durationOf(done)), element('ActualWork', durationOf(done)), element('RemainingDuration', durationOf(hours - done)), element('RemainingWork', durationOf(hours - done)),
    // 4: start no earlier than.
    ...(each.start > 0 ? [element('ConstraintType', 4), element('ConstraintDate', time.start(each.start))] : [element('ConstraintType', 0)]),
    element('Notes', notes(each, name)),
    ...each.after.flatMap((id) => { const before = uids.get(id); return before === undefined ? [] : [element('PredecessorLink', [element('PredecessorUID', before), element('Type', 1), element('CrossProject', 0), element('LinkLag', 0), element('LagFormat', 7)])] }),
  ])
}

const notes = ({ task }: ExportedTask, name: string): string => [...(name.length > longestName ? [name] : []), `Component: ${task.component}`, ...(task.description === '' ? [] : [task.description]), ...(task.acceptanceCriteria.length === 0 ? [] : ['Acceptance criteria:', ...task.acceptanceCriteria.map((text) => `- ${text}`)])].join('\n')

/** The standard calendar; day 1 is Sunday. */
function calendar(): string {
  const times = element('WorkingTimes', shifts.map(([from, to]) => element('WorkingTime', [element('FromTime', from), element('ToTime', to)])))
  const days = [1, 2, 3, 4, 5, 6, 7].map((day) => element('WeekDay', [element('DayType', day), ...(day === 1 || day === 7 ? [element('DayWorking', 0)] : [element('DayWorking', 1), times])]))
  return element('Calendar', [element('UID', 1), element('Name', 'Standard'), element('IsBaseCalendar', 1), element('WeekDays', days)])
}
