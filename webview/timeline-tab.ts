import { actualOf } from '../src/drawing/actual.ts'
import type { Transform } from '../src/drawing/canvas-pen.ts'
import type { DrawnPlan } from '../src/drawing/model.ts'
import type { Box, Scene } from '../src/drawing/shapes.ts'
import { barBox, fitHours, laneHeight, timeline } from '../src/drawing/timeline-view.ts'
import type { TimelineView } from '../src/drawing/timeline-view.ts'
import { timelineScene } from '../src/drawing/timeline.ts'
import type { CameraRules } from './camera.ts'
import { revealBox } from './picture-view.ts'
import type { Frame, PictureView } from './picture-view.ts'

/**
 * The plan as lanes over hours. The camera's scale stretches the hours alone: track names, axis and the height of the lanes stay.
 * Along the hours screen = camera.x + k (left + hours * pixels per hour of the whole plan); across them camera.y scrolls.
 */
export class TimelineTab implements PictureView {
  plan: DrawnPlan | undefined
  private before = { y: 0, k: 1 }
  readonly rules: CameraRules = {
    scale: [1, 60],
    constrain: ({ x, y, k }, width, height) => {
      const end = timeline.left + (this.plan?.makespanHours ?? 0) * this.base(width)
      const room = height - timeline.top - timeline.bottom
      // A zoom moves y as well; here it may only scroll.
      const scrolled = k === this.before.k ? y : this.before.y
      const lowest = Math.min(0, room - (this.plan === undefined ? 0 : laneHeight(this.plan, height) * this.plan.tracks.length))
      const result = { x: Math.max(Math.min(x, timeline.left * (1 - k)), width - timeline.right - k * end), y: Math.min(0, Math.max(scrolled, lowest)), k }
      this.before = { y: result.y, k }
      return result
    },
  }

  scene(frame: Frame): { readonly scene: Scene; readonly transform: Transform } {
    return { scene: this.plan === undefined ? { width: 0, height: 0, groups: [] } : timelineScene(this.plan, this.view(frame)), transform: { x: 0, y: 0, k: 1 } }
  }

  box(id: string, frame: Frame): Box | undefined {
    const task = this.plan?.tasks.find((each) => each.id === id)
    return task === undefined || this.plan === undefined ? undefined : barBox(this.plan, task, this.view(frame))
  }

  hit(x: number, y: number, frame: Frame): string | undefined {
    if (this.plan === undefined || x < timeline.left || y < timeline.top) return undefined
    const view = this.view(frame)
    for (const task of this.plan.tasks) {
      const box = barBox(this.plan, task, view)
      if (box !== undefined && x >= box.x && x <= box.x + Math.max(box.width, 3) && y >= box.y && y <= box.y + box.height) return task.id
    }
    return undefined
  }

  fit(): Transform { return { x: 0, y: 0, k: 1 } }

  reveal(id: string, frame: Frame): Transform {
    const box = this.box(id, frame)
    // What is below the names or the axis is not seen.
    const inner = { ...frame, width: frame.width - timeline.left, height: frame.height - timeline.top - timeline.bottom }
    return box === undefined ? frame.camera : revealBox({ ...box, x: box.x - timeline.left, y: box.y - timeline.top }, inner)
  }

  isWhole(): boolean { return true }

  private base(width: number): number { return this.plan === undefined ? 1 : fitHours(this.plan, width) }

  private view({ state, shown, palette, measure, camera, width, height }: Frame): TimelineView {
    const base = this.base(width)
    return {
      width, height, palette, measure, shown, selected: state.selected, hovered: state.hovered, focused: state.ring ? state.active : undefined,
      pixelsPerHour: base * camera.k, fromHour: ((timeline.left - camera.x) / camera.k - timeline.left) / base, scroll: -camera.y,
      actual: this.plan === undefined ? { bars: new Map(), now: undefined, pace: 1 } : actualOf(this.plan, Date.now()),
    }
  }
}
