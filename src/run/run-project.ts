import type { Executor, Tier } from '../agents/executor.ts'
import type { Roles } from '../agents/roles.ts'
import { UserError } from '../plan/errors.ts'
import { readPrd, readTasks } from '../plan/files/read.ts'
import type { SprintId, TaskId, TrackId } from '../plan/ids.ts'
import type { CompletionFigures } from '../report/completion.ts'
import type { SpokenEvent } from '../report/transcript.ts'
import type { Lease, Snapshot, TaskRow } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import type { Config } from './config.ts'
import type { RunContext } from './context.ts'
import { runFinalReview } from './final-review.ts'
import { detectGates } from './gates.ts'
import { Journal } from './journal.ts'
import { projectLanguages } from './project-roles.ts'
import { planned, runTrack, type Part, type TrackOutcome } from './track-runner.ts'
import { Usage } from './usage.ts'
import { openWorkDirectory } from './open-work-directory.ts'

/** What to run: everything, one track, one sprint or one task. */
export type Selection =
  | { readonly kind: 'all' }
  | { readonly kind: 'track'; readonly track: string }
  | { readonly kind: 'sprint'; readonly sprint: string }
  | { readonly kind: 'task'; readonly task: string }

/** The words of the command line that select this, without the program's name. */
function commandOf(selection: Selection): string {
  switch (selection.kind) {
    case 'all': return 'implement --sprint all'
    case 'track': return `implement --sprint all ${selection.track}`
    case 'sprint': return `implement --sprint ${selection.sprint}`
    case 'task': return `implement --task ${selection.task}`
  }
}

export interface RunOptions {
  readonly root: string
  readonly config: Config
  readonly state: State
  readonly executor: Executor
  readonly roles: Roles
  readonly modelOf: (tier: Tier) => string
  readonly selection: Selection
  /** Stops the run; its reason is told as the signal. */
  readonly signal: AbortSignal
  readonly noWait?: boolean
  readonly onEvent: (event: SpokenEvent) => void
}

export interface RunOutcome {
  readonly result: 'completed' | 'nothing to do' | 'part done' | 'incomplete' | 'interrupted'
  /** Failed and blocked tasks, with why. */
  readonly open: readonly TaskRow[]
  /** The final review ran here, and passed: its figures. */
  readonly figures: CompletionFigures | undefined
  /** What is already complete, for a message: `Track 02 (Frontend)`. */
  readonly done: readonly string[]
}

/** Runs what was selected to its end. Every event is in the database and was told to `onEvent` when it resolves. */
export async function runProject(options: RunOptions): Promise<RunOutcome> {
  const { state, executor, signal } = options
  const command = commandOf(options.selection) // the session's name, and how to resume
  const snapshot = await state.snapshot()
  if (snapshot === undefined) throw new UserError('input', `There is no plan yet in ${options.root}. Run \`devteam plan\` first.`)
  const targets = targetsOf(snapshot, options.selection)
  const finished = nothingToDo(snapshot, targets, options.selection)
  if (finished !== undefined) return finished
  const { directory } = await openWorkDirectory(options.root)
  const tasks = new Map((await readTasks(options.root)).map((task) => [task.id, task]))
  const gates = options.config.gates ?? await detectGates(options.root)
  const prd = await readPrd(options.root)
  const languages = projectLanguages(prd, await directory.files())
  const session = await state.startSession(command, executor.simulated)
  const journal = new Journal(state, session, options.onEvent)
  const run: RunContext = {
    ...options, roles: options.roles.withLanguages(languages), gates, planId: snapshot.planId, journal, directory, tasks, prd, noWait: options.noWait ?? false, usage: new Usage(), confirmLease: () => state.flush(),
  }
  try {
    journal.note({ type: 'run.started', data: { command, executor: executor.name, simulated: executor.simulated, tracks: targets.map((target) => target.track) } })
    const outcome = await work(run, targets, options.selection)
    await state.endSession(session, outcome.result === 'incomplete' ? 'failed' : 'completed')
    return outcome
  } catch (error) {
    if (signal.aborted) {
      journal.note({ type: 'run.interrupted', data: { signal: String(signal.reason), resume: `devteam ${command}` } })
      await state.endSession(session, 'interrupted')
      return { result: 'interrupted', open: [], figures: undefined, done: [] }
    }
    journal.note({ type: 'error', data: { message: error instanceof Error ? error.message : String(error) } })
    await state.endSession(session, 'failed').catch(() => undefined) // the first error is the one to tell
    throw error
  }
}

/** A track, or the part of it, that was selected. */
export interface Target { readonly track: TrackId; readonly part: Part }

/** What a selection means for this plan. Throws UserError('usage') where the plan has no such track, sprint or task. */
export function targetsOf(snapshot: Snapshot, selection: Selection): Target[] {
  switch (selection.kind) {
    case 'all': return snapshot.tracks.map((track) => ({ track: track.id, part: {} }))
    case 'track': {
      const track = snapshot.tracks.find((each) => each.id === selection.track || Number(each.id) === Number(selection.track))
      if (track === undefined) throw new UserError('usage', `There is no track ${selection.track}. The plan has ${snapshot.tracks.map((each) => `${each.id} (${each.name})`).join(', ')}.`)
      return [{ track: track.id, part: {} }]
    }
    case 'sprint': {
      const sprint = snapshot.sprints.find((each) => each.id === selection.sprint as SprintId)
      if (sprint === undefined) throw new UserError('usage', `There is no sprint ${selection.sprint}. The plan has ${snapshot.sprints.map((each) => each.id).join(', ')}.`)
      return [{ track: sprint.track, part: { sprint: sprint.id } }]
    }
    case 'task': {
      const task = snapshot.tasks.find((each) => each.id === selection.task as TaskId)
      if (task === undefined) throw new UserError('usage', `There is no task ${selection.task} in the plan. \`devteam status\` lists the tasks.`)
      return [{ track: task.track, part: { task: task.id } }]
    }
  }
}

function nothingToDo(snapshot: Snapshot, targets: readonly Target[], selection: Selection): RunOutcome | undefined {
  const done = targets.flatMap(({ track, part }) => {
    const row = snapshot.tracks.find((each) => each.id === track)
    if (part.task !== undefined) return snapshot.tasks.some((task) => task.id === part.task && task.status === 'completed') ? [part.task] : []
    if (part.sprint !== undefined) return snapshot.sprints.some((sprint) => sprint.id === part.sprint && sprint.status === 'done') ? [part.sprint] : []
    return row?.status === 'completed' ? [`Track ${Number(track)} (${row.name})`] : []
  })
  const all = done.length === targets.length && (selection.kind !== 'all' || snapshot.projectCompleted)
  // The last track may have ended without its review (a crash in between): then any run of a completed track takes the review up.
  const reviewOpen = !snapshot.projectCompleted && snapshot.tracks.every((track) => track.status === 'completed')
  return all && !(reviewOpen && selection.kind === 'track') ? { result: 'nothing to do', open: [], figures: undefined, done } : undefined
}

async function work(run: RunContext, targets: readonly Target[], selection: Selection): Promise<RunOutcome> {
  const stop = new AbortController()
  const together: RunContext = { ...run, signal: AbortSignal.any([run.signal, stop.signal]) }
  const outcomes: TrackOutcome[] = []
  // All tracks at once; the first that breaks stops the others, so that nothing goes on behind an error message.
  const leased = await leasesOf(run, targets)
  const settled = await Promise.allSettled(leased.map(async ({ lease, track, part }) => {
    try { outcomes.push(await runTrack(together, lease, track, part)) } catch (error) { stop.abort(error); throw error }
  }))
  const broken = settled.find((each) => each.status === 'rejected')
  if (broken !== undefined) throw stop.signal.reason instanceof Error ? stop.signal.reason : broken.reason
  const open = outcomes.flatMap((outcome) => outcome.open)
  if (open.length > 0) return { result: 'incomplete', open, figures: undefined, done: [] }
  const lease = outcomes.find((outcome) => outcome.review !== undefined)?.review ?? await reviewLease(run, selection)
  if (lease !== undefined) {
    const figures = await runFinalReview(run, lease)
    return { result: figures === undefined ? 'incomplete' : 'completed', open: [], figures, done: [] }
  }
  return { result: outcomes.some((outcome) => outcome.outcome === 'part done') ? 'part done' : 'completed', open: [], figures: undefined, done: [] }
}

/** The leases of all tracks that have something to do, all or none: nothing begins where another process holds one of them. */
async function leasesOf(run: RunContext, targets: readonly Target[]): Promise<(Target & { readonly lease: Lease })[]> {
  const { tracks } = await planned(run)
  const open = targets.filter(({ track }) => tracks.some((row) => row.id === track && row.status !== 'completed'))
  const leased: (Target & { readonly lease: Lease })[] = []
  try {
    for (const target of open) leased.push({ ...target, lease: await run.state.acquireTrack(target.track, run.journal.session) })
    return leased
  } catch (error) {
    for (const { lease } of leased) await run.state.release(lease)
    throw error
  }
}

/** A review that nobody has claimed though every track is complete. */
const reviewLease = (run: RunContext, selection: Selection): Promise<Lease | undefined> =>
  selection.kind === 'all' || selection.kind === 'track' ? run.state.claimReview(run.journal.session) : Promise.resolve(undefined)
