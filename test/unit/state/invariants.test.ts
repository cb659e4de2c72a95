import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { TaskId } from '../../../src/plan/ids.ts'
import { trackId } from '../../../src/plan/ids.ts'
import type { Lease, Snapshot, TaskRow } from '../../../src/state/rows.ts'
import type { State } from '../../../src/state/state.ts'
import { Bench, completedEvent, done, failed, failedEvent, makePlan, sqlite3, task } from './support.ts'

const tracks = 3
const count = 9
type Act = readonly ['claim' | 'complete' | 'fail' | 'put back' | 'retry' | 'change hands' | 'reset all' | 'reset track', number]

describe('any order of transitions', () => {
  const bench = new Bench()
  afterEach(() => bench.end())

  const act = fc.tuple(
    fc.oneof({ weight: 6, arbitrary: fc.constantFrom('claim', 'complete') }, { weight: 2, arbitrary: fc.constantFrom('fail', 'retry', 'put back') }, { weight: 1, arbitrary: fc.constantFrom('change hands', 'reset all', 'reset track') }),
    fc.nat(tracks - 1),
  ) as fc.Arbitrary<Act>
  /** Edges from earlier to later tasks, so there is no circle. */
  const edges = fc.array(fc.tuple(fc.nat(count - 2), fc.nat(count - 2)).map(([a, b]) => [Math.min(a, b) + 1, Math.max(a, b) + 2] as const), { maxLength: 12 })

  it('keeps dependencies, blocks exactly what a failure blocks, and counts events without gaps', async function () {
    this.timeout(120_000)
    await fc.assert(fc.asyncProperty(edges, fc.array(act, { minLength: 5, maxLength: 40 }), async (pairs, acts) => {
      const dependencies: Record<number, number[]> = {}
      for (const [from, to] of pairs) dependencies[to] = [...new Set([...dependencies[to] ?? [], from])]
      const layout = Array.from({ length: tracks }, (_, track) => ({ name: `T${track}`, sprints: [Array.from({ length: count / tracks }, (__, index) => index * tracks + track + 1)] }))
      const { root, state, session } = await bench.planned(makePlan(layout, dependencies))
      const leases = await Promise.all(Array.from({ length: tracks }, async (_, track) => await state.acquireTrack(trackId(track + 1), await state.startSession('implement', true))))
      for (const one of acts) {
        await perform(state, session, leases, one)
        const snapshot = await state.snapshot()
        assert.ok(snapshot)
        assertSound(snapshot)
      }
      assert.equal(sqlite3(root, 'SELECT COUNT(*) = MAX(id) FROM events'), '1')
      await bench.end()
    }), { numRuns: 25 })
  })

  async function perform(state: State, session: string, leases: Lease[], [name, index]: Act): Promise<void> {
    const lease = leases[index]
    assert.ok(lease)
    const inHand = (await state.snapshot())?.tasks.find((row) => row.session === lease.session && row.status === 'in_progress')
    const change = async (): Promise<void> => {
      for (const [at, one] of leases.entries()) {
        await state.release(one)
        leases[at] = await state.acquireTrack(trackId(at + 1), await state.startSession('implement', true))
      }
    }
    switch (name) {
      case 'claim': await state.claimTask(lease); break
      case 'complete': if (inHand) await state.completeTask(lease, inHand.id, done, completedEvent(inHand)); break
      case 'fail': if (inHand) await state.failTask(lease, inHand.id, failed, failedEvent(inHand)); break
      case 'put back': if (inHand) await state.releaseTask(lease, inHand.id); break
      case 'retry': await state.retryFailed(lease); break
      case 'change hands': await change(); break
      case 'reset all': case 'reset track':
        for (const one of leases) await state.release(one)
        await state.resetTasks(name === 'reset all' ? { all: true } : { track: trackId(index + 1) }, session)
        await change()
        break
    }
  }

  function assertSound(snapshot: Snapshot): void {
    const rows = new Map(snapshot.tasks.map((row) => [row.id, row]))
    const above = (row: TaskRow): TaskRow[] => row.dependencies.flatMap((id) => { const found = rows.get(id); return found === undefined ? [] : [found, ...above(found)] })
    for (const row of rows.values()) {
      const failures: TaskId[] = above(row).filter((other) => other.status === 'failed').map((other) => other.id)
      assert.equal(row.status === 'blocked', failures.length > 0 && (row.status === 'pending' || row.status === 'blocked'), `${row.id} is ${row.status}; failed before it: ${failures.join(' ')}`)
      assert.equal(row.session !== undefined, !['pending', 'blocked'].includes(row.status))
      assert.equal(row.completedAt !== undefined, row.status === 'completed')
      for (const id of row.dependencies) assert.ok((rows.get(id)?.position ?? Infinity) < row.position)
    }
    assert.ok(snapshot.tasks.every((row, index) => row.position === index + 1) && rows.has(task(1)))
  }
})
