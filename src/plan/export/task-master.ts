import { inIdOrder } from '../natural.ts'
import type { Task } from '../task.ts'
import { told, type Exported, type ExportedPlan, type ExportedTask } from './exported.ts'

const statuses: Readonly<Record<ExportedTask['status'], string>> = { pending: 'pending', running: 'in-progress', completed: 'done', failed: 'pending', blocked: 'blocked' }

/**
 * Task Master's `tasks.json`, tag `master`. Its ids are whole numbers: tasks that have others are numbered in the order of their ids. What Task Master has no
 * field for goes to `metadata.devteam`, which it keeps, so that importing the file again gives the same tasks.
 */
export function taskMasterOf(plan: ExportedPlan): Exported {
  const isNumbered = plan.tasks.every(({ task }) => /^[1-9]\d{0,8}$/.test(task.id))
  const ids = inIdOrder(plan.tasks.map(({ task }) => task.id), (id) => id)
  const numbers = new Map<string, number>(ids.map((id, i) => [id, isNumbered ? Number(id) : i + 1]))
  const tasks = plan.tasks.map((each) => recordOf(each, numbers)).sort((a, b) => a.id - b.id)
  const metadata = { created: `${plan.plannedOn}T00:00:00.000Z`, updated: `${plan.plannedOn}T00:00:00.000Z`, description: plan.name }
  return {
    content: `${JSON.stringify({ master: { tasks, metadata } }, null, 2)}\n`,
    warnings: [
      ...(isNumbered ? [] : ['Task Master numbers tasks: they are 1 and so on in the order of their ids, and the ids of DevTeam are in metadata.devteam.id']),
      'Task Master has no place for hours, components, agents, tracks, sprints and the schedule: they are in metadata.devteam, which `devteam plan --from` reads',
      ...told(plan.tasks.filter(({ status }) => status === 'failed'), (count) => `Task Master has no status "failed"; ${count} of that status went out as pending`),
    ],
  }
}

/** Task Master refuses a file in which a task has no description. Reading it back takes one that is the title for none. */
const described = ({ title, description }: Task): string => (description.trim() === '' ? title : description)

function recordOf({ task, track, sprint, status }: ExportedTask, numbers: ReadonlyMap<string, number>) {
  const number = (id: string): number[] => [numbers.get(id) ?? []].flat()
  return {
    id: numbers.get(task.id) ?? 0, title: task.title, description: described(task), details: '', testStrategy: '', status: statuses[status], priority: task.priority, dependencies: task.dependencies.flatMap(number),
    subtasks: task.acceptanceCriteria.map((title, i) => ({ id: i + 1, title, description: '', details: '', status: status === 'completed' ? 'done' : 'pending', dependencies: [] })),
    metadata: { devteam: {
      id: task.id, estimated_hours: task.estimatedHours, ...(task.hoursGuessed === true ? { hours_guessed: true } : {}), component: task.component, ...(task.featureRef === undefined ? {} : { feature_ref: task.featureRef }),
      ...(task.allowedPatterns.length === 0 ? {} : { allowed_patterns: task.allowedPatterns }), ...(task.estimate === undefined ? {} : { estimate: task.estimate }),
      ...(task.suggestedAgent === undefined ? {} : { suggested_agent: task.suggestedAgent }), track, sprint,
    } },
  }
}
