import assert from 'node:assert/strict'
import fc from 'fast-check'
import { criticalEdges, eachEdge, impliedEdges, neighbours, taskGraph } from '../../../src/drawing/graph.ts'
import type { TaskGraph } from '../../../src/drawing/graph.ts'
import { layoutGraph } from '../../../src/drawing/layout.ts'
import type { Layout } from '../../../src/drawing/layout.ts'
import { columnGap, nodeHeight, nodeWidth } from '../../../src/drawing/measures.ts'
import { UserError } from '../../../src/plan/errors.ts'
import { madePlan, samplePlan } from '../../ui/graph-page/plans.ts'

const at = (layout: Layout, task: number) => ({ x: layout.positions[task * 2] ?? NaN, y: layout.positions[task * 2 + 1] ?? NaN })
const tasks = (edges: readonly (readonly [string, string])[], ids = [...new Set(edges.flat())]) => ids.map((id) => ({ id, critical: false, dependencies: edges.filter(([, to]) => to === id).map(([from]) => from) }))

/** The way of an edge as a chain of straight pieces, its level parts through the columns it crosses included. */
function way(graph: TaskGraph, layout: Layout, edge: number): [number, number][] {
  const [from, to] = [at(layout, graph.edges[edge * 2] ?? 0), at(layout, graph.edges[edge * 2 + 1] ?? 0)]
  const points: [number, number][] = [[from.x + nodeWidth, from.y + nodeHeight / 2]]
  for (let bend = layout.bendStart[edge] ?? 0; bend < (layout.bendStart[edge + 1] ?? 0); bend += 1) {
    const [x, y] = [layout.bends[bend * 2] ?? NaN, layout.bends[bend * 2 + 1] ?? NaN]
    points.push([x - nodeWidth / 2, y], [x + nodeWidth / 2, y])
  }
  return [...points, [to.x, to.y + nodeHeight / 2]]
}
function crossings(graph: TaskGraph, layout: Layout): number {
  const pieces: { edge: number; a: [number, number]; b: [number, number] }[] = []
  eachEdge(graph.edges, (_, __, edge) => { const points = way(graph, layout, edge); points.slice(1).forEach((b, index) => { pieces.push({ edge, a: points[index] ?? b, b }) }) })
  const side = (a: [number, number], b: [number, number], c: [number, number]) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
  let count = 0
  for (const [index, first] of pieces.entries()) {
    for (const second of pieces.slice(index + 1)) {
      if (first.edge !== second.edge && side(first.a, first.b, second.a) * side(first.a, first.b, second.b) < 0 && side(second.a, second.b, first.a) * side(second.a, second.b, first.b) < 0) count += 1
    }
  }
  return count
}
/** Cards apart from each other, all inside the picture, edges from left to right and never across a card. */
function assertClean(graph: TaskGraph, layout: Layout): void {
  const boxes = graph.ids.map((id, task) => ({ id, ...at(layout, task) }))
  for (const [index, box] of boxes.entries()) {
    assert(box.x >= 0 && box.y >= 0 && box.x + nodeWidth <= layout.width + 0.5 && box.y + nodeHeight <= layout.height + 0.5, `${box.id} is inside`)
    for (const other of boxes.slice(index + 1)) assert(Math.abs(box.x - other.x) >= nodeWidth || Math.abs(box.y - other.y) >= nodeHeight, `${box.id} and ${other.id} overlap`)
  }
  eachEdge(graph.edges, (from, to, edge) => {
    assert(at(layout, from).x + nodeWidth + columnGap <= at(layout, to).x + 0.5, `${graph.ids[from] ?? ''} -> ${graph.ids[to] ?? ''} runs to the right`)
    const points = way(graph, layout, edge)
    for (let piece = 1; piece + 1 < points.length; piece += 2) {
      const start = points[piece] ?? [NaN, NaN]
      const end = points[piece + 1] ?? [NaN, NaN]
      for (const box of boxes) assert(box.y >= start[1] || box.y + nodeHeight <= start[1] || box.x >= end[0] || box.x + nodeWidth <= start[0], `the edge ${edge} passes ${box.id}`)
    }
  })
}

describe('layout of the task graph', () => {
  it('draws the sample without a crossing, the critical path straight and on top', () => {
    const graph = taskGraph(samplePlan().tasks)
    const layout = layoutGraph(graph)
    assertClean(graph, layout)
    assert.equal(crossings(graph, layout), 0)
    const path = ['TASK-001', 'TASK-004', 'TASK-008', 'TASK-012', 'TASK-016'].map((id) => at(layout, graph.ids.indexOf(id)))
    assert.deepEqual(path.map((place) => place.y), [0, 0, 0, 0, 0])
    assert.deepEqual(path.map((place) => place.x), [0, 240, 480, 720, 960])
    assert.deepEqual(layout.independent?.count, 4)
    assert.equal(layout.pipeline, 'simplex')
  })

  it('draws 100 and 200 tasks with care, the same way every time', () => {
    for (const count of [100, 200]) {
      const graph = taskGraph(madePlan(count).tasks)
      const layout = layoutGraph(graph)
      assert.notEqual(layout.pipeline, 'simplified')
      assertClean(graph, layout)
      assert.deepEqual(layoutGraph(graph), layout)
    }
  })

  it('keeps the critical path straight where side branches pull', () => {
    const edges = [['A', 'B'], ['B', 'C'], ['C', 'D'], ['A', 'X'], ['A', 'Y'], ['A', 'Z'], ['X', 'D'], ['Y', 'D'], ['Z', 'C']] as const
    const graph = taskGraph(tasks(edges).map((task) => ({ ...task, critical: 'ABCD'.includes(task.id) })))
    const layout = layoutGraph(graph)
    assertClean(graph, layout)
    assert.equal(new Set('ABCD'.split('').map((id) => at(layout, graph.ids.indexOf(id)).y)).size, 1)
  })

  it('uses the simplified pipeline when asked, and above 1,500 tasks', () => {
    const graph = taskGraph(madePlan(100).tasks)
    const simple = layoutGraph({ ...graph, simplified: true })
    assert.equal(simple.pipeline, 'simplified')
    assertClean(graph, simple)
    assert.equal(layoutGraph(taskGraph(madePlan(1600).tasks)).pipeline, 'simplified')
  })

  it('places plans without any edge, and without any task', () => {
    const lone = taskGraph(tasks([], ['A', 'B', 'C', 'D', 'E', 'F', 'G']))
    assertClean(lone, layoutGraph(lone))
    assert.deepEqual([layoutGraph(taskGraph([])).width, layoutGraph(taskGraph([])).height], [0, 0])
  })

  it('is clean for any small acyclic graph', () => {
    const acyclic = fc.integer({ min: 1, max: 14 }).chain((count) => fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 24 }).map((pairs) => {
      const ids = Array.from({ length: count }, (_, number) => `T${number}`)
      return tasks(pairs.filter(([a, b]) => a !== b).map(([a, b]) => [`T${Math.min(a, b)}`, `T${Math.max(a, b)}`] as const), ids)
    }))
    fc.assert(fc.property(acyclic, (list) => { const graph = taskGraph(list); assertClean(graph, layoutGraph(graph)) }), { numRuns: 60 })
  })
})

describe('task graph', () => {
  it('counts a dependency that is named twice once', () => {
    assert.equal(taskGraph([{ id: 'A', dependencies: [], critical: false }, { id: 'B', dependencies: ['A', 'A'], critical: false }]).edges.length, 2)
  })

  it('refuses what can not be drawn and names it', () => {
    const refused = (list: Parameters<typeof taskGraph>[0], message: RegExp) => assert.throws(() => taskGraph(list), (error) => error instanceof UserError && error.code === 'input' && message.test(error.message))
    refused(tasks([], ['A', 'A']), /two tasks have the id A/)
    refused(tasks([['A', 'A']]), /A depends on itself/)
    refused([{ id: 'A', dependencies: ['Q'], critical: false }], /A depends on Q, which is not in the plan/)
    refused(tasks([['A', 'B'], ['B', 'C'], ['C', 'B'], ['C', 'D']]), /wait for each other: (B -> C -> B|C -> B -> C)/)
    assert.throws(() => layoutGraph({ ids: ['A', 'B'], edges: Int32Array.of(0, 1, 1, 0), critical: new Uint8Array(2) }), /wait for each other/)
  })

  it('finds the edges that a longer way implies', () => {
    const graph = taskGraph(tasks([['A', 'B'], ['B', 'C'], ['A', 'C'], ['A', 'D'], ['D', 'E'], ['C', 'E'], ['A', 'E']]))
    const implied: string[] = []
    const flags = impliedEdges(graph)
    eachEdge(graph.edges, (from, to, edge) => { if (flags[edge] === 1) implied.push(`${graph.ids[from] ?? ''}${graph.ids[to] ?? ''}`) })
    assert.deepEqual(implied.sort(), ['AC', 'AE'])
  })

  it('without its implied edges reaches the same tasks', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 30 }), (pairs) => {
      const ids = Array.from({ length: 10 }, (_, number) => `T${number}`)
      const graph = taskGraph(tasks(pairs.filter(([a, b]) => a !== b).map(([a, b]) => [`T${Math.min(a, b)}`, `T${Math.max(a, b)}`] as const), ids))
      const implied = impliedEdges(graph)
      const kept: number[] = []
      eachEdge(graph.edges, (from, to, edge) => { if (implied[edge] === 0) kept.push(from, to) })
      const closure = (edges: Int32Array) => { const { after } = neighbours(10, edges); const reach = (task: number): Set<number> => new Set((after[task] ?? []).flatMap((next) => [next, ...reach(next)])); return ids.map((_, task) => [...reach(task)].sort()) }
      assert.deepEqual(closure(Int32Array.from(kept)), closure(graph.edges))
    }))
  })

  it('marks the links of the critical path alone', () => {
    const graph = taskGraph([{ id: 'A', dependencies: [], critical: true }, { id: 'B', dependencies: ['A'], critical: true }, { id: 'C', dependencies: ['A', 'B'], critical: true }, { id: 'D', dependencies: ['A'], critical: false }])
    const marked: string[] = []
    const flags = criticalEdges(graph)
    eachEdge(graph.edges, (from, to, edge) => { if (flags[edge] === 1) marked.push(`${graph.ids[from] ?? ''}${graph.ids[to] ?? ''}`) })
    assert.deepEqual(marked, ['AB', 'BC'])
  })
})
