// Transactions of the state, by several processes, and what a commit takes with large plans and long histories.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { trackId } from '../../src/plan/ids.ts'
import type { State } from '../../src/state/state.ts'
import { bundled } from '../support/bundled.ts'
import { Stored } from '../support/stored.ts'
import { roleEvent, type SavedPlan, shopPlan, widePlan } from '../unit/state/support.ts'
import { folder, line, median, planned, spread } from './figures.ts'

export async function stateFigures(): Promise<void> {
  const worker = bundled(path.join(import.meta.dirname, 'state-worker.ts'), folder())
  for (const processes of [1, 2, 4, 8]) await transactions(worker, processes, Math.floor(800 / processes))
  await transactions(worker, 4, 250)
  for (const [name, saved] of [['18 tasks', shopPlan()], ['1,000 tasks', widePlan(4, 250)], ['10,000 tasks', widePlan(4, 2_500)]] as const) await commitFigures(name, saved)
  await history(1_000_000)
}

/** Each makes `each` transactions; all that was acknowledged is looked for in the file with `sqlite3`. */
async function transactions(worker: string, processes: number, each: number): Promise<void> {
  const { root, state } = await planned(widePlan(processes, Math.ceil(each / 2)))
  await state.close()
  const outputs = await Promise.all(Array.from({ length: processes }, (_, index) => promisify(execFile)(process.execPath, [worker, 'work', root, trackId(index + 1), String(each)], { maxBuffer: 2 ** 28 })))
  const results = outputs.map(({ stdout }) => JSON.parse(stdout) as { acknowledged: [string, number][]; ms: number })
  const kept = new Set(await new Stored(root).events("task_id || ' ' || id", "type = 'task.completed'"))
  const lost = results.flatMap((result) => result.acknowledged).filter(([task, event]) => !kept.has(`${task} ${event}`)).length
  const rate = processes * each / Math.max(...results.map((result) => result.ms)) * 1_000
  line(`${processes} process${processes === 1 ? '' : 'es'} x ${each} transactions (claim; complete with 3 events)`, `${rate.toFixed(0)} a second, ${lost} lost`)
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
  return times
}

async function commitFigures(name: string, saved: SavedPlan): Promise<void> {
  const { state, session } = await planned(saved)
  await commits(state, session, 20)
  line(`commit with ${name}, p50 / p95 / max`, spread(await commits(state, session, 200)))
  await state.close()
}

/** Both states are measured in turns, so that a busy machine touches both alike. */
async function history(events: number): Promise<void> {
  const [empty, full] = [await planned(shopPlan()), await planned(shopPlan())]
  const filling = performance.now()
  for (let index = 1; index <= events; index++) {
    full.state.recordEvent(full.session, roleEvent(undefined, 0.01))
    if (index % 20_000 === 0) await full.state.flush()
  }
  const many = events.toLocaleString('en-US')
  line(`writing ${many} events, 20,000 a commit`, `${((performance.now() - filling) / 1_000).toFixed(1)} s`)
  const [ofEmpty, ofFull]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < 20; turn++) {
    ofEmpty.push(...await commits(empty.state, empty.session, 20))
    ofFull.push(...await commits(full.state, full.session, 20))
  }
  line('commit with 18 tasks without history, p50 / p95 / max', spread(ofEmpty))
  line(`commit with 18 tasks after ${many} events, p50 / p95 / max`, `${spread(ofFull)}; p50 ratio ${(median(ofFull) / median(ofEmpty)).toFixed(2)}`)
  for (const [name, query] of [['the newest 100', { limit: 100 }], ['of one type, all archives', { type: 'plan.saved' }]] as const) {
    const begin = performance.now()
    await full.state.events(query)
    line(`events among ${many}: ${name}`, `${(performance.now() - begin).toFixed(0)} ms`)
  }
  await empty.state.close()
  await full.state.close()
}
