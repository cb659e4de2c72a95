import type { Actual } from './actual.ts'
import type { DrawnPlan, DrawnTask } from './model.ts'
import type { Palette } from './palette.ts'
import type { Box } from './shapes.ts'
import type { Measure } from './text-fit.ts'

/** Where the hours are on the screen: everything of the timeline is in its pixels. */
export interface TimelineView {
  readonly width: number
  readonly height: number
  readonly pixelsPerHour: number
  /** Hours at the left edge of the lanes. */
  readonly fromHour: number
  /** Pixels that the lanes are scrolled up. */
  readonly scroll: number
  readonly palette: Palette
  readonly measure: Measure
  readonly actual: Actual
  readonly selected?: string | undefined
  readonly hovered?: string | undefined
  readonly focused?: string | undefined
  readonly shown?: ReadonlySet<string> | undefined
}

export const timeline = { left: 148, right: 40, top: 56, bottom: 34, lane: 128, lowestLane: 106, barTop: 20, barHeight: 62 } as const

/** Pixels for an hour so that the whole plan is seen. */
export const fitHours = (plan: DrawnPlan, width: number) => Math.max(1, width - timeline.left - timeline.right) / Math.max(1, plan.makespanHours)
/** Lanes get lower before they must be scrolled. `height`: of the whole timeline. */
export const laneHeight = (plan: DrawnPlan, height: number) => Math.max(timeline.lowestLane, Math.min(timeline.lane, (height - timeline.top - timeline.bottom) / Math.max(1, plan.tracks.length)))
export const hourAt = (view: TimelineView, hours: number) => timeline.left + (hours - view.fromHour) * view.pixelsPerHour

/** Where a task's bar is on the screen; undefined for a track that the plan does not list. */
export function barBox(plan: DrawnPlan, task: DrawnTask, view: TimelineView): Box | undefined {
  const lane = plan.tracks.findIndex((track) => track.id === task.track)
  if (lane < 0) return undefined
  return { x: hourAt(view, task.start), y: timeline.top + lane * laneHeight(plan, view.height) - view.scroll + timeline.barTop, width: Math.max(1.5, (task.finish - task.start) * view.pixelsPerHour - 1.5), height: timeline.barHeight }
}
