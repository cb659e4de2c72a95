import { applyChanges, changedKeys, type TaskChange, type TaskEdit } from '../plan/edit/edit.ts'
import { UserError } from '../plan/errors.ts'
import { loadTasks, taskProblems } from '../plan/files/read.ts'
import { ChangedMeanwhile, saveTaskChanges } from '../plan/files/edit.ts'
import type { TaskId } from '../plan/ids.ts'
import { problemText, refuse, type Problem } from '../plan/problem.ts'
import type { Task } from '../plan/task.ts'
import type { Snapshot, TaskRow } from '../state/rows.ts'

/** What an edit has changed. `planIsOlder`: there is a plan, and what it was made from is not so any more. */
export interface EditedTasks { readonly changes: readonly TaskChange[]; readonly notes: readonly string[]; readonly planIsOlder: boolean }

const attempts = 20

/**
 * Edits the task files below `root`. `edit` gets the tasks and says what is to change; the outcome has to pass the same checks as planning, so that broken
 * dependencies and hours can be mended by an edit. Where another program changes a file at the same time, the edit is made again of what is there then. Throws
 * UserError: `input` with all that is wrong at once, `held` where an agent is at work on a task of it. Then nothing is written.
 */
export async function editTasks(root: string, snapshot: Snapshot | undefined, edit: (tasks: readonly Task[]) => TaskEdit): Promise<EditedTasks> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await editOnce(root, snapshot, edit)
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || attempt === attempts) throw error
    }
  }
}

async function editOnce(root: string, snapshot: Snapshot | undefined, edit: (tasks: readonly Task[]) => TaskEdit): Promise<EditedTasks> {
  const loaded = await loadTasks(root)
  const { changes, problems, notes, unstarted } = edit(loaded.tasks)
  refuse([...problems, ...taskProblems(loaded, applyChanges(loaded.tasks, changes))])
  refuseStarted(snapshot, changes, unstarted)
  if (changes.length > 0) await saveTaskChanges(root, changes, loaded.tasks.at(-1))
  return { changes, notes, planIsOlder: snapshot !== undefined && changes.some(concernsPlan) }
}

/** The database has no descriptions and criteria, who does the work is looked up when it begins, and forecasts read low and high from the files. */
const unplanned = new Set(['description', 'feature_ref', 'acceptance_criteria', 'suggested_agent', 'estimate', 'priority', 'hours_guessed'])
const concernsPlan = (change: TaskChange): boolean => change.before === undefined || change.after === undefined || changedKeys(change.before, change.after).some((key) => !unplanned.has(key))

/** What agents worked to, or are working to: it is what the result was checked against. */
const worked = new Set(['title', 'description', 'component', 'acceptance_criteria', 'scope', 'suggested_agent'])

function refuseStarted(snapshot: Snapshot | undefined, changes: readonly TaskChange[], unstarted: TaskEdit['unstarted']): void {
  const rows = new Map<TaskId, TaskRow>((snapshot?.tasks ?? []).map((row) => [row.id, row]))
  const started = (id: TaskId): TaskRow | undefined => { const row = rows.get(id); return row?.status === 'in_progress' || row?.status === 'completed' ? row : undefined }
  const found: { readonly row: TaskRow; readonly what: string }[] = []
  for (const id of unstarted?.ids ?? []) {
    const row = started(id)
    if (row !== undefined) found.push({ row, what: `can't ${unstarted?.doing ?? ''}` })
  }
  for (const { before, after } of changes) {
    const row = before === undefined ? undefined : started(before.id)
    if (row === undefined || before === undefined || after === undefined || found.some((each) => each.row === row)) continue
    const keys = changedKeys(before, after).filter((key) => worked.has(key))
    if (keys.length > 0) found.push({ row, what: `can't get another ${keys.join(', ')}` })
    const open = after.dependencies.filter((id) => !before.dependencies.includes(id) && rows.get(id)?.status !== 'completed')
    if (open.length > 0) found.push({ row, what: `can't wait for ${open.join(', ')}, which ${open.length === 1 ? 'is' : 'are'} not completed` })
  }
  if (found.length === 0) return
  const problems = found.map(({ row, what }) => startedProblem(snapshot, row, what))
  const running = found.findIndex(({ row }) => leaseOf(snapshot, row)?.alive === true)
  const first = problems[running]
  if (first !== undefined) throw new UserError('held', problems.length === 1 ? problemText(first) : `${problems.length} problems, nothing was written:\n${problems.map((each) => `  ${problemText(each)}`).join('\n')}`)
  refuse(problems)
}

const leaseOf = (snapshot: Snapshot | undefined, row: TaskRow) => (row.status === 'in_progress' ? snapshot?.tracks.find((track) => track.id === row.track)?.lease : undefined)

function startedProblem(snapshot: Snapshot | undefined, row: TaskRow, what: string): Problem {
  const lease = leaseOf(snapshot, row)
  if (lease?.alive === true) return { where: row.id, what: `is being worked on by process ${lease.pid} on ${lease.host} since ${lease.since} and ${what}`, wayOut: 'Wait for its end, or stop that process' }
  return { where: row.id, what: `is ${row.status === 'completed' ? 'completed' : 'begun'} and ${what}`, wayOut: `\`devteam reset --task ${row.id}\` makes it pending again` }
}
