import { card, cardHalo } from './card.ts'
import type { Detail } from './card.ts'
import { dependents, taskName } from './describe.ts'
import { edgeGroup, edgeRoute } from './edge.ts'
import { criticalEdges, eachEdge, impliedEdges, kin } from './graph.ts'
import type { TaskGraph } from './graph.ts'
import type { Layout } from './layout.ts'
import { nodeHeight } from './measures.ts'
import type { DrawnPlan } from './model.ts'
import { isHighContrast, trackColour } from './palette.ts'
import type { Palette } from './palette.ts'
import type { Group, Scene } from './shapes.ts'
import type { Measure } from './text-fit.ts'

/** What is drawn, apart from how: computed once for a graph; `plan` is exchanged when only statuses change. */
export interface Picture {
  readonly plan: DrawnPlan
  readonly graph: TaskGraph
  readonly layout: Layout
  readonly implied: Uint8Array
  readonly criticalLinks: Uint8Array
}

export interface SceneView {
  readonly palette: Palette
  readonly measure: Measure
  readonly detail: Detail
  readonly selected?: string | undefined
  readonly hovered?: string | undefined
  /** Where the keyboard is. */
  readonly focused?: string | undefined
  /** Ids that a filter or search left; undefined: all. */
  readonly shown?: ReadonlySet<string> | undefined
}

const dimmed = 0.6
const filteredOut = 0.22
const edgeInk = { width: 1.3, atLeast: 0.7 }
const selectedInk = { width: 2, atLeast: 1 }
const criticalInk = { width: 2.6, atLeast: 1.6 }
const [arrow, criticalArrow] = [7, 11]

export const pictureOf = (plan: DrawnPlan, graph: TaskGraph, layout: Layout): Picture => ({ plan, graph, layout, implied: impliedEdges(graph), criticalLinks: criticalEdges(graph) })

/** The dependency picture: edges below, the critical path over them, cards on top. */
export function graphScene(picture: Picture, view: SceneView): Scene {
  const { plan, graph, layout } = picture
  const selected = view.selected === undefined ? -1 : graph.ids.indexOf(view.selected)
  const family = selected < 0 ? undefined : kin(graph.ids.length, graph.edges, selected)
  const inFamily = (task: number) => family === undefined || task === selected || family.ancestors.has(task) || family.descendants.has(task)
  const isShown = (task: number) => view.shown === undefined || view.shown.has(graph.ids[task] ?? '')
  const opacityOf = (task: number, critical: boolean) => !isShown(task) ? filteredOut : inFamily(task) || critical ? 1 : dimmed
  const [plain, critical, chosen]: [Group[], Group[], Group[]] = [[], [], []]
  const heads = view.detail !== 'block'
  eachEdge(graph.edges, (from, to, edge) => {
    const touches = (id: string | undefined) => id !== undefined && (graph.ids[from] === id || graph.ids[to] === id)
    if (picture.implied[edge] === 1 && picture.criticalLinks[edge] === 0 && !touches(view.selected)) return
    const opacity = isShown(from) && isShown(to) ? 1 : filteredOut
    if (picture.criticalLinks[edge] === 1) {
      const ink = isHighContrast(view.palette) ? { ...criticalInk, width: 4 } : criticalInk
      const head = heads ? criticalArrow : 0
      critical.push(edgeGroup(edgeRoute(layout, from, to, edge, head), { ...ink, colour: touches(view.hovered) ? view.palette.focus : view.palette.foreground, arrow: head, opacity, ...(heads && view.palette.halo !== undefined ? { halo: view.palette.halo } : {}) }))
      return
    }
    const lit = touches(view.hovered) || (family !== undefined && inFamily(from) && inFamily(to) && sameSide(family, selected, from, to))
    const head = heads ? arrow : 0
    const route = edgeRoute(layout, from, to, edge, head)
    if (lit) chosen.push(edgeGroup(route, { ...selectedInk, colour: view.palette.focus, arrow: head, opacity }))
    else plain.push(edgeGroup(route, { ...edgeInk, colour: view.palette.edge, arrow: head, opacity: family === undefined ? opacity : Math.min(opacity, dimmed) }))
  })
  const unblocks = dependents(plan)
  const cards = plan.tasks.map((task, number): Group => ({ ...card(
    task, layout.positions[number * 2] ?? 0, layout.positions[number * 2 + 1] ?? 0, trackColour(view.palette, plan.tracks, task.track),
    { selected: task.id === view.selected, focused: task.id === view.focused, hovered: task.id === view.hovered, opacity: opacityOf(number, task.critical) }, view.detail, view.palette, view.measure,
  ), label: taskName(task, plan, unblocks.get(task.id)?.length ?? 0) }))
  const { halo } = view.palette
  const halos = halo === undefined || !heads ? [] : plan.tasks.flatMap((task, number) => task.critical ? [cardHalo(layout.positions[number * 2] ?? 0, layout.positions[number * 2 + 1] ?? 0, halo, opacityOf(number, true))] : [])
  return { width: layout.width, height: layout.height, groups: [...plain, ...halos, ...critical, ...chosen, ...heading(layout, view), ...cards] }
}

/** An edge between an ancestor and a descendant goes past the selected task: it is not on a way through it. */
function sameSide(family: { readonly ancestors: ReadonlySet<number>; readonly descendants: ReadonlySet<number> }, selected: number, from: number, to: number): boolean {
  return from === selected || to === selected || family.ancestors.has(to) || family.descendants.has(from)
}

function heading(layout: Layout, view: SceneView): Group[] {
  if (layout.independent === undefined || view.detail === 'block') return []
  const { x, y, count } = layout.independent
  const size = view.detail === 'full' ? 10.5 : 15
  const text = `INDEPENDENT (${count})`
  return [{ bounds: { x, y: y - nodeHeight, width: 240, height: nodeHeight }, opacity: view.selected === undefined ? 1 : dimmed, shapes: [{ kind: 'text', x, y: y - 11, text, size, weight: 600, fill: view.palette.muted }] }]
}
