import type { DrawnStatus } from '../src/drawing/model.ts'
import type { Palette } from '../src/drawing/palette.ts'
import { statusIcon } from '../src/drawing/status-icon.ts'
import { drawScene } from '../src/drawing/canvas-pen.ts'
import { element } from './dom.ts'

const size = 14

/** The status icon of the cards, for the page's lists: hidden from screen readers, the status stands beside it as text. */
export function statusImage(status: DrawnStatus, palette: Palette): HTMLCanvasElement {
  const canvas = element('canvas', { class: 'status', 'aria-hidden': 'true' })
  const ratio = devicePixelRatio
  canvas.width = canvas.height = Math.round(size * ratio)
  const context = canvas.getContext('2d')
  if (context === null) return canvas
  context.scale(ratio, ratio)
  const whole = { x: 0, y: 0, width: size, height: size }
  drawScene(context, { width: size, height: size, groups: [{ bounds: whole, shapes: statusIcon(status, size / 2, size / 2, 6, palette.status[status], palette.background) }] }, { x: 0, y: 0, k: 1 }, size, size, palette.font)
  return canvas
}
