import path from 'node:path'
import type { SqlJsStatic } from 'sql.js'
import type { SprintId, TaskId, TrackId } from '../plan/ids.ts'
import type { Plan } from '../plan/plan.ts'
import type { Replan } from '../plan/replan/replan.ts'
import type { Task } from '../plan/task.ts'
import type { Actor } from './actor.ts'
import type { Engine, Tx } from './engine.ts'
import type { NewEvent, RecordedEvent } from './event.ts'
import { type EventQuery, selectEvents, visitEvents } from './events.ts'
import { keepLastGood, keptEveryMs } from './recovery/last-good.ts'
import { heartbeat, releaseLease } from './leases.ts'
import { identifySelf, type ProcessIdentity } from './process.ts'
import { readFindings, readSnapshot } from './queries.ts'
import { randomId } from './random-id.ts'
import { Recorder } from './recorder.ts'
import { type PlanBasis, readBasis, saveReplan } from './replan.ts'
import { type ResetScope, resetTasks } from './reset.ts'
import type { Claim, FindingRow, Lease, SessionRow, SessionStatus, Snapshot } from './rows.ts'
import { type CompletedElsewhere, savePlan } from './save-plan.ts'
import { endSession, readSessions, startSession } from './sessions.ts'
import { SqliteEngine } from './sqlite.ts'
import { beginSql } from './wasm.ts'
import { claimTask, completeTask, type Done, failTask, type Failed, releaseTask } from './tasks.ts'
import { acquireTrack, claimReview, type CompletedTrack, completeProject, completeSprint, completeTrack, retryFailed, type ReviewFinding, startSprint, startTrack } from './tracks.ts'

export interface StateOptions {
  /** Both handed in for tests. */
  readonly now?: () => Date
  readonly newId?: () => string
  /** Path of sql-wasm.wasm; needed by a CommonJS bundle, which can't find what lies beside it. */
  readonly wasm?: string
  /** How long one holder of the file lock is waited for, in milliseconds (default 10,000). */
  readonly patienceMs?: number
  /** Who this process is; handed in for tests. */
  readonly self?: ProcessIdentity
}

/** Opens the state of a workspace folder: `<root>/.devteam/devteam.db`. Nothing is read yet, and nothing created before the first write. */
export async function openState(root: string, options: StateOptions = {}): Promise<State> {
  const { now = () => new Date(), newId = randomId, self = identifySelf(), wasm, patienceMs } = options
  const file = path.join(root, '.devteam', 'devteam.db')
  const { ready } = await beginSql(wasm)
  const load = (): Promise<SqlJsStatic> => ready
  const keepCopy = (olderThanMs: number): Promise<void> => keepLastGood(file, load, now(), olderThanMs)
  return new State(file, new SqliteEngine({ file, self, now, load, patienceMs }), { self, newId }, now, keepCopy)
}

/**
 * What DevTeam remembers. Every method that writes is one transaction, durable when it resolves and safe to repeat; with a lease it
 * rejects with LeaseLost once the lease was taken over. Any method may reject with a UserError: `database` when the file is damaged,
 * foreign, newer, gone or not writable; `held` when another process keeps a lock or a lease.
 */
export class State {
  readonly file: string
  readonly #engine: Engine
  readonly #actor: Actor
  readonly #now: () => Date
  readonly #recorder: Recorder
  readonly #keepCopy: (olderThanMs: number) => Promise<void>

  /** `keepCopy`: makes a copy for `devteam recover` when the last one is older, in milliseconds. */
  constructor(file: string, engine: Engine, actor: Actor, now: () => Date, keepCopy: (olderThanMs: number) => Promise<void>) {
    this.file = file
    this.#engine = engine
    this.#actor = actor
    this.#now = now
    this.#recorder = new Recorder(engine)
    this.#keepCopy = keepCopy
  }

  /** Everything in one consistent read; undefined: no plan yet. */
  snapshot(): Promise<Snapshot | undefined> { return this.#engine.read((tx) => readSnapshot(tx, this.#actor.self)) }

  /** Oldest first. Events that `recordEvent` has not written yet are not among them: see `flush`. */
  events(query: EventQuery = {}): Promise<RecordedEvent[]> { return this.#engine.read((tx) => selectEvents(tx, query)) }

  /** Hands over every such event, oldest first, a part at a time: for a history that may be long. */
  visitEvents(query: Omit<EventQuery, 'limit'>, visit: (events: readonly RecordedEvent[]) => void | Promise<void>): Promise<void> { return this.#engine.read((tx) => visitEvents(tx, query, visit)) }

  /** Oldest first. */
  sessions(): Promise<SessionRow[]> { return this.#engine.read(readSessions) }

  findings(): Promise<FindingRow[]> { return this.#engine.read(readFindings) }

  /**
   * Replaces the plan under a new `planId`. Tasks that were completed elsewhere are completed from the start, now and in later plans. UserError `held` while a process works on it, `input` when
   * other tasks of it are completed or in progress.
   */
  savePlan(session: string, plan: Plan, tasks: readonly Task[], order: readonly TaskId[], settings: Readonly<Record<string, string>>, completed?: CompletedElsewhere): Promise<void> {
    return this.#write((tx) => savePlan(tx, this.#actor, session, { plan, tasks, order, settings, completed }), { bulk: true })
  }

  /** What a plan in progress is replanned from, in one consistent read; undefined: no plan yet. */
  planBasis(): Promise<PlanBasis | undefined> { return this.#engine.read((tx) => readBasis(tx, this.#actor.self)) }

  /** Takes a proposal over that was made from `basis`. false: the plan has changed since, and nothing was written. UserError `held` while the final review runs. */
  replan(session: string, basis: Snapshot, replan: Replan, settings: Readonly<Record<string, string>>): Promise<boolean> {
    return this.#write((tx) => saveReplan(tx, this.#actor, session, { basis, replan, settings }))
  }

  /** Gives the session's id. Sessions of dead processes of this host become interrupted. */
  async startSession(command: string, simulated: boolean): Promise<string> {
    const { id, started } = this.beginSession(command, simulated)
    await started
    await this.#keepCopy(keptEveryMs)
    return id
  }

  /** `startSession` without the wait, and without its copy for `devteam recover`: what is called in the same step, with this id, is one commit with it. */
  beginSession(command: string, simulated: boolean): { readonly id: string; readonly started: Promise<void> } {
    const id = this.#actor.newId()
    return { id, started: this.#write((tx) => startSession(tx, this.#actor, id, command, simulated)) }
  }

  /** Also gives back the leases that the session still holds. */
  async endSession(session: string, status: SessionStatus): Promise<void> {
    await this.#write((tx) => endSession(tx, session, status))
    await this.#keepCopy(0)
  }

  /** Ends a session that plans: to be called in the same step as `savePlan`. What it made can be made again, so the copy for `devteam recover` may be some minutes old. */
  async endPlanning(session: string): Promise<void> {
    await this.#write((tx) => endSession(tx, session, 'completed'))
    await this.#keepCopy(keptEveryMs)
  }

  /** UserError `held` while another session's process lives; what a dead one had in progress is pending again. */
  acquireTrack(track: TrackId, session: string): Promise<Lease> { return this.#write((tx) => acquireTrack(tx, this.#actor, track, session)) }

  /** The lease of the final review; undefined: nothing to review (now). */
  claimReview(session: string): Promise<Lease | undefined> { return this.#write((tx) => claimReview(tx, this.#actor, session)) }

  /** To be called every 15 s: without, other hosts take the lease over after 60 s. */
  async heartbeat(lease: Lease): Promise<void> {
    await this.#write((tx) => heartbeat(tx, lease))
    await this.#keepCopy(keptEveryMs)
  }

  /** Never rejects with LeaseLost: what is lost needs no release. */
  release(lease: Lease): Promise<void> { return this.#write((tx) => releaseLease(tx, lease)) }

  startTrack(lease: Lease, event: NewEvent): Promise<RecordedEvent> { return this.#write((tx) => startTrack(tx, lease, event)) }

  startSprint(lease: Lease, sprint: SprintId, event: NewEvent): Promise<RecordedEvent> { return this.#write((tx) => startSprint(tx, lease, sprint, event)) }

  /** Failed tasks of the track, and those that only they blocked, are pending again; gives their ids. */
  retryFailed(lease: Lease): Promise<TaskId[]> { return this.#write((tx) => retryFailed(tx, lease)) }

  claimTask(lease: Lease, within: { readonly sprint?: SprintId | undefined; readonly task?: TaskId | undefined } = {}): Promise<Claim> {
    return this.#write((tx) => claimTask(tx, this.#actor, lease, within))
  }

  completeTask(lease: Lease, task: TaskId, done: Done, event: NewEvent): Promise<RecordedEvent> { return this.#write((tx) => completeTask(tx, lease, task, done, event)) }

  /** Gives the failure's event and one `task.blocked` for every task that depends on it. */
  failTask(lease: Lease, task: TaskId, failed: Failed, event: NewEvent): Promise<RecordedEvent[]> { return this.#write((tx) => failTask(tx, lease, task, failed, event)) }

  releaseTask(lease: Lease, task: TaskId): Promise<void> { return this.#write((tx) => releaseTask(tx, lease, task)) }

  completeSprint(lease: Lease, sprint: SprintId, findings: readonly ReviewFinding[], event: NewEvent): Promise<RecordedEvent> {
    return this.#write((tx) => completeSprint(tx, lease, sprint, findings, event))
  }

  /** `makeEvent` is called inside the transaction with the tracks that are still open. */
  completeTrack(lease: Lease, makeEvent: (othersOpen: TrackId[]) => NewEvent): Promise<CompletedTrack> { return this.#write((tx) => completeTrack(tx, this.#actor, lease, makeEvent)) }

  /** Also releases the lease. */
  completeProject(lease: Lease, findings: readonly ReviewFinding[], event: NewEvent): Promise<RecordedEvent> {
    return this.#write((tx) => completeProject(tx, lease, findings, event))
  }

  /** Gives the number of tasks that are pending again. */
  resetTasks(what: ResetScope, session: string): Promise<number> { return this.#write((tx) => resetTasks(tx, this.#actor, session, what)) }

  /** Returns at once; the event is written with the next transition, before its rows, else within 100 ms. */
  recordEvent(session: string, event: NewEvent): { time: string } {
    const time = this.#now().toISOString()
    this.#recorder.add(session, time, event)
    return { time }
  }

  /** Resolves once every recorded event is durable. */
  flush(): Promise<void> { return this.#recorder.flush() }

  /** Calls `listener` after a commit of any process. */
  onCommit(listener: () => void): () => void { return this.#engine.onCommit(listener) }

  /** Writes what is pending and frees everything; rejects when it could not be written. */
  async close(): Promise<void> {
    try {
      await this.flush()
    } finally {
      this.#recorder.stop()
      await this.#engine.close()
    }
  }

  async #write<T>(work: (tx: Tx) => Promise<T>, options?: { readonly bulk: boolean }): Promise<T> {
    // Queued in one step, events first: one commit takes both.
    const [events, result] = await Promise.allSettled([this.#recorder.write(), this.#engine.transaction(work, options)])
    if (result.status === 'rejected') throw result.reason
    if (events.status === 'rejected') throw events.reason
    return result.value
  }
}
