import type { TaskId } from '../plan/ids.ts'
import type { Task } from '../plan/task.ts'
import { databaseError } from './faults.ts'
import type { Tx } from './engine.ts'
import { readMeta, setMeta } from './meta.ts'

/**
 * What a task file said when it was planned and the tables do not keep: the scope, and which dependencies are not the task's own but keep the order
 * of tasks in conflict.
 */
export interface Stated { readonly scope: readonly string[]; readonly ordered: ReadonlySet<string> }

/** In the database: by id, only tasks that have one or the other. */
type Noted = Record<string, { scope: readonly string[] | undefined; ordered: readonly string[] | undefined }>

/** `tasks` as their files have them, `ordered`: the same with the dependencies that a run keeps. Tasks not among them stay as they were noted. */
export async function writeStated(tx: Tx, tasks: readonly Task[], ordered: readonly Task[], kept: ReadonlyMap<TaskId, Stated> = new Map()): Promise<void> {
  const noted: Noted = {}
  const note = (id: TaskId, scope: readonly string[], ordered: readonly string[]): void => {
    if (scope.length + ordered.length > 0) noted[id] = { scope: scope.length === 0 ? undefined : scope, ordered: ordered.length === 0 ? undefined : ordered }
  }
  for (const [id, { scope, ordered: before }] of kept) note(id, scope, [...before])
  const run = new Map(ordered.map((task) => [task.id, task.dependencies]))
  for (const task of tasks) note(task.id, task.allowedPatterns, (run.get(task.id) ?? []).filter((id) => !task.dependencies.includes(id)))
  await setMeta(tx, 'stated_tasks', JSON.stringify(noted))
}

/** undefined: the plan was saved by a version that did not note it. */
export async function readStated(tx: Tx): Promise<ReadonlyMap<TaskId, Stated> | undefined> {
  const text = (await readMeta(tx)).get('stated_tasks')
  if (text === undefined) return undefined
  try {
    return new Map(Object.entries(JSON.parse(text) as Noted).map(([id, { scope, ordered }]) => [id as TaskId, { scope: strings(scope), ordered: new Set(strings(ordered)) }]))
  } catch (error) {
    throw databaseError('What the database notes of the task files is damaged: another program changed it. Put a copy of the database back.', error)
  }
}

/** Not by zod: this file is loaded by every command, and `devteam status` would wait for it. */
function strings(value: unknown): readonly string[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) throw new TypeError(`no list of texts: ${JSON.stringify(value)}`)
  return value
}
