import { isMap, isSeq, LineCounter, parseDocument, type Node } from 'yaml'
import * as z from 'zod'
import type { Problem } from '../problem.ts'
import type { Specified, SpecifiedTask } from './specified.ts'

const text = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value).trim())
const title = text.refine((value) => value !== '', { error: 'is empty' })
/** A list of texts; one alone may stand without a list. */
const texts = z.preprocess((value): unknown => (value === null || value === undefined ? [] : Array.isArray(value) ? value : [value]), z.array(text))
const prose = text.nullish().transform((value) => value ?? '')
const hours = z.number({ error: 'is no number of hours' }).positive({ error: 'is not above 0' }).max(1_000_000, { error: 'is more than 1000000' })

const task = z.looseObject({
  id: text.nullish(), title, description: prose, feature_ref: text.nullish(), component: text.nullish(), task_type: text.nullish(), estimated_hours: hours.nullish(), hours: hours.nullish(), dependencies: texts, depends_on: texts, acceptance_criteria: texts,
  scope: z.looseObject({ allowed_patterns: texts }).nullish(), estimate: z.looseObject({ low: hours, high: hours }).nullish(), priority: text.nullish(), suggested_agent: text.nullish(), status: text.nullish(),
})
const requirement = z.looseObject({ id: text, title: text.nullish(), description: prose, acceptance_criteria: texts })
const document = z.looseObject({
  project: text.nullish(), problem: prose, users: texts, technology: texts, constraints: texts, success_metrics: texts, tasks: z.array(task),
  requirements: z.looseObject({ must_have: z.array(requirement).nullish(), should_have: z.array(requirement).nullish() }).nullish(),
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
  const read = document.safeParse(Array.isArray(value) ? { tasks: value } : value)
  if (!read.success) return { ...empty, problems: read.error.issues.map((issue): Problem => problemOf(issue, path, lineOf(prefix.length === 0 && issue.path[0] === 'tasks' ? issue.path.slice(1) : issue.path))) }
  const { data } = read
  const requirements = data.requirements === null || data.requirements === undefined ? undefined : { mustHave: (data.requirements.must_have ?? []).map(requirementOf), shouldHave: (data.requirements.should_have ?? []).map(requirementOf) }
  return {
    title: data.project ?? undefined, problem: data.problem, users: data.users, technology: data.technology, constraints: data.constraints, metrics: data.success_metrics, requirements, problems: [], warnings: unusedOf(data, isSeq(parsed.contents)),
    tasks: data.tasks.map((each, i) => specifiedOf(each, (key) => lineOf([...prefix, i, ...(key === undefined ? [] : [key])]), (key, place) => lineOf([...prefix, i, key, place]))),
  }
}

function specifiedOf(each: z.infer<typeof task>, lineOf: (key?: string) => number, lineIn: (key: string, place: number) => number): SpecifiedTask {
  const stated = each.estimated_hours ?? each.hours ?? undefined
  return {
    line: lineOf(), label: each.id ?? undefined, number: undefined, title: each.title, description: each.description, criteria: each.acceptance_criteria, namesCriteria: each.acceptance_criteria.length > 0,
    dependsOn: (['dependencies', 'depends_on'] as const).flatMap((key) => each[key].map((value, i) => ({ value, line: lineIn(key, i) }))), hours: stated === undefined ? undefined : { value: stated, line: lineOf('estimated_hours') },
    component: each.component ?? each.task_type ?? undefined, priority: each.priority === null || each.priority === undefined ? undefined : { value: each.priority, line: lineOf('priority') }, files: each.scope?.allowed_patterns ?? [], groups: [], optional: false,
    completed: /^(?:done|completed)$/i.test(each.status ?? ''), featureRef: each.feature_ref ?? undefined, estimate: each.estimate === null || each.estimate === undefined ? undefined : { low: each.estimate.low, high: each.estimate.high }, suggestedAgent: each.suggested_agent ?? undefined,
  }
}

const requirementOf = ({ id, title: name, description, acceptance_criteria: criteria }: z.infer<typeof requirement>): { id: string; title?: string; description: string; acceptanceCriteria: string[] } => ({ id, ...(name === null || name === undefined ? {} : { title: name }), description, acceptanceCriteria: criteria })

function problemOf(issue: z.core.$ZodIssue, path: string, line: number): Problem {
  const [first, place, ...rest] = issue.path.map(String)
  const isTask = first === 'tasks' && place !== undefined
  const field = isTask ? `task ${Number(place) + 1}${rest.length === 0 ? '' : `, ${rest.join('.')}`}` : issue.path.map(String).join('.')
  return { where: `${path}, line ${line}`, ...(field === '' ? {} : { field }), what: /^is /.test(issue.message) ? issue.message : `won't do (${issue.message})`, wayOut: 'See docs/specifications.md for what may stand there' }
}

/** Keys that have no place, so that a misspelt one is not lost unseen. */
function unusedOf(data: z.infer<typeof document>, isList: boolean): string[] {
  const unused = new Set([...(isList ? [] : Object.keys(data).filter((key) => !known.document.includes(key))), ...data.tasks.flatMap((each) => Object.keys(each).filter((key) => !known.task.includes(key)).map((key) => `tasks.${key}`))])
  return unused.size === 0 ? [] : [`Not taken over from the specification, for there is no place for it: ${[...unused].sort().join(', ')}`]
}
