import type { Plan } from '../plan/plan.ts'
import type { Task } from '../plan/task.ts'
import { counted, hours } from './format.ts'

/** Mermaid draws no more than 500 edges unless told to, and text past 50,000 characters not at all. */
const most = { tasks: 250, edges: 500 }

/** `docs/planning/TASK_SUMMARY.md`: the tasks as a table, with their graph. */
export function taskSummary(plan: Plan, tasks: readonly Task[]): string {
  const places = new Map(plan.schedule.map((place) => [place.task, place]))
  const sprints = new Map(plan.tracks.flatMap((track) => track.sprints.flatMap((sprint) => sprint.tasks.map((id) => [id, sprint.id] as const))))
  const rows = tasks.map((task) => {
    const place = places.get(task.id)
    const slack = place === undefined ? '' : place.critical ? 'critical' : hours(place.slack)
    return [task.id, task.title, task.component, hours(task.estimatedHours), task.dependencies.join(', '), sprints.get(task.id) ?? '', slack]
  })
  return [
    '# Tasks',
    '',
    `${counted(plan.tasks, 'task')}, ${hours(plan.totalHours)} hours. Critical path: ${plan.criticalPath.tasks.join(' → ')} (${hours(plan.criticalPath.hours)} hours).`,
    '',
    table(['Task', 'Title', 'Component', 'Hours', 'Depends on', 'Sprint', 'Slack (hours)'], rows),
    '',
    '## Dependencies',
    '',
    ...mermaid(plan, tasks),
    '',
  ].join('\n')
}

function mermaid(plan: Plan, tasks: readonly Task[]): string[] {
  const edges = tasks.flatMap((task, i) => task.dependencies.map((before) => ({ from: before, to: i })))
  if (tasks.length > most.tasks || edges.length > most.edges) return [`${counted(tasks.length, 'task')} and ${edges.length} dependencies are too many for a Mermaid graph: see \`devteam graph --format svg\`.`]
  const index = new Map(tasks.map((task, i) => [task.id, i]))
  const critical = plan.criticalPath.tasks.flatMap((id) => index.get(id) ?? [])
  return [
    '```mermaid',
    'graph LR',
    ...tasks.map((task, i) => `  t${i}["${task.id}: ${mermaidText(task.title)} (${hours(task.estimatedHours)} h)"]`),
    ...edges.map(({ from, to }) => `  t${index.get(from) ?? 0} --> t${to}`),
    `  classDef critical stroke-width:3px`,
    `  class ${critical.map((i) => `t${i}`).join(',')} critical`,
    '```',
  ]
}

const mermaidText = (text: string): string => text.replace(/[#"<>&`\n\r]/g, (letter) => (letter === '\n' || letter === '\r' ? ' ' : `#${letter.charCodeAt(0)};`))

/** A Markdown table; bars and line breaks in cells are made harmless. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const harmless = (cell: string): string => (/[\\|\r\n]/.test(cell) ? cell.replace(/[\\|]/g, '\\$&').replace(/\s*[\r\n]+\s*/g, ' ') : cell)
  const line = (cells: readonly string[]): string => `| ${cells.map(harmless).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
