import { isMap, isSeq, LineCounter, parseDocument, type Node } from 'yaml'
import * as z from 'zod'
import { effortAtStart, type Effort } from '../effort.ts'
import type { Problem } from '../problem.ts'
import type { Specified, SpecifiedTask } from './specified.ts'
import { hoursFrom } from './text.ts'

const isNone = (value: unknown): value is null | undefined => value === undefined || value === null
const text = z.union([z.string(), z.number(), z.boolean()], { error: 'and no text' }).transform((value) => String(value).trim())
const title = text.refine((value) => value !== '', { error: 'is empty' })
/** A list of texts; one alone may stand without a list. */
const texts = z.preprocess((value): unknown => (isNone(value) ? [] : Array.isArray(value) ? value : [value]), z.array(text))
const prose = text.nullish().transform((value) => value ?? '')
const mostHours = 1_000_000
const hours = z.number({ error: 'and no number of hours' }).positive({ error: 'is not above 0' }).max(mostHours, { error: `is more than ${mostHours}` })
/** A number of hours, or a text such as `1h 30m`. */
const effort = z.union([z.number(), z.string()], { error: 'and no number of hours' }).transform((value, context): Effort => {
  const read = effortAtStart(String(value), { labelled: true })
  if (read === undefined) context.issues.push({ code: 'custom', message: 'and no number of hours', input: value })
  else if (!(read.hours > 0)) context.issues.push({ code: 'custom', message: 'is not above 0', input: value })
  else if (read.hours > mostHours) context.issues.push({ code: 'custom', message: `is more than ${mostHours}`, input: value })
  return read ?? { hours: 1, inDays: false }
})
const noList = 'and has to be a list'
const noObject = 'and has to be keys with values'
const span = z.looseObject({ low: hours, high: hours }, { error: noObject })
/** Low and high, or an effort; which of them decides what is wrong with it. */
const estimate = z.unknown().transform((value, context): z.infer<typeof span> | Effort | undefined => {
  const read = (typeof value === 'object' ? span : effort).safeParse(value, { reportInput: true })
  for (const { path, message, input } of read.error?.issues ?? []) context.issues.push({ code: 'custom', path, message, input })
  return read.data
})
const task = z.looseObject({
  id: text.nullish(), title, description: prose, feature_ref: text.nullish(), component: text.nullish(), task_type: text.nullish(), estimated_hours: effort.nullish(), hours: effort.nullish(), effort: effort.nullish(), dependencies: texts, depends_on: texts, acceptance_criteria: texts,
  scope: z.looseObject({ allowed_patterns: texts }, { error: noObject }).nullish(), estimate: estimate.nullish(), priority: text.nullish(), suggested_agent: text.nullish(), status: text.nullish(),
}, { error: noObject })
const requirement = z.looseObject({ id: text, title: text.nullish(), description: prose, acceptance_criteria: texts }, { error: noObject })
const document = z.looseObject({
  project: text.nullish(), problem: prose, users: texts, technology: texts, constraints: texts, success_metrics: texts, tasks: z.array(task),
  requirements: z.looseObject({ must_have: z.array(requirement, { error: noList }).nullish(), should_have: z.array(requirement, { error: noList }).nullish() }, { error: noObject }).nullish(),
})
const known = { document: Object.keys(document.shape), task: Object.keys(task.shape) }

/** A specification in YAML or JSON, with the keys of PRD and task files; undefined: there is no list of tasks with titles in it, so it is a text like any other. */
export function readData(path: string, source: string): Specified | undefined {
  const lines = new LineCounter()
  const parsed = parseDocument(source.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false, uniqueKeys: true, logLevel: 'error' })
  const empty: Specified = { title: undefined, problem: '', users: [], technology: [], constraints: [], metrics: [], tasks: [], problems: [], warnings: [] }
  const broken = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset)
    return { where: `${path}, line ${Math.max(1, line)}, column ${Math.max(1, col)}`, what: `is not YAML: ${message.split('\n')[0] ?? ''}`, wayOut: 'Mend it there' }
  }
  if (parsed.errors.length > 0) return { ...empty, problems: parsed.errors.map((error) => broken(error.pos[0], error.message)) }
  const list = isSeq(parsed.contents) ? parsed.contents : isMap(parsed.contents) ? parsed.contents.get('tasks', true) : undefined
  if (!isSeq(list) || !list.items.some((item) => isMap(item) && item.has('title'))) return undefined
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line)
  const prefix = isSeq(parsed.contents) ? [] : ['tasks']
  /** The line of a value, or of the nearest thing around it that is there. */
  const lineOf = (keys: readonly PropertyKey[]): number => {
    for (let length = keys.length; length > 0; length--) {
      const node = parsed.getIn(keys.slice(0, length), true) as Node | undefined
      if (node?.range) return lineAt(node.range[0])
    }
    return 1
  }
  let value: unknown
  try { value = parsed.toJS({ maxAliasCount: 100 }) } catch (error) {
    if (error instanceof ReferenceError) return { ...empty, problems: [broken(0, `${error.message} (aliases)`)] }
    throw error
  }
  const content = Array.isArray(value) ? { tasks: value } : value
  const first = document.safeParse(content, { reportInput: true })
  const problems = (first.error?.issues ?? []).map((issue): Problem => problemOf(issue, path, lineOf(prefix.length === 0 && issue.path[0] === 'tasks' ? issue.path.slice(1) : issue.path)))
  // What does not fit is taken out, so that the rest of what is wrong is told at the same time.
  let read = first
  for (let round = 0; !read.success && round < 5; round++) {
    read.error.issues.forEach(({ path: keys }, i) => { takeOut(content, keys, `?${round}.${i}`) })
    read = document.safeParse(content)
  }
  if (!read.success) return { ...empty, problems }
  const { data } = read
  const requirements = data.requirements === null || data.requirements === undefined ? undefined : { mustHave: (data.requirements.must_have ?? []).map(requirementOf), shouldHave: (data.requirements.should_have ?? []).map(requirementOf) }
  return {
    title: data.project ?? undefined, problem: data.problem, users: data.users, technology: data.technology, constraints: data.constraints, metrics: data.success_metrics, requirements, problems, warnings: unusedOf(data, isSeq(parsed.contents)),
    tasks: data.tasks.map((each, i) => specifiedOf(each, (key) => lineOf([...prefix, i, ...(key === undefined ? [] : [key])]), (key, place) => lineOf([...prefix, i, key, place]))),
  }
}

const isEffort = (value: z.infer<typeof span> | Effort): value is Effort => 'inDays' in value

/** Takes a value out of parsed JSON, or what is around it where it is not there; what has to be there becomes `name`. */
function takeOut(content: unknown, keys: readonly PropertyKey[], name: string): void {
  const parent = keys.slice(0, -1).reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], content)
  const key = keys.at(-1)
  if (key === undefined) return
  if (typeof parent !== 'object' || parent === null) takeOut(content, keys.slice(0, -1), name)
  else if (key === 'title' || key === 'id') Object.assign(parent, { [key]: name })
  else if (!Object.hasOwn(parent, key)) takeOut(content, keys.slice(0, -1), name)
  else if (!Array.isArray(parent)) Reflect.deleteProperty(parent, key)
  else parent[key as number] = ['tasks', 'must_have', 'should_have'].includes(String(keys.at(-2))) ? { id: name, title: name } : ''
}

function specifiedOf(each: z.infer<typeof task>, lineOf: (key?: string) => number, lineIn: (key: string, place: number) => number): SpecifiedTask {
  const { estimate: said } = each
  const key = (['estimated_hours', 'hours', 'effort'] as const).find((one) => !isNone(each[one]))
  const effortSaid = key === undefined ? (!isNone(said) && isEffort(said) ? said : undefined) : each[key] ?? undefined
  const range = isNone(said) || isEffort(said) ? undefined : { low: said.low, high: said.high }
  const timed = effortSaid === undefined ? { hours: undefined } : hoursFrom(effortSaid, lineOf(key ?? 'estimate'))
  return {
    line: lineOf(), label: each.id ?? undefined, number: undefined, title: each.title, description: each.description, criteria: each.acceptance_criteria, namesCriteria: each.acceptance_criteria.length > 0,
    dependsOn: (['dependencies', 'depends_on'] as const).flatMap((list) => each[list].map((value, i) => ({ value, line: lineIn(list, i) }))), ...timed, ...(range === undefined ? {} : { estimate: range }),
    component: each.component ?? each.task_type ?? undefined, priority: isNone(each.priority) ? undefined : { value: each.priority ?? '', line: lineOf('priority') }, files: each.scope?.allowed_patterns ?? [], groups: [], optional: false,
    completed: /^(?:done|completed)$/i.test(each.status ?? ''), featureRef: each.feature_ref ?? undefined, suggestedAgent: each.suggested_agent ?? undefined,
  }
}

const requirementOf = ({ id, title: name, description, acceptance_criteria: criteria }: z.infer<typeof requirement>): { id: string; title?: string; description: string; acceptanceCriteria: string[] } => ({ id, ...(name === null || name === undefined ? {} : { title: name }), description, acceptanceCriteria: criteria })

function problemOf(issue: z.core.$ZodIssue, path: string, line: number): Problem {
  const [first, place, ...rest] = issue.path.map(String)
  const isTask = first === 'tasks' && place !== undefined
  const field = isTask ? `task ${Number(place) + 1}${rest.length === 0 ? '' : `, ${rest.join('.')}`}` : issue.path.map(String).join('.')
  return { where: `${path}, line ${line}`, ...(field === '' ? {} : { field }), what: whatOf(issue), wayOut: 'See docs/specifications.md for what may stand there' }
}

function whatOf({ input, message }: z.core.$ZodIssue): string {
  if (input === undefined) return 'is missing'
  if (message.startsWith('is ')) return message
  const shown = JSON.stringify(input)
  return `is ${shown.length > 60 ? `${shown.slice(0, 60)}...` : shown}${message.startsWith('and ') ? ` ${message}` : `, which won't do (${message})`}`
}

/** Keys that have no place, so that a misspelt one is not lost unseen. */
function unusedOf(data: z.infer<typeof document>, isList: boolean): string[] {
  const unused = new Set([...(isList ? [] : Object.keys(data).filter((key) => !known.document.includes(key))), ...data.tasks.flatMap((each) => Object.keys(each).filter((key) => !known.task.includes(key)).map((key) => `tasks.${key}`))])
  return unused.size === 0 ? [] : [`Not taken over from the specification, for there is no place for it: ${[...unused].sort().join(', ')}`]
}
