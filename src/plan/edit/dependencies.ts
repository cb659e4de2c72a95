import { dependentsOf, findTasks, withDependencies, type TaskChange, type TaskEdit } from './edit.ts'
import type { TaskId } from '../ids.ts'
import { listed } from '../names.ts'
import type { Task } from '../task.ts'

/** What becomes of the dependents of a removed task; `refuse`: they keep it from being removed. */
export type Dependents = 'refuse' | 'reconnect' | 'drop'

/** Adds and takes away dependencies of one task. What is so already is a note, no problem; what makes a cycle, `checkTasks` finds. */
export function dependTask(tasks: readonly Task[], id: string, on: readonly string[], notOn: readonly string[]): TaskEdit {
  const { found: [task], problems } = findTasks(tasks, [id])
  // A dependency that is to go may be on what is no task: that is how a broken one is mended.
  const wanted = findTasks(tasks, on)
  const there = new Set<string>(task?.dependencies)
  const gone = findTasks(tasks, notOn.filter((each) => !there.has(each)))
  const wrong = [...problems, ...wanted.problems, ...gone.problems, ...on.filter((each) => notOn.includes(each)).map((each) => ({ where: each, what: 'is named by --on and by --not-on', wayOut: 'Name it once' }))]
  if (task === undefined || wrong.length > 0) return { changes: [], problems: wrong, notes: [] }
  const notes = [
    ...wanted.found.map((each) => (there.has(each.id) ? `${task.id} depends on ${each.id} already.` : `${task.id} depends on ${each.id} now.`)),
    ...[...new Set(notOn)].map((each) => (there.has(each) ? `${task.id} does not depend on ${each} any more.` : `${task.id} does not depend on ${each} anyway.`)),
  ]
  const after = withDependencies(task, [...task.dependencies.filter((each) => !notOn.includes(each)), ...wanted.found.map((each) => each.id)])
  return { changes: after === task ? [] : [{ before: task, after }], problems: [], notes }
}

/** Removes tasks. Those that depend on one of them keep it, or get what it depended on in its place (`reconnect`), or wait no more (`drop`). */
export function removeTasks(tasks: readonly Task[], ids: readonly string[], dependents: Dependents): TaskEdit {
  const { found, problems } = findTasks(tasks, ids)
  const gone = new Set<string>(found.map((task) => task.id))
  const wrong = [...problems]
  const notes: string[] = []
  if (dependents === 'refuse') {
    for (const task of found) {
      const waiting = dependentsOf(tasks, task.id).filter((each) => !gone.has(each.id)).map((each) => each.id)
      if (waiting.length > 0) wrong.push({ where: task.id, what: `can't be removed: ${listed(waiting, waiting.length)} ${waiting.length === 1 ? 'depends' : 'depend'} on it`, wayOut: `Use --reconnect to let ${waiting.length === 1 ? 'it' : 'them'} depend on ${task.dependencies.length === 0 ? 'nothing instead (it has no dependencies)' : `${listed(task.dependencies, task.dependencies.length)} instead`}, or --drop to remove the dependency` })
    }
  }
  if (wrong.length > 0) return { changes: [], problems: wrong, notes: [] }
  const instead = dependents === 'reconnect' ? (id: TaskId): readonly TaskId[] => reached(tasks, gone, id) : (): readonly TaskId[] => []
  const changes: TaskChange[] = found.map((before) => ({ before }))
  for (const task of tasks.filter((each) => !gone.has(each.id) && each.dependencies.some((id) => gone.has(id)))) {
    const after = withDependencies(task, task.dependencies.flatMap((id) => (gone.has(id) ? instead(id) : [id])))
    changes.push({ before: task, after })
    const lost = task.dependencies.filter((id) => gone.has(id))
    const won = after.dependencies.filter((id) => !task.dependencies.includes(id))
    notes.push(`${task.id} does not depend on ${listed(lost, lost.length)} any more${won.length === 0 ? '' : `, but on ${listed(won, won.length)}`}.`)
  }
  return { changes, problems: [], notes, unstarted: { ids: found.map((task) => task.id), doing: 'be removed' } }
}

/** What a removed task depended on, through others that are removed too. */
function reached(tasks: readonly Task[], gone: ReadonlySet<string>, start: TaskId): TaskId[] {
  const byId = new Map<string, Task>(tasks.map((task) => [task.id, task]))
  const seen = new Set<string>([start])
  const found = new Set<TaskId>()
  const open = [start]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const before of byId.get(id)?.dependencies ?? []) {
      if (!gone.has(before)) found.add(before)
      else if (!seen.has(before)) { seen.add(before); open.push(before) }
    }
  }
  return [...found]
}
