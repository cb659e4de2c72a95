import { dependentsOf, findTasks } from '../../plan/edit/edit.ts'
import { readTasks } from '../../plan/files/read.ts'
import { taskPath } from '../../plan/files/edit.ts'
import { refuse } from '../../plan/problem.ts'
import { taskKeys } from '../../plan/task-file.ts'
import type { Task } from '../../plan/task.ts'
import { counted, hours } from '../../report/format.ts'
import type { Snapshot, TaskRow, TaskStatus } from '../../state/rows.ts'
import { printJson, type Shell } from '../shell.ts'
import { withState } from '../workspace.ts'

const words: Readonly<Record<TaskStatus, string>> = { pending: 'pending', in_progress: 'running', completed: 'completed', failed: 'failed', blocked: 'blocked' }
const total = (tasks: readonly Task[]): number => tasks.reduce((sum, task) => sum + task.estimatedHours, 0)

/** `devteam task list`: the task files; with a plan, how far each task is. */
export const listCommand = (shell: Shell, options: { readonly component?: string }): Promise<number> => withTasks(shell, (all, rows) => {
  const tasks = options.component === undefined ? all : all.filter((task) => task.component.toLowerCase() === options.component?.toLowerCase())
  if (shell.json) printJson(shell, { tasks: tasks.map((task) => taskJson(task, rows.get(task.id))), totalHours: total(tasks) })
  else if (tasks.length === 0) shell.out(all.length === 0 ? 'There are no tasks yet. `devteam task add TITLE` makes one, `devteam plan --describe TEXT` a first plan.\n' : `No task has the component ${options.component ?? ''}: there are ${[...new Set(all.map((task) => task.component))].join(', ')}.\n`)
  else shell.out(listText(tasks, rows))
})

/** `devteam task show ID` */
export const showCommand = (shell: Shell, id: string): Promise<number> => withTasks(shell, (tasks, rows) => {
  const { found: [task], problems } = findTasks(tasks, [id])
  refuse(problems)
  if (task === undefined) return
  const dependents = dependentsOf(tasks, task.id)
  if (shell.json) printJson(shell, { ...taskJson(task, rows.get(task.id)), dependents: dependents.map((each) => each.id) })
  else shell.out(showText(task, rows.get(task.id), tasks.filter((each) => task.dependencies.includes(each.id)), dependents))
})

type Rows = ReadonlyMap<string, TaskRow>

async function withTasks(shell: Shell, say: (tasks: readonly Task[], rows: Rows) => void): Promise<number> {
  const tasks = await readTasks(shell.cwd)
  const snapshot: Snapshot | undefined = await withState(shell, (state) => state.snapshot())
  say(tasks, new Map((snapshot?.tasks ?? []).map((row) => [row.id, row])))
  return 0
}

/** The keys of the file; those of the database are null where the plan does not have the task. */
const taskJson = (task: Task, row: TaskRow | undefined): Record<string, unknown> => ({ ...taskKeys(task), file: taskPath(task.id), status: row?.status ?? null, track: row?.track ?? null, sprint: row?.sprint ?? null })

function listText(tasks: readonly Task[], rows: Rows): string {
  const lines = tasks.map((task) => {
    const row = rows.get(task.id)
    const status = rows.size === 0 ? [] : [row === undefined ? 'not planned' : words[row.status]]
    return [task.id, hours(task.estimatedHours), task.component, ...status, task.title, task.dependencies.join(', ')]
  })
  const head = ['Task', 'Hours', 'Component', ...(rows.size === 0 ? [] : ['Status']), 'Title', 'Depends on']
  return `${aligned([head, ...lines])}\n\n${counted(tasks.length, 'task')}, ${hours(total(tasks))} hours\n`
}

/** Columns two spaces apart; hours to the right. */
function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines.map((line) => line.map((cell, column) => (lines[0]?.[column] === 'Hours' ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd()).join('\n')
}

function showText(task: Task, row: TaskRow | undefined, dependencies: readonly Task[], dependents: readonly Task[]): string {
  const range = task.estimate === undefined ? '' : ` (${hours(task.estimate.low)} to ${hours(task.estimate.high)})`
  const facts: [string, string | undefined][] = [
    ['Status', row === undefined ? undefined : `${words[row.status]}${row.reason === undefined ? '' : `, ${row.reason}`}, ${row.sprint} on track ${Number(row.track)}`],
    ['Hours', `${hours(task.estimatedHours)}${range}`], ['Component', task.component], ['Priority', task.priority], ['Agent', task.suggestedAgent], ['Requirement', task.featureRef],
    ['Scope', task.allowedPatterns.length === 0 ? undefined : task.allowedPatterns.join(', ')], ['File', taskPath(task.id)],
  ]
  const block = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)])
  const named = (tasks: readonly Task[]): string[] => tasks.map((each) => `${each.id} ${each.title}`)
  return [
    `${task.id} ${task.title}`, ...(task.description === '' ? [] : ['', task.description]), '',
    ...facts.flatMap(([name, value]) => (value === undefined ? [] : [`${`${name}:`.padEnd(13)}${value}`])),
    ...block('Acceptance criteria', task.acceptanceCriteria.map((text, i) => `${i + 1}. ${text}`)), ...block('Depends on', named(dependencies)), ...block('Needed by', named(dependents)), '',
  ].join('\n')
}
