import { UserError } from '../plan/errors.ts'
import { LeaseLost } from '../state/leases.ts'
import type { Lease } from '../state/rows.ts'
import type { RunContext } from './context.ts'

const heartbeatMs = 15_000

/**
 * Works while the lease is kept alive, and gives it back at the end. When it was taken over by another process the work is stopped:
 * UserError('held'); `what` names the thing in its message.
 */
export async function holding<T>(run: RunContext, lease: Lease, what: string, work: (held: RunContext) => Promise<T>): Promise<T> {
  const lost = new AbortController()
  const beat = setInterval(() => { run.state.heartbeat(lease).catch((error: unknown) => lost.abort(error)) }, heartbeatMs)
  try {
    return await work({ ...run, signal: AbortSignal.any([run.signal, lost.signal]) })
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error
    throw new UserError('held', `${what} was taken over by another process while this one was silent (a suspended machine, a stopped process). Nothing more was written here; \`devteam status\` shows who runs it.`, { cause: error })
  } finally {
    clearInterval(beat)
    await run.state.release(lease)
  }
}
