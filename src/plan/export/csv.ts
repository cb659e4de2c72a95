import { told, type Exported, type ExportedPlan } from './exported.ts'
import { exactHours } from '../graph/units.ts'

const columns = ['id', 'title', 'component', 'track', 'track_name', 'sprint', 'start_hours', 'finish_hours', 'hours', 'slack_hours', 'critical', 'dependencies', 'status', 'priority', 'feature', 'description', 'acceptance_criteria'] as const

/** A spreadsheet takes such a cell for a formula and may run it (OWASP, CSV injection). */
const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text)

/**
 * A row for each task, in the order of the plan (RFC 4180: CRLF, quotes doubled). Titles, texts and ids come from people and models: one that begins like a
 * formula gets an apostrophe before it, which is told.
 */
export function csvOf(plan: ExportedPlan): Exported {
  const names = new Map(plan.tracks.map((track) => [track.id, track.name]))
  const marked = new Set<number>()
  const rows = plan.tasks.map(({ task, track, sprint, start, finish, slack, critical, status }, row) => {
    const safe = (text: string): string => {
      if (!isFormula(text)) return text
      marked.add(row)
      return `'${text}`
    }
    const number = (value: number): string => String(exactHours(value))
    return [
      safe(task.id), safe(task.title), safe(task.component), track, safe(names.get(track) ?? ''), sprint, number(start), number(finish), number(task.estimatedHours), number(slack), critical ? 'yes' : 'no',
      safe(task.dependencies.join(' ')), status, task.priority, safe(task.featureRef ?? ''), safe(task.description), safe(task.acceptanceCriteria.join('\n')),
    ]
  })
  const content = [[...columns], ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
  return { content, warnings: told(plan.tasks.filter((_, row) => marked.has(row)), (count) => `Cells of ${count} begin like a formula and got an apostrophe before it`) }
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
