// A process that the benches measure. `state-worker.ts work ROOT TRACK COUNT` makes COUNT transactions (claim, complete with 3 events) and prints
// `{ acknowledged: [[task, event]], ms }`; `state-worker.ts watch ROOT` prints `EVENT TIME` (milliseconds since 1970) for each event it sees.
import type { TrackId } from '../../src/plan/ids.ts'
import { openState } from '../../src/state/state.ts'
import { completedEvent, done, roleEvent } from '../unit/state/support.ts'

const [what = '', root = '', track = '', count = '0'] = process.argv.slice(2)
const state = await openState(root)
if (what === 'work') await work(Number(count))
else await watch()

async function work(transactions: number): Promise<void> {
  const session = await state.startSession('bench', true)
  const lease = await state.acquireTrack(track as TrackId, session)
  const acknowledged: [string, number][] = []
  const begin = performance.now()
  for (let made = 0; made < transactions; made += 2) {
    const claim = await state.claimTask(lease)
    if (claim.kind !== 'claimed') throw new Error(`track ${track} has too few tasks`)
    for (let role = 0; role < 2; role += 1) state.recordEvent(session, roleEvent(claim.task.id, 0.01))
    const event = await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
    acknowledged.push([claim.task.id, event.id])
  }
  process.stdout.write(`${JSON.stringify({ acknowledged, ms: performance.now() - begin })}\n`)
  await state.endSession(session, 'completed')
  await state.close()
}

async function watch(): Promise<void> {
  let seen = (await state.snapshot())?.lastEvent ?? 0
  const look = async (): Promise<void> => {
    for (const event of await state.events({ after: seen })) {
      process.stdout.write(`${event.id} ${performance.timeOrigin + performance.now()}\n`)
      seen = event.id
    }
  }
  let looking = Promise.resolve()
  const stop = state.onCommit(() => { looking = looking.then(look) })
  process.stdout.write('watching\n')
  process.stdin.on('end', () => {
    stop()
    void looking.then(() => state.close())
  }).resume()
}
