import { hoursText } from './describe.ts'
import type { DrawnPlan, DrawnTask } from './model.ts'
import { trackColour } from './palette.ts'
import type { Palette } from './palette.ts'
import type { Box, Group, Scene, Shape } from './shapes.ts'
import { fit } from './text-fit.ts'
import { timelineArrows } from './timeline-arrows.ts'
import { timelineBar } from './timeline-bar.ts'
import { barBox, hourAt, laneHeight, timeline } from './timeline-view.ts'
import type { TimelineView } from './timeline-view.ts'

const rasterSteps = [1, 2, 4, 8, 20, 40, 80, 200, 400, 800, 2000, 4000, 8000]
const dimmed = 0.6
const filteredOut = 0.22

/** A lane for each track in the plan's order, a bar for each task in the schedule's place. O(n). */
export function timelineScene(plan: DrawnPlan, view: TimelineView): Scene {
  const { palette } = view
  const lanes: Box = { x: timeline.left, y: timeline.top - 4, width: view.width - timeline.left, height: view.height - timeline.top - timeline.bottom + 8 }
  const whole: Box = { x: 0, y: 0, width: view.width, height: view.height }
  const marked = new Set(view.selected === undefined ? [] : near(plan, view.selected))
  const bars: Group[] = []
  for (const task of plan.tasks) {
    const box = barBox(plan, task, view)
    if (box === undefined || box.x + box.width < lanes.x - 20 || box.x > view.width + 20 || box.y > lanes.y + lanes.height || box.y + timeline.lane < lanes.y) continue
    const opacity = view.shown !== undefined && !view.shown.has(task.id) ? filteredOut : marked.size > 0 && !marked.has(task.id) && !task.critical ? dimmed : 1
    // What is dimmed is not transparent: the raster must not show through its text.
    if (opacity < 1) bars.push({ bounds: box, clip: lanes, shapes: [{ kind: 'box', ...box, radius: 3, fill: palette.background }] })
    bars.push({ ...timelineBar(task, box, trackColour(palette, plan.tracks, task.track), { selected: task.id === view.selected, hovered: task.id === view.hovered, focused: task.id === view.focused, opacity }, palette, view.measure), clip: lanes })
    const strip = actualStrip(task, box, view)
    if (strip !== undefined) bars.push({ bounds: { ...box, x: 0, width: view.width, height: timeline.lane }, opacity, clip: lanes, shapes: strip })
  }
  return {
    width: view.width,
    height: view.height,
    groups: [
      { bounds: whole, clip: { ...lanes, y: 0, height: view.height }, shapes: [...raster(view), ...lines(plan, view)] },
      { bounds: whole, clip: { ...lanes, x: 0, width: view.width }, shapes: laneFrames(plan, view) },
      ...sprints(plan, view, lanes), ...bars, ...timelineArrows(plan, view, lanes),
      { bounds: whole, shapes: axis(plan, view) },
    ],
  }
}

function near(plan: DrawnPlan, id: string): string[] {
  const task = plan.tasks.find((each) => each.id === id)
  return task === undefined ? [] : [id, ...task.dependencies, ...plan.tasks.filter((each) => each.dependencies.includes(id)).map((each) => each.id)]
}

function ticks(view: TimelineView): number[] {
  const wanted = 52
  const step = rasterSteps.find((each) => each * view.pixelsPerHour >= wanted) ?? 16_000
  const first = Math.max(0, Math.floor(view.fromHour / step) * step)
  const last = view.fromHour + (view.width - timeline.left) / view.pixelsPerHour
  return Array.from({ length: Math.max(0, Math.ceil((last - first) / step) + 1) }, (_, index) => first + index * step)
}

function raster(view: TimelineView): Shape[] {
  return ticks(view).map((hours): Shape => { const x = Math.round(hourAt(view, hours)) + 0.5; return { kind: 'path', steps: [['M', x, timeline.top], ['L', x, view.height - timeline.bottom]], stroke: { colour: view.palette.raster, width: 1 } } })
}

/** Now, the critical path's end and the finish: behind the bars. */
function lines(plan: DrawnPlan, view: TimelineView): Shape[] {
  const line = (hours: number, colour: string, width: number, dash?: readonly number[]): Shape => ({ kind: 'path', steps: [['M', hourAt(view, hours), timeline.top - 8], ['L', hourAt(view, hours), view.height - timeline.bottom + 4]], stroke: { colour, width, ...(dash === undefined ? {} : { dash }) } })
  return [
    ...(plan.criticalPathHours < plan.makespanHours ? [line(plan.criticalPathHours, view.palette.muted, 1.5, [4, 4])] : []), line(plan.makespanHours, view.palette.foreground, 1.5),
    ...(view.actual.now === undefined ? [] : [line(view.actual.now, view.palette.focus, 2)]),
  ]
}

function axis(plan: DrawnPlan, view: TimelineView): Shape[] {
  const { palette, measure } = view
  const seen = (hours: number) => { const x = hourAt(view, hours); return x >= timeline.left - 1 && x <= view.width }
  const now = view.actual.now
  const pill = now === undefined ? '' : `now · ${hoursText(now)}`
  const pillWidth = measure(pill, 11, 600) + 18
  const pillX = now === undefined ? -1000 : Math.min(Math.max(hourAt(view, now), timeline.left), view.width - pillWidth / 2 - 2)
  const shapes: Shape[] = ticks(view).filter((hours) => seen(hours) && Math.abs(hourAt(view, hours) - pillX) > pillWidth / 2 + 18)
    .map((hours) => ({ kind: 'text', x: hourAt(view, hours), y: 30, text: `${hours} h`, size: 11, weight: 400, fill: palette.muted, anchor: 'middle' }))
  if (now !== undefined && seen(now)) {
    shapes.push({ kind: 'box', x: pillX - pillWidth / 2, y: 16, width: pillWidth, height: 20, radius: 10, fill: palette.focus }, { kind: 'text', x: pillX, y: 30, text: pill, size: 11, weight: 600, fill: palette.kind === 'high-contrast' ? palette.background : '#ffffff', anchor: 'middle' })
  }
  const foot = view.height - timeline.bottom + 20
  const finish = `finish ${hoursText(plan.makespanHours)}`
  const critical = `critical path ${hoursText(plan.criticalPathHours)}`
  const same = plan.criticalPathHours >= plan.makespanHours
  const [finishX, criticalX] = [Math.min(hourAt(view, plan.makespanHours), view.width - measure(finish, 11, 600) / 2 - 6), hourAt(view, plan.criticalPathHours)]
  const apart = (measure(finish, 11, 600) + measure(critical, 11, 400)) / 2 + 10
  if (seen(plan.makespanHours)) shapes.push({ kind: 'text', x: finishX, y: foot, text: same ? `${critical} · ${finish}` : finish, size: 11, weight: 600, fill: palette.foreground, anchor: same ? 'end' : 'middle' })
  if (!same && seen(plan.criticalPathHours)) shapes.push({ kind: 'text', x: Math.min(criticalX, finishX - apart), y: foot, text: critical, size: 11, weight: 400, fill: palette.muted, anchor: 'middle' })
  if (view.actual.pace !== 1) shapes.push({ kind: 'text', x: 12, y: 30, text: fit(`1 h took ${paceText(view.actual.pace)}`, timeline.left - 34, 11, 400, measure), size: 11, weight: 400, fill: palette.muted })
  return shapes
}

function paceText(pace: number): string {
  const seconds = pace * 3600
  return seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : seconds < 90 ? `${Number(seconds.toFixed(1))} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Number(pace.toFixed(1))} h`
}

function laneFrames(plan: DrawnPlan, view: TimelineView): Shape[] {
  const lane = laneHeight(plan, view.height)
  return plan.tracks.flatMap((track, index): Shape[] => {
    const top = timeline.top + index * lane - view.scroll
    if (top > view.height || top + lane < 0) return []
    const own = plan.tasks.filter((task) => task.track === track.id)
    const bottom = Math.round(top + lane - 8) + 0.5
    return [
      { kind: 'box', x: 12, y: top + timeline.barTop, width: 4, height: timeline.barHeight, radius: 1, fill: trackColour(view.palette, plan.tracks, track.id).colour },
      { kind: 'text', x: 24, y: top + timeline.barTop + 20, text: fit(`${track.id} ${track.name}`, timeline.left - 34, 12.5, 600, view.measure), size: 12.5, weight: 600, fill: view.palette.foreground },
      { kind: 'text', x: 24, y: top + timeline.barTop + 38, text: `${own.filter((task) => task.status === 'completed').length}/${own.length} done`, size: 11, weight: 400, fill: view.palette.muted },
      { kind: 'path', steps: [['M', 0, bottom], ['L', view.width, bottom]], stroke: { colour: view.palette.raster, width: 1 } },
    ]
  })
}

/** A sprint's name above its first bar, as far as the next sprint's. */
function sprints(plan: DrawnPlan, view: TimelineView, clip: Box): Group[] {
  return plan.tracks.flatMap((track, lane): Group[] => {
    const starts = track.sprints.map((sprint) => ({ sprint, start: Math.min(...plan.tasks.filter((task) => task.sprint === sprint.id).map((task) => task.start)) })).filter(({ start }) => Number.isFinite(start)).sort((a, b) => a.start - b.start)
    const y = timeline.top + lane * laneHeight(plan, view.height) - view.scroll + timeline.barTop - 6
    return starts.flatMap(({ sprint, start }, index): Group[] => {
      const [x, end] = [Math.max(timeline.left, hourAt(view, start)) + 1, hourAt(view, starts[index + 1]?.start ?? plan.makespanHours)]
      const text = fit(`${sprint.id} · ${sprint.name}`, end - x - 8, 10.5, 400, view.measure)
      return text.length < 4 ? [] : [{ bounds: { x, y: y - 12, width: end - x, height: 16 }, clip, shapes: [{ kind: 'text', x, y, text, size: 10.5, weight: 400, fill: view.palette.muted }] }]
    })
  })
}

const stripColours = (palette: Palette) => ({ pending: palette.muted, running: palette.status.running, completed: palette.status.completed, failed: palette.status.failed, blocked: palette.status.blocked })

/** What really happened, below the bar; late or early by more than a tenth of an hour as text. */
function actualStrip(task: DrawnTask, box: Box, view: TimelineView): Shape[] | undefined {
  const actual = view.actual.bars.get(task.id)
  if (actual === undefined) return undefined
  const [x, y] = [hourAt(view, actual.start), box.y + box.height + 6]
  const width = Math.max(1.5, (actual.finish - actual.start) * view.pixelsPerHour - 1.5)
  const shapes: Shape[] = [{ kind: 'box', x, y, width, height: 7, radius: 1.5, fill: stripColours(view.palette)[task.status] }]
  const late = actual.finish - task.finish
  const text = `${late > 0 ? '+' : '−'}${hoursText(Math.abs(late))}`
  if (task.status === 'completed' && view.actual.pace === 1 && Math.abs(late) >= 0.1 && view.measure(text, 10.5, 400) <= width) shapes.push({ kind: 'text', x: x + width, y: y + 19, text, size: 10.5, weight: 400, fill: view.palette.muted, anchor: 'end' })
  return shapes
}
