import * as z from 'zod'
import type { TaskId } from '../plan/ids.ts'
import type { Task } from '../plan/task.ts'
import { databaseError } from './faults.ts'
import type { Tx } from './engine.ts'
import { readMeta, setMeta } from './meta.ts'

/**
 * What task files said when they were planned and the tables do not keep: the scope, and which dependencies are not the task's own but keep the order
 * of tasks in conflict. Only tasks that have one or the other.
 */
const schema = z.record(z.string(), z.object({ scope: z.array(z.string()).optional(), ordered: z.array(z.string()).optional() }))

export interface Stated { readonly scope: readonly string[]; readonly ordered: ReadonlySet<string> }

/** `tasks` as their files have them, `ordered`: the same with the dependencies that a run keeps. Tasks not among them stay as they were noted. */
export async function writeStated(tx: Tx, tasks: readonly Task[], ordered: readonly Task[], kept: ReadonlyMap<TaskId, Stated> = new Map()): Promise<void> {
  const noted: z.input<typeof schema> = {}
  const note = (id: TaskId, scope: readonly string[], more: readonly string[]): void => {
    if (scope.length + more.length > 0) noted[id] = { ...(scope.length === 0 ? {} : { scope: [...scope] }), ...(more.length === 0 ? {} : { ordered: [...more] }) }
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
    return new Map(Object.entries(schema.parse(JSON.parse(text))).map(([id, { scope = [], ordered = [] }]) => [id as TaskId, { scope, ordered: new Set(ordered) }]))
  } catch (error) {
    throw databaseError('What the database notes of the task files is damaged: another program changed it. Put a copy of the database back.', error)
  }
}
