import { at } from '../at.ts'
import { dependentsOf, findTasks, withDependencies, type TaskChange, type TaskEdit } from './edit.ts'
import { nextIds } from './id.ts'
import type { TaskId } from '../ids.ts'
import { listed } from '../names.ts'
import type { Problem } from '../problem.ts'
import type { Task } from '../task.ts'

/** A part of a split task; without hours it shares what the others leave. */
export interface Part { readonly title: string; readonly hours: number | undefined }

export interface SplitOptions {
  /** The parts do not wait for one another. */
  readonly parallel: boolean
  /** For each part, the numbers of the criteria that it gets, 1 for the first. undefined: the last of a sequence gets all. */
  readonly criteria: readonly (readonly number[])[] | undefined
  /** Ids that are in use elsewhere, in the database. */
  readonly taken: readonly string[]
}

/** `Login page:5` -> the title and 5 hours; the hours may be missing, and have an `h`. */
export function parsePart(text: string): Part {
  const [, title, hours] = /^(.*\S)\s*:\s*(\d+(?:\.\d+)?|\.\d+)\s*h?$/s.exec(text) ?? []
  return title === undefined ? { title: text.trim(), hours: undefined } : { title: title.trim(), hours: Number(hours) }
}

/**
 * Makes several tasks of one. The first part keeps the id and with it the file; the others get the next free ids. In sequence each waits for the one before
 * it, the first for what the whole waited for, and what waited for the whole waits for the last; in parallel that goes for every part. Component, priority,
 * requirement, agent, scope and description go to all parts, and the low and high estimate in proportion to the hours.
 */
export function splitTask(tasks: readonly Task[], id: string, parts: readonly Part[], options: SplitOptions): TaskEdit {
  const { found: [task], problems } = findTasks(tasks, [id])
  if (task === undefined) return { changes: [], problems, notes: [] }
  const shares = hoursOf(task, parts)
  const criteria = criteriaOf(task, parts.length, options)
  const wrong = [...partProblems(task, parts), ...shares.problems, ...criteria.problems]
  if (wrong.length > 0) return { changes: [], problems: wrong, notes: [] }
  const ids = [task.id, ...nextIds([...tasks.map((each) => each.id), ...options.taken], parts.length - 1)]
  const made = parts.map((part, i): Task => {
    const hours = at(shares.hours, i)
    // A part whose hours a person gives has no guess any more.
    const { hoursGuessed, ...rest } = task
    return {
      ...rest, ...(hoursGuessed === true && part.hours === undefined ? { hoursGuessed } : {}), id: at(ids, i), title: part.title, estimatedHours: hours, acceptanceCriteria: at(criteria.lists, i),
      description: `Part ${i + 1} of ${parts.length} of "${task.title}".${task.description === '' ? '' : ` ${task.description}`}`,
      dependencies: i === 0 || options.parallel ? task.dependencies : [at(ids, i - 1)],
      ...(task.estimate === undefined ? {} : { estimate: rangeOf(task.estimate, hours, task.estimatedHours) }),
    }
  })
  const ends = options.parallel ? ids : ids.slice(-1)
  const dependents = dependentsOf(tasks, task.id)
  const changes: TaskChange[] = [
    ...made.map((after, i): TaskChange => (i === 0 ? { before: task, after } : { after })),
    ...dependents.map((each): TaskChange => ({ before: each, after: withDependencies(each, each.dependencies.flatMap((on) => (on === task.id ? ends : [on]))) })),
  ]
  return { changes, problems: [], notes: notesOf(task, made, dependents, ends), unstarted: { ids: [task.id], doing: 'be split' } }
}

function partProblems(task: Task, parts: readonly Part[]): Problem[] {
  const problems: Problem[] = []
  if (parts.length < 2) problems.push({ where: task.id, what: `can't be split into ${parts.length === 0 ? 'nothing' : 'one part'}`, wayOut: 'Name two parts or more: --into "First part:5" "Second part:3"' })
  parts.forEach(({ title, hours }, i) => {
    const where = `part ${i + 1} of ${task.id}`
    if (title === '') problems.push({ where, field: 'title', what: 'is empty', wayOut: 'Give a title of a few words' })
    if (hours === 0) problems.push({ where, field: 'hours', what: 'are 0', wayOut: 'Give a number of hours above 0, or none' })
  })
  return problems
}

/** In proportion to the hours, rounded, and with the hours themselves within. */
function rangeOf({ low, high }: NonNullable<Task['estimate']>, hours: number, whole: number): NonNullable<Task['estimate']> {
  const scaled = (bound: number): number => hundredths((bound * hours) / whole) || (bound * hours) / whole
  return { low: Math.min(hours, scaled(low)), high: Math.max(hours, scaled(high)) }
}

/** Hours that are not given share the rest evenly, in quarters of an hour where that goes; the last one takes what is over. */
function hoursOf(task: Task, parts: readonly Part[]): { readonly hours: readonly number[]; readonly problems: readonly Problem[] } {
  const given = parts.reduce((sum, part) => sum + (part.hours ?? 0), 0)
  const open = parts.filter((part) => part.hours === undefined).length
  const rest = task.estimatedHours - given
  if (open > 0 && rest <= 0) return { hours: [], problems: [{ where: task.id, field: 'estimated_hours', what: `is ${task.estimatedHours}, and the parts with hours have ${hundredths(given)}: nothing is left for the others`, wayOut: 'Give hours to every part' }] }
  const quarters = Math.floor((rest / open) * 4) / 4
  const share = quarters > 0 ? quarters : rest / open
  const last = parts.findLastIndex((part) => part.hours === undefined)
  return { hours: parts.map((part, i) => part.hours ?? (i === last ? thousandths(rest - share * (open - 1)) : share)), problems: [] }
}

function criteriaOf(task: Task, count: number, { parallel, criteria }: SplitOptions): { readonly lists: readonly (readonly string[])[]; readonly problems: readonly Problem[] } {
  const all = task.acceptanceCriteria
  const numbers = all.map((text, i) => `${i + 1} ${text}`).join('; ')
  const problem = (what: string, wayOut: string) => ({ lists: [], problems: [{ where: task.id, field: 'acceptance_criteria', what, wayOut }] })
  if (criteria === undefined) {
    // Of a sequence the last part is done when the whole is done; of parallel parts none is.
    if (parallel && all.length > 0) return problem(`are of the whole, and no parallel part fulfils them alone (${numbers})`, `Say which part gets which, in the order of the parts: --criteria ${exampleOf(all.length, count)}`)
    return { lists: Array.from({ length: count }, (_, i) => (i === count - 1 ? all : [])), problems: [] }
  }
  const given = criteria.flat()
  const missing = all.flatMap((_, i) => (given.includes(i + 1) ? [] : [i + 1]))
  const unknown = given.filter((number) => all[number - 1] === undefined)
  if (criteria.length !== count) return problem(`are given to ${criteria.length} parts, and there are ${count}`, 'Give each part its numbers with --criteria, 0 for none')
  if (unknown.length > 0) return problem(`have no ${listed(unknown.map(String), unknown.length)}`, all.length === 0 ? 'Leave out --criteria: the task has none' : `Use the numbers of these: ${numbers}`)
  if (missing.length > 0) return problem(`${listed(missing.map(String), missing.length)} would be lost`, `Give each of them to a part: ${numbers}`)
  return { lists: criteria.map((list) => list.map((number) => at(all, number - 1))), problems: [] }
}

/** `1,2 3`: so many criteria dealt out to so many parts. */
const exampleOf = (criteria: number, parts: number): string => Array.from({ length: parts }, (_, part) => (
  Array.from({ length: criteria }, (_, i) => i).filter((i) => Math.min(parts - 1, Math.floor((i * parts) / criteria)) === part).map((i) => i + 1).join(',') || '0')).join(' ')

function notesOf(task: Task, made: readonly Task[], dependents: readonly Task[], ends: readonly TaskId[]): string[] {
  const total = hundredths(made.reduce((sum, part) => sum + part.estimatedHours, 0))
  const notes: string[] = []
  if (total !== hundredths(task.estimatedHours)) notes.push(`The parts have ${total} h together; ${task.id} had ${task.estimatedHours} h.`)
  if (dependents.length > 0) notes.push(`${listed(dependents.map((each) => each.id), 5)} ${dependents.length === 1 ? 'depends' : 'depend'} on ${listed(ends, ends.length)} now.`)
  const without = made.filter((part) => part.acceptanceCriteria.length === 0).map((part) => part.id)
  if (without.length > 0) notes.push(`${listed(without, 5)} ${without.length === 1 ? 'has' : 'have'} no acceptance criteria: \`devteam task edit ${without[0] ?? ''} --criterion "..."\`.`)
  return notes
}

const hundredths = (n: number): number => Math.round(n * 100) / 100
const thousandths = (n: number): number => Math.round(n * 1000) / 1000
