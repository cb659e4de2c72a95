import type { TaskId } from '../ids.ts'
import { inIdOrder } from '../natural.ts'
import type { Problem } from '../problem.ts'
import { taskFileKeys, taskKeys } from '../task-file.ts'
import type { Task } from '../task.ts'

/** One task file: new without `before`, removed without `after`, under another name where the ids differ. */
export type TaskChange =
  | { readonly before: Task; readonly after: Task }
  | { readonly before?: undefined; readonly after: Task }
  | { readonly before: Task; readonly after?: undefined }

/** What an edit of the task list comes to. Where there are problems, nothing of it may be written. */
export interface TaskEdit {
  readonly changes: readonly TaskChange[]
  readonly problems: readonly Problem[]
  /** What happened, and what did not, in sentences. */
  readonly notes: readonly string[]
  /** The edit is for tasks that nobody has begun: `TASK-004 is completed and can't be split`. */
  readonly unstarted?: { readonly ids: readonly TaskId[]; readonly doing: string }
}

/** The tasks after the changes, sorted by id. */
export function applyChanges(tasks: readonly Task[], changes: readonly TaskChange[]): Task[] {
  const gone = new Set(changes.map(({ before }) => before))
  return inIdOrder([...tasks.filter((task) => !gone.has(task)), ...changes.flatMap(({ after }) => after ?? [])], ({ id }) => id)
}

/** The keys of the file whose values differ, in the order of the file. */
export function changedKeys(before: Task, after: Task): string[] {
  const [old, fresh] = [taskKeys(before), taskKeys(after)]
  return taskFileKeys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(fresh[key]))
}

export const dependentsOf = (tasks: readonly Task[], id: string): Task[] => tasks.filter((task) => (task.dependencies as readonly string[]).includes(id))

/** The task with other dependencies; the same object where they are the same. */
export function withDependencies(task: Task, dependencies: readonly TaskId[]): Task {
  const once = [...new Set(dependencies)]
  return once.length === task.dependencies.length && once.every((id, i) => id === task.dependencies[i]) ? task : { ...task, dependencies: once }
}

/** The tasks of these ids, and a problem for each id that is none. */
export function findTasks(tasks: readonly Task[], ids: readonly string[]): { readonly found: Task[]; readonly problems: Problem[] } {
  const byId = new Map<string, Task>(tasks.map((task) => [task.id, task]))
  const problems: Problem[] = []
  const found = [...new Set(ids)].flatMap((id) => {
    const task = byId.get(id)
    if (task === undefined) problems.push(unknownTask(tasks, id))
    return task ?? []
  })
  return { found, problems }
}

function unknownTask(tasks: readonly Task[], id: string): Problem {
  const near = tasks.find((task) => folded(task.id) === folded(id))
  return { where: id, what: 'is no task', wayOut: near === undefined ? '`devteam task list` names them all' : `Write ${near.id}` }
}

/** `task-4` and `TASK-004` are the same to a person. */
const folded = (id: string): string => id.toLowerCase().replace(/\d+/g, (digits) => String(Number(digits)))
