import { UserError } from '../../src/plan/errors.ts'
import type { TrackId } from '../../src/plan/ids.ts'
import { LeaseLost } from '../../src/state/leases.ts'
import type { Lease, TaskRow } from '../../src/state/rows.ts'
import type { State } from '../../src/state/state.ts'
import { completedEvent, done, failed, failedEvent, type SavedPlan } from '../unit/state/support.ts'
import type { Operation } from './state-model.ts'

/** One process that asks the state for what a model's operations say; it knows its session, its leases and what it claimed, no more. */
export class StatePeer {
  #session: string | undefined
  readonly #leases = new Map<TrackId, Lease>()
  readonly #inHand = new Map<TrackId, TaskRow>()

  constructor(readonly state: State, private readonly plan: SavedPlan) {}

  /** What it is told, in the model's words. */
  async perform(operation: Operation): Promise<string> {
    try {
      if (operation.kind === 'start') {
        this.#session = await this.state.startSession('implement --sprint all', true)
        return 'ok'
      }
      return this.#session === undefined ? 'idle' : await this.#ask(operation, this.#session)
    } catch (error) {
      if (error instanceof LeaseLost) return 'lost'
      if (error instanceof UserError) return error.code
      if (error instanceof Error && /can't be (completed|failed)/.test(error.message)) return 'refused'
      throw error
    }
  }

  async #ask(operation: Exclude<Operation, { kind: 'start' }>, session: string): Promise<string> {
    const { state } = this
    switch (operation.kind) {
      case 'end': await state.endSession(session, 'completed'); return 'ok'
      case 'note':
        state.recordEvent(session, { type: 'error', data: { message: 'noted' } })
        await state.flush()
        return 'ok'
      case 'save': await state.savePlan(session, this.plan.plan, this.plan.tasks, this.plan.order, {}); return 'ok'
      case 'reset all': return `${await state.resetTasks({ all: true }, session)} tasks`
      case 'reset': return `${await state.resetTasks({ track: operation.track }, session)} tasks`
      case 'acquire': this.#leases.set(operation.track, await state.acquireTrack(operation.track, session)); return 'ok'
      default: return await this.#withLease(operation.kind, operation.track)
    }
  }

  async #withLease(kind: 'claim' | 'complete' | 'fail' | 'put back' | 'retry' | 'beat' | 'release', track: TrackId): Promise<string> {
    const { state } = this
    const [lease, task] = [this.#leases.get(track), this.#inHand.get(track)]
    if (lease === undefined) return 'idle'
    switch (kind) {
      case 'claim': {
        const claim = await state.claimTask(lease)
        if (claim.kind === 'claimed') this.#inHand.set(track, claim.task)
        return claim.kind === 'none' ? 'none' : claim.kind === 'waiting' ? `waiting ${claim.task}` : `claimed ${claim.task.id}`
      }
      case 'retry': await state.retryFailed(lease); return 'ok'
      case 'beat': await state.heartbeat(lease); return 'ok'
      case 'release': await state.release(lease); return 'ok'
      case 'complete': case 'fail': case 'put back': break
    }
    if (task === undefined) return 'idle'
    if (kind === 'complete') await state.completeTask(lease, task.id, done, completedEvent(task))
    else if (kind === 'fail') await state.failTask(lease, task.id, failed, failedEvent(task))
    else await state.releaseTask(lease, task.id)
    return 'ok'
  }
}
