import type { Layout } from './layout.ts'
import { columnGap, nodeHeight, nodeWidth } from './measures.ts'
import { around, grown } from './shapes.ts'
import type { Box, Group, PathStep, Shape } from './shapes.ts'

export interface EdgeRoute { readonly steps: readonly PathStep[]; readonly bounds: Box; readonly tip: readonly [number, number] }
export interface EdgeInk { readonly colour: string; readonly width: number; readonly atLeast: number; readonly halo?: string; /** Length of the arrowhead; 0: none. */ readonly arrow: number; readonly opacity: number }

const haloWidth = 10

/**
 * From the right side of one card to the left side of the other: level through each column that is crossed, an S-curve with level
 * tangents in each gap, so that no edge runs over a card. `arrow` pixels before the tip are left to the arrowhead.
 */
export function edgeRoute(layout: Layout, from: number, to: number, edge: number, arrow: number): EdgeRoute {
  const at = (task: number): [number, number] => [layout.positions[task * 2] ?? 0, (layout.positions[task * 2 + 1] ?? 0) + nodeHeight / 2]
  const [start, tip] = [at(from), at(to)]
  start[0] += nodeWidth
  const stops: [number, number][] = [start]
  for (let bend = layout.bendStart[edge] ?? 0; bend < (layout.bendStart[edge + 1] ?? 0); bend += 1) {
    const [x, y] = [layout.bends[bend * 2] ?? 0, layout.bends[bend * 2 + 1] ?? 0]
    stops.push([x - nodeWidth / 2, y], [x + nodeWidth / 2, y])
  }
  stops.push([tip[0] - arrow, tip[1]])
  const steps: PathStep[] = [['M', ...start]]
  for (let index = 1; index < stops.length; index += 1) {
    const [a, b] = [stops[index - 1] ?? start, stops[index] ?? tip]
    if (a[1] === b[1]) { steps.push(['L', ...b]); continue }
    // In the last gap the arrowhead needs its length: the curve keeps clear of it.
    const middle = a[0] + Math.min(b[0] - a[0], columnGap) / 2
    steps.push(['C', middle, a[1], middle, b[1], ...b])
  }
  return { steps, bounds: grown(around([...stops, tip]), haloWidth), tip }
}

export function edgeGroup(route: EdgeRoute, ink: EdgeInk): Group {
  const shapes: Shape[] = []
  if (ink.halo !== undefined) shapes.push({ kind: 'path', steps: route.steps, stroke: { colour: ink.halo, width: haloWidth } })
  shapes.push({ kind: 'path', steps: route.steps, stroke: { colour: ink.colour, width: ink.width, atLeast: ink.atLeast } })
  const [x, y] = route.tip
  if (ink.arrow > 0) shapes.push({ kind: 'path', fill: ink.colour, steps: [['M', x - 0.5, y], ['L', x - ink.arrow - 0.5, y - ink.arrow * 0.52], ['L', x - ink.arrow - 0.5, y + ink.arrow * 0.52], ['Z']] })
  return { bounds: route.bounds, opacity: ink.opacity, shapes }
}
