import type { DrawnPlan, DrawnTask } from './model.ts'
import { around, grown } from './shapes.ts'
import type { Box, Group, PathStep } from './shapes.ts'
import { barBox } from './timeline-view.ts'
import type { TimelineView } from './timeline-view.ts'

const arrow = 7
/** Bars narrower than this show no icon either. */
const readable = 26

/** Dependencies of the task that is selected or pointed at, and where the critical path changes tracks: all arrows at once can't be read. */
export function timelineArrows(plan: DrawnPlan, view: TimelineView, clip: Box): Group[] {
  const byId = new Map(plan.tasks.map((task) => [task.id, task]))
  const groups: Group[] = []
  const draw = (from: DrawnTask, to: DrawnTask, colour: string, width: number) => {
    const [a, b] = [barBox(plan, from, view), barBox(plan, to, view)]
    if (a === undefined || b === undefined) return
    const start: [number, number] = [a.x + a.width, a.y + a.height / 2]
    const tip: [number, number] = [b.x, b.y + b.height / 2]
    // Followers in the same lane: the bars touch, an arrow would hide both.
    if (from.track === to.track && tip[0] - start[0] < arrow * 2) return
    const reach = Math.max(14, (tip[0] - start[0]) / 2)
    const steps: PathStep[] = [['M', ...start], ['C', start[0] + reach, start[1], tip[0] - arrow - reach, tip[1], tip[0] - arrow, tip[1]]]
    groups.push({
      bounds: grown(around([start, tip, [start[0] + reach, start[1]], [tip[0] - reach - arrow, tip[1]]]), 4), clip,
      shapes: [{ kind: 'path', steps, stroke: { colour, width } }, { kind: 'path', fill: colour, steps: [['M', ...tip], ['L', tip[0] - arrow, tip[1] - arrow * 0.55], ['L', tip[0] - arrow, tip[1] + arrow * 0.55], ['Z']] }],
    })
  }
  const critical = plan.tasks.filter((task) => task.critical).sort((a, b) => a.start - b.start)
  for (const [index, to] of critical.entries()) {
    const from = critical[index - 1]
    // Far away the arrows would only be a tangle; the caps on the bars still mark the path.
    if (from !== undefined && from.track !== to.track && to.dependencies.includes(from.id) && [from, to].every((task) => (task.finish - task.start) * view.pixelsPerHour >= readable)) draw(from, to, view.palette.foreground, 2)
  }
  const marked = byId.get(view.selected ?? '') ?? byId.get(view.hovered ?? '')
  if (marked === undefined) return groups
  for (const id of new Set(marked.dependencies)) { const from = byId.get(id); if (from !== undefined) draw(from, marked, view.palette.focus, 2) }
  for (const task of plan.tasks) if (task.dependencies.includes(marked.id)) draw(marked, task, view.palette.focus, 2)
  return groups
}
