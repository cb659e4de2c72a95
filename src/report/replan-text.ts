import type { TaskId, TrackId } from '../plan/ids.ts'
import type { ChangedTask, FieldChange } from '../plan/replan/diff.ts'
import type { Replan } from '../plan/replan/replan.ts'
import type { Snapshot } from '../state/rows.ts'
import { counted, hours } from './format.ts'

/** Longer lists are cut and say how many more there are. */
const most = 40

/** What replanning would change. Hours are estimated; `before`: the plan as it is. */
export function replanText(replan: Replan, before: Snapshot): string {
  const { diff, left, plan } = replan
  const completed = before.tasks.filter((task) => task.status === 'completed').length
  return [
    `Replanning: ${completed} of ${counted(before.tasks.length, 'task')} completed, ${counted(left.tasks, 'task')} left (${hoursText(left.totalHours)})`,
    ...section('Task files that differ from the plan:', fileLines(replan, before)),
    ...section('Completed, and kept as it is:', [
      ...diff.changedCompleted.flatMap((each) => [...changeLines(each, titlesOf(replan, before)), `      nothing is undone; \`devteam reset --task ${each.task}\` makes it pending again`]),
      ...diff.removedCompleted.map((id) => `  - ${id}: ${titlesOf(replan, before)(id)} (its file is gone; it stays as history)`),
    ]),
    ...section('Running, and kept as it is:', before.tracks.flatMap(({ id, name, lease }) => (lease?.alive === true ? [`  Track ${Number(id)} (${name}): process ${lease.pid} on ${lease.host} since ${lease.since}`] : []))),
    ...section('Moves:', moveLines(replan, before)),
    ...section('', plan.warnings.map((warning) => `⚠️ ${warning}`)),
    ...(replan.changes ? ['', `Hours left on the tracks: ${hoursLeftText(left)}`, ...leftLines(replan)] : ['', left.tasks === 0 ? 'Nothing to replan: every task is completed.' : `Nothing to replan: no task file of what is open has changed, and no better plan of it was found (${hoursText(left.hours)} left on the tracks).`]),
  ].join('\n')
}

const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', ...(title === '' ? [] : [title]), ...cut(lines)])
const cut = (lines: readonly string[]): string[] => (lines.length <= most ? [...lines] : [...lines.slice(0, most - 1), `  ... and ${lines.length - most + 1} more lines (--json has them all)`])

function titlesOf({ tasks }: Replan, before: Snapshot): (id: TaskId) => string {
  const titles = new Map<TaskId, string>([...before.tasks.map((task) => [task.id, task.title] as const), ...tasks.map((task) => [task.id, task.title] as const)])
  return (id) => titles.get(id) ?? ''
}

function fileLines(replan: Replan, before: Snapshot): string[] {
  const { diff, open } = replan
  const title = titlesOf(replan, before)
  const byId = new Map(open.map((task) => [task.id, task]))
  return [
    ...diff.added.map((id) => `  + ${id}: ${title(id)} (${byId.get(id)?.component ?? 'unknown'}, ${hoursText(byId.get(id)?.estimatedHours ?? 0)})`),
    ...diff.changed.flatMap((each) => changeLines(each, title)),
    ...diff.removed.map((id) => `  - ${id}: ${title(id)}`),
  ]
}

const changeLines = ({ task, changes }: ChangedTask, title: (id: TaskId) => string): string[] =>
  [`  ~ ${task}: ${title(task)}`, ...changes.map(({ field, before, after }) => `      ${field}: ${valueText(before)} → ${valueText(after)}`)]

function valueText(value: FieldChange['before']): string {
  if (typeof value === 'number') return hours(value)
  if (typeof value === 'string') return value
  return value.length === 0 ? 'none' : value.join(', ')
}

function moveLines({ moved, reordered, plan }: Replan, before: Snapshot): string[] {
  const names = new Map<TrackId, string>([...before.tracks, ...plan.tracks].map((track) => [track.id, track.name]))
  const trackText = (id: TrackId): string => `track ${Number(id)} (${names.get(id) ?? ''})`
  const across = moved.filter(({ from, to }) => from.track !== to.track)
  const within = moved.filter(({ from, to }) => from.track === to.track)
  return [
    ...across.map(({ task, from, to }) => `  ${task}: ${trackText(from.track)} → ${trackText(to.track)}, ${to.sprint}`),
    ...within.map(({ task, from, to }) => `  ${task}: ${from.sprint} → ${to.sprint} on the same track`),
    ...reordered.map((id) => `  ${trackText(id).replace('t', 'T')}: another order of what was on it`),
  ]
}

function hoursLeftText({ hoursBefore, hoursUnmoved, hours: after }: Replan['left']): string {
  const unmoved = hoursUnmoved === undefined || hoursUnmoved === after ? '' : ` (${hours(hoursUnmoved)} if nothing moved)`
  const gain = hoursBefore > after ? `, ${hoursText(hoursBefore - after)} less` : hoursBefore < after ? `, ${hoursText(after - hoursBefore)} more` : ''
  return `${hours(hoursBefore)} → ${hours(after)}${gain}${unmoved}`
}

/** The open work, track by track and sprint by sprint. */
function leftLines({ plan, open }: Replan): string[] {
  const byId = new Map(open.map((task) => [task.id, task]))
  return plan.tracks.flatMap((track) => {
    const left = track.tasks.flatMap((id) => byId.get(id) ?? [])
    if (left.length === 0) return ['', `Track ${Number(track.id)} (${track.name}): no more work`]
    return [
      '', `Track ${Number(track.id)} (${track.name}):`, `  Left: ${counted(left.length, 'task')}, ${hoursText(left.reduce((sum, task) => sum + task.estimatedHours, 0))}`,
      ...track.sprints.flatMap((sprint) => {
        const tasks = sprint.tasks.flatMap((id) => byId.get(id) ?? [])
        if (tasks.length === 0) return []
        const done = sprint.tasks.length - tasks.length
        return [`  - ${sprint.id}: ${sprint.name} (${counted(tasks.length, 'task')}, ${hoursText(tasks.reduce((sum, task) => sum + task.estimatedHours, 0))}${done === 0 ? '' : `; ${done} completed`})`, ...tasks.map((task) => `    * ${task.id}: ${task.title}`)]
      }),
    ]
  })
}

const hoursText = (n: number): string => `${hours(n)} ${hours(n) === '1' ? 'hour' : 'hours'}`
