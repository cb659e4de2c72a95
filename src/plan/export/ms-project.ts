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
  const finish = Math.max(0, ...plan.tasks.map((each) => each.finish))
  const assignments = plan.tasks.map((each, i) => element('Assignment', [
    element('UID', i + 1), element('TaskUID', uids.get(each.task.id) ?? 0), element('ResourceUID', resources.get(each.track) ?? 0), element('PercentWorkComplete', percent(each)),
    element('Finish', time.finish(each.finish)), element('Start', time.start(each.start)), element('Units', 1), element('Work', durationOf(each.task.estimatedHours)),
  ]))
  const project = [
    element('Name', `${plan.name}.xml`), element('Title', plan.name), element('ScheduleFromStart', 1), element('StartDate', time.start(0)), element('FinishDate', time.finish(finish)),
    element('CalendarUID', 1), element('DefaultStartTime', '08:00:00'), element('DefaultFinishTime', '17:00:00'), element('MinutesPerDay', 480), element('MinutesPerWeek', 2400), element('DaysPerMonth', 20),
    element('Calendars', [calendar()]), element('Tasks', rows.map((row, i) => taskElement(row, i + 1, uids, time))),
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
const percent = ({ status }: ExportedTask): number => (status === 'completed' ? 100 : 0)

function rowsOf({ tracks, tasks }: ExportedPlan): Row[] {
  return tracks.flatMap((track): Row[] => {
    const ofTrack = tasks.filter((each) => each.track === track.id)
    const sprints = track.sprints.flatMap((sprint): Row[] => {
      const inside = ofTrack.filter((each) => each.sprint === sprint.id)
      return inside.length === 0 ? [] : [{ kind: 'group', level: 2, name: `${sprint.id}: ${sprint.name}`, inside }, ...inside.map((each): Row => ({ kind: 'task', level: 3, each }))]
    })
    return ofTrack.length === 0 ? [] : [{ kind: 'group', level: 1, name: `Track ${track.id} (${track.name})`, inside: ofTrack }, ...sprints]
  })
}

function taskElement(row: Row, uid: number, uids: ReadonlyMap<string, number>, time: WorkingTime): string {
  const inside = row.kind === 'task' ? [row.each] : row.inside
  const [start, finish] = [Math.min(...inside.map((each) => each.start)), Math.max(...inside.map((each) => each.finish))]
  const hours = row.kind === 'task' ? row.each.task.estimatedHours : finish - start
  const name = row.kind === 'task' ? `${row.each.task.id}: ${row.each.task.title.replaceAll(/\s+/g, ' ')}` : row.name
  const head = [
    element('UID', uid), element('ID', uid), element('Name', name), element('Type', row.kind === 'task' ? 0 : 1), element('IsNull', 0), element('OutlineLevel', row.level), element('Priority', row.kind === 'task' ? priorities[row.each.task.priority] : 500), element('Start', time.start(start)), element('Finish', time.finish(finish)),
    element('Duration', durationOf(hours)), element('DurationFormat', 5), element('Work', durationOf(inside.reduce((sum, each) => sum + each.task.estimatedHours, 0))), element('EffortDriven', 0), element('Estimated', 0), element('Milestone', 0), element('Summary', row.kind === 'group' ? 1 : 0),
  ]
  if (row.kind === 'group') return element('Task', head)
  const { each } = row
  return element('Task', [
    ...head, element('Critical', each.critical ? 1 : 0), element('PercentComplete', percent(each)),
    // 4: start no earlier than.
    ...(each.start > 0 ? [element('ConstraintType', 4), element('ConstraintDate', time.start(each.start))] : [element('ConstraintType', 0)]),
    element('Notes', notes(each)),
    ...each.after.flatMap((id) => { const before = uids.get(id); return before === undefined ? [] : [element('PredecessorLink', [element('PredecessorUID', before), element('Type', 1), element('CrossProject', 0), element('LinkLag', 0), element('LagFormat', 7)])] }),
  ])
}

const notes = ({ task }: ExportedTask): string => [`Component: ${task.component}`, ...(task.description === '' ? [] : [task.description]), ...(task.acceptanceCriteria.length === 0 ? [] : ['Acceptance criteria:', ...task.acceptanceCriteria.map((text) => `- ${text}`)])].join('\n')

/** The standard calendar; day 1 is Sunday. */
function calendar(): string {
  const times = element('WorkingTimes', shifts.map(([from, to]) => element('WorkingTime', [element('FromTime', from), element('ToTime', to)])))
  const days = [1, 2, 3, 4, 5, 6, 7].map((day) => element('WeekDay', [element('DayType', day), ...(day === 1 || day === 7 ? [element('DayWorking', 0)] : [element('DayWorking', 1), times])]))
  return element('Calendar', [element('UID', 1), element('Name', 'Standard'), element('IsBaseCalendar', 1), element('WeekDays', days)])
}
