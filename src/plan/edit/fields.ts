import type { TaskChange, TaskEdit } from './edit.ts'
import { dependentsOf, findTasks, withDependencies } from './edit.ts'
import type { TaskId } from '../ids.ts'
import type { Problem } from '../problem.ts'
import type { Task } from '../task.ts'

/** What a person says of a task; what is undefined stays. `null` clears. */
export interface TaskFields {
  readonly id?: string | undefined
  readonly title?: string | undefined
  readonly description?: string | null | undefined
  readonly featureRef?: string | null | undefined
  readonly component?: string | undefined
  readonly hours?: number | undefined
  /** One bound alone keeps the other one that is there. */
  readonly low?: number | undefined
  readonly high?: number | undefined
  readonly estimate?: null | undefined
  readonly dependencies?: readonly string[] | undefined
  readonly criteria?: readonly string[] | undefined
  readonly addCriteria?: readonly string[] | undefined
  /** Texts of criteria, or their numbers, 1 for the first. */
  readonly removeCriteria?: readonly string[] | undefined
  readonly patterns?: readonly string[] | undefined
  readonly priority?: Task['priority'] | undefined
  readonly agent?: string | null | undefined
}

/** Adds a task of this id. Hours that nobody gives are `defaultHours`. */
export function addTask(id: TaskId, fields: TaskFields, defaultHours: number): TaskEdit {
  const blank: Task = { id, title: '', description: '', component: 'general', estimatedHours: defaultHours, dependencies: [], acceptanceCriteria: [], allowedPatterns: [], priority: 'medium' }
  const { task, problems } = changedTask(blank, { ...fields, id })
  return { changes: [{ after: task }], problems, notes: [] }
}

/** Changes fields of one task; under a new id, also the dependencies of those that depend on it. */
export function editTask(tasks: readonly Task[], id: string, fields: TaskFields): TaskEdit {
  const { found: [before], problems } = findTasks(tasks, [id])
  if (before === undefined) return { changes: [], problems, notes: [] }
  const { task: after, problems: wrong } = changedTask(before, fields)
  const renamed = after.id !== before.id
  const changes: TaskChange[] = sameTask(before, after) ? [] : [{ before, after }]
  if (renamed) for (const task of dependentsOf(tasks, before.id)) changes.push({ before: task, after: withDependencies(task, task.dependencies.map((each) => (each === before.id ? after.id : each))) })
  return { changes, problems: wrong, notes: [], ...(renamed ? { unstarted: { ids: [before.id], doing: 'get another id' } } : {}) }
}

/** The task with these fields; what can't be, is told field by field. `checkTasks` looks at the rest. */
function changedTask(task: Task, fields: TaskFields): { readonly task: Task; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const wrong = (field: string, what: string, wayOut: string): void => { problems.push({ where: fields.id ?? task.id, field, what, wayOut }) }
  const title = fields.title?.trim() ?? task.title
  if (title === '') wrong('title', 'is empty', 'Give a title of a few words')
  const component = fields.component?.trim() ?? task.component
  if (component === '') wrong('component', 'is empty', 'Name a part of the project, such as "backend"')
  const patterns = fields.patterns?.map((pattern) => pattern.trim()) ?? task.allowedPatterns
  if (patterns.includes('')) wrong('scope', 'has an empty pattern', 'Give globs such as "backend/auth/**"')
  const { low, high } = fields.estimate === null ? {} : { low: fields.low ?? task.estimate?.low, high: fields.high ?? task.estimate?.high }
  if ((low === undefined) !== (high === undefined)) wrong('estimate', `has a ${low === undefined ? 'high' : 'low'} number of hours alone`, 'Give --low and --high')
  const estimate = low === undefined || high === undefined ? undefined : { low, high }
  const [featureRef, agent] = [cleared(fields.featureRef, task.featureRef), cleared(fields.agent, task.suggestedAgent)]
  if (agent?.trim() === '') wrong('suggested_agent', 'is empty', 'Name a role, or clear it with --no-agent')
  const changed: Task = {
    id: (fields.id ?? task.id) as TaskId, title, description: fields.description === null ? '' : fields.description ?? task.description, ...(featureRef === undefined ? {} : { featureRef }), component,
    // Hours that a person gives are no guess any more.
    estimatedHours: fields.hours ?? task.estimatedHours, ...(fields.hours === undefined && task.hoursGuessed === true ? { hoursGuessed: true as const } : {}), dependencies: (fields.dependencies ?? task.dependencies) as readonly TaskId[], acceptanceCriteria: criteriaOf(task, fields, wrong),
    allowedPatterns: patterns, ...(estimate === undefined ? {} : { estimate }), priority: fields.priority ?? task.priority, ...(agent === undefined ? {} : { suggestedAgent: agent }),
  }
  return { task: changed, problems }
}

const cleared = (fresh: string | null | undefined, old: string | undefined): string | undefined => (fresh === null ? undefined : fresh ?? old)

function criteriaOf(task: Task, fields: TaskFields, wrong: (field: string, what: string, wayOut: string) => void): readonly string[] {
  const start = fields.criteria ?? task.acceptanceCriteria
  const gone = new Set<number>()
  for (const text of fields.removeCriteria ?? []) {
    const index = start.includes(text) ? start.indexOf(text) : /^\d{1,4}$/.test(text) ? Number(text) - 1 : -1
    if (start[index] === undefined) wrong('acceptance_criteria', `has no ${JSON.stringify(text)}`, `Give the text or the number of one that \`devteam task show ${task.id}\` lists`)
    gone.add(index)
  }
  const criteria = [...start.filter((_, i) => !gone.has(i)), ...fields.addCriteria ?? []]
  if ([...fields.criteria ?? [], ...fields.addCriteria ?? []].some((text) => text.trim() === '')) wrong('acceptance_criteria', 'has an empty text', 'Say what can be checked')
  return criteria
}

const sameTask = (a: Task, b: Task): boolean => JSON.stringify(a) === JSON.stringify(b)
