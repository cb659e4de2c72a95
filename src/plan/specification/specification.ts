import { checkTasks } from '../check.ts'
import { componentSpokenOf } from '../component-words.ts'
import { daysText, withoutEffort } from '../effort.ts'
import { isTaskId, type TaskId } from '../ids.ts'
import type { Imported, ImportFile } from '../import/imported.ts'
import { priorityNamed } from '../import/priority.ts'
import { refuse, type Problem } from '../problem.ts'
import { readData } from './data.ts'
import type { Outline, OutlinedTask, Specified, SpecifiedTask, Stated } from './specified.ts'
import { readOutline } from './text.ts'
import type { Prd, Requirement, Task } from '../task.ts'

/**
 * PRD and tasks of a specification that is structured enough to need no model: YAML or JSON with a list `tasks`, or Markdown whose tasks state hours or
 * dependencies, or most of them, two at least, acceptance criteria. undefined: a text that leaves the tasks to whoever reads it. Throws UserError('input')
 * with everything that is wrong, each with its line: unknown or ambiguous dependencies, titles and ids that are there twice, hours that are not positive, cycles.
 */
export function readSpecified({ path, text }: ImportFile): Imported | undefined {
  const isData = /\.(?:ya?ml|json)$/i.test(path)
  const specified = isData ? readData(path, text) : ofOutline(readOutline(text))
  if (specified === undefined) return undefined
  const { problems, imported } = planned(specified, path)
  if (problems.length > 0 && !isData && saysLittle(specified.tasks)) return undefined
  refuse(problems)
  return imported
}

/**
 * Prose of some length has words such as "depends on" in it by chance. Of about 30 documents that were no plans and had more than 10 items, none had hours,
 * dependencies or criteria in a fifth of them; of those that were plans, all had them in half.
 */
const saysLittle = (tasks: readonly OutlinedTask[]): boolean => tasks.length > 10 && tasks.filter((task) => task.hours !== undefined || task.dependsOn.length > 0 || task.namesCriteria).length * 4 < tasks.length

function ofOutline(outline: Outline): Specified | undefined {
  const { tasks } = outline
  const withCriteria = tasks.filter((task) => task.namesCriteria).length
  if (!tasks.some((task) => task.hours !== undefined || task.dependsOn.length > 0) && (withCriteria < 2 || withCriteria * 2 < tasks.length)) return undefined
  return { ...outline, problems: [], warnings: [] }
}

/** The plan, which counts where there are no problems. */
function planned(specified: Specified, path: string): { readonly problems: readonly Problem[]; readonly imported: Imported } {
  const { tasks: stated } = specified
  const problems: Problem[] = [...specified.problems]
  const ids = idsOf(stated)
  problems.push(...twins(stated, path))
  const find = finder(stated, ids)
  const guessed: string[] = []
  const tasks = stated.map((task, i): Task => {
    const id = ids[i] as TaskId
    const dependencies = new Set<TaskId>()
    for (const name of task.dependsOn) {
      const { found, missing } = find(name.value)
      for (const each of found) dependencies.add(each)
      problems.push(...missing.map((each) => unknown(each, name, path)))
    }
    const hours = task.hours?.value ?? guessedHours(task)
    if (task.hours === undefined) guessed.push(id)
    else if (Number.isNaN(hours)) problems.push({ where: at(path, task.hours.line), field: `hours of ${task.title}`, what: 'are no number', wayOut: 'Write such as "Hours: 8"' })
    const priority = task.priority === undefined ? undefined : priorityNamed(task.priority.value)
    if (task.priority !== undefined && priority === undefined) problems.push({ where: at(path, task.priority.line), field: `priority of ${task.title}`, what: `is ${JSON.stringify(task.priority.value)}`, wayOut: 'Use high, medium or low' })
    return {
      id, title: task.title, description: task.description, featureRef: task.featureRef ?? featureId(i), component: componentOf(task), estimatedHours: hours, ...(task.hours === undefined ? { hoursGuessed: true as const } : {}), dependencies: [...dependencies],
      acceptanceCriteria: criteriaOf(task), allowedPatterns: task.files, ...(task.estimate === undefined ? {} : { estimate: task.estimate }), priority: priority ?? (task.optional ? 'low' : 'medium'),
      ...(task.suggestedAgent === undefined ? {} : { suggestedAgent: task.suggestedAgent }),
    }
  })
  // What is told above already, with its line: hours that are no number.
  const sound = tasks.map((task) => (Number.isNaN(task.estimatedHours) ? { ...task, estimatedHours: 1 } : task))
  // By task, not by id, which may be there twice.
  const places = new Map(sound.map((task, i) => [task, at(path, stated[i]?.line ?? 1)]))
  problems.push(...checkTasks(sound, (task) => places.get(task) ?? path))
  const warnings = [...specified.warnings, ...effortWarnings(stated, path), ...(guessed.length === 0 ? [] : [`Hours of ${guessed.length} of ${tasks.length} tasks are guesses, 2 h and 2 h for each acceptance criterion, from 4 to 16 h: ${guessed.join(', ')}. State them in ${path}, or correct estimated_hours in docs/planning/tasks, where these tasks have "hours_guessed": true`])]
  return { problems, imported: { tool: 'a specification', prd: prdOf(specified), tasks, completed: tasks.filter((_, i) => stated[i]?.completed === true).map((task) => task.id), warnings } }
}

function effortWarnings(tasks: readonly SpecifiedTask[], path: string): string[] {
  const of = (isStated: boolean): string => tasks.flatMap(({ unreadEffort: unread, hours, title }) => (unread === undefined || (hours !== undefined) !== isStated ? [] : [`line ${unread.line} ${JSON.stringify(unread.value)}${isStated ? `, where the title of ${title} says ${hours?.value ?? 0} h` : ''}`])).join('; ')
  const [unread, second] = [of(false), of(true)]
  return [
    ...(unread === '' ? [] : [`${path}: not read as the hours of a task: ${unread}. If they are, write them as in (8h), (1h 30m), (3-5 hours) or (2 days), or in a line "Hours: 8"`]),
    ...(second === '' ? [] : [`${path}: not taken, for there are hours in the title: ${second}`]),
    ...(tasks.some((task) => task.inDays === true) ? [daysText] : []),
  ]
}

const at = (path: string, line: number): string => `${path}, line ${line}`
const unknown = ({ name, among }: Missing, { line }: Stated<string>, path: string): Problem => ({
  where: at(path, line), field: 'depends on', what: among.length === 0 ? `names ${JSON.stringify(name)}, and there is no such task` : `names ${JSON.stringify(name)}, which may be ${among.join(' or ')}`, wayOut: 'Name a task by its id or its whole title',
})

/** The ids that the text uses, where they are fit; TASK-001 and so on for the rest, by their places. */
function idsOf(tasks: readonly SpecifiedTask[]): string[] {
  const taken = new Set(tasks.map((task) => task.label?.toLowerCase()))
  return tasks.map((task, i) => {
    if (task.label !== undefined && isTaskId(task.label)) return task.label
    let number = i + 1
    while (taken.has(taskId(number).toLowerCase())) number++
    taken.add(taskId(number).toLowerCase())
    return taskId(number)
  })
}

const taskId = (number: number): string => `TASK-${String(number).padStart(3, '0')}`
export const featureId = (i: number): string => `F${String(i + 1).padStart(3, '0')}`

/** Tasks without an id of their own are told apart by their titles. Ids that are there twice are found with the other checks of tasks. */
function twins(tasks: readonly SpecifiedTask[], path: string): Problem[] {
  const first = new Map<string, SpecifiedTask>()
  return tasks.flatMap((task) => {
    if (task.label !== undefined) return []
    const twin = first.get(task.title.toLowerCase())
    if (twin === undefined) first.set(task.title.toLowerCase(), task)
    return twin === undefined ? [] : [{ where: at(path, task.line), field: 'title', what: `${JSON.stringify(task.title)} is there twice, also in line ${twin.line}`, wayOut: 'Give each task a title or an id of its own' }]
  })
}

interface Missing { readonly name: string; readonly among: readonly string[] }

/** Finds the tasks that are meant by what stands after "depends on": names may have commas and "and" in them, so that the longest reading that names tasks counts. */
function finder(tasks: readonly SpecifiedTask[], ids: readonly string[]): (text: string) => { readonly found: readonly TaskId[]; readonly missing: readonly Missing[] } {
  const exact = new Map<string, string>()
  tasks.forEach((task, i) => { for (const name of [task.title, task.label, ids[i]]) if (name !== undefined && !exact.has(name.toLowerCase())) exact.set(name.toLowerCase(), ids[i] ?? '') })
  const numbers = new Map<string, string | undefined>()
  // A number that comes in several lists means none of them.
  tasks.forEach(({ number }, i) => { if (number !== undefined) numbers.set(number, numbers.has(number) ? undefined : ids[i]) })
  const one = (name: string): string | Missing => {
    const wanted = name.toLowerCase()
    const number = /^(?:(?:task|feature|story|step|item|epic)\s+)?#?(\d+(?:\.\d+)*)$/.exec(wanted)?.[1]
    const id = exact.get(wanted) ?? numbers.get(number ?? '')
    if (id !== undefined) return id
    // Where nothing is numbered, `Task 2` is TASK-002, or T2.
    if (number !== undefined && numbers.size === 0) {
      const ending = ids.filter((each) => /^[A-Za-z]+[-_.]?0*(\d+)$/.exec(each)?.[1] === number)
      if (ending.length > 0) return ending.length === 1 ? ending[0] ?? '' : { name, among: ending.slice(0, 5) }
    }
    const parts = tasks.flatMap((task, i) => (wanted.length > 2 && task.title.toLowerCase().includes(wanted) ? [ids[i] ?? ''] : []))
    return parts.length === 1 ? parts[0] ?? '' : { name, among: parts.slice(0, 5) }
  }
  const split = (text: string, separators: readonly RegExp[]): (string | Missing)[] => {
    const whole = one(text)
    const [separator, ...rest] = separators
    if (typeof whole === 'string') return [whole]
    // `T1 the login`: the id, and what it is.
    if (separator === undefined) return [exact.get(text.toLowerCase().split(/[\s:]/)[0] ?? '') ?? whole]
    const parts = text.split(separator).map((part) => part.trim()).filter((part) => part !== '')
    return parts.length < 2 ? split(text, rest) : parts.flatMap((part) => split(part, rest))
  }
  return (text) => {
    if (/^(?:none|nothing|n\/a|-|\u2013|\u2014|)$/i.test(text)) return { found: [], missing: [] }
    const namesIn = (list: string): (string | Missing)[] => split(list, [/[,;]/, /\s+(?:and|&|\+)\s+/i])
    const whole = namesIn(text)
    // In "depends on: A, 4h" the hours end the list.
    const results = whole.every((each) => typeof each === 'string') ? whole : namesIn(withoutEffort(text))
    return { found: results.filter((each) => typeof each === 'string') as TaskId[], missing: results.filter((each) => typeof each !== 'string') }
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
export const criteriaOf = (task: OutlinedTask): string[] => task.criteria.map(capital)
/** Hours where none are stated. */
export const guessedHours = (task: OutlinedTask): number => Math.min(16, 2 + 2 * Math.max(1, task.criteria.length))

/** As stated, else by the heading above, the title, the headings further up, the description. */
export function componentOf(task: OutlinedTask): string {
  if (task.component !== undefined && task.component !== '') return task.component.toLowerCase().replaceAll(/\s+/g, '-')
  for (const text of [task.groups.at(-1) ?? '', task.title, ...task.groups, task.description]) {
    const component = componentSpokenOf(text)
    if (component !== undefined) return component
  }
  return 'general'
}

/** The requirements document of an outline: a requirement for each of its tasks, where it states none. */
export function prdOf(outline: Outline & Partial<Pick<Specified, 'requirements'>>): Prd {
  const requirement = (task: OutlinedTask, i: number): Requirement => ({ id: featureId(i), title: task.title, description: task.description === '' ? task.title : task.description, acceptanceCriteria: criteriaOf(task) })
  const all = outline.tasks.map((task, i) => ({ requirement: requirement(task, i), optional: task.optional }))
  const of = (optional: boolean): Requirement[] => all.filter((each) => each.optional === optional).map((each) => each.requirement)
  return {
    project: outline.title ?? 'Project', problem: outline.problem, users: outline.users, technology: outline.technology, constraints: outline.constraints, successMetrics: outline.metrics,
    mustHave: outline.requirements?.mustHave ?? of(false), shouldHave: outline.requirements?.shouldHave ?? of(true),
  }
}
