import * as z from 'zod'
import { effortAtStart, type Effort } from '../effort.ts'
import { isTaskId } from '../ids.ts'
import { refuse } from '../problem.ts'
import type { Priority } from '../task.ts'
import { countedKinds, importedOf, proseOf, unusedKeys, type Draft, type Imported, type ImportFile } from './imported.ts'
import { priorityOf } from './priority.ts'

const tool = 'Task Master'
const id = z.union([z.string().trim().min(1), z.number()]).transform(String)
const prose = z.unknown().transform(proseOf).default('')
/** A list; people also write one alone, and several in a text, `"1, 2"`. */
const ids = z.preprocess((value): unknown => (typeof value === 'number' || typeof value === 'string' ? [value] : value), z.array(z.union([z.string(), z.number()])).transform((all) => all.flatMap((each) => String(each).split(',').map((one) => one.trim()).filter((one) => one !== ''))).nullish())
const common = { id, title: prose, description: prose, details: prose, testStrategy: prose, status: prose, dependencies: ids }
const subtask = z.looseObject({ ...common, subtasks: z.array(z.unknown()).nullish() })
/** People also write subtasks as texts, or without ids: their places are their ids. */
const subtasks = z.preprocess((value): unknown => (Array.isArray(value) ? value.map((each: unknown, i): unknown => (typeof each === 'string' ? { id: i + 1, title: each } : typeof each === 'object' && each !== null && !('id' in each) ? { ...each, id: i + 1 } : each)) : value), z.array(subtask).nullish())
const hours = z.number().positive()
/** What our own export keeps there. */
const ours = z.object({ devteam: z.object({
  id: z.string().optional(), estimated_hours: hours.optional(), component: z.string().optional(), feature_ref: z.string().optional(), allowed_patterns: z.array(z.string()).optional(), estimate: z.object({ low: hours, high: hours }).optional(),
  hours_guessed: z.boolean().optional(), suggested_agent: z.string().trim().min(1).optional(),
}) })
const entry = z.looseObject({
  ...common, priority: prose, complexity: z.unknown().optional(), complexityScore: z.unknown().optional(), estimatedHours: z.unknown().optional(), subtasks,
  tags: z.unknown().optional(), labels: z.unknown().optional(), component: z.unknown().optional(), category: z.unknown().optional(), metadata: z.unknown().optional(),
})
type Entry = z.infer<typeof entry>
const used = ['id', 'title', 'description', 'details', 'testStrategy', 'status', 'dependencies', 'priority', 'complexity', 'complexityScore', 'estimatedHours', 'estimated_hours', 'hours', 'subtasks']

const record = z.record(z.string(), z.unknown())
const list = z.object({ tasks: z.array(z.unknown()) })
const keysOfTheirs = ['testStrategy', 'subtasks']
/** A list alone could be anybody's, were it not for the keys. */
const listOf = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? (value.some((each) => hasKey(each, keysOfTheirs)) ? value : undefined) : list.safeParse(value).data?.tasks)
const hasKey = (value: unknown, keys: readonly string[]): boolean => keys.some((key) => key in (record.safeParse(value).data ?? {}))

/** The list of tasks in `tasks.json`, old form or new, with the tag that it is of; undefined where the value is no such file. */
function tagOf(value: unknown): { readonly tag: string | undefined; readonly tasks: readonly unknown[]; readonly others: readonly string[] } | undefined {
  const old = listOf(value)
  if (old !== undefined) return { tag: undefined, tasks: old, others: [] }
  const tags = Object.entries(record.safeParse(value).data ?? {}).flatMap(([tag, content]) => {
    const tasks = listOf(content)
    return tasks === undefined ? [] : [{ tag, tasks }]
  })
  const chosen = tags.find(({ tag }) => tag === 'master') ?? tags[0]
  return chosen === undefined ? undefined : { ...chosen, others: tags.filter((each) => each !== chosen).map(({ tag, tasks }) => `${tag} (${tasks.length} tasks)`) }
}

/** Is this parsed JSON a `tasks.json`? Lists of our own tasks, which have hours and criteria in keys of ours, are not. */
export function isTaskMaster(value: unknown): boolean {
  const { tag, tasks } = tagOf(value) ?? {}
  if (tasks === undefined) return false
  const isOurs = tag !== 'master' && tasks.some((task) => hasKey(task, ['estimated_hours', 'hours', 'acceptance_criteria', 'depends_on'])) && !tasks.some((task) => hasKey(task, keysOfTheirs))
  return !isOurs && (tasks.length === 0 || tasks.some((task) => hasKey(task, ['id'])))
}

/** `.taskmaster/tasks/tasks.json`. Throws UserError('input') that names the file. */
export function readTaskMaster(file: ImportFile, value: unknown): Imported {
  const read = tagOf(value)
  if (read === undefined) throw new Error(`${file.path} is no plan of ${tool}`)
  const parsed = read.tasks.map((each) => entry.safeParse(each))
  refuse(parsed.flatMap((each, i) => (each.success ? [] : each.error.issues.map((issue) => ({ where: file.path, field: ['tasks', i, ...issue.path].map(String).join('.'), what: `won't do (${issue.message})`, wayOut: `Mend it in ${tool}` })))))
  const entries = parsed.flatMap((each) => (each.success ? [each.data] : []))
  const warnings = read.others.length === 0 ? [] : [`${file.path}: only the tag ${read.tag ?? ''} was read, not ${read.others.join(', ')}`]
  const isCancelled = (each: Entry): boolean => stateOf(each) === 'cancelled'
  const cancelled = entries.filter(isCancelled)
  if (cancelled.length > 0) warnings.push(`Cancelled tasks were left out: ${cancelled.map((each) => each.id).join(', ')}`)
  const kept = entries.filter((each) => !isCancelled(each))
  const byId = new Map(kept.map((each) => [each.id, each]))
  const drafts = kept.map((each) => draftOf(each, byId, file.path, warnings))
  const states = countedKinds(kept.map(stateOf).filter((state) => !/^(?:|pending|done|completed)$/.test(state)))
  if (states !== '') warnings.push(`States that DevTeam has not, or gives itself, became pending: ${states}`)
  const open = kept.flatMap((each) => (isDone(each) ? [] : (each.subtasks ?? []).filter(isDone).map((part) => `${each.id}.${part.id}`)))
  if (open.length > 0) warnings.push(`Subtasks that are done in tasks that are not are criteria like the others: ${open.join(', ')}`)
  warnings.push(...unusedKeys(tool, kept.map((each) => ({ ...each, metadata: ours.safeParse(each.metadata).success ? undefined : each.metadata, tags: undefined, labels: undefined, component: undefined, category: undefined })), used))
  return importedOf({ tool, drafts: withOurIds(drafts, kept), warnings, defaults: 'complexity low or to 3: 2 h, medium or to 6: 4 h, high or to 8: 8 h, above: 16 h; without one, priority high 8 h, medium 4 h, low 2 h' }, file.path)
}

/** The ids that the tasks had in DevTeam before they were exported, where all of them are told apart. */
function withOurIds(drafts: readonly Draft[], entries: readonly Entry[]): readonly Draft[] {
  const before = new Map(entries.map((each) => [each.id, ours.safeParse(each.metadata).data?.devteam.id ?? each.id]))
  if (new Set([...before.values()].map((each) => each.toLowerCase())).size < entries.length || [...before.values()].some((each) => !isTaskId(each))) return drafts
  return drafts.map((draft) => ({ ...draft, id: before.get(draft.id) ?? draft.id, dependencies: draft.dependencies.map((on) => before.get(on) ?? on) }))
}

const stateOf = ({ status }: { status: string }): string => status.toLowerCase()
const isDone = (task: { status: string }): boolean => /^(?:done|completed)$/.test(stateOf(task))

function draftOf(task: Entry, byId: ReadonlyMap<string, Entry>, path: string, warnings: string[]): Draft {
  const where = `${path}, task ${task.id}`
  const parts = task.subtasks ?? []
  const subtasks = parts.filter((part) => stateOf(part) !== 'cancelled')
  if (subtasks.length < parts.length) warnings.push(`${where}: cancelled subtasks were left out: ${parts.filter((part) => stateOf(part) === 'cancelled').map((part) => part.id).join(', ')}`)
  const deeper = subtasks.filter((part) => (part.subtasks ?? []).length > 0)
  if (deeper.length > 0) warnings.push(`${where}: subtasks of subtasks were left out: those of ${deeper.map((part) => part.id).join(', ')}`)
  const dependencies = [...task.dependencies ?? []].flatMap((on) => ofTask(on, task, byId, where, warnings))
  const siblings = new Set(parts.flatMap((part) => [part.id, `${task.id}.${part.id}`]))
  for (const part of subtasks) {
    for (const on of part.dependencies ?? []) {
      // A sibling, by its number or by its whole id, is within the task.
      if (siblings.has(on)) continue
      if (on.includes('.')) dependencies.push(...ofTask(on, task, byId, `${where}, subtask ${part.id}`, warnings))
      else warnings.push(`${where}: subtask ${part.id} depends on ${on}, which is no subtask of ${task.id}; the dependency was dropped`)
    }
  }
  const rated = task.complexity ?? task.complexityScore
  const complexity = complexityOf(rated)
  if (complexity === undefined && (rated ?? '') !== '') warnings.push(`${where}: the complexity ${JSON.stringify(rated)} is neither a number from 1 to 10 nor low, medium or high; the hours were guessed by the priority`)
  const priority = priorityOf(task.priority, where, warnings)
  const own = ours.safeParse(task.metadata).data?.devteam
  const stated = own?.estimated_hours === undefined ? hoursStated(task, where, warnings) : { hours: own.estimated_hours, inDays: false }
  const description = [own !== undefined && task.description === task.title ? '' : task.description, task.details, labelled('Test strategy', task.testStrategy), ...subtasks.map((part) => labelled(`Subtask ${part.id}`, [part.details, labelled('Test strategy', part.testStrategy)].filter((text) => text !== '').join('\n')))].filter((text) => text !== '').join('\n\n')
  return {
    id: task.id, where, title: titleOf(task), dependencies, priority, completed: isDone(task), description, component: own?.component, featureRef: own?.feature_ref, allowedPatterns: own?.allowed_patterns ?? [], estimate: own?.estimate ?? stated?.range, suggestedAgent: own?.suggested_agent,
    signs: { labels: [task.component, task.category, task.tags, task.labels].flatMap(textsOf), texts: [task.title, description] },
    acceptanceCriteria: subtasks.map(criterionOf), hours: stated === undefined ? { value: hoursOf(complexity, priority), guessed: true } : { value: stated.hours, inDays: stated.inDays, ...(own?.hours_guessed === true ? { guessed: true, kept: true } : { guessed: false }) },
  }
}

/** Hours in one of the keys that people give them: a number, or a text such as `2 days`. */
function hoursStated(task: Entry, where: string, warnings: string[]): Effort | undefined {
  for (const stated of [task.estimatedHours, task.estimated_hours, task.hours]) {
    if (stated === undefined || stated === null || stated === '') continue
    const effort = typeof stated === 'string' || typeof stated === 'number' ? effortAtStart(String(stated), { labelled: true }) : undefined
    if (effort !== undefined && effort.hours > 0) return effort
    warnings.push(`${where}: the hours ${JSON.stringify(stated)} can't be read; they were guessed`)
  }
  return undefined
}

/** The task that a dependency means: a task, or the one that has the subtask `5.2`. Nothing where that is the task itself. */
function ofTask(on: string, task: Entry, byId: ReadonlyMap<string, Entry>, where: string, warnings: string[]): string[] {
  if (byId.has(on)) return [on]
  const [parent = on, part] = on.split('.', 2)
  const owner = byId.get(parent)
  if (part === undefined || owner === undefined) return [on]
  if (!(owner.subtasks ?? []).some((each) => each.id === part || each.id === on)) warnings.push(`${where}: the subtask ${on} is not there; the dependency on task ${parent} was kept`)
  if (parent !== task.id) return [parent]
  return []
}

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : typeof value === 'string' ? [value] : [])
const labelled = (label: string, text: string): string => (text === '' ? '' : `${label}: ${text}`)
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''
const titleOf = ({ id, title, description, details }: { id: string; title: string; description: string; details: string }): string => [title, firstLine(description), firstLine(details)].find((text) => text !== '') ?? `Task ${id}`

function criterionOf(part: z.infer<typeof subtask>): string {
  const [title, more] = [titleOf(part), part.description]
  return more === '' || more.startsWith(title) ? more || title : `${title}: ${more}`
}

function complexityOf(value: unknown): number | undefined {
  const word = new Map([['low', 3], ['simple', 3], ['medium', 5], ['moderate', 5], ['high', 8], ['complex', 8], ['very-complex', 10]]).get(proseOf(value).toLowerCase())
  if (word !== undefined) return word
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && number >= 1 && number <= 10 ? number : undefined
}

function hoursOf(complexity: number | undefined, priority: Priority): number {
  if (complexity === undefined) return { high: 8, medium: 4, low: 2 }[priority]
  return complexity <= 3 ? 2 : complexity <= 6 ? 4 : complexity <= 8 ? 8 : 16
}
