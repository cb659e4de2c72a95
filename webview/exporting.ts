import { actualOf } from '../src/drawing/actual.ts'
import { drawScene } from '../src/drawing/canvas-pen.ts'
import type { Palette } from '../src/drawing/palette.ts'
import { graphScene } from '../src/drawing/scene.ts'
import type { Picture } from '../src/drawing/scene.ts'
import type { Scene } from '../src/drawing/shapes.ts'
import { exportScene, svgDocument } from '../src/drawing/svg-document.ts'
import type { Measure } from '../src/drawing/text-fit.ts'
import { timeline } from '../src/drawing/timeline-view.ts'
import { timelineScene } from '../src/drawing/timeline.ts'
import { element } from './dom.ts'

const largestSide = 8192
const sharpness = 2
const pixelsPerHour = 24

/** The whole picture with its legend, in the theme's colours and free of selection. */
export function pictureToExport(picture: Picture, tab: 'graph' | 'timeline', palette: Palette, measure: Measure): Scene {
  const { plan } = picture
  const options = { palette, measure, title: undefined, date: new Date().toISOString().slice(0, 10) }
  if (tab === 'graph') return exportScene(plan, graphScene(picture, { palette, measure, detail: 'full' }), options)
  const width = timeline.left + Math.max(8, plan.makespanHours) * pixelsPerHour + timeline.right + 20
  const height = timeline.top + timeline.lane * plan.tracks.length + timeline.bottom
  return exportScene(plan, timelineScene(plan, { width, height, pixelsPerHour, fromHour: 0, scroll: 0, palette, measure, actual: actualOf(plan, Date.now()) }), options)
}

export const asSvg = (scene: Scene, palette: Palette, title: string): string => svgDocument(scene, palette, title)

/** A PNG as base64, at twice the size where that is not more than 8,192 pixels a side. */
export function asPng(scene: Scene, palette: Palette): string {
  const k = Math.min(sharpness, largestSide / Math.max(scene.width, scene.height))
  const canvas = element('canvas')
  canvas.width = Math.floor(scene.width * k)
  canvas.height = Math.floor(scene.height * k)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('this browser has no 2D canvas')
  context.fillStyle = palette.background
  context.fillRect(0, 0, canvas.width, canvas.height)
  drawScene(context, scene, { x: 0, y: 0, k }, canvas.width, canvas.height, palette.font)
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '')
}
