import fs from 'node:fs/promises'
import path from 'node:path'
import type { ExecutorResult } from '../agents/executor.ts'
import type { TrackId } from '../plan/ids.ts'
import type { EventPlace, RecordedEvent } from '../state/event.ts'
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
 * Deals with an attempt that a crash or a stop has ended: a commit that was made is taken over; files that were written without one, half
 * ones too, are put back, so that the next attempt starts from known ground.
 */
export async function settleUnfinished(run: RunContext, row: TaskRow, lease: Lease): Promise<Unfinished> {
  const all = await run.state.events({ task: row.id })
  const ended = all.findLastIndex((event) => event.type === 'task.completed' || event.type === 'task.failed')
  const open = all.slice(ended + 1)
  const started = open.findLast((event) => event.type === 'task.started')
  if (started === undefined) return { spent: [], completed: false }
  const spent = open.flatMap((event) => (event.type === 'role.completed' ? [event.data] : []))
  // Whoever lost the lease may have said something later; it wrote nothing.
  const attempt = open.filter((event) => event.id >= started.id && event.session === started.session)
  const commit = await run.directory.commitSince(started.data.base, [`${taskTrailer}: ${row.id}`, `${planTrailer}: ${run.planId}`])
  const place = { track: row.track, sprint: row.sprint, task: row.id }
  if (commit !== undefined && attempt.some((event) => event.type === 'validation.completed' && event.data.verdict === 'pass')) {
    await putBack(run, place, attempt) // after the commit only an old index can be left
    await takeOver(run, row, lease, attempt, spent, commit)
    return { spent, completed: true }
  }
  await putBack(run, place, attempt)
  return { spent, completed: false }
}

/** Puts back what roles outside of a task (mending after a review, documentation) wrote when they were interrupted. */
export async function settleReviews(run: RunContext, track: TrackId): Promise<void> {
  const settled = (await run.state.events({ track, type: 'work.settled' })).findLast((event) => event.task === undefined)?.id ?? 0
  const touched = await run.state.events({ track, type: 'file.touched', after: settled })
  await putBack(run, { track }, touched.filter((event) => event.task === undefined))
}

async function putBack(run: RunContext, place: EventPlace, events: readonly RecordedEvent[]): Promise<void> {
  const touched = events.flatMap((event) => (event.type === 'file.touched' ? [event.data] : []))
  if (touched.length === 0) return
  const files = new Set<string>()
  for (const base of new Set(touched.map((each) => each.base))) {
    const paths = [...new Set(touched.flatMap((each) => (each.base === base ? [each.file] : [])))]
    for (const file of await run.directory.changed(base, paths)) files.add(file)
    await run.directory.putBack(base, paths)
    await run.directory.forget(base)
  }
  for (const { temporary } of touched) await fs.rm(path.join(run.directory.path, temporary), { force: true })
  run.journal.note({ ...place, type: 'work.settled', data: { files: [...files].sort(), outcome: 'put back' } })
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
