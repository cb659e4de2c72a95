import assert from 'node:assert/strict'
import { UserError } from '../../../src/plan/errors.ts'
import { trackId } from '../../../src/plan/ids.ts'
import { LeaseLost } from '../../../src/state/leases.ts'
import type { Lease, TaskRow } from '../../../src/state/rows.ts'
import { identifySelf, type ProcessIdentity } from '../../../src/state/process.ts'
import { Bench, completedEvent, deadProcess, done, failed, failedEvent, makePlan, task } from './support.ts'

describe('leases', () => {
  const bench = new Bench()
  afterEach(() => bench.end())
  const self = identifySelf()
  const elsewhere: ProcessIdentity = { ...self, host: 'another-host', pid: 7 }

  const heldBy = (pid: number, host: string) => (error: unknown): boolean => {
    assert.ok(error instanceof UserError, String(error))
    assert.equal(error.exitCode, 3)
    assert.match(error.message, new RegExp(`Track 01 is held by .*${pid} on ${host} since \\d{4}-`))
    return true
  }

  it('are refused while the holder lives, by name, and given again to the same session', async () => {
    const { root, state, session } = await bench.planned()
    const lease = await state.acquireTrack(trackId(1), session)
    assert.deepEqual(await state.acquireTrack(trackId(1), session), lease)
    const other = await bench.open(root)
    await assert.rejects(other.acquireTrack(trackId(1), await other.startSession('implement', false)), heldBy(process.pid, self.host))
    await state.release(lease)
    await other.acquireTrack(trackId(1), await other.startSession('implement', false))
  })

  it('of a dead process of this host are taken over at once, and its task is pending again', async () => {
    const { root, state } = await bench.planned()
    const dead = await bench.open(root, { self: deadProcess(self) })
    const lost = await dead.startSession('implement', true)
    const lease = await dead.acquireTrack(trackId(1), lost)
    const claim = await dead.claimTask(lease)
    assert.ok(claim.kind === 'claimed')
    assert.equal((await state.snapshot())?.tracks[0]?.lease?.alive, false)

    const session = await state.startSession('implement', true)
    assert.deepEqual((await state.sessions()).map((row) => [row.id === lost, row.status]).filter(([own]) => own), [[true, 'interrupted']])
    const taken = await state.acquireTrack(trackId(1), session)
    assert.equal((await state.snapshot())?.tasks[0]?.status, 'pending')

    // Should it come back after all, it can't write any more.
    for (const write of [
      () => dead.heartbeat(lease),
      () => dead.claimTask(lease),
      () => dead.completeTask(lease, task(1), done, completedEvent(claim.task)),
      () => dead.releaseTask(lease, task(1)),
      () => dead.retryFailed(lease),
    ]) await assert.rejects(write(), LeaseLost)
    await dead.release(lease)
    await state.heartbeat(taken)
    assert.equal((await state.events({ type: 'task.completed' })).length, 0)
  })

  it('are refused to a session that has ended: nothing would end them', async () => {
    const { state, session } = await bench.planned()
    await state.endSession(session, 'interrupted')
    await assert.rejects(state.acquireTrack(trackId(1), session), { code: 'held', message: /Track 01 can't be taken: the session that asks for it has ended/ })
    assert.deepEqual((await state.snapshot())?.tracks.filter(({ lease }) => lease !== undefined), [])
  })

  it('of another host are taken over after a minute without heartbeat, by the clock of the taker', async () => {
    let clock = Date.parse('2026-03-01T12:00:00Z')
    const now = (): Date => new Date(clock)
    const { root, state, session } = await bench.planned(undefined, { now })
    const far = await bench.open(root, { self: elsewhere, now })
    const lease = await far.acquireTrack(trackId(1), await far.startSession('implement', false))
    clock += 50_000
    await far.heartbeat(lease)
    clock += 59_999
    await assert.rejects(state.acquireTrack(trackId(1), session), heldBy(7, 'another-host'))
    assert.equal((await state.snapshot())?.tracks[0]?.lease?.alive, true)
    clock += 1
    assert.equal((await state.snapshot())?.tracks[0]?.lease?.alive, false)
    await state.acquireTrack(trackId(1), session)
    await assert.rejects(far.heartbeat(lease), LeaseLost)
  })

  it('that end put down what they had in hand: pending, or blocked where a task before it has failed meanwhile', async () => {
    const { state, session } = await bench.planned(makePlan([{ name: 'A', sprints: [[1]] }, { name: 'B', sprints: [[2]] }], { 2: [1] }))
    const begin = async (number: number): Promise<{ lease: Lease; row: TaskRow; own: string }> => {
      const own = await state.startSession('implement', true)
      const lease = await state.acquireTrack(trackId(number), own)
      const claim = await state.claimTask(lease)
      assert.ok(claim.kind === 'claimed')
      return { lease, row: claim.task, own }
    }
    const first = await begin(1)
    await state.completeTask(first.lease, first.row.id, done, completedEvent(first.row))
    const second = await begin(2)
    await state.release(first.lease)
    assert.equal(await state.resetTasks({ track: trackId(1) }, session), 1)
    const again = await begin(1)
    await state.failTask(again.lease, again.row.id, failed, failedEvent(again.row))
    await state.endSession(second.own, 'interrupted')
    assert.deepEqual((await state.snapshot())?.tasks.map((row) => row.status), ['failed', 'blocked'])
  })

  it('end with their session', async () => {
    const { state, session } = await bench.planned()
    const lease = await state.acquireTrack(trackId(1), session)
    await state.claimTask(lease)
    await state.endSession(session, 'failed')
    const snapshot = await state.snapshot()
    assert.equal(snapshot?.tracks[0]?.lease, undefined)
    assert.equal(snapshot?.tasks[0]?.status, 'pending')
    await assert.rejects(state.claimTask(lease), LeaseLost)
  })
})
