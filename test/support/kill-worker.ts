// A process that works on a track until it is killed: `kill-worker.ts ROOT TRACK`. What it prints was acknowledged by the state before:
// `ready`, `completed TASK EVENT`, `failed TASK EVENT`, `noted TEXT`.
import { randomUUID } from 'node:crypto'
import type { TrackId } from '../../src/plan/ids.ts'
import { openState } from '../../src/state/state.ts'
import { completedEvent, done, failed, failedEvent, roleEvent } from '../unit/state/support.ts'

const [root = '', track = ''] = process.argv.slice(2)
const state = await openState(root)
const session = await state.startSession(`implement --sprint all ${track}`, true)
const lease = await state.acquireTrack(track as TrackId, session)
// Straight to the pipe: what was printed before a kill -9 has left the process.
const say = (line: string): void => { process.stdout.write(`${line}\n`) }
say('ready')
for (let round = 1; ; round += 1) {
  const claim = await state.claimTask(lease)
  if (claim.kind !== 'claimed') break
  for (let role = 0; role < 5; role += 1) state.recordEvent(session, roleEvent(claim.task.id, 0.01))
  if (round % 3 === 0) {
    const text = randomUUID()
    state.recordEvent(session, { type: 'error', task: claim.task.id, data: { message: text } })
    await state.flush()
    say(`noted ${text}`)
  }
  if (round % 5 === 0) {
    const [event] = await state.failTask(lease, claim.task.id, failed, failedEvent(claim.task))
    say(`failed ${claim.task.id} ${event?.id ?? 0}`)
    await state.retryFailed(lease)
  } else {
    const event = await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
    say(`completed ${claim.task.id} ${event.id}`)
  }
}
await state.endSession(session, 'completed')
await state.close()
say('end')
