import { dependTask, removeTasks, type Dependents } from '../../plan/edit/dependencies.ts'
import { addTask, editTask } from '../../plan/edit/fields.ts'
import { nextIds } from '../../plan/edit/id.ts'
import { parsePart, splitTask } from '../../plan/edit/split.ts'
import { changedKeys, type TaskChange, type TaskEdit } from '../../plan/edit/edit.ts'
import { UserError } from '../../plan/errors.ts'
import { taskPath } from '../../plan/files/edit.ts'
import type { TaskId } from '../../plan/ids.ts'
import type { Task } from '../../plan/task.ts'
import { hours } from '../../report/format.ts'
import { editTasks, type EditedTasks } from '../../run/edit-tasks.ts'
import type { Snapshot } from '../../state/rows.ts'
import { printJson, type Shell } from '../shell.ts'
import { withState } from '../workspace.ts'
import { fieldsOf, idsOf, type FieldOptions } from './task-fields.ts'

const defaultHours = 4

/** `devteam task add TITLE` */
export function addCommand(shell: Shell, title: string, options: FieldOptions): Promise<number> {
  const { fields, problems } = fieldsOf({ ...options, title })
  return edit(shell, (tasks, snapshot) => {
    const id = fields.id ?? nextIds(idsInUse(tasks, snapshot), 1)[0]
    const { problems: wrong, ...added } = addTask(id as TaskId, fields, defaultHours)
    return { ...added, problems: [...problems, ...wrong], notes: options.hours === undefined ? [`Nobody gave hours, so it has ${defaultHours}: \`devteam task edit ${id ?? ''} --hours N\` gives others.`] : [] }
  })
}

/** `devteam task edit ID` */
export function editCommand(shell: Shell, id: string, options: FieldOptions): Promise<number> {
  const given = Object.entries(options).filter(([name, value]) => name !== 'cwd' && name !== 'json' && !(name === 'estimate' && value === true))
  if (given.length === 0) throw new UserError('usage', 'Say what to change, such as --hours 8: `devteam task edit --help` lists what can be.')
  const { fields, problems } = fieldsOf(options)
  return edit(shell, (tasks) => {
    const edited = editTask(tasks, id, fields)
    return { ...edited, problems: [...problems, ...edited.problems] }
  })
}

/** `devteam task remove ID...` */
export function removeCommand(shell: Shell, ids: readonly string[], options: { readonly reconnect?: boolean; readonly drop?: boolean }): Promise<number> {
  if (options.reconnect === true && options.drop === true) throw new UserError('usage', 'Give --reconnect or --drop, not both.')
  const dependents: Dependents = options.reconnect === true ? 'reconnect' : options.drop === true ? 'drop' : 'refuse'
  return edit(shell, (tasks) => removeTasks(tasks, idsOf(ids), dependents))
}

/** `devteam task depend ID --on ID... --not-on ID...` */
export function dependCommand(shell: Shell, id: string, options: { readonly on?: readonly string[]; readonly notOn?: readonly string[] }): Promise<number> {
  if (options.on === undefined && options.notOn === undefined) throw new UserError('usage', `Say what ${id} waits for, with --on ID, or no longer waits for, with --not-on ID.`)
  return edit(shell, (tasks) => dependTask(tasks, id, idsOf(options.on ?? []), idsOf(options.notOn ?? [])))
}

/** `devteam task split ID --into TITLE:HOURS...` */
export function splitCommand(shell: Shell, id: string, options: { readonly into: readonly string[]; readonly parallel?: boolean; readonly criteria?: readonly string[] }): Promise<number> {
  const criteria = options.criteria?.map((text) => {
    if (!/^\s*\d{1,4}(?:\s*,\s*\d{1,4})*\s*$/.test(text)) throw new UserError('usage', `--criteria takes numbers such as 1,2 for each part, not "${text}".`)
    return text.split(',').map(Number).filter((number) => number > 0)
  })
  return edit(shell, (tasks, snapshot) => splitTask(tasks, id, options.into.map(parsePart), { parallel: options.parallel ?? false, criteria, taken: idsInUse([], snapshot) }))
}

/** Removed tasks that the database still has keep their ids. */
const idsInUse = (tasks: readonly Task[], snapshot: Snapshot | undefined): TaskId[] => [...tasks, ...snapshot?.tasks ?? []].map(({ id }) => id)

async function edit(shell: Shell, make: (tasks: readonly Task[], snapshot: Snapshot | undefined) => TaskEdit): Promise<number> {
  const edited = await withState(shell, async (state) => {
    const snapshot = await state.snapshot()
    return editTasks(shell.cwd, snapshot, (tasks) => make(tasks, snapshot))
  })
  if (shell.json) printJson(shell, { changes: edited.changes.map(changeJson), notes: edited.notes, planIsOlder: edited.planIsOlder })
  else shell.out(editText(edited))
  return 0
}

const kindOf = ({ before, after }: TaskChange): 'added' | 'removed' | 'renamed' | 'changed' => (before === undefined ? 'added' : after === undefined ? 'removed' : before.id === after.id ? 'changed' : 'renamed')

const fieldsChanged = ({ before, after }: TaskChange): string[] => (before === undefined || after === undefined ? [] : changedKeys(before, after))

function changeJson(change: TaskChange): Record<string, unknown> {
  const { id } = change.after ?? change.before
  return { change: kindOf(change), id, ...(kindOf(change) === 'renamed' ? { from: change.before?.id } : {}), file: taskPath(id), fields: fieldsChanged(change) }
}

function changeText(change: TaskChange): string {
  const task = change.after ?? change.before
  const file = taskPath(task.id)
  switch (kindOf(change)) {
    case 'added': return `Added ${task.id} "${task.title}" (${hours(task.estimatedHours)} h, ${task.component}): ${file}`
    case 'removed': return `Removed ${task.id} "${task.title}": ${file}`
    case 'renamed': return `Renamed ${change.before?.id ?? ''} to ${task.id}: ${file}`
    case 'changed': return `Changed ${task.id} (${fieldsChanged(change).join(', ')}): ${file}`
  }
}

function editText({ changes, notes, planIsOlder }: EditedTasks): string {
  const lines = [...(changes.length === 0 ? ['Nothing to change: it is so already.'] : changes.map(changeText)), ...notes]
  if (planIsOlder) lines.push('The plan in the database is older than the task files now: `devteam plan --replan` takes them in.')
  return lines.map((line) => `${line}\n`).join('')
}
