import { near, whole } from '../at.ts'
import type { Graph } from './graph.ts'

/** A minimum path cover of the order and, as its proof, as many tasks of which none waits for another (Dilworth 1950). */
export interface Cover {
  /** Each task once; a task comes after the one before it in its chain, directly or through others. */
  readonly chains: readonly (readonly number[])[]
  /** A maximum antichain: one task of every chain. Its size is the width. */
  readonly antichain: readonly number[]
}

/**
 * Width and chains, exact. A minimum path cover of the transitive closure is a maximum matching there (Fulkerson 1956); the matching is
 * found as a maximum flow without building the closure: source -> out(u) -> in(v) -> sink for a dependency u -> v, and in(v) -> out(v) to
 * pass over v. The cheapest ways first (primal-dual, Ford and Fulkerson 1962): passing over a task costs 2, a step for which `preferred` is
 * false 1. Of one cost, ways of which no two share a task, whatever their lengths: that finds nearly all in one go. Where that leaves ways
 * of this cost, as beside a task that all pass over, blocking flows (Dinic 1970), which take those of one length together. So, of all minimum covers, the one with the least passed over, then the fewest such steps.
 * Memory O(tasks + dependencies).
 */
export function pathCover(graph: Graph, preferred: (from: number, to: number) => boolean): Cover {
  const network = new Network(graph, preferred)
  network.maximize()
  return { chains: network.chains(), antichain: network.antichain() }
}

const endless = 1 << 30

/** Nodes: out(v) = v, in(v) = size + v, then source and sink. An edge and its reverse are neighbours: `edge ^ 1`. */
class Network {
  private readonly size: number
  private readonly source: number
  private readonly sink: number
  private readonly head: Int32Array
  private readonly next: Int32Array
  private readonly target: Int32Array
  private readonly room: Int32Array
  private readonly cost: Int32Array
  private edges = 0
  /** Least cost from the source, kept so that no edge with room is cheaper than the difference of its ends. */
  private readonly potential: Int32Array
  private readonly distance: Int32Array
  private readonly level: Int32Array
  private readonly settled: Uint8Array
  /** Does `block` keep to the levels? Else a node is entered once. */
  private isLayered = false
  private readonly entered: Uint8Array
  private readonly current: Int32Array

  constructor(graph: Graph, preferred: (from: number, to: number) => boolean) {
    this.size = graph.size
    const nodes = 2 * graph.size + 2
    ;[this.source, this.sink] = [nodes - 2, nodes - 1]
    const count = 2 * (3 * graph.size + graph.successors.reduce((sum, list) => sum + list.length, 0))
    this.head = new Int32Array(nodes).fill(-1)
    ;[this.next, this.target, this.room, this.cost] = [new Int32Array(count), new Int32Array(count), new Int32Array(count), new Int32Array(count)]
    ;[this.potential, this.distance, this.level, this.current] = [new Int32Array(nodes), new Int32Array(nodes), new Int32Array(nodes), new Int32Array(nodes)]
    ;[this.settled, this.entered] = [new Uint8Array(nodes), new Uint8Array(nodes)]
    // Lists are read from their end: the last tasks and edges added are tried first.
    for (let task = graph.size - 1; task >= 0; task--) {
      this.add(this.source, task, 1, 0)
      this.add(graph.size + task, this.sink, 1, 0)
      this.add(graph.size + task, task, endless, 2)
      for (const after of near(graph.successors, task).toReversed()) this.add(task, graph.size + after, endless, preferred(task, after) ? 0 : 1)
    }
  }

  private add(from: number, to: number, room: number, cost: number): void {
    this.half(from, to, room, cost)
    this.half(to, from, 0, -cost)
  }

  private half(from: number, to: number, room: number, cost: number): void {
    const edge = this.edges++
    this.target[edge] = to
    this.room[edge] = room
    this.cost[edge] = cost
    this.next[edge] = whole(this.head, from)
    this.head[from] = edge
  }

  // In these loops every index is in its list: `?? 0` is for the types alone, since a call for each look would take longer than all else.
  maximize(): void {
    while (this.price()) this.block()
  }

  /**
   * Raises the potentials to the least costs, and says by `level` how many steps away a node is on a way that costs no more; false where no way to the sink
   * is left. Dijkstra with a bucket for each cost, since costs are small whole numbers; in a bucket first come, first served.
   */
  private price(): boolean {
    const { distance, level, settled, source, sink } = this
    distance.fill(-1)
    level.fill(-1)
    settled.fill(0)
    distance[source] = level[source] = 0
    const buckets: number[][] = [[source]]
    for (let spent = 0; spent < buckets.length && settled[sink] === 0; spent++) this.settle(buckets, spent)
    if (settled[sink] === 0) return false
    this.raise(distance[sink] ?? 0)
    this.isLayered = distance[sink] === 0
    this.entered.fill(0)
    this.current.set(this.head)
    return true
  }

  private settle(buckets: number[][], spent: number): void {
    const { settled, sink } = this
    const bucket = buckets[spent] ?? []
    // It grows meanwhile.
    for (let place = 0; place < bucket.length; place++) {
      const node = bucket[place] ?? 0
      if (settled[node] === 1) continue
      settled[node] = 1
      if (node === sink) return
      this.reach(node, spent, buckets)
    }
  }

  // A function of its own, called for each node, is compiled sooner than a loop within a loop.
  private reach(from: number, spent: number, buckets: number[][]): void {
    const { next, target, room, cost, potential, distance, level } = this
    const [base, following] = [spent + (potential[from] ?? 0), (level[from] ?? 0) + 1]
    for (let edge = this.head[from] ?? -1; edge >= 0; edge = next[edge] ?? -1) {
      if (room[edge] === 0) continue
      const to = target[edge] ?? 0
      const way = base + (cost[edge] ?? 0) - (potential[to] ?? 0)
      const known = distance[to] ?? 0
      if (known >= 0 && known <= way) continue
      distance[to] = way
      level[to] = following
      ;(buckets[way] ??= []).push(to)
    }
  }

  /** Nodes further than the sink (or not reached) move with it: that keeps every reduced cost at 0 or more. */
  private raise(reached: number): void {
    const { distance, potential } = this
    for (let node = 0; node < distance.length && reached > 0; node++) {
      const way = distance[node] ?? 0
      potential[node] = (potential[node] ?? 0) + (way < 0 || way > reached ? reached : way)
    }
  }

  /** Ways that cost no more, until it finds no further one; every way carries 1, as the edges of the source do. */
  private block(): void {
    const { next, target, room, current } = this
    const way: number[] = []
    let node = this.source
    while (true) {
      if (node === this.sink) {
        for (const edge of way) {
          room[edge] = (room[edge] ?? 0) - 1
          room[edge ^ 1] = (room[edge ^ 1] ?? 0) + 1
        }
        way.length = 0
        node = this.source
        continue
      }
      let edge = current[node] ?? -1
      while (edge >= 0 && !this.advances(node, edge)) edge = next[edge] ?? -1
      current[node] = edge
      if (edge >= 0) {
        way.push(edge)
        node = target[edge] ?? 0
        continue
      }
      const back = way.pop()
      if (back === undefined) return
      node = target[back ^ 1] ?? 0
      current[node] = next[back] ?? -1
    }
  }

  private advances(node: number, edge: number): boolean {
    const { target, room, cost, potential } = this
    const to = target[edge] ?? 0
    return (room[edge] ?? 0) > 0 && (cost[edge] ?? 0) + (potential[node] ?? 0) === potential[to] && this.enters(node, to)
  }

  private enters(node: number, to: number): boolean {
    const { entered, level } = this
    if (this.isLayered) return level[to] === (level[node] ?? 0) + 1
    if (entered[to] === 1) return false
    if (to !== this.sink) entered[to] = 1
    return true
  }

  /** Follows the flow from each task to the next in its chain. What flows over an edge is the room of its reverse. */
  chains(): number[][] {
    const left = this.room.slice()
    const take = (node: number): number => {
      for (let edge = whole(this.head, node); edge >= 0; edge = whole(this.next, edge)) {
        if ((edge & 1) === 1 || whole(left, edge ^ 1) === 0) continue
        left[edge ^ 1] = whole(left, edge ^ 1) - 1
        return whole(this.target, edge)
      }
      throw new Error('a flow that ends early')
    }
    const following = new Int32Array(this.size).fill(-1)
    const isFirst = new Int32Array(this.size).fill(1)
    for (let edge = whole(this.head, this.source); edge >= 0; edge = whole(this.next, edge)) {
      if (whole(this.room, edge) !== 0) continue
      const task = whole(this.target, edge)
      let inner = take(task)
      for (let node = take(inner); node !== this.sink; node = take(inner)) inner = take(node)
      following[task] = inner - this.size
      isFirst[inner - this.size] = 0
    }
    const chains: number[][] = []
    for (let task = 0; task < this.size; task++) {
      if (whole(isFirst, task) === 0) continue
      const chain: number[] = []
      for (let member = task; member >= 0; member = whole(following, member)) chain.push(member)
      chains.push(chain)
    }
    return chains
  }

  /** Koenig: tasks whose out side the source still reaches and whose in side it does not. */
  antichain(): number[] {
    const reached = new Int32Array(this.head.length)
    reached[this.source] = 1
    const queue = [this.source]
    for (const node of queue) {
      for (let edge = whole(this.head, node); edge >= 0; edge = whole(this.next, edge)) {
        const to = whole(this.target, edge)
        if (whole(this.room, edge) === 0 || whole(reached, to) === 1) continue
        reached[to] = 1
        queue.push(to)
      }
    }
    return Array.from({ length: this.size }, (_, task) => task).filter((task) => whole(reached, task) === 1 && whole(reached, this.size + task) === 0)
  }
}
