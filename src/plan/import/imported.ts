import { checkTasks } from '../check.ts'
import { daysText, effortInTitle, speaksOfEffort } from '../effort.ts'
import { isTaskId, type TaskId } from '../ids.ts'
import { refuse } from '../problem.ts'
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
  readonly suggestedAgent?: string | undefined
  /** `guessed`: the tool gives no hours, so they come from a default. `kept`: they were a guess in DevTeam already. `inDays`: the tool gives days or weeks. */
  readonly hours: { readonly value: number; readonly guessed: boolean; readonly kept?: true; readonly inDays?: boolean }
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
 * a warning; tasks that have one id are told apart. Throws UserError('input') that names the other tool's files where dependencies form a cycle, and
 * where there is no task at all.
 */
export function importedOf({ tool, drafts: found, warnings, defaults, sameId = (id) => id }: Drafts, source: string): Imported {
  const { drafts, told: timed } = withTitleHours(found)
  if (drafts.length === 0) refuse([{ where: source, what: `has no tasks of ${tool} that can be taken over`, wayOut: [...warnings, 'Name a plan with tasks'].join('. ') }])
  const { ids: names, told: twins } = distinctIds(drafts, sameId)
  const ids = fitIds(names)
  const meant = new Map<string, TaskId[]>()
  drafts.forEach((draft, i) => meant.set(sameId(draft.id), [...meant.get(sameId(draft.id)) ?? [], ...ids.slice(i, i + 1)]))
  const told = [...warnings, ...timed, ...twins.map(({ id, text }) => `${text}, and what waits for ${id} waits for both`)]
  const derived = drafts.map((draft) => (draft.component === undefined ? componentOf(draft.signs ?? {}) : undefined))
  const tasks = drafts.map((draft, i) => {
    const id = ids[i] ?? (draft.id as TaskId)
    const dependencies = new Set<TaskId>()
    for (const dependency of draft.dependencies) {
      const targets = meant.get(sameId(dependency)) ?? []
      if (targets.length === 0) told.push(`${draft.where}: ${draft.id} depends on ${dependency}, which is not there; the dependency was dropped`)
      // Of two tasks with one id, one may wait for the other, and none for itself.
      for (const target of targets) if (target !== id || targets.length === 1) dependencies.add(target)
    }
    return taskOf(draft, id, [...dependencies], draft.component ?? derived[i]?.component ?? 'general')
  })
  const places = new Map(tasks.map((task, i) => [task.id, drafts[i]?.where ?? source]))
  refuse(checkTasks(tasks, (task) => places.get(task.id) ?? source))
  const renamed = names.flatMap((name, i) => (ids[i] === name ? [] : [`${name} is now ${ids[i] ?? ''}`]))
  if (renamed.length > 0) told.push(`Ids that are not fit for file names were replaced: ${renamed.join(', ')}`)
  told.push(...derivedText(derived.filter((_, i) => drafts[i]?.component === undefined)))
  if (drafts.some((draft) => draft.hours.inDays === true)) told.push(daysText)
  const guessed = drafts.filter((draft) => draft.hours.guessed && draft.hours.kept !== true).length
  if (guessed > 0) told.push(`Hours of ${guessed} of ${drafts.length} tasks are guesses: ${tool} gives none there (${defaults}). Their files in docs/planning/tasks have "hours_guessed": true; correct estimated_hours there and plan again`)
  return { tool, tasks, completed: tasks.filter((_, i) => drafts[i]?.completed === true).map((task) => task.id), warnings: told }
}

/** Hours that stand in brackets at the end of a title, where the tool gives none otherwise. */
function withTitleHours(drafts: readonly Draft[]): { readonly drafts: readonly Draft[]; readonly told: readonly string[] } {
  const taken: string[] = []
  const unread: string[] = []
  const all = drafts.map((draft) => {
    const end = /[([]([^()[\]]*)[)\]]$/.exec(draft.title)?.[1]
    if (!draft.hours.guessed || draft.hours.kept === true || end === undefined) return draft
    const { title, effort } = effortInTitle(draft.title)
    if (effort === undefined || !(effort.hours > 0) || !draft.title.startsWith(title)) {
      if (speaksOfEffort(end)) unread.push(`${draft.where}: ${JSON.stringify(end)} in the title of ${draft.id} was not read as its hours; correct estimated_hours in docs/planning/tasks if it is`)
      return draft
    }
    taken.push(`${draft.id} ${effort.hours} h`)
    return { ...draft, title, hours: { value: effort.hours, guessed: false, inDays: effort.inDays }, estimate: draft.estimate ?? effort.range }
  })
  return { drafts: all, told: [...(taken.length === 0 ? [] : [`Hours were taken from titles: ${taken.join(', ')}`]), ...unread] }
}

function taskOf(draft: Draft, id: TaskId, dependencies: readonly TaskId[], component: string): Task {
  const { title, description, hours, acceptanceCriteria, priority, featureRef, estimate, suggestedAgent } = draft
  return {
    id, title, description, ...(featureRef === undefined ? {} : { featureRef }), component, estimatedHours: hours.value, ...(hours.guessed ? { hoursGuessed: true as const } : {}), dependencies, acceptanceCriteria,
    allowedPatterns: draft.allowedPatterns ?? [], ...(estimate === undefined ? {} : { estimate }), priority, ...(suggestedAgent === undefined ? {} : { suggestedAgent }),
  }
}

/** Ids that tell tasks apart: of those with the same id the first keeps it, the next ones get `-2`, `-3`. `told` says where they are. */
export function distinctIds(all: readonly { readonly id: string; readonly where: string }[], sameId: (id: string) => string = (id) => id): { readonly ids: readonly string[]; readonly told: readonly { readonly id: string; readonly text: string }[] } {
  const taken = new Set(all.map(({ id }) => sameId(id)))
  const first = new Map<string, string>()
  const told: { id: string; text: string }[] = []
  const ids = all.map(({ id, where }) => {
    const twin = first.get(sameId(id))
    if (twin === undefined) { first.set(sameId(id), where); return id }
    let number = 2
    while (taken.has(sameId(`${id}-${number}`))) number++
    taken.add(sameId(`${id}-${number}`))
    told.push({ id, text: `${where}: ${id} is there twice, also in ${twin}; this one is now ${id}-${number}` })
    return `${id}-${number}`
  })
  return { ids, told }
}

/** An id of ours for each of these ids, which differ. What is fit stays; of ids that differ in case only, which are one file on many disks, the first stays. */
function fitIds(ids: readonly string[]): TaskId[] {
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
  return ids.map((id) => fit.get(id) ?? (id as TaskId))
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
