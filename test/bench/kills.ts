// Kill -9 of processes that write at once: what is lost, and how long the next one takes to go on.
import path from 'node:path'
import { bundled } from '../support/bundled.ts'
import { assertWeathered, killStorm } from '../support/kill-storm.ts'
import { widePlan } from '../unit/state/support.ts'
import { folder, line, planned, spread } from './figures.ts'

/** Throws when anything is lost, done twice, or half. */
export async function killFigures(): Promise<void> {
  const worker = bundled(path.join(import.meta.dirname, '../support/kill-worker.ts'), folder())
  const { root, state } = await planned(widePlan(4, 1_000))
  const begin = performance.now()
  const weathered = await killStorm({ root, worker, writers: 4, kills: 1_000, seed: 1 })
  await assertWeathered(root, weathered)
  await state.close()
  const { kills, acknowledged, places, reads, startMs } = weathered
  line('kills -9 among 4 writers', `${kills} in ${((performance.now() - begin) / 1_000).toFixed(0)} s, ${kills - (places.get('at random') ?? 0)} inside a file operation`)
  line('acknowledged before them, and lost', `${acknowledged.length}, 0`)
  line('reads by sqlite3 beside them, and half transactions', `${reads}, 0`)
  line('start of a process to its lease, after a kill, p50 / p95 / max', spread(startMs, 0))
}
