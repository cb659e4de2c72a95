import { hoursText } from './describe.ts'
import { nodeHeight, nodeWidth } from './measures.ts'
import type { DrawnTask } from './model.ts'
import { isHighContrast, mix } from './palette.ts'
import type { Palette } from './palette.ts'
import { grown } from './shapes.ts'
import type { Group, PathStep, Shape } from './shapes.ts'
import { statusIcon } from './status-icon.ts'
import { fit } from './text-fit.ts'
import type { Measure } from './text-fit.ts'

/** How much is told at a scale: everything; id and title in larger letters; a block whose fill is the status. */
export type Detail = 'full' | 'medium' | 'block'
/** Below these scales letters can't be read. */
export const detailAt = (scale: number): Detail => scale >= 0.62 ? 'full' : scale >= 0.38 ? 'medium' : 'block'

export interface CardState { readonly selected: boolean; readonly focused: boolean; readonly hovered: boolean; readonly opacity: number }

const radius = 4
const barWidth = 5
const ringGap = 4
/** A completed task's share of its track's colour in a block. */
const doneShare = 0.38

export function card(task: DrawnTask, x: number, y: number, track: { readonly colour: string; readonly hatched: boolean }, state: CardState, detail: Detail, palette: Palette, measure: Measure): Group {
  const whole = { x, y, width: nodeWidth, height: nodeHeight }
  const shapes: Shape[] = []
  shapes.push(...(detail === 'block' ? block(task, x, y, track.colour, palette) : paper(task, x, y, track, state, palette)))
  if (detail === 'full') shapes.push(...fullText(task, x, y, state.selected, palette, measure))
  if (detail === 'medium') shapes.push(...mediumText(task, x, y, state.selected, palette, measure))
  if (state.selected) shapes.push({ kind: 'box', ...grown(whole, task.critical ? 1 : 0), radius, stroke: { colour: palette.focus, width: 2, atLeast: 1.6, ...(isHighContrast(palette) ? { dash: [6, 3] } : {}) } })
  else if (state.hovered) shapes.push({ kind: 'box', ...whole, radius, stroke: { colour: palette.focus, width: 1.5, atLeast: 1 } })
  if (state.focused) shapes.push({ kind: 'box', ...grown(whole, ringGap + 1.5), radius: radius + ringGap, stroke: { colour: palette.focus, width: 2, atLeast: 1.6 } })
  return { bounds: grown(whole, ringGap * 2), task: task.id, opacity: state.opacity, shapes }
}

/** The glow under a card of the critical path; below the edges, so that their arrowheads stay whole. */
export function cardHalo(x: number, y: number, colour: string, opacity: number): Group {
  const bounds = grown({ x, y, width: nodeWidth, height: nodeHeight }, ringGap)
  return { bounds, opacity, shapes: [{ kind: 'box', ...bounds, radius: radius + ringGap - 1, fill: colour }] }
}

function paper(task: DrawnTask, x: number, y: number, track: { readonly colour: string; readonly hatched: boolean }, { selected }: CardState, palette: Palette): Shape[] {
  const half = task.critical ? 1 : 0.5
  const edge = task.critical ? { colour: palette.foreground, width: 2, atLeast: 1.6 } : { colour: palette.cardBorder, width: 1, atLeast: 0.7 }
  return [
    { kind: 'box', x, y, width: nodeWidth, height: nodeHeight, radius, fill: selected ? palette.selection : palette.card },
    { kind: 'path', steps: leftBar(x, y), fill: track.colour },
    ...(track.hatched ? [{ kind: 'path', steps: hatch(x, y), stroke: { colour: palette.card, width: 2 } } as const] : []),
    { kind: 'box', x: x + half, y: y + half, width: nodeWidth - half * 2, height: nodeHeight - half * 2, radius: radius - half, stroke: edge },
    ...(task.critical ? [] : [{ kind: 'path', steps: leftBar(x, y), fill: track.colour } as const, ...(track.hatched ? [{ kind: 'path', steps: hatch(x, y), stroke: { colour: palette.card, width: 2 } } as const] : [])]),
  ]
}

function leftBar(x: number, y: number): PathStep[] {
  const [right, bottom] = [x + barWidth, y + nodeHeight]
  return [['M', right, y], ['L', x + radius, y], ['C', x + radius / 2, y, x, y + radius / 2, x, y + radius], ['L', x, bottom - radius], ['C', x, bottom - radius / 2, x + radius / 2, bottom, x + radius, bottom], ['L', right, bottom], ['Z']]
}
function hatch(x: number, y: number): PathStep[] {
  const steps: PathStep[] = []
  for (let down = 5; down < nodeHeight - 4; down += 7) steps.push(['M', x + 0.5, y + down + barWidth - 1], ['L', x + barWidth, y + down])
  return steps
}

/** Far away borders and icons can't be seen: the fill is the status. */
function block(task: DrawnTask, x: number, y: number, colour: string, palette: Palette): Shape[] {
  const fill = task.status === 'completed' ? mix(colour, palette.background, doneShare) : task.status === 'failed' ? palette.status.failed : colour
  const inner = grown({ x, y, width: nodeWidth, height: nodeHeight }, -7)
  const shapes: Shape[] = [{ kind: 'box', x, y, width: nodeWidth, height: nodeHeight, radius, fill }]
  if (task.status === 'running') shapes.push({ kind: 'box', ...inner, radius: 2, stroke: { colour: palette.background, width: 7, atLeast: 1.5 } })
  if (task.status === 'blocked') shapes.push({ kind: 'box', ...inner, radius: 2, fill: palette.background }, { kind: 'box', ...grown(inner, -4), radius: 2, fill: palette.status.blocked })
  if (task.critical) shapes.push({ kind: 'box', x, y, width: nodeWidth, height: nodeHeight, radius, stroke: { colour: palette.foreground, width: 2, atLeast: 1.6 } })
  return shapes
}

const iconRadius = 6
function icon(task: DrawnTask, x: number, y: number, size: number, selected: boolean, palette: Palette): Shape[] {
  const plain = task.status === 'pending' || task.status === 'running'
  return statusIcon(task.status, x, y, size, selected && plain ? palette.selectionText : palette.status[task.status], selected ? palette.selection : palette.card)
}

function fullText(task: DrawnTask, x: number, y: number, selected: boolean, palette: Palette, measure: Measure): Shape[] {
  const [left, right, small, large] = [x + 14, x + nodeWidth - 9, 11, 12.5]
  const end = `${task.track} · ${hoursText(task.hours)}`
  const idLeft = left + iconRadius * 2 + 5
  const muted = selected ? mix(palette.selectionText, palette.selection, 0.85) : palette.muted
  return [
    ...icon(task, left + iconRadius, y + 15, iconRadius, selected, palette),
    { kind: 'text', x: idLeft, y: y + 19, text: fit(task.id, right - measure(end, small, 600) - 8 - idLeft, small, 600, measure), size: small, weight: 600, fill: muted },
    { kind: 'text', x: right, y: y + 19, text: end, size: small, weight: 600, fill: muted, anchor: 'end' },
    { kind: 'text', x: left, y: y + 37, text: fit(task.title, right - left, large, 400, measure), size: large, weight: 400, fill: selected ? palette.selectionText : palette.foreground },
  ]
}

function mediumText(task: DrawnTask, x: number, y: number, selected: boolean, palette: Palette, measure: Measure): Shape[] {
  const [left, right, size] = [x + 14, x + nodeWidth - 8, 15.5]
  const mediumIcon = 8
  const ink = selected ? palette.selectionText : palette.foreground
  const idLeft = left + mediumIcon * 2 + 6
  return [
    ...icon(task, left + mediumIcon, y + 14, mediumIcon, selected, palette),
    { kind: 'text', x: idLeft, y: y + 19.5, text: fit(task.id, right - idLeft, size, 600, measure), size, weight: 600, fill: ink },
    { kind: 'text', x: left, y: y + 38.5, text: fit(task.title, right - left, size, 400, measure), size, weight: 400, fill: ink },
  ]
}
