// A process of its own that works on a track: `worker.ts ROOT TRACK [hold]`. It prints `claimed ID`, `done ID EVENT` once the state
// has acknowledged, and `end`; with `hold` it prints `held` and waits.
import type { TrackId } from '../../../src/plan/ids.ts'
import { openState } from '../../../src/state/state.ts'
import { completedEvent, done, roleEvent } from './support.ts'

const [root = '', track = '', hold] = process.argv.slice(2)
const state = await openState(root)
const session = await state.startSession(`implement --sprint all ${track}`, true)
const lease = await state.acquireTrack(track as TrackId, session)
// Straight to the pipe: what was printed before a kill -9 must have left the process.
const say = (line: string): void => { process.stdout.write(`${line}\n`) }
if (hold !== undefined) {
  say('held')
  await new Promise((resolve) => setTimeout(resolve, 60_000))
}
for (;;) {
  const claim = await state.claimTask(lease)
  if (claim.kind !== 'claimed') break
  say(`claimed ${claim.task.id}`)
  state.recordEvent(session, roleEvent(claim.task.id, 0.01))
  await state.heartbeat(lease)
  const event = await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
  say(`done ${claim.task.id} ${event.id}`)
}
await state.endSession(session, 'completed')
await state.close()
say('end')
