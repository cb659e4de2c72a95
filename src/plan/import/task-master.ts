import { z } from 'zod'
import { refuse } from '../problem.ts'
import type { Priority } from '../task.ts'
import { importedOf, proseOf, unusedKeys, type Draft, type Imported, type ImportFile } from './imported.ts'

const tool = 'Task Master'
const id = z.union([z.string().trim().min(1), z.number()]).transform(String)
const prose = z.unknown().transform(proseOf).default('')
const common = { id, title: prose, description: prose, details: prose, testStrategy: prose, status: prose, dependencies: z.array(id).nullish() }
const subtask = z.looseObject(common)
const entry = z.looseObject({ ...common, priority: prose, complexity: z.unknown().optional(), complexityScore: z.unknown().optional(), estimatedHours: z.unknown().optional(), subtasks: z.array(subtask).nullish() })
type Entry = z.infer<typeof entry>

const record = z.record(z.string(), z.unknown())
const list = z.object({ tasks: z.array(z.unknown()) })

/** The list of tasks in `tasks.json`, old form or new, with the tag that it is of; undefined where the value is no such file. */
function tagOf(value: unknown): { readonly tag: string | undefined; readonly tasks: readonly unknown[]; readonly others: readonly string[] } | undefined {
  const old = list.safeParse(value)
  if (old.success) return { tag: undefined, tasks: old.data.tasks, others: [] }
  const tags = Object.entries(record.safeParse(value).data ?? {}).flatMap(([tag, content]) => {
    const read = list.safeParse(content)
    return read.success ? [{ tag, tasks: read.data.tasks }] : []
  })
  const chosen = tags.find(({ tag }) => tag === 'master') ?? tags[0]
  return chosen === undefined ? undefined : { ...chosen, others: tags.filter((each) => each !== chosen).map(({ tag, tasks }) => `${tag} (${tasks.length} tasks)`) }
}

/** Is this parsed JSON a `tasks.json`? Lists of our own tasks, which have `estimated_hours`, are not. */
export function isTaskMaster(value: unknown): boolean {
  const tag = tagOf(value)
  return tag?.tasks.every((task) => { const read = record.safeParse(task).data; return read !== undefined && 'id' in read && !('estimated_hours' in read) }) ?? false
}

/** `.taskmaster/tasks/tasks.json`. Throws UserError('input') that names the file. */
export function readTaskMaster(file: ImportFile, value: unknown): Imported {
  const read = tagOf(value)
  if (read === undefined) throw new Error(`${file.path} is no plan of ${tool}`)
  const entries = read.tasks.flatMap((each, i) => {
    const parsed = entry.safeParse(each)
    if (!parsed.success) refuse(parsed.error.issues.map((issue) => ({ where: file.path, field: ['tasks', i, ...issue.path].map(String).join('.'), what: `won't do (${issue.message})`, wayOut: `Mend it in ${tool}` })))
    return parsed.success ? [parsed.data] : []
  })
  const warnings = read.others.length === 0 ? [] : [`${file.path}: only the tag ${read.tag ?? ''} was read, not ${read.others.join(', ')}`]
  const cancelled = entries.filter((each) => stateOf(each) === 'cancelled')
  if (cancelled.length > 0) warnings.push(`Cancelled tasks were left out: ${cancelled.map((each) => each.id).join(', ')}`)
  const kept = entries.filter((each) => !cancelled.includes(each))
  const drafts = kept.map((each) => draftOf(each, kept, file.path, warnings))
  warnings.push(...unusedKeys(tool, kept, ['id', 'title', 'description', 'details', 'testStrategy', 'status', 'dependencies', 'priority', 'complexity', 'complexityScore', 'estimatedHours', 'subtasks']))
  return importedOf({ tool, drafts, warnings, defaults: 'complexity low or to 3: 2 h, medium or to 6: 4 h, high or to 8: 8 h, above: 16 h; without one, priority high 8 h, medium 4 h, low 2 h' }, file.path)
}

const stateOf = ({ status }: { status: string }): string => status.toLowerCase()

function draftOf(task: Entry, all: readonly Entry[], path: string, warnings: string[]): Draft {
  const where = `${path}, task ${task.id}`
  const parts = task.subtasks ?? []
  const subtasks = parts.filter((part) => stateOf(part) !== 'cancelled')
  if (subtasks.length < parts.length) warnings.push(`${where}: cancelled subtasks were left out: ${parts.filter((part) => !subtasks.includes(part)).map((part) => part.id).join(', ')}`)
  const dependencies = [...task.dependencies ?? []].flatMap((on) => ofTask(on, task, all, where, warnings))
  for (const part of subtasks) {
    for (const on of part.dependencies ?? []) {
      // A sibling, by its number or by its whole id, is within the task.
      if (parts.some((sibling) => sibling.id === on || `${task.id}.${sibling.id}` === on)) continue
      if (on.includes('.')) dependencies.push(...ofTask(on, task, all, `${where}, subtask ${part.id}`, warnings))
      else warnings.push(`${where}: subtask ${part.id} depends on ${on}, which is no subtask of ${task.id}; the dependency was dropped`)
    }
  }
  const complexity = complexityOf(task.complexity ?? task.complexityScore)
  if (complexity === undefined && (task.complexity ?? task.complexityScore ?? '') !== '') warnings.push(`${where}: the complexity ${JSON.stringify(task.complexity ?? task.complexityScore)} is neither a number from 1 to 10 nor low, medium or high; the hours were guessed by the priority`)
  const priority = priorityOf(task.priority)
  const stated = task.estimatedHours
  if (priority === undefined) warnings.push(`${where}: the priority ${JSON.stringify(task.priority)} is none of ours; medium was taken`)
  return {
    id: task.id, where, title: titleOf(task), dependencies, priority: priority ?? 'medium', completed: /^(?:done|completed)$/.test(stateOf(task)),
    description: [task.description, task.details, labelled('Test strategy', task.testStrategy)].filter((text) => text !== '').join('\n\n'),
    acceptanceCriteria: subtasks.map(criterionOf), hours: typeof stated === 'number' && stated > 0 ? { value: stated, guessed: false } : { value: hoursOf(complexity, priority ?? 'medium'), guessed: true },
  }
}

/** The task that a dependency means: a task, or the one that has the subtask `5.2`. Nothing where that is the task itself. */
function ofTask(on: string, task: Entry, all: readonly Entry[], where: string, warnings: string[]): string[] {
  if (all.some((each) => each.id === on)) return [on]
  const [parent = on, part] = on.split('.', 2)
  const owner = all.find((each) => each.id === parent)
  if (part === undefined || owner === undefined) return [on]
  if (!(owner.subtasks ?? []).some((each) => each.id === part)) warnings.push(`${where}: the subtask ${on} is not there; the dependency on task ${parent} was kept`)
  if (parent !== task.id) return [parent]
  return []
}

const labelled = (label: string, text: string): string => (text === '' ? '' : `${label}: ${text}`)
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''
const titleOf = ({ id, title, description, details }: { id: string; title: string; description: string; details: string }): string => [title, firstLine(description), firstLine(details)].find((text) => text !== '') ?? `Task ${id}`

function criterionOf(part: z.infer<typeof subtask>): string {
  const [title, more] = [titleOf(part), part.description]
  return more === '' || more.startsWith(title) ? more || title : `${title}: ${more}`
}

function priorityOf(text: string): Priority | undefined {
  const priority = text.toLowerCase()
  if (priority === 'high' || priority === 'medium' || priority === 'low') return priority
  if (priority === 'critical') return 'high'
  return priority === '' ? 'medium' : undefined
}

function complexityOf(value: unknown): number | undefined {
  const word = new Map([['low', 3], ['medium', 5], ['high', 8]]).get(proseOf(value).toLowerCase())
  if (word !== undefined) return word
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && number >= 1 && number <= 10 ? number : undefined
}

function hoursOf(complexity: number | undefined, priority: Priority): number {
  if (complexity === undefined) return { high: 8, medium: 4, low: 2 }[priority]
  return complexity <= 3 ? 2 : complexity <= 6 ? 4 : complexity <= 8 ? 8 : 16
}
