import { criticalEdges, eachEdge, topologicalOrder } from './graph.ts'
import type { TaskGraph } from './graph.ts'
import { columnPitch, nodeHeight, nodeWidth, rowPitch } from './measures.ts'
import { pack } from './pack.ts'
import { layoutComponent } from './sugiyama.ts'
import type { Component, Pipeline } from './sugiyama.ts'

export interface LayoutInput extends TaskGraph {
  /** Milliseconds instead of seconds, for a picture of the shape: what is used when the careful way takes too long. */
  readonly simplified?: boolean
}

/** Where everything stands, in pixels at scale 1. Buffers, so that a worker hands them over without a copy. */
export interface Layout {
  /** Left upper corner of each card: x, y by task. */
  readonly positions: Float32Array
  /** Points (x, y) that edges pass: the middle of a column that they cross at that height. */
  readonly bends: Float32Array
  /** By edge: number of its first bend; one entry more than edges. */
  readonly bendStart: Uint32Array
  readonly width: number
  readonly height: number
  readonly pipeline: Pipeline
  /** Tasks without any edge: their grid's upper left corner. */
  readonly independent: { readonly x: number; readonly y: number; readonly count: number } | undefined
}

/** From this number of tasks on the careful pipelines may take longer than a person waits. */
const carefulLimit = 1500

/**
 * Places the cards of a task graph from left to right: connected components one below the other with the critical path's on top,
 * tasks without any edge in a grid below.
 * @throws UserError for a self-loop or a cycle.
 */
export function layoutGraph(input: LayoutInput): Layout {
  topologicalOrder(input)
  const { components, independent } = split(input)
  const simplified = input.simplified === true || input.ids.length > carefulLimit
  const placed = components.map((component) => layoutComponent(component, simplified))
  const shelves = pack(placed)
  const positions = new Float32Array(input.ids.length * 2)
  const bends: (readonly (readonly [number, number])[])[] = Array.from({ length: input.edges.length / 2 }, () => [])
  for (const { item, x, y } of shelves.places) {
    item.points.forEach(([left, top], index) => positions.set([x + left, y + top], (item.component.tasks[index] ?? 0) * 2))
    item.component.edges.forEach(({ edge }, index) => { bends[edge] = (item.bends[index] ?? []).map(([left, top]) => [x + left, y + top] as const) })
  }
  const columns = gridColumns(shelves.width, independent.length)
  independent.forEach((task, index) => positions.set([(index % columns) * columnPitch, shelves.below + Math.floor(index / columns) * rowPitch], task * 2))
  const rows = Math.ceil(independent.length / columns)
  return {
    positions,
    ...flat(bends),
    width: Math.max(shelves.width, independent.length === 0 ? 0 : (Math.min(columns, independent.length) - 1) * columnPitch + nodeWidth),
    height: independent.length === 0 ? shelves.height : shelves.below + (rows - 1) * rowPitch + nodeHeight,
    pipeline: placed.some((each) => each.pipeline === 'simplified') ? 'simplified' : placed.some((each) => each.pipeline === 'greedy') ? 'greedy' : 'simplex',
    independent: independent.length === 0 ? undefined : { x: 0, y: shelves.below, count: independent.length },
  }
}

/** No wider than the components above; where nothing is above, about as wide as a screen is for its height. */
function gridColumns(width: number, count: number): number {
  const screenRatio = 1.6
  return Math.max(1, Math.floor((width + columnPitch - nodeWidth) / columnPitch), Math.ceil(Math.sqrt(count * screenRatio * rowPitch / columnPitch)))
}

function flat(bends: readonly (readonly (readonly [number, number])[])[]): { bends: Float32Array; bendStart: Uint32Array } {
  const bendStart = new Uint32Array(bends.length + 1)
  bends.forEach((points, edge) => { bendStart[edge + 1] = (bendStart[edge] ?? 0) + points.length })
  return { bends: Float32Array.from(bends.flat(2)), bendStart }
}

/** Connected components of more than one task: the critical path's first, then by size, then in the plan's order. */
function split(graph: TaskGraph): { components: Component[]; independent: number[] } {
  const root = graph.ids.map((_, number) => number)
  const find = (number: number): number => {
    let at = number
    for (let up = root[at] ?? at; up !== at; up = root[at] ?? at) { root[at] = root[up] ?? up; at = up }
    return at
  }
  eachEdge(graph.edges, (from, to) => { root[find(to)] = find(from) })
  const members = new Map<number, number[]>()
  graph.ids.forEach((_, number) => {
    const key = find(number)
    const group = members.get(key)
    if (group === undefined) members.set(key, [number])
    else group.push(number)
  })
  const critical = criticalEdges(graph)
  const groups = [...members.values()]
  const place = new Map<number, { group: number; index: number }>()
  groups.forEach((tasks, group) => { tasks.forEach((task, index) => { place.set(task, { group, index }) }) })
  const edges: Component['edges'][number][][] = groups.map(() => [])
  eachEdge(graph.edges, (from, to, edge) => {
    const [start, end] = [place.get(from), place.get(to)]
    if (start !== undefined && end !== undefined) edges[start.group]?.push({ from: start.index, to: end.index, edge, critical: critical[edge] === 1 })
  })
  const components = groups.map((tasks, group) => ({ tasks, edges: edges[group] ?? [], critical: tasks.some((task) => graph.critical[task] === 1) })).filter((component) => component.tasks.length > 1)
  return {
    components: components.sort((a, b) => Number(b.critical) - Number(a.critical) || b.tasks.length - a.tasks.length || (a.tasks[0] ?? 0) - (b.tasks[0] ?? 0)),
    independent: groups.filter((tasks) => tasks.length === 1).flat(),
  }
}
