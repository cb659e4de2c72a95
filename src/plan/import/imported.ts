import { checkTasks } from '../check.ts'
import { isTaskId, type TaskId } from '../ids.ts'
import { refuse, type Problem } from '../problem.ts'
import type { Prd, Priority, Task } from '../task.ts'
import { componentOf, derivedText, type ComponentSigns } from './component.ts'

/** A text file of another tool's plan; `path` as a person would name it, with `/`. */
export interface ImportFile { readonly path: string; readonly text: string }

/** A plan that was made elsewhere. */
export interface Imported {
  /** `Task Master`, `Spec Kit`, `Backlog.md`, `Beads`, `DevTeam` or `a specification` */
  readonly tool: string
  /** The requirements document, where the plan has one. */
  readonly prd?: Prd
  readonly tasks: readonly Task[]
  /** Tasks that are completed there. */
  readonly completed: readonly TaskId[]
  /** What could not be taken over, and what was guessed; each names it. */
  readonly warnings: readonly string[]
}

/** A task under the id and with the dependencies that the other tool gave it. */
export interface Draft {
  readonly id: string
  /** File, and line where the file has many tasks. */
  readonly where: string
  readonly title: string
  readonly description: string
  /** As the other tool states it; where it states none, `signs` may say. */
  readonly component?: string | undefined
  readonly signs?: ComponentSigns
  readonly featureRef?: string | undefined
  readonly allowedPatterns?: readonly string[]
  readonly estimate?: { readonly low: number; readonly high: number } | undefined
  /** `guessed`: the tool gives no hours, so they come from a default. */
  readonly hours: { readonly value: number; readonly guessed: boolean }
  readonly dependencies: readonly string[]
  readonly acceptanceCriteria: readonly string[]
  readonly priority: Priority
  readonly completed: boolean
}

/** What a parser has found. `defaults` says in words where guessed hours come from; `sameId` gives one text for ids that are the same. */
export interface Drafts {
  readonly tool: string
  readonly drafts: readonly Draft[]
  readonly warnings: readonly string[]
  readonly defaults: string
  readonly sameId?: (id: string) => string
}

/**
 * Makes tasks of ours from those of another tool: ids that we can't use are replaced, dependencies on what is not there are dropped, both with
 * a warning. Throws UserError('input') that names the other tool's files where ids are there twice, where dependencies form a cycle, and where
 * there is no task at all.
 */
export function importedOf({ tool, drafts, warnings, defaults, sameId = (id) => id }: Drafts, source: string): Imported {
  if (drafts.length === 0) refuse([{ where: source, what: `has no tasks of ${tool} that can be taken over`, wayOut: [...warnings, 'Name a plan with tasks'].join('. ') }])
  refuse(twins(drafts, sameId))
  const ids = fitIds(drafts.map((draft) => draft.id))
  const known = new Map(drafts.map((draft) => [sameId(draft.id), draft.id]))
  const told = [...warnings]
  const derived = drafts.map((draft) => (draft.component === undefined ? componentOf(draft.signs ?? {}) : undefined))
  const tasks = drafts.map((draft, i) => {
    const dependencies = new Set<TaskId>()
    for (const dependency of draft.dependencies) {
      const target = ids.get(known.get(sameId(dependency)) ?? '')
      if (target === undefined) told.push(`${draft.where}: ${draft.id} depends on ${dependency}, which is not there; the dependency was dropped`)
      else dependencies.add(target)
    }
    return taskOf(draft, ids.get(draft.id) ?? (draft.id as TaskId), [...dependencies], draft.component ?? derived[i]?.component ?? 'general')
  })
  const places = new Map(tasks.map((task, i) => [task.id, drafts[i]?.where ?? source]))
  refuse(checkTasks(tasks, (task) => places.get(task.id) ?? source))
  const renamed = drafts.filter((draft) => ids.get(draft.id) !== draft.id).map((draft) => `${draft.id} is now ${ids.get(draft.id) ?? ''}`)
  if (renamed.length > 0) told.push(`Ids that are not fit for file names were replaced: ${renamed.join(', ')}`)
  told.push(...derivedText(derived.filter((_, i) => drafts[i]?.component === undefined)))
  const guessed = drafts.filter((draft) => draft.hours.guessed).length
  if (guessed > 0) told.push(`Hours of ${guessed} of ${drafts.length} tasks are guesses: ${tool} gives none there (${defaults}). Their files in docs/planning/tasks have "hours_guessed": true; correct estimated_hours there and plan again`)
  return { tool, tasks, completed: tasks.filter((_, i) => drafts[i]?.completed === true).map((task) => task.id), warnings: told }
}

function taskOf(draft: Draft, id: TaskId, dependencies: readonly TaskId[], component: string): Task {
  const { title, description, hours, acceptanceCriteria, priority, featureRef, estimate } = draft
  return {
    id, title, description, ...(featureRef === undefined ? {} : { featureRef }), component, estimatedHours: hours.value, ...(hours.guessed ? { hoursGuessed: true as const } : {}), dependencies, acceptanceCriteria,
    allowedPatterns: draft.allowedPatterns ?? [], ...(estimate === undefined ? {} : { estimate }), priority,
  }
}

function twins(drafts: readonly Draft[], sameId: (id: string) => string): Problem[] {
  const first = new Map<string, Draft>()
  return drafts.flatMap((draft) => {
    const twin = first.get(sameId(draft.id))
    if (twin === undefined) first.set(sameId(draft.id), draft)
    return twin === undefined ? [] : [{ where: draft.where, field: 'id', what: `${draft.id} is there twice, also in ${twin.where}`, wayOut: 'Give each task an id of its own' }]
  })
}

/** An id of ours for each id. What is fit stays; of ids that differ in case only, which are one file on many disks, the first stays. */
function fitIds(ids: readonly string[]): Map<string, TaskId> {
  const fit = new Map<string, TaskId>()
  const taken = new Set<string>()
  const take = (id: string, name: TaskId): void => { fit.set(id, name); taken.add(name.toLowerCase()) }
  for (const id of ids) if (isTaskId(id) && !taken.has(id.toLowerCase())) take(id, id)
  for (const id of ids) {
    if (fit.has(id)) continue
    const plain = id.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/\.{2,}/g, '.').replace(/^[^A-Za-z0-9]+/, '').slice(0, 50).replace(/[^A-Za-z0-9_]+$/, '')
    const base = isTaskId(plain) ? plain : `task-${plain.replaceAll('.', '-').replace(/-+$/, '')}`.replace(/-+$/, '')
    for (let number = 1; ; number++) {
      const name = number === 1 ? base : `${base}-${number}`
      if (!isTaskId(name) || taken.has(name.toLowerCase())) continue
      take(id, name)
      break
    }
  }
  return fit
}

/** Warns of the keys of the other tool's records that we have no place for. Keys without a value don't count. */
export function unusedKeys(tool: string, records: readonly Readonly<Record<string, unknown>>[], used: readonly string[]): string[] {
  const keys = new Set(records.flatMap((record) => Object.entries(record).filter(([, value]) => !isEmpty(value)).map(([key]) => key)))
  const unused = [...keys].filter((key) => !used.includes(key)).sort()
  return unused.length === 0 ? [] : [`Not taken over from ${tool}, for there is no place for it: ${unused.join(', ')}`]
}

/** `2 review, 1 deferred`, in the order in which they first come. */
export function countedKinds(kinds: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')
}

/** What people and models leave in a field of text: a text, a list of texts, or something else, which is shown as JSON. */
export function proseOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value.trim()
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.join('\n').trim() : JSON.stringify(value)
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
