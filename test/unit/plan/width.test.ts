import assert from 'node:assert/strict'
import fc from 'fast-check'
import { makeGraph, type Graph } from '../../../src/plan/graph/graph.ts'
import { pathCover } from '../../../src/plan/graph/width.ts'

const graphFrom = (predecessors: readonly (readonly number[])[]): Graph => makeGraph(new Float64Array(predecessors.length).fill(1), predecessors, (units) => units)
const graphs = (most: number): fc.Arbitrary<number[][]> => fc.array(fc.array(fc.nat(), { maxLength: 3 }), { maxLength: most }).map((raw) => raw.map((list, i) => (i === 0 ? [] : [...new Set(list.map((n) => n % i))])))

/** For each task the set of those that come before it, as bits. */
function ancestors(predecessors: readonly (readonly number[])[]): number[] {
  const sets: number[] = []
  for (const list of predecessors) sets.push(list.reduce((set, before) => set | (1 << before) | (sets[before] ?? 0), 0))
  return sets
}

const areFree = (members: readonly number[], before: readonly number[]): boolean => members.every((a) => members.every((b) => ((before[b] ?? 0) & (1 << a)) === 0))

function bruteWidth(before: readonly number[]): number {
  let most = 0
  for (let set = 0; set < 1 << before.length; set++) {
    const members = before.map((_, i) => i).filter((i) => (set & (1 << i)) !== 0)
    if (members.length > most && areFree(members, before)) most = members.length
  }
  return most
}

/** Every way to choose what follows what; gives the best [passed over, unpreferred] of those with fewest chains. */
function bruteCover(predecessors: readonly (readonly number[])[], preferred: (from: number, to: number) => boolean): { chains: number; directPreferred: number } {
  const before = ancestors(predecessors)
  let best = { chains: Infinity, directPreferred: -1 }
  const choose = (task: number, taken: ReadonlySet<number>, chains: number, direct: number): void => {
    if (task === predecessors.length) {
      if (chains < best.chains || (chains === best.chains && direct > best.directPreferred)) best = { chains, directPreferred: direct }
      return
    }
    choose(task + 1, taken, chains + 1, direct)
    for (let other = 0; other < task; other++) {
      if (((before[task] ?? 0) & (1 << other)) === 0 || taken.has(other)) continue
      choose(task + 1, new Set([...taken, other]), chains, direct + (predecessors[task]?.includes(other) === true && preferred(other, task) ? 1 : 0))
    }
  }
  choose(0, new Set(), 0, 0)
  return best
}

describe('the path cover', () => {
  it('is as wide as the largest set of tasks without order, and shows one', () => {
    fc.assert(fc.property(graphs(11), (predecessors) => {
      const before = ancestors(predecessors)
      const { chains, antichain } = pathCover(graphFrom(predecessors), () => true)
      assert.equal(antichain.length, bruteWidth(before))
      assert.equal(chains.length, antichain.length)
      assert.ok(areFree(antichain, before))
    }), { numRuns: 200 })
  })

  it('passes over a task that all wait for', () => {
    const [before, after] = [Array.from({ length: 40 }, (_, i) => i), Array.from({ length: 60 }, () => [40])]
    const { chains, antichain } = pathCover(graphFrom([...before.map(() => []), before, ...after]), (from, to) => from % 3 === to % 3)
    assert.deepEqual([chains.length, antichain.length], [60, 60])
    assert.equal(chains.filter(([first = 0, second = 0]) => first < 40 && second > 40).length, 39)
  })

  it('has each task in one chain, behind one that it waits for', () => {
    fc.assert(fc.property(graphs(28), (predecessors) => {
      const before = ancestors(predecessors)
      const { chains, antichain } = pathCover(graphFrom(predecessors), (from, to) => (from + to) % 2 === 0)
      assert.deepEqual(chains.flat().sort((a, b) => a - b), predecessors.map((_, i) => i))
      for (const chain of chains) for (let i = 1; i < chain.length; i++) assert.ok(((before[chain[i] ?? 0] ?? 0) & (1 << (chain[i - 1] ?? 0))) !== 0)
      assert.equal(chains.length, antichain.length)
    }))
  })

  it('follows dependencies of the preferred kind where no more chains are needed for it', () => {
    fc.assert(fc.property(graphs(7), (predecessors) => {
      const preferred = (from: number, to: number): boolean => from % 2 === to % 2
      const { chains } = pathCover(graphFrom(predecessors), preferred)
      const best = bruteCover(predecessors, preferred)
      assert.equal(chains.length, best.chains)
      const steps = chains.flatMap((chain) => chain.slice(1).map((to, i) => [chain[i] ?? 0, to] as const))
      if (best.directPreferred === predecessors.length - best.chains) assert.ok(steps.every(([from, to]) => predecessors[to]?.includes(from) === true && preferred(from, to)))
    }), { numRuns: 300 })
  })
})
