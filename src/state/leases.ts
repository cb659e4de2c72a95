import { UserError } from '../plan/errors.ts'
import type { TaskId, TrackId } from '../plan/ids.ts'
import type { Actor } from './actor.ts'
import { number, text } from './cells.ts'
import type { Row, Tx } from './engine.ts'
import { fateOf, fromMark, markOf, type ProcessIdentity } from './process.ts'
import type { Lease, LeaseHolder } from './rows.ts'
import { putDown } from './task-rows.ts'

/** A lease of another host counts as lost after so long without a heartbeat, by the engine's clock. Milliseconds. */
const heartbeatPatienceMs = 60_000

/** The lease was taken over: whoever held it must not write any more. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
  constructor(readonly lease: Lease) { super(`the lease ${lease.name} was taken over by another process, or ended`) }
}

export const reviewName = 'review'
const nameOf = (track: TrackId | undefined): string => track === undefined ? reviewName : `track:${track}`

/** Throws LeaseLost unless this lease is still held. Every transition with a lease calls it first. */
export async function checkLease(tx: Tx, lease: Lease): Promise<void> {
  const [row] = await tx.all('SELECT token FROM lease WHERE name = $1 AND token = $2', lease.name, lease.token)
  if (row === undefined) throw new LeaseLost(lease)
}

/** Who holds it; undefined: nobody. */
export async function holderOf(tx: Tx, self: ProcessIdentity, track: TrackId | undefined): Promise<LeaseHolder | undefined> {
  const [row] = await tx.all('SELECT * FROM lease WHERE name = $1', nameOf(track))
  return row === undefined ? undefined : parseHolder(row, tx.now, self, false)
}

/** All leases by name. */
export async function holders(tx: Tx, self: ProcessIdentity): Promise<ReadonlyMap<string, LeaseHolder>> {
  const rows = await tx.all('SELECT * FROM lease')
  return new Map(rows.map((row) => [text(row, 'name'), parseHolder(row, tx.now, self, false)]))
}

/** Takes a free lease, or that of a dead process. Throws UserError `held` while its holder lives, this process included, and where the session has ended: nothing would end its lease. */
export async function takeLease(tx: Tx, actor: Actor, track: TrackId | undefined, session: string): Promise<Lease> {
  const name = nameOf(track)
  const [own] = await tx.all("SELECT id FROM session WHERE id = $1 AND status = 'running'", session)
  if (own === undefined) throw new UserError('held', `${whatIs(name)} can't be taken: the session that asks for it has ended, maybe by \`devteam recover\` elsewhere. Start the command again.`)
  const [row] = await tx.all('SELECT * FROM lease WHERE name = $1', name)
  if (row !== undefined) {
    if (text(row, 'session_id') === session) return { name, token: text(row, 'token'), session, track }
    const holder = parseHolder(row, tx.now, actor.self, true)
    if (holder.alive) throw heldError(name, holder)
    await endLease(tx, name, track)
  } else if (track !== undefined) {
    await putDown(tx, 'track_id = $1', track)
  }
  const token = actor.newId()
  await tx.all(
    'INSERT INTO lease (name, token, session_id, host, pid, process_start, since, heartbeat_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)',
    name, token, session, actor.self.host, actor.self.pid, markOf(actor.self), tx.now,
  )
  return { name, token, session, track }
}

/** Ends the leases of dead processes, and puts back the tasks that they had in hand. Throws UserError `held` at the first that lives. */
export async function requireNoLease(tx: Tx, self: ProcessIdentity, tracks: readonly TrackId[] | 'all'): Promise<void> {
  for (const row of await tx.all('SELECT * FROM lease ORDER BY since')) {
    const name = text(row, 'name')
    const track = trackOf(name)
    if (tracks !== 'all' && track !== undefined && !tracks.includes(track)) continue
    const holder = parseHolder(row, tx.now, self, true)
    if (holder.alive) throw heldError(name, holder)
    await endLease(tx, name, track)
  }
}

export async function heartbeat(tx: Tx, lease: Lease): Promise<void> {
  await checkLease(tx, lease)
  await tx.all('UPDATE lease SET heartbeat_at = $1 WHERE name = $2', tx.now, lease.name)
}

/** Gives a lease back. One that is lost already stays with its new holder. */
export async function releaseLease(tx: Tx, lease: Lease): Promise<void> {
  const [row] = await tx.all('SELECT token FROM lease WHERE name = $1 AND token = $2', lease.name, lease.token)
  if (row !== undefined) await endLease(tx, lease.name, lease.track)
}

/** Ends every lease of a session. */
export async function releaseSession(tx: Tx, session: string): Promise<void> {
  for (const row of await tx.all('SELECT name FROM lease WHERE session_id = $1', session)) await endLease(tx, text(row, 'name'), trackOf(text(row, 'name')))
}

/** A lease that was ended for its holder, and the tasks that are pending again by it. */
export interface EndedLease { readonly name: string; readonly holder: LeaseHolder; readonly tasks: readonly TaskId[] }

/** Ends the leases whose holders are dead, `force`: those of other hosts and containers too. Never one of a process that lives here. */
export async function endDeadLeases(tx: Tx, self: ProcessIdentity, force: boolean): Promise<EndedLease[]> {
  const ended: EndedLease[] = []
  for (const row of await tx.all('SELECT * FROM lease ORDER BY since')) {
    const [name, holder] = [text(row, 'name'), parseHolder(row, tx.now, self, true)]
    const isElsewhere = (): boolean => fateOf(fromMark(holder.pid, holder.host, text(row, 'process_start')), self, false) === 'elsewhere'
    if (!holder.alive || (force && isElsewhere())) ended.push({ name, holder, tasks: await endLease(tx, name, trackOf(name)) })
  }
  return ended
}

async function endLease(tx: Tx, name: string, track: TrackId | undefined): Promise<TaskId[]> {
  await tx.all('DELETE FROM lease WHERE name = $1', name)
  return track === undefined ? [] : await putDown(tx, 'track_id = $1', track)
}

const trackOf = (name: string): TrackId | undefined => name.startsWith('track:') ? name.slice(6) as TrackId : undefined

function parseHolder(row: Row, now: string, self: ProcessIdentity, thorough: boolean): LeaseHolder {
  const [pid, host] = [number(row, 'pid'), text(row, 'host')]
  const fate = fateOf(fromMark(pid, host, text(row, 'process_start')), self, thorough)
  const silentMs = Date.parse(now) - Date.parse(text(row, 'heartbeat_at'))
  return { pid, host, since: text(row, 'since'), alive: fate === 'alive' || (fate === 'elsewhere' && silentMs < heartbeatPatienceMs) }
}

const whatIs = (name: string): string => name === reviewName ? 'The final review' : `Track ${name.slice(6)}`

function heldError(name: string, holder: LeaseHolder): UserError {
  return new UserError('held', `${whatIs(name)} is held by process ${holder.pid} on ${holder.host} since ${holder.since}: wait until it ends, or stop it.`)
}
