// How soon other processes see a commit, and how long a command takes to start.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { trackId } from '../../src/plan/ids.ts'
import { bundled } from '../support/bundled.ts'
import { roleEvent, shopPlan } from '../unit/state/support.ts'
import { folder, line, median, planned, spread } from './figures.ts'

export async function readerFigures(): Promise<void> {
  await staleness(bundled(path.join(import.meta.dirname, 'state-worker.ts'), folder()))
  await startUp(path.resolve(import.meta.dirname, '../../dist/cli/devteam.cjs'))
}

/** From the start of a commit until another process, that watches, has read its event. */
async function staleness(worker: string): Promise<void> {
  const { root, state, session } = await planned(shopPlan())
  const child = spawn(process.execPath, [worker, 'watch', root], { stdio: ['pipe', 'pipe', 'inherit'] })
  const seen = new Map<number, number>()
  const lines = createInterface({ input: child.stdout })
  const watching = once(lines, 'line')
  lines.on('line', (text) => {
    const [id = NaN, time = NaN] = text.split(' ').map(Number)
    if (!Number.isNaN(time)) seen.set(id, time)
  })
  await watching
  const lease = await state.acquireTrack(trackId(1), session)
  const begun = new Map<number, number>()
  for (let index = 0; index < 200; index++) {
    const begin = performance.timeOrigin + performance.now()
    state.recordEvent(session, roleEvent(undefined, 0.01))
    await state.heartbeat(lease)
    begun.set((await state.snapshot())?.lastEvent ?? 0, begin)
    await sleep(20)
  }
  await sleep(2_000)
  child.stdin.end()
  await once(child, 'close')
  await state.close()
  const times = [...begun].flatMap(([id, begin]) => { const time = seen.get(id); return time === undefined ? [] : [time - begin] })
  line(`commit to seen by another process, p50 / p95 / max (${times.length} of ${begun.size})`, spread(times))
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
  for (let turn = 0; turn < 15; turn++) {
    bare.push(timed(['-e', '0']))
    status.push(timed([devteam, 'status', '--cwd', root]))
  }
  line('start-up p50: devteam status against node -e 0', `${median(status).toFixed(0)} / ${median(bare).toFixed(0)} ms; ratio ${(median(status) / median(bare)).toFixed(2)}`)
}
