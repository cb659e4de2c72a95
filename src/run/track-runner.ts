import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../plan/errors.ts'
import type { SprintId, TaskId, TrackId } from '../plan/ids.ts'
import type { Claim, Lease, Snapshot, SprintRow, TaskRow } from '../state/rows.ts'
import type { RunContext } from './context.ts'
import { holding } from './held-lease.ts'
import { reviewSprint } from './sprint-review.ts'
import { settleReviews, settleUnfinished } from './unfinished.ts'
import { TaskLoop } from './task-loop.ts'
import { totalsOf } from './totals.ts'

/** What part of a track to run. */
export interface Part { readonly sprint?: SprintId; readonly task?: TaskId }

export interface TrackOutcome {
  readonly track: TrackId
  readonly outcome: 'completed' | 'part done' | 'incomplete'
  /** Tasks that failed or are blocked, with why. */
  readonly open: readonly TaskRow[]
  /** The final review is this process's to run: this track was the last. */
  readonly review: Lease | undefined
}

const pollMs = 1_000

/** Runs a track, or a part of it, under its lease: sprint after sprint, task after task, in the plan's order. The lease is given back at the end. */
export const runTrack = (run: RunContext, lease: Lease, track: TrackId, part: Part): Promise<TrackOutcome> =>
  holding(run, lease, `Track ${track}`, (held) => new TrackRun(held, track, lease, part).toEnd())

class TrackRun {
  constructor(private readonly run: RunContext, private readonly track: TrackId, private readonly lease: Lease, private readonly part: Part) {}

  async toEnd(): Promise<TrackOutcome> {
    const { run, track, lease, part } = this
    await run.state.retryFailed(lease)
    await settleReviews(run, track)
    const snapshot = await planned(run)
    const sprints = snapshot.sprints.filter((sprint) => sprint.track === track).sort((a, b) => a.number - b.number)
    const tasks = snapshot.tasks.filter((task) => task.track === track)
    const wanted = sprints.filter((sprint) => this.wants(sprint, tasks))
    const resumed = part.task === undefined && sprints.some((sprint) => sprint.status !== 'planned')
    const name = snapshot.tracks.find((each) => each.id === track)?.name ?? track
    run.journal.durable(await run.state.startTrack(lease, { track, type: 'track.started', data: { name, sprints: wanted.length, tasks: tasks.length, resumed } }))
    for (const sprint of wanted) await this.sprint(sprint)
    return this.end()
  }

  private wants(sprint: SprintRow, tasks: readonly TaskRow[]): boolean {
    if (this.part.sprint !== undefined) return sprint.id === this.part.sprint
    if (this.part.task !== undefined) return tasks.some((task) => task.id === this.part.task && task.sprint === sprint.id)
    return true
  }

  private async sprint(sprint: SprintRow): Promise<void> {
    const { run, track, lease, part } = this
    const place = { track, sprint: sprint.id }
    if (sprint.status === 'done') {
      run.journal.note({ ...place, type: 'sprint.skipped', data: { name: sprint.name } })
      return
    }
    const tasks = tasksOf(await planned(run), sprint.id)
    if (part.task === undefined) {
      const skipped = tasks.filter((task) => task.status === 'completed').map((task) => task.id)
      const from = tasks.find((task) => task.status !== 'completed')?.id
      run.journal.durable(await run.state.startSprint(lease, sprint.id, sprint.status === 'active'
        ? { ...place, type: 'sprint.resumed', data: { name: sprint.name, tasks: tasks.length, skipped, from } }
        : { ...place, type: 'sprint.started', data: { name: sprint.name, tasks: tasks.length } }))
    }
    for (let task = await this.next(sprint.id); task !== undefined; task = await this.next(sprint.id)) await this.task(task, tasks)
    const after = tasksOf(await planned(run), sprint.id)
    if (part.task === undefined && after.every((task) => task.status === 'completed')) await reviewSprint(run, sprint, after, lease)
  }

  private async task(task: TaskRow, inSprint: readonly TaskRow[]): Promise<void> {
    const { run, lease } = this
    try {
      const left = await settleUnfinished(run, task, lease)
      if (left.completed) return
      await new TaskLoop(run, task, lease, left.spent).runToEnd(inSprint.findIndex((each) => each.id === task.id) + 1, inSprint.length)
    } catch (error) {
      // Stopped or broken: nobody works on it now. Where the lease is lost, the next owner does this.
      await run.state.releaseTask(lease, task.id).catch(() => undefined)
      throw error
    }
  }

  /** The next task to work on; waits while each is held up by other tracks. undefined: none is left. */
  private async next(sprint: SprintId): Promise<TaskRow | undefined> {
    const { run, lease, part, track } = this
    let told = ''
    while (true) {
      run.signal.throwIfAborted()
      const claim = await run.state.claimTask(lease, { sprint, ...(part.task === undefined ? {} : { task: part.task }) })
      if (claim.kind === 'claimed') return claim.task
      if (claim.kind === 'none') return undefined
      this.refuseToWait(claim)
      const key = JSON.stringify(claim)
      if (key !== told) run.journal.note({ track, sprint, task: claim.task, type: 'task.waiting', data: { on: claim.on } })
      told = key
      await nextCommit(run)
    }
  }

  private refuseToWait(claim: Extract<Claim, { kind: 'waiting' }>): void {
    const own = claim.on.find((on) => on.track === this.track)
    if (own !== undefined) throw new UserError('failed', `${claim.task} depends on ${own.task} of the same track, which is not completed. Run it first: devteam implement --task ${own.task}`)
    const nobody = claim.on.find((on) => !on.running)
    if (this.run.noWait && nobody !== undefined) throw new UserError('failed', `${claim.task} waits for ${nobody.task} of track ${nobody.track}, which nobody runs. Start it: devteam implement --sprint all ${nobody.track}`)
  }

  private async end(): Promise<TrackOutcome> {
    const { run, track, lease } = this
    const snapshot = await planned(run)
    const sprints = snapshot.sprints.filter((sprint) => sprint.track === track)
    const tasks = snapshot.tasks.filter((task) => task.track === track)
    const open = tasks.filter((task) => task.status === 'failed' || task.status === 'blocked')
    if (open.length > 0) return { track, outcome: 'incomplete', open, review: undefined }
    if (!sprints.every((sprint) => sprint.status === 'done')) return { track, outcome: 'part done', open: [], review: undefined }
    const totals = await totalsOf(run.state, { track })
    const name = snapshot.tracks.find((each) => each.id === track)?.name ?? track
    const findings = (await run.state.findings()).filter((found) => found.status === 'open' && sprints.some((sprint) => sprint.id === found.sprint))
    const quality = findings.length === 0 ? 'All checks passed' : `${findings.length} open findings (devteam report)`
    const done = await run.state.completeTrack(lease, (othersOpen) => ({
      track, type: 'track.completed', data: { ...totals, name, tasks: tasks.length, sprints: sprints.length, quality, simulated: run.executor.simulated, othersOpen },
    }))
    run.journal.durable(done.recorded)
    return { track, outcome: 'completed', open: [], review: done.review }
  }
}

const tasksOf = (snapshot: Snapshot, sprint: SprintId): TaskRow[] => snapshot.tasks.filter((task) => task.sprint === sprint).sort((a, b) => a.position - b.position)

export async function planned(run: Pick<RunContext, 'state'>): Promise<Snapshot> {
  const snapshot = await run.state.snapshot()
  if (snapshot === undefined) throw new UserError('database', `The plan in ${run.state.file} is gone. Restore the file, or run \`devteam plan\` again.`)
  return snapshot
}

/** Another process has committed something, or a second has passed. */
async function nextCommit(run: RunContext): Promise<void> {
  let stop = (): void => { /* set below */ }
  const committed = new Promise<void>((resolve) => { stop = run.state.onCommit(() => resolve()) })
  const timer = new AbortController()
  await Promise.race([committed, sleep(pollMs, undefined, { signal: timer.signal }).catch(() => undefined)])
  timer.abort()
  stop()
}
