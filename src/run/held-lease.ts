import { UserError } from '../plan/errors.ts'
import { LeaseLost } from '../state/leases.ts'
import type { Lease } from '../state/rows.ts'
import type { RunContext } from './context.ts'

const heartbeatMs = 15_000

/**
 * Works while the lease is kept alive, and gives it back at the end. Once it was taken over by another process (noticed by the next
 * heartbeat, transition or write of a file), the work is stopped: UserError('held'); `what` names the thing in its message.
 */
export async function holding<T>(run: RunContext, lease: Lease, what: string, work: (held: RunContext) => Promise<T>): Promise<T> {
  const lost = new AbortController()
  const confirmLease = async (): Promise<void> => {
    try {
      await run.state.heartbeat(lease)
    } catch (error) {
      lost.abort(error)
      throw error
    }
  }
  const beat = setInterval(() => { confirmLease().catch(() => { /* the signal tells */ }) }, heartbeatMs)
  try {
    return await work({ ...run, signal: AbortSignal.any([run.signal, lost.signal]), confirmLease })
  } catch (error) {
    // What was stopped by the signal says only that it was stopped.
    const cause: unknown = lost.signal.aborted ? lost.signal.reason : error
    throw cause instanceof LeaseLost ? await heldByAnother(run, lease, what, cause) : cause
  } finally {
    clearInterval(beat)
    await run.state.release(lease)
  }
}

async function heldByAnother(run: RunContext, lease: Lease, what: string, cause: LeaseLost): Promise<UserError> {
  const snapshot = await run.state.snapshot()
  const holder = lease.track === undefined ? snapshot?.reviewLease : snapshot?.tracks.find((track) => track.id === lease.track)?.lease
  const now = holder === undefined ? 'Nobody holds it now: run the command again to go on.' : `Process ${holder.pid} on ${holder.host} holds it since ${holder.since}: let it go on; \`devteam status\` shows how far it is.`
  return new UserError('held', `${what} was taken over by another process while this one was silent (a suspended machine, a stopped process). Nothing more was written here. ${now}`, { cause })
}
