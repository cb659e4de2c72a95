import type { DrawnTask } from './model.ts'
import { isHighContrast, mix } from './palette.ts'
import type { Palette } from './palette.ts'
import { grown } from './shapes.ts'
import type { Box, Group, PathStep, Shape } from './shapes.ts'
import type { CardState } from './card.ts'
import { statusIcon } from './status-icon.ts'
import { fit, twoLines } from './text-fit.ts'
import type { Measure } from './text-fit.ts'

// By the width of a bar: id and title; status and number; status; a flat block.
const [wide, medium, small] = [72, 44, 26]
const paleShare = 0.2
const doneShare = 0.38
const radius = 3

/** One task's bar. As it gets narrower it says less, but always its track, its state and whether it is critical. */
export function timelineBar(task: DrawnTask, box: Box, track: { readonly colour: string; readonly hatched: boolean }, state: CardState, palette: Palette, measure: Measure): Group {
  const { x, y, width, height } = box
  const shapes: Shape[] = []
  if (width < small) {
    const fill = task.status === 'completed' ? mix(track.colour, palette.background, doneShare) : task.status === 'failed' ? palette.status.failed : track.colour
    shapes.push({ kind: 'box', x, y, width, height, fill })
    if (task.status === 'running') shapes.push({ kind: 'box', x: x + 0.75, y: y + 0.75, width: Math.max(0.5, width - 1.5), height: height - 1.5, stroke: { colour: palette.foreground, width: 1.5 } })
    if (task.status === 'blocked') shapes.push({ kind: 'box', x, y: y + height - 8, width, height: 8, fill: palette.status.blocked })
    if (task.critical) shapes.push({ kind: 'box', x, y: y - 5, width, height: 3, fill: palette.foreground }, { kind: 'box', x, y: y + height + 2, width, height: 3, fill: palette.foreground })
  } else {
    const ground = isHighContrast(palette) ? palette.background : mix(track.colour, palette.background, paleShare)
    const fill = state.selected ? palette.selection : ground
    if (task.critical && palette.halo !== undefined) shapes.push({ kind: 'box', ...grown(box, 3), radius: radius + 2, fill: palette.halo })
    shapes.push({ kind: 'box', x, y, width, height, radius, fill })
    shapes.push({ kind: 'box', x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, radius, stroke: { colour: mix(track.colour, palette.background, 0.75), width: 1 } })
    shapes.push({ kind: 'path', steps: bar(x, y, height), fill: track.colour })
    if (track.hatched) shapes.push({ kind: 'path', steps: hatch(x, y, height), stroke: { colour: palette.background, width: 2 } })
    if (task.critical) shapes.push({ kind: 'box', x: x + 1, y: y + 1, width: width - 2, height: height - 2, radius, stroke: { colour: palette.foreground, width: 2 } })
    shapes.push(...text(task, box, fill, state.selected, palette, measure))
  }
  if (state.selected) shapes.push({ kind: 'box', ...box, radius, stroke: { colour: palette.focus, width: 2, ...(isHighContrast(palette) ? { dash: [6, 3] } : {}) } })
  else if (state.hovered) shapes.push({ kind: 'box', ...box, radius, stroke: { colour: palette.focus, width: 1.5 } })
  if (state.focused) shapes.push({ kind: 'box', ...grown(box, 5), radius: radius + 4, stroke: { colour: palette.focus, width: 2 } })
  return { bounds: grown(box, 8), task: task.id, opacity: state.opacity, shapes }
}

const barWidth = 4
function bar(x: number, y: number, height: number): PathStep[] {
  return [['M', x + barWidth, y], ['L', x + radius, y], ['C', x + 1, y, x, y + 1, x, y + radius], ['L', x, y + height - radius], ['C', x, y + height - 1, x + 1, y + height, x + radius, y + height], ['L', x + barWidth, y + height], ['Z']]
}
function hatch(x: number, y: number, height: number): PathStep[] {
  const steps: PathStep[] = []
  for (let down = 5; down < height - 4; down += 7) steps.push(['M', x, y + down + barWidth], ['L', x + barWidth, y + down])
  return steps
}

function text(task: DrawnTask, { x, y, width }: Box, ground: string, selected: boolean, palette: Palette, measure: Measure): Shape[] {
  const [left, right, iconRadius] = [x + 10, x + width - 6, 5.5]
  const icon = statusIcon(task.status, left + iconRadius, y + 15, iconRadius, selected && (task.status === 'pending' || task.status === 'running') ? palette.selectionText : palette.status[task.status], ground)
  if (width < medium) return statusIcon(task.status, x + barWidth + (width - barWidth) / 2, y + 15, iconRadius, palette.status[task.status], ground)
  const ink = selected ? palette.selectionText : palette.foreground
  const idLeft = left + iconRadius * 2 + 5
  const short = /\d+$/.exec(task.id)?.[0] ?? task.id
  const id = measure(task.id, 11, 600) <= right - idLeft ? task.id : fit(short, right - idLeft, 11, 600, measure)
  const lines = width < wide ? [] : twoLines(task.title, right - left, 12, 400, measure)
  return [
    ...icon,
    { kind: 'text', x: idLeft, y: y + 19, text: id, size: 11, weight: 600, fill: selected ? ink : palette.muted },
    ...lines.map((line, index): Shape => ({ kind: 'text', x: left, y: y + 36 + index * 15, text: line, size: 12, weight: 400, fill: ink })),
  ]
}
