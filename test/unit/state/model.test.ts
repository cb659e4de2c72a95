import assert from 'node:assert/strict'
import path from 'node:path'
import fc from 'fast-check'
import { trackId } from '../../../src/plan/ids.ts'
import { identifySelf } from '../../../src/state/process.ts'
import type { State } from '../../../src/state/state.ts'
import { bundled } from '../../support/bundled.ts'
import { ChildPeer } from '../../support/child-peer.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { type Looks, type Operation, type PlannedTask, StateModel } from '../../support/state-model.ts'
import { StatePeer } from '../../support/state-peer.ts'
import { Bench, deadProcess, makePlan, type SavedPlan, sqlite3 } from './support.ts'

const tracks = 3
const count = 9
/** Two that live here, one that is dead, one on another host. */
const looks: readonly Looks[] = [{ host: 'here', dead: false }, { host: 'here', dead: false }, { host: 'here', dead: true }, { host: 'there', dead: false }]

const by = fc.nat(looks.length - 1)
const track = fc.integer({ min: 1, max: tracks }).map(trackId)
/** What needs a lease is asked with one that somebody got: `hand` counts through them. */
type Wish = Operation | { readonly hand: number; readonly kind: 'claim' | 'complete' | 'fail' | 'put back' | 'retry' | 'beat' | 'release' }
const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ hand: fc.nat(tracks * looks.length - 1), kind: fc.constantFrom('claim', 'claim', 'claim', 'complete', 'complete', 'fail') }) },
  { weight: 3, arbitrary: fc.record({ hand: fc.nat(tracks * looks.length - 1), kind: fc.constantFrom('put back', 'retry', 'beat', 'release') }) },
  { weight: 3, arbitrary: fc.record({ by, kind: fc.constant('acquire' as const), track }) },
  { weight: 2, arbitrary: fc.oneof(fc.record({ by, kind: fc.constantFrom('start', 'note', 'end', 'save') }), fc.record({ by, kind: fc.constant('reset' as const), track }), fc.record({ by, kind: fc.constant('reset all' as const) })) },
)
/** What processes ask at once, after some seconds. */
const step = fc.record({ seconds: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 70 })), wishes: fc.array(wish, { minLength: 1, maxLength: 3 }) })

/** One operation a process: it asks for one thing at a time. */
function operationsOf(wishes: readonly Wish[], [model]: readonly StateModel[]): Operation[] {
  const hands = model?.hands() ?? []
  const found = wishes.flatMap((each): Operation[] => {
    if (!('hand' in each)) return [each]
    const hand = hands[each.hand % Math.max(1, hands.length)]
    return hand === undefined ? [] : [{ kind: each.kind, ...hand }]
  })
  return found.filter((each, index) => found.findIndex((other) => other.by === each.by) === index)
}

/** Edges from earlier to later tasks, so there is no circle. */
const edges = fc.array(fc.tuple(fc.nat(count - 2), fc.nat(count - 2)).map(([a, b]) => [Math.min(a, b) + 1, Math.max(a, b) + 2] as const), { maxLength: 12 })

function planOf(pairs: readonly (readonly [number, number])[]): { saved: SavedPlan; planned: PlannedTask[] } {
  const dependencies: Record<number, number[]> = {}
  for (const [from, to] of pairs) dependencies[to] = [...new Set([...dependencies[to] ?? [], from])]
  const saved = makePlan(Array.from({ length: tracks }, (_, track) => ({ name: `T${track}`, sprints: [Array.from({ length: count / tracks }, (__, index) => index * tracks + track + 1)] })), dependencies)
  const places = new Map(saved.plan.tracks.flatMap((track) => track.tasks.map((id) => [id, track.id] as const)))
  return { saved, planned: saved.order.map((id) => ({ id, track: places.get(id) ?? trackId(1), dependencies: saved.tasks.find((task) => task.id === id)?.dependencies ?? [] })) }
}

async function seen(state: State): Promise<ReturnType<StateModel['seen']>> {
  const snapshot = await state.snapshot()
  assert.ok(snapshot)
  return { tasks: snapshot.tasks.map((row) => `${row.id} ${row.status}`), held: snapshot.tracks.filter((track) => track.lease !== undefined).map((track) => track.id).sort(), events: snapshot.lastEvent }
}

const orders = <T>(list: readonly T[]): T[][] => list.length <= 1 ? [[...list]] : list.flatMap((first, index) => orders(list.filter((_, at) => at !== index)).map((rest) => [first, ...rest]))

/**
 * The models in which the operations happened one after another with these answers and this end. One without an answer may not have
 * happened, and a reader can't always tell: all that explain what was seen go on.
 */
function explain(models: readonly StateModel[], operations: readonly Operation[], answers: ReadonlyMap<Operation, string>, end: ReturnType<StateModel['seen']>): StateModel[] {
  const tried: unknown[] = []
  const explaining = new Map<string, StateModel>()
  const happened = operations.filter((each) => answers.has(each))
  for (const model of models) {
    for (const order of [...orders(operations), ...orders(happened)]) {
      const next = model.copy()
      const told = order.map((each) => [each, next.apply(each)] as const)
      if (told.every(([each, answer]) => (answers.get(each) ?? answer) === answer) && JSON.stringify(next.seen()) === JSON.stringify(end)) explaining.set(next.fingerprint(), next)
      tried.push({ told, ...next.seen() })
    }
  }
  if (explaining.size === 0) assert.deepEqual({ told: [...answers], ...end }, tried[0], 'no order of these operations explains what the state said')
  return [...explaining.values()]
}

function assertTold(models: readonly StateModel[], operation: Operation, answer: string): void {
  for (const model of models) assert.equal(answer, model.apply(operation))
}

describe('processes that share the state', () => {
  const bench = new Bench()
  afterEach(() => bench.end())

  it('are told what a model in memory says, whoever acts when, several at once too', async function () {
    this.timeout(300_000)
    await fc.assert(fc.asyncProperty(edges, fc.array(step, { minLength: 10, maxLength: 60 }), async (pairs, steps) => {
      const { saved, planned } = planOf(pairs)
      const self = identifySelf()
      let clock = Date.parse('2026-03-01T12:00:00Z')
      const now = (): Date => new Date(clock)
      const { root, state } = await bench.planned(saved, { now })
      const identities = [self, self, deadProcess(self), { ...self, host: 'there', pid: 7 }]
      const peers = await Promise.all(identities.map(async (identity) => new StatePeer(await bench.open(root, { now, self: identity }), saved)))
      let models = [new StateModel(planned, looks)]
      const perform = async (operation: Operation): Promise<string> => await peers[operation.by]?.perform(operation) ?? 'nobody'
      for (const by of peers.keys()) assertTold(models, { by, kind: 'start' }, await perform({ by, kind: 'start' }))
      for (const { seconds, wishes } of steps) {
        clock += seconds * 1_000
        for (const model of models) model.clock = clock
        const operations = operationsOf(wishes, models)
        const answers = new Map<Operation, string>()
        const ask = async (each: Operation): Promise<void> => { answers.set(each, await perform(each)) }
        // Who counts as dead would lose the file lock to the others in the middle of a commit, which no dead process is in.
        if (operations.some((each) => looks[each.by]?.dead === true)) for (const each of operations) await ask(each)
        else await Promise.all(operations.map(ask))
        models = explain(models, operations, answers, await seen(state))
      }
      assert.equal(sqlite3(root, 'PRAGMA integrity_check; SELECT COUNT(*) = MAX(id) FROM events'), 'ok\n1')
      await bench.end()
    }), { numRuns: 30 })
  })

  it('are told it as processes of their own too, and when kill -9 hits them', async function () {
    this.timeout(600_000)
    const worker = bundled(path.join(import.meta.dirname, '../../support/state-peer-worker.ts'), temporaryFolder('peer'))
    const many = 3
    /** Milliseconds after which the first that asks is killed. */
    const crash = fc.option(fc.integer({ min: 0, max: 12 }), { freq: 5, nil: undefined })
    await fc.assert(fc.asyncProperty(edges, fc.array(fc.record({ crash, wishes: fc.array(wish, { minLength: 1, maxLength: 3 }) }), { minLength: 20, maxLength: 40 }), async (pairs, steps) => {
      const { saved, planned } = planOf(pairs)
      const { root, state } = await bench.planned(saved)
      const peers = Array.from({ length: many }, () => new ChildPeer(worker, root, saved))
      try {
        let models = [new StateModel(planned, peers.map(() => ({ host: 'here', dead: false })))]
        for (const [by, peer] of peers.entries()) assertTold(models, { by, kind: 'start' }, await peer.perform({ by, kind: 'start' }))
        for (const { crash: killed, wishes } of steps) {
          const all = operationsOf(wishes, models).filter((each) => each.by < many)
          // Whether another still saw it alive would be chance: it dies alone.
          const operations = killed === undefined ? all : all.slice(0, 1)
          const dying = killed === undefined ? undefined : operations[0]?.by
          const answers = new Map<Operation, string>()
          await Promise.all(operations.map(async (each) => {
            const answer = await (each.by === dying ? peers[each.by]?.performAndDie(each, killed ?? 0) : peers[each.by]?.perform(each))
            if (answer !== undefined) answers.set(each, answer)
          }))
          models = explain(models, operations, answers, await seen(state))
          if (dying !== undefined) {
            for (const model of models) model.crash(dying)
            peers[dying] = new ChildPeer(worker, root, saved)
            assertTold(models, { by: dying, kind: 'start' }, await peers[dying].perform({ by: dying, kind: 'start' }))
          }
        }
        assert.equal(sqlite3(root, 'PRAGMA integrity_check; SELECT COUNT(*) = MAX(id) FROM events'), 'ok\n1')
      } finally {
        for (const peer of peers) await peer.kill()
        await bench.end()
      }
    }), { numRuns: 6, endOnFailure: true })
  })
})
