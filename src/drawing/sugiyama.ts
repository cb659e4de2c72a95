import { coordCenter, coordGreedy, coordSimplex, decrossDfs, decrossTwoLayer, graph as emptyGraph, layeringLongestPath, layeringSimplex, sugiyama } from 'd3-dag'
import type { Coord, GraphLink, MutGraphNode } from 'd3-dag'
import { columnGap, nodeHeight, nodeWidth, rowGap } from './measures.ts'

/** How carefully a component was laid out; `simplified` shows its shape only. */
export type Pipeline = 'simplex' | 'greedy' | 'simplified'

/** A connected component. Edges are pairs of indices into `tasks`. */
export interface Component { readonly tasks: readonly number[]; readonly edges: readonly { readonly from: number; readonly to: number; readonly edge: number; readonly critical: boolean }[] }

/** Left to right, in pixels; a point is the card's left upper corner, a bend the middle of a column that an edge passes. */
export interface PlacedComponent {
  readonly component: Component
  readonly points: readonly (readonly [number, number])[]
  /** By edge, in the component's order. */
  readonly bends: readonly (readonly (readonly [number, number])[])[]
  readonly width: number
  readonly height: number
  readonly pipeline: Pipeline
}

interface LinkData { readonly critical: boolean }

/**
 * Above this number of nodes, with one more for each column that a long edge crosses, the simplex takes seconds (270: 0.2 s,
 * 364: 1.1 s, 586: 14 s). That number decides the time, the number of tasks does not.
 */
const simplexLimit = 250
/** With fewer tasks than this, the full number of decrossing passes is not felt. */
const fewTasks = 60
const passes = 4

/** A layered drawing (Sugiyama, Tagawa, Toda 1981) of one component, by d3-dag; the same input gives the same picture. */
export function layoutComponent(component: Component, simplified: boolean): PlacedComponent {
  const dag = emptyGraph<number, LinkData>()
  const nodes = component.tasks.map((_, index) => dag.node(index))
  const links: GraphLink<number, LinkData>[] = component.edges.map(({ from, to, critical }) => nodeAt(nodes, from).child(nodeAt(nodes, to), { critical }))
  let pipeline: Pipeline = simplified ? 'simplified' : 'simplex'
  // The critical path is drawn straight: its links pull much harder than the others.
  const simplex = coordSimplex().weight(({ data }: GraphLink<unknown, LinkData>) => data.critical ? [40, 60, 90] as const : [1, 2, 8] as const)
  const greedy = coordGreedy()
  const bySize: Coord<unknown, LinkData> = (layers, separation) => {
    if (layers.reduce((sum, layer) => sum + layer.length, 0) <= simplexLimit) return simplex(layers, separation)
    pipeline = 'greedy'
    return greedy(layers, separation)
  }
  // d3-dag draws from top to bottom: sizes, gaps and coordinates change places.
  const base = sugiyama().nodeSize([nodeHeight, nodeWidth]).gap([rowGap, columnGap])
  const { width, height } = simplified
    ? base.layering(layeringLongestPath()).decross(decrossDfs()).coord(coordCenter())(dag)
    : base.layering(layeringSimplex()).decross(component.tasks.length < fewTasks ? decrossTwoLayer() : decrossTwoLayer().passes(passes)).coord(bySize)(dag)
  return {
    component,
    points: nodes.map((node) => [Math.round(node.y - nodeWidth / 2), Math.round(node.x - nodeHeight / 2)] as const),
    bends: links.map((link) => link.points.slice(1, -1).map(([x, y]) => [Math.round(y), Math.round(x)] as const)),
    width: height,
    height: width,
    pipeline,
  }
}

function nodeAt(nodes: readonly MutGraphNode<number, LinkData>[], index: number): MutGraphNode<number, LinkData> {
  const node = nodes[index]
  if (node === undefined) throw new Error(`an edge names node ${index} of ${nodes.length}`)
  return node
}
