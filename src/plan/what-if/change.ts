import { nextIds } from '../edit/id.ts'
import { UserError } from '../errors.ts'
import type { TaskId } from '../ids.ts'
import type { PlanOptions, Strategy } from '../plan.ts'
import type { Task } from '../task.ts'

/** One thing that could be otherwise. Hours are estimated. */
export type Change =
  | { readonly kind: 'tracks'; readonly tracks: number }
  | { readonly kind: 'strategy'; readonly strategy: Strategy }
  | { readonly kind: 'hours'; readonly task: TaskId; readonly hours: number }
  | { readonly kind: 'without'; readonly task: TaskId; readonly dependsOn: TaskId }
  /** Two halves that can be done at once: they change different files. */
  | { readonly kind: 'split'; readonly task: TaskId }

/** Changes that are made together, and the text that they come from. */
export interface Variant { readonly text: string; readonly changes: readonly Change[] }

const forms = 'Write tracks=4, strategy=balanced, TASK-004=12h, "without TASK-008->TASK-004" or "split TASK-008", several with commas between them'
const mostHours = 1_000_000

/** Reads variants as people write them; throws UserError('usage') with everything that is wrong in all of them. */
export function parseVariants(texts: readonly string[], tasks: readonly Task[]): Variant[] {
  const problems: string[] = []
  const variants = texts.map((text) => ({ text: text.trim(), changes: text.split(',').flatMap((part) => {
    const change = parseChange(part.trim(), tasks)
    if (typeof change !== 'string') return [change]
    problems.push(change)
    return []
  }) }))
  if (problems.length > 0) throw new UserError('usage', ['--what-if can\'t be answered:', ...new Set(problems)].join('\n  '))
  return variants
}

/** The change, or what is wrong with it. */
function parseChange(text: string, tasks: readonly Task[]): Change | string {
  if (/^\d+$/.test(text)) return `"${text}": the number of tracks stands before, as in devteam plan ${text} --what-if, or is a change, as in tracks=${text}`
  const [, name, value] = /^([^\s=]+)\s*=\s*(\S+)$/.exec(text) ?? []
  if (name?.toLowerCase() === 'tracks') return /^[1-9]\d{0,5}$/.test(value ?? '') ? { kind: 'tracks', tracks: Number(value) } : `"${text}": the number of tracks is a whole number from 1, as in tracks=4`
  if (name?.toLowerCase() === 'strategy') return value === 'component' || value === 'balanced' ? { kind: 'strategy', strategy: value } : `"${text}": there is no such strategy. Use component or balanced`
  if (name !== undefined && value !== undefined) {
    const hours = /^(\d+(?:\.\d+)?|\.\d+)h?$/i.test(value) ? Number.parseFloat(value) : NaN
    if (!(hours > 0 && hours <= mostHours)) return `"${text}": hours are a number above 0, as in ${name}=12h`
    return named(name, tasks, text, (task) => ({ kind: 'hours', task: task.id, hours }))
  }
  const [, split] = /^split\s+(\S+)$/i.exec(text) ?? []
  if (split !== undefined) return named(split, tasks, text, (task) => ({ kind: 'split', task: task.id }))
  const [, one, other] = /^without\s+(\S+?)\s*(?:->|→)\s*(\S+)$/i.exec(text) ?? []
  if (one !== undefined && other !== undefined) return named(one, tasks, text, (first) => named(other, tasks, text, (second) => dependencyOf(first, second) ?? `"${text}": neither of the two depends on the other`))
  return `"${text}" is no change that can be tried. ${forms}`
}

function named(id: string, tasks: readonly Task[], text: string, use: (task: Task) => Change | string): Change | string {
  const task = tasks.find((each) => each.id === id) ?? tasks.find((each) => each.id.toLowerCase() === id.toLowerCase())
  return task === undefined ? `"${text}": there is no task ${id} in docs/planning/tasks that is still to be done` : use(task)
}

/** An arrow is read both ways, as dependency and as order: there are no cycles, so that only one can be meant. */
function dependencyOf(one: Task, other: Task): Change | undefined {
  if (one.dependencies.includes(other.id)) return { kind: 'without', task: one.id, dependsOn: other.id }
  return other.dependencies.includes(one.id) ? { kind: 'without', task: other.id, dependsOn: one.id } : undefined
}

/** The tasks and options as they would be; tasks are split last. Nothing is changed in place. A half comes right after the task that it is split from. */
export function applyChanges(tasks: readonly Task[], options: PlanOptions, changes: readonly Change[]): { tasks: readonly Task[]; options: PlanOptions } {
  let changed = { tasks, options }
  for (const change of [...changes.filter(({ kind }) => kind !== 'split'), ...changes.filter(({ kind }) => kind === 'split')]) changed = applied(changed.tasks, changed.options, change)
  return changed
}

function applied(tasks: readonly Task[], options: PlanOptions, change: Change): { tasks: readonly Task[]; options: PlanOptions } {
  switch (change.kind) {
    case 'tracks': return { tasks, options: { ...options, tracks: change.tracks } }
    case 'strategy': return { tasks, options: { ...options, strategy: change.strategy } }
    case 'hours': return { options, tasks: tasks.map((task) => (task.id === change.task ? certain(task, change.hours) : task)) }
    case 'without': return { options, tasks: tasks.map((task) => (task.id === change.task ? { ...task, dependencies: task.dependencies.filter((id) => id !== change.dependsOn) } : task)) }
    case 'split': return { options, tasks: split(tasks, change.task) }
  }
}

/** The second half's files are not known, so that it is in no conflict with the first. */
function split(tasks: readonly Task[], id: TaskId): Task[] {
  const [half] = nextIds(tasks.map((task) => task.id), 1)
  if (half === undefined) throw new Error('no id for a half')
  return tasks.flatMap((task): Task[] => {
    if (task.id !== id) return [task.dependencies.includes(id) ? { ...task, dependencies: [...task.dependencies, half] } : task]
    const first = certain(task, task.estimatedHours / 2)
    return [first, { ...first, id: half, allowedPatterns: [] }]
  })
}

/** Low and high are around an estimate that is no longer the task's. */
const certain = (task: Task, hours: number): Task => ({ ...task, estimatedHours: hours, ...(task.estimate === undefined ? {} : { estimate: { low: hours, high: hours } }) })
