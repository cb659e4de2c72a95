import type { TaskId } from '../ids.ts'
import type { PlannedTask } from './in-progress.ts'
import type { Task } from '../task.ts'

/** One thing that a task file says otherwise than when it was planned. Hours are estimated. */
export interface FieldChange {
  readonly field: 'title' | 'hours' | 'component' | 'dependencies' | 'scope'
  readonly before: string | number | readonly string[]
  readonly after: string | number | readonly string[]
}

export interface ChangedTask { readonly task: TaskId; readonly changes: readonly FieldChange[] }

/** What task files say otherwise than the plan. */
export interface TaskDiff {
  readonly added: readonly TaskId[]
  /** Open tasks whose files are gone. */
  readonly removed: readonly TaskId[]
  /** Open tasks. */
  readonly changed: readonly ChangedTask[]
  /** Completed tasks whose files have changed: told, and nothing is undone. */
  readonly changedCompleted: readonly ChangedTask[]
  /** Completed tasks whose files are gone: they stay in the plan as history. */
  readonly removedCompleted: readonly TaskId[]
}

/** Compares what counts for the plan: which tasks there are, their titles, hours, components, dependencies and scopes. */
export function diffTasks(planned: readonly PlannedTask[], files: readonly Task[]): TaskDiff {
  const known = new Set(planned.map(({ task }) => task.id))
  const byId = new Map(files.map((task) => [task.id, task]))
  const gone = planned.filter(({ task }) => !byId.has(task.id))
  const changed = planned.flatMap(({ task, completed }) => {
    const file = byId.get(task.id)
    const changes = file === undefined ? [] : changesOf(task, file)
    return changes.length === 0 ? [] : [{ completed, change: { task: task.id, changes } }]
  })
  return {
    added: files.filter((task) => !known.has(task.id)).map((task) => task.id),
    removed: gone.filter((each) => !each.completed).map(({ task }) => task.id),
    changed: changed.filter((each) => !each.completed).map(({ change }) => change),
    changedCompleted: changed.filter((each) => each.completed).map(({ change }) => change),
    removedCompleted: gone.filter((each) => each.completed).map(({ task }) => task.id),
  }
}

function changesOf(before: Task, after: Task): FieldChange[] {
  const fields: FieldChange[] = [
    { field: 'title', before: before.title, after: after.title },
    { field: 'hours', before: before.estimatedHours, after: after.estimatedHours },
    { field: 'component', before: before.component, after: after.component },
    { field: 'dependencies', before: sorted(before.dependencies), after: sorted(after.dependencies) },
    { field: 'scope', before: sorted(before.allowedPatterns), after: sorted(after.allowedPatterns) },
  ]
  return fields.filter((each) => JSON.stringify(each.before) !== JSON.stringify(each.after))
}

/** Lists whose order says nothing. */
const sorted = (list: readonly string[]): string[] => [...new Set(list)].sort()
