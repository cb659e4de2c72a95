import assert from 'node:assert/strict'
import { trackId } from '../../../src/plan/ids.ts'
import { LeaseLost } from '../../../src/state/leases.ts'
import { Bench, completedEvent, done, roleEvent, sqlite3, task } from './support.ts'

describe('events', () => {
  const bench = new Bench()
  afterEach(() => bench.end())

  it('are written before the transition that follows them, in order and without gaps', async () => {
    const { root, state, session } = await bench.planned()
    const lease = await state.acquireTrack(trackId(1), session)
    const claim = await state.claimTask(lease)
    assert.ok(claim.kind === 'claimed')
    const { time } = state.recordEvent(session, roleEvent(task(1), 0.1, 'first'))
    state.recordEvent(session, roleEvent(task(1), 0.2, 'second'))
    await state.completeTask(lease, task(1), done, completedEvent(claim.task))
    const events = await state.events({ after: 1 })
    assert.deepEqual(events.map((event) => [event.id, event.type]), [[2, 'role.completed'], [3, 'role.completed'], [4, 'task.completed']])
    assert.equal(events[0]?.time, time)
    assert.deepEqual(events[0], { id: 2, time, session, ...roleEvent(task(1), 0.1, 'first') })
    assert.equal(sqlite3(root, 'SELECT GROUP_CONCAT(id) FROM events'), '1,2,3,4')
    assert.ok(Math.abs(((await state.snapshot())?.costUsd ?? 0) - 0.3) < 1e-9)
  })

  it('are written by themselves soon after', async () => {
    const { root, state, session } = await bench.planned()
    const other = await bench.open(root)
    const seen = new Promise<void>((resolve) => other.onCommit(resolve))
    state.recordEvent(session, roleEvent(undefined, 1))
    await seen
    assert.deepEqual((await other.events({ type: 'role.completed' })).map((event) => event.session), [session])
  })

  it('outlive a transition that is refused', async () => {
    const { state, session } = await bench.planned()
    const lease = await state.acquireTrack(trackId(1), session)
    await state.release(lease)
    state.recordEvent(session, roleEvent(task(1), 1))
    await assert.rejects(state.heartbeat(lease), LeaseLost)
    assert.equal((await state.events({ type: 'role.completed' })).length, 1)
  })

  it('are written by flush and by close', async () => {
    const { root, state, session } = await bench.planned()
    state.recordEvent(session, roleEvent(undefined, 1))
    await state.flush()
    assert.equal(sqlite3(root, 'SELECT MAX(id) FROM events'), '2')
    state.recordEvent(session, roleEvent(undefined, undefined))
    await state.close()
    assert.equal(sqlite3(root, 'SELECT MAX(id) FROM events'), '3')
    assert.equal((await (await bench.open(root)).snapshot())?.costUsd, undefined, 'one cost is unknown, so the sum is')
  })

  it('are found by what they belong to, the newest so many', async () => {
    const { state, session } = await bench.planned()
    for (let index = 0; index < 10; index++) state.recordEvent(session, { ...roleEvent(task(index % 2), 1, String(index)), track: trackId(index % 3) })
    await state.flush()
    const summaries = async (query: Parameters<typeof state.events>[0]): Promise<unknown[]> => (await state.events(query)).map((event) => event.type === 'role.completed' ? Number(event.data.summary) : event.type)
    assert.deepEqual(await summaries({ limit: 3 }), [7, 8, 9])
    assert.deepEqual(await summaries({ task: task(1), limit: 2 }), [7, 9])
    assert.deepEqual(await summaries({ track: trackId(0), after: 5, session }), [6, 9])
    assert.deepEqual(await summaries({ type: 'plan.saved' }), ['plan.saved'])
    assert.deepEqual(await summaries({ session: 'nobody' }), [])
  })
})
