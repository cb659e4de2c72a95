import type { ExecutorResult } from '../agents/executor.ts'
import type { RecordedEvent } from '../state/event.ts'
import type { Lease, TaskRow } from '../state/rows.ts'
import type { RunContext } from './context.ts'
import { planTrailer, taskTrailer } from './task-loop.ts'
import { Usage } from './usage.ts'

/** What interrupted attempts at a task left behind. */
export interface Unfinished {
  /** What they used. */
  readonly spent: readonly Pick<ExecutorResult, 'tokens' | 'costUsd'>[]
  /** It was validated and committed, only the database did not hear of it: now it has, and there is nothing left to do. */
  readonly completed: boolean
}

/**
 * Deals with an attempt that a crash or a stop has ended: a commit that was made is taken over; files that were written without one are put
 * back to the attempt's base, so that the next attempt starts from known ground.
 */
export async function settleUnfinished(run: RunContext, row: TaskRow, lease: Lease): Promise<Unfinished> {
  const all = await run.state.events({ task: row.id })
  const ended = all.findLastIndex((event) => event.type === 'task.completed' || event.type === 'task.failed')
  const open = all.slice(ended + 1)
  const startedAt = open.findLastIndex((event) => event.type === 'task.started')
  const started = open[startedAt]
  if (started?.type !== 'task.started') return { spent: [], completed: false }
  const spent = open.flatMap((event) => (event.type === 'role.completed' ? [event.data] : []))
  const attempt = open.slice(startedAt)
  const commit = await run.directory.commitSince(started.data.base, [`${taskTrailer}: ${row.id}`, `${planTrailer}: ${run.planId}`])
  if (commit !== undefined && attempt.some((event) => event.type === 'validation.completed' && event.data.verdict === 'pass')) {
    await takeOver(run, row, lease, attempt, spent, commit)
    return { spent, completed: true }
  }
  const files = [...new Set(attempt.flatMap((event) => (event.type === 'role.completed' ? event.data.files : [])))]
  await run.directory.restore(started.data.base, await run.directory.changed(started.data.base, files))
  return { spent, completed: false }
}

async function takeOver(run: RunContext, row: TaskRow, lease: Lease, attempt: readonly RecordedEvent[], spent: Unfinished['spent'], commit: string): Promise<void> {
  const usage = new Usage()
  for (const each of spent) usage.add(each)
  const iterations = Math.max(1, ...attempt.map((event) => event.iteration ?? 0))
  const durationMs = attempt.reduce((sum, event) => sum + (event.type === 'role.completed' || event.type === 'gate.completed' ? event.data.durationMs : 0), 0)
  const implementer = attempt.findLast((event) => event.type === 'role.completed' && event.data.kind === 'implement')
  const done = { iterations, model: implementer?.model ?? 'unknown', durationMs, tokens: usage.tokens, costUsd: usage.costUsd, commit, simulated: run.executor.simulated }
  const place = { track: row.track, sprint: row.sprint, task: row.id, tier: implementer?.tier, model: done.model }
  run.journal.durable(await run.state.completeTask(lease, row.id, done, { ...place, type: 'task.completed', data: { title: row.title, ...done } }))
}
