import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../src/plan/errors.ts'
import { trackId } from '../../../src/plan/ids.ts'
import { FolderLock } from '../../../src/state/lock.ts'
import { identifySelf } from '../../../src/state/process.ts'
import { Bench, completedEvent, deadProcess, done, roleEvent, task, widePlan } from './support.ts'

const [second, minute, hour] = [1_000, 60_000, 3_600_000]

describe('a clock that jumps', () => {
  const bench = new Bench()
  afterEach(() => bench.end())
  const self = identifySelf()
  /** A clock that is set by hand. */
  class Clock {
    #time = Date.parse('2026-03-14T12:00:00.000Z')
    readonly now = (): Date => new Date(this.#time)
    move(ms: number): void { this.#time += ms }
  }

  for (const [name, jump] of [['forward', 7 * hour], ['back', -7 * hour]] as const) {
    it(`${name} by hours changes neither the order of events nor who holds what`, async () => {
      const clock = new Clock()
      const { root, state, session } = await bench.planned(widePlan(2, 3), { now: clock.now })
      const other = await bench.open(root)
      const lease = await state.acquireTrack(trackId(1), session)
      for (let number = 1; number <= 3; number++) {
        clock.move(jump)
        state.recordEvent(session, roleEvent(task(number), 1, String(number)))
        const claim = await state.claimTask(lease)
        assert.ok(claim.kind === 'claimed')
        clock.move(jump)
        await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
        await state.heartbeat(lease)
      }
      // Held by a process that lives on this host: no heartbeat is asked for.
      await assert.rejects(other.acquireTrack(trackId(1), await other.startSession('implement', true)), (error) => error instanceof UserError && error.exitCode === 3)
      const events = await other.events()
      assert.deepEqual(events.map(({ id, type }) => `${id} ${type}`), ['1 plan.saved', ...[2, 4, 6].flatMap((id) => [`${id} role.completed`, `${id + 1} task.completed`])])
      assert.deepEqual(events.flatMap((event) => event.type === 'role.completed' ? [event.data.summary] : []), ['1', '2', '3'])
      assert.deepEqual((await other.events({ limit: 2 })).map(({ id }) => id), [6, 7])
      assert.equal((await other.snapshot())?.lastEvent, 7)
      const times = events.map(({ time }) => Date.parse(time))
      assert.ok(times.every((time, index) => index === 0 || (jump > 0 ? time >= (times[index - 1] ?? 0) : time <= (times[index - 1] ?? 0))), 'the times are what the clock said')
    })
  }

  it('another host\'s lease lasts for a minute of silence by this clock, and is never lost because it went back', async () => {
    const clock = new Clock()
    const { root, state, session } = await bench.planned(widePlan(2, 3), { now: clock.now })
    const elsewhere = await bench.open(root, { now: clock.now, self: { ...deadProcess(self), host: 'another' } })
    const there = await elsewhere.startSession('implement', true)
    const lease = await elsewhere.acquireTrack(trackId(1), there)
    const held = (error: unknown): boolean => error instanceof UserError && error.exitCode === 3 && error.message.includes('on another since')
    clock.move(59 * second)
    await assert.rejects(state.acquireTrack(trackId(1), session), held)
    clock.move(-7 * hour)
    await assert.rejects(state.acquireTrack(trackId(1), session), held)
    clock.move(7 * hour)
    await elsewhere.heartbeat(lease)
    clock.move(59 * second)
    await assert.rejects(state.acquireTrack(trackId(1), session), held)
    clock.move(minute)
    await state.acquireTrack(trackId(1), session)
    await assert.rejects(elsewhere.heartbeat(lease), { name: 'LeaseLost' })
  })

  it('a dead process\'s lock is taken over, whenever it was made by the clock', async () => {
    const { root, state } = await bench.planned(widePlan(1, 3))
    for (const time of ['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z']) {
      await new FolderLock(path.dirname(state.file), deadProcess(self)).acquire()
      fs.utimesSync(path.join(root, '.devteam/lock'), new Date(time), new Date(time))
      await state.startSession('implement', true)
    }
    assert.equal((await state.sessions()).length, 3)
  })
})
