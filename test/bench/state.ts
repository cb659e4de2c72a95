// Figures of the state: printed, never asserted, since they depend on the machine. Called by run.ts; `state.ts work ROOT TRACK` is a
// process that it measures.
import { execFile, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { trackId, type TrackId } from '../../src/plan/ids.ts'
import type { Lease } from '../../src/state/rows.ts'
import { openState, type State } from '../../src/state/state.ts'
import { completedEvent, done, roleEvent, shopPlan, widePlan, type SavedPlan } from '../unit/state/support.ts'

const line = (name: string, value: string): void => { process.stdout.write(`${name.padEnd(58)} ${value}\n`) }
const at = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
const sortedTimes = (times: readonly number[]): number[] => [...times].sort((a, b) => a - b)

async function planned(saved: SavedPlan): Promise<{ root: string; state: State; session: string }> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'devteam-bench-'))
  const state = await openState(root)
  const session = await state.startSession('plan', true)
  await state.savePlan(session, saved.plan, saved.tasks, saved.order, {})
  return { root, state, session }
}

/** Milliseconds of so many commits with one event each. */
async function commits(state: State, session: string, count: number): Promise<number[]> {
  const lease = await state.acquireTrack(trackId(1), session)
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const before = performance.now()
    state.recordEvent(session, roleEvent(undefined, 0.01))
    await state.heartbeat(lease)
    times.push(performance.now() - before)
  }
  return sortedTimes(times)
}

/** Claims and completes tasks for a while; gives the number of transactions. */
async function workFor(state: State, lease: Lease, session: string, ms: number): Promise<number> {
  const until = performance.now() + ms
  for (let count = 0; ; count += 2) {
    const claim = performance.now() < until ? await state.claimTask(lease) : undefined
    if (claim?.kind !== 'claimed') return count
    state.recordEvent(session, roleEvent(claim.task.id, 0.01))
    await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
  }
}

async function workProcess(root: string, track: TrackId): Promise<void> {
  const state = await openState(root)
  const session = await state.startSession('bench', true)
  const lease = await state.acquireTrack(track, session)
  const begin = performance.now()
  const count = await workFor(state, lease, session, 2_000)
  process.stdout.write(`${JSON.stringify({ count, ms: performance.now() - begin })}\n`)
  await state.endSession(session, 'completed')
  await state.close()
}

export async function stateFigures(devteam: string): Promise<void> {
  for (const processes of [1, 2, 4]) {
    const { root, state } = await planned(widePlan(4, 1_000))
    await state.close()
    const outputs = await Promise.all(Array.from({ length: processes }, (_, index) => promisify(execFile)(process.execPath, ['--import', 'tsx', import.meta.filename, 'work', root, trackId(index + 1)])))
    const rates = outputs.map(({ stdout }) => JSON.parse(stdout) as { count: number; ms: number }).map(({ count, ms }) => count / ms * 1000)
    line(`transactions/s, 4,000 tasks, ${processes} process${processes === 1 ? '' : 'es'}`, rates.reduce((sum, rate) => sum + rate, 0).toFixed(0))
    fs.rmSync(root, { recursive: true })
  }
  for (const [name, saved] of [['18 tasks', shopPlan()], ['1,000 tasks', widePlan(4, 250)]] as const) {
    const { root, state, session } = await planned(saved)
    const times = await commits(state, session, 100)
    line(`commit p50 / p95, ${name}`, `${at(times, 0.5).toFixed(1)} / ${at(times, 0.95).toFixed(1)} ms`)
    await state.close()
    fs.rmSync(root, { recursive: true })
  }
  await history()
  await startUp(devteam)
}

/** Both states are measured in turns, so that a busy machine touches both alike. */
async function history(): Promise<void> {
  const [empty, full] = [await planned(shopPlan()), await planned(shopPlan())]
  const events = 100_000
  for (let index = 0; index < events; index++) full.state.recordEvent(full.session, roleEvent(undefined, 0.01))
  await full.state.flush()
  const [ofEmpty, ofFull]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < 10; turn++) {
    ofEmpty.push(...await commits(empty.state, empty.session, 20))
    ofFull.push(...await commits(full.state, full.session, 20))
  }
  const [before, after] = [at(sortedTimes(ofEmpty), 0.5), at(sortedTimes(ofFull), 0.5)]
  line(`commit p50, 18 tasks, ${events.toLocaleString('en-US')} events against none`, `${after.toFixed(1)} / ${before.toFixed(1)} ms = ${(after / before).toFixed(2)}`)
  for (const [name, query] of [['the newest 100', { limit: 100 }], ['of one type, all archives', { type: 'plan.saved' }]] as const) {
    const begin = performance.now()
    await full.state.events(query)
    line(`events among ${events.toLocaleString('en-US')}: ${name}`, `${(performance.now() - begin).toFixed(0)} ms`)
  }
  for (const { root, state } of [empty, full]) {
    await state.close()
    fs.rmSync(root, { recursive: true })
  }
}

async function startUp(devteam: string): Promise<void> {
  const { root, state } = await planned(shopPlan())
  await state.close()
  const timed = (args: readonly string[]): number => {
    const begin = performance.now()
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`)
    return performance.now() - begin
  }
  const [bare, status]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < 5; turn++) {
    bare.push(timed(['-e', '0']))
    status.push(timed([devteam, 'status', '--cwd', root]))
  }
  line('start-up p50: devteam status against node -e 0', `${at(sortedTimes(status), 0.5).toFixed(0)} / ${at(sortedTimes(bare), 0.5).toFixed(0)} ms`)
  fs.rmSync(root, { recursive: true })
}

if (process.argv[2] === 'work') await workProcess(process.argv[3] ?? '', (process.argv[4] ?? '') as TrackId)
