import { at } from '../at.ts'

/** Edges that the search for a shortest cycle may look at; past that the shortest one found so far is told. */
const patience = 20_000_000

/**
 * The shortest cycle of every knot (strongly connected component with an edge) of a graph, as ids that each lead to the next.
 * Knots by Tarjan (1972, made iterative: a chain of 100,000 would overflow the stack), then breadth-first search from each member,
 * cut off at the best length so far.
 */
export function shortestCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const ids = [...edges.keys()]
  const index = new Map(ids.map((id, i) => [id, i]))
  const graph = ids.map((id) => (edges.get(id) ?? []).flatMap((to) => index.get(to) ?? []))
  return knots(graph).map((knot) => shortestCycle(graph, knot).map((node) => at(ids, node)))
}

function knots(graph: readonly (readonly number[])[]): number[][] {
  const number = new Int32Array(graph.length).fill(-1)
  const low = new Int32Array(graph.length)
  const open = new Uint8Array(graph.length)
  const stack: number[] = []
  const found: number[][] = []
  let count = 0
  const enter = (node: number): { node: number; edge: number } => {
    number[node] = low[node] = count++
    open[node] = 1
    stack.push(node)
    return { node, edge: 0 }
  }
  for (let root = 0; root < graph.length; root++) {
    if (at(number, root) >= 0) continue
    const calls = [enter(root)]
    for (let call = calls.at(-1); call !== undefined; call = calls.at(-1)) {
      const next = at(graph, call.node)[call.edge++]
      if (next !== undefined) {
        if (at(number, next) < 0) calls.push(enter(next))
        else if (at(open, next) === 1) low[call.node] = Math.min(at(low, call.node), at(number, next))
        continue
      }
      calls.pop()
      const parent = calls.at(-1)
      if (parent !== undefined) low[parent.node] = Math.min(at(low, parent.node), at(low, call.node))
      if (low[call.node] !== number[call.node]) continue
      const knot = stack.splice(stack.lastIndexOf(call.node))
      for (const member of knot) open[member] = 0
      if (knot.length > 1 || at(graph, call.node).includes(call.node)) found.push(knot.sort((a, b) => a - b))
    }
  }
  return found.sort((a, b) => at(a, 0) - at(b, 0))
}

function shortestCycle(graph: readonly (readonly number[])[], knot: readonly number[]): number[] {
  const inside = new Set(knot)
  const knotEdges = knot.map((node) => at(graph, node).filter((to) => inside.has(to)))
  // As many edges as members: the knot is one cycle, and each member starts the same search.
  const isOneCycle = knotEdges.every((list) => list.length === 1)
  let best: number[] = []
  let looked = 0
  for (const start of isOneCycle ? knot.slice(0, 1) : knot) {
    const from = new Map<number, number>([[start, start]])
    let layer = [start]
    for (let length = 1; layer.length > 0 && (best.length === 0 || length < best.length); length++) {
      const next: number[] = []
      for (const node of layer) {
        for (const to of at(graph, node)) {
          looked++
          if (to === start) {
            best = pathTo(node, start, from)
            next.length = 0
            break
          }
          if (!inside.has(to) || from.has(to)) continue
          from.set(to, node)
          next.push(to)
        }
        if (best.length === length) break
      }
      layer = best.length === length ? [] : next
    }
    if (best.length > 0 && (best.length <= 2 || looked > patience)) break
  }
  return best
}

function pathTo(end: number, start: number, from: ReadonlyMap<number, number>): number[] {
  const path = [end]
  for (let node = end; node !== start;) {
    const before = from.get(node)
    if (before === undefined) throw new Error('a path without a start')
    path.push(node = before)
  }
  return path.reverse()
}
