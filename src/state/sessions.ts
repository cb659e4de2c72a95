import type { Actor } from './actor.ts'
import { flag, maybeText, number, oneOf, text } from './cells.ts'
import type { Tx } from './engine.ts'
import { releaseSession } from './leases.ts'
import { fateOf, fromMark, markOf, type ProcessIdentity } from './process.ts'
import type { SessionRow, SessionStatus } from './rows.ts'

const statuses: readonly SessionStatus[] = ['running', 'completed', 'failed', 'interrupted']

/** Begins a session, and marks those as interrupted that a dead process of this host left running. */
export async function startSession(tx: Tx, actor: Actor, id: string, command: string, simulated: boolean): Promise<void> {
  await interruptDead(tx, actor.self)
  await tx.all(
    "INSERT INTO session (id, command, status, started_at, host, pid, process_start, simulated) VALUES ($1, $2, 'running', $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
    id, command, tx.now, actor.self.host, actor.self.pid, markOf(actor.self), simulated ? 1 : 0,
  )
}

/** Ends a session and gives back what it still held. One that ended well may still fail at what came after. */
export async function endSession(tx: Tx, id: string, status: SessionStatus): Promise<void> {
  await releaseSession(tx, id)
  await tx.all("UPDATE session SET status = $1, ended_at = $2 WHERE id = $3 AND (status = 'running' OR (status = 'completed' AND $1 = 'failed'))", status, tx.now, id)
}

/** Newest last. */
export async function readSessions(tx: Tx): Promise<SessionRow[]> {
  const rows = await tx.all('SELECT * FROM session ORDER BY started_at, id')
  return rows.map((row) => ({
    id: text(row, 'id'),
    command: text(row, 'command'),
    status: oneOf(row, 'status', statuses),
    startedAt: text(row, 'started_at'),
    endedAt: maybeText(row, 'ended_at'),
    host: text(row, 'host'),
    pid: number(row, 'pid'),
    simulated: flag(row, 'simulated'),
  }))
}

/** Sessions that count as running although their process of this host is dead; `force`: those of other hosts and containers too. */
export async function deadSessions(tx: Tx, self: ProcessIdentity, force: boolean): Promise<{ readonly id: string; readonly ran: string }[]> {
  const rows = await tx.all("SELECT id, command, host, pid, process_start FROM session WHERE status = 'running' ORDER BY started_at")
  return rows.flatMap((row) => {
    const [pid, host] = [number(row, 'pid'), text(row, 'host')]
    const fate = fateOf(fromMark(pid, host, text(row, 'process_start')), self, true)
    return fate === 'dead' || (fate === 'elsewhere' && force) ? [{ id: text(row, 'id'), ran: `${text(row, 'command')} (process ${pid} on ${host})` }] : []
  })
}

/** Marks them as interrupted; gives what ran. */
export async function interruptDead(tx: Tx, self: ProcessIdentity, force = false): Promise<string[]> {
  const dead = await deadSessions(tx, self, force)
  for (const { id } of dead) await endSession(tx, id, 'interrupted')
  return dead.map(({ ran }) => ran)
}
