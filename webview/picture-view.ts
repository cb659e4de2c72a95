import type { Transform } from '../src/drawing/canvas-pen.ts'
import type { Palette } from '../src/drawing/palette.ts'
import type { Box, Scene } from '../src/drawing/shapes.ts'
import type { Measure } from '../src/drawing/text-fit.ts'
import type { CameraRules } from './camera.ts'
import type { PageState } from './model.ts'

/** What a scene is made for: the page's state, the camera and the size of the canvas in CSS pixels. */
export interface Frame {
  readonly state: PageState
  readonly shown: ReadonlySet<string> | undefined
  readonly palette: Palette
  readonly measure: Measure
  readonly camera: Transform
  readonly width: number
  readonly height: number
}

/** One way to draw the plan on the canvas. Boxes and points are in the canvas's CSS pixels. */
export interface PictureView {
  readonly rules: CameraRules
  /** The scene and the transform it is drawn with. */
  scene(frame: Frame): { readonly scene: Scene; readonly transform: Transform }
  box(id: string, frame: Frame): Box | undefined
  /** The task at a point. */
  hit(x: number, y: number, frame: Frame): string | undefined
  /** Shows everything, or these tasks. */
  fit(frame: Frame, tasks?: ReadonlySet<string>): Transform
  /** The transform nearest to the camera's that shows the task. */
  reveal(id: string, frame: Frame): Transform
  /** Everything is on the screen: no minimap is needed. */
  isWhole(frame: Frame): boolean
}

const margin = 40
/** The least move of the camera that brings a box inside the canvas. */
export function revealBox(box: Box | undefined, { camera, width, height }: Frame): Transform {
  if (box === undefined) return camera
  const shift = (start: number, size: number, room: number) => start < margin ? margin - start : start + size > room - margin ? Math.max(room - margin - start - size, margin - start) : 0
  return { x: camera.x + shift(box.x, box.width, width), y: camera.y + shift(box.y, box.height, height), k: camera.k }
}
