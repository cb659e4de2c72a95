import type { Finding } from '../state/event.ts'
import type { Snapshot } from '../state/rows.ts'
import type { CompletionFigures } from './completion.ts'
import { capitalized, cost, duration, hours } from './format.ts'

/** `docs/project-completion-report.md`: the completion block with a row for every task and every finding. */
export function completionReport(figures: CompletionFigures, snapshot: Snapshot, findings: readonly (Finding & { review: string })[]): string {
  const mark = figures.simulated ? ' (simulated)' : ''
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
  const text = [
    `# ${figures.project}: completion report`,
    figures.simulated ? 'The agents of this run were **simulated**: no model was called, and costs and times are those of the simulation.' : '',
    table(['', ''], [
      ['Tasks', `${figures.tasksCompleted} of ${figures.tasksTotal} completed`], ['Sprints', `${figures.sprints} on ${figures.tracks} tracks`], ['Iterations', String(figures.iterations)],
      ...figures.tiers.map(({ tier, tasks, percent }) => [`${capitalized(tier)} tasks`, `${tasks} (${percent} %)`]),
      ['Estimated, one after another', `${hours(figures.sequentialHours)} hours`], ['Wall clock', `${duration(figures.wallClockMs)}${mark}`], ['Work of agents and gates', `${duration(figures.workMs)}${mark}`],
      ['Cost', cost(figures.totalCostUsd, figures.simulated)], ['Languages', figures.languages.join(', ')],
    ]),
    '## Cost', table(['Part', 'Cost'], figures.costs.map(({ name, costUsd }) => [name, cost(costUsd, figures.simulated)])),
    '## Tasks', table(['Task', 'Title', 'Track', 'Sprint', 'Iterations', 'Model', 'Time', 'Cost', 'Commit'], snapshot.tasks.map((task) => [
      task.id, task.title, task.track, task.sprint, String(task.iterations), task.model ?? '', task.durationMs === undefined ? '' : duration(task.durationMs), cost(task.costUsd, task.simulated), task.commit?.slice(0, 10) ?? '',
    ])),
    '## Reviews', table(['Review', 'Result'], Object.entries(figures.reviews).map(([kind, passed]) => [capitalized(kind), passed ? 'passed' : 'not passed'])),
    findings.length === 0 ? 'No findings are open.' : table(['Review', 'Severity', 'Place', 'Finding'], findings.map((found) => [found.review, found.severity, found.file === undefined ? '' : `${found.file}${found.line === undefined ? '' : `:${found.line}`}`, found.text])),
    ...(figures.features.length === 0 ? [] : ['## Features', figures.features.map(({ title, done }) => `- [${done ? 'x' : ' '}] ${title}`).join('\n')]),
  ]
  return `${text.filter((part) => part !== '').join('\n\n')}\n`
}
