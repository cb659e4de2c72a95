import { drawScene } from '../src/drawing/canvas-pen.ts'
import { graphScene } from '../src/drawing/scene.ts'
import { element } from './dom.ts'
import type { GraphView } from './graph-view.ts'
import type { Model } from './model.ts'
import type { Stage } from './stage.ts'

const [widest, highest] = [172, 110]
const padding = 6

/** The whole graph in a corner with the part that is seen; hidden where everything is seen. A click or drag moves there. */
export class Minimap {
  readonly node = element('canvas', { class: 'minimap', 'aria-hidden': 'true', hidden: true })
  /** Drawn once for a picture and a theme: moving the camera only moves the frame on it. */
  private bitmap: { readonly key: readonly unknown[]; readonly canvas: HTMLCanvasElement; readonly k: number } | undefined

  constructor(private readonly model: Model, private readonly stage: Stage, private readonly view: GraphView) {
    stage.onDraw(() => this.draw())
    this.node.addEventListener('pointerdown', (event) => { this.node.setPointerCapture(event.pointerId); this.goTo(event) })
    this.node.addEventListener('pointermove', (event) => { if (this.node.hasPointerCapture(event.pointerId)) this.goTo(event) })
  }

  private draw(): void {
    const picture = this.view.picture
    const hide = picture === undefined || this.model.state.tab !== 'graph' || this.stage.isWhole
    this.node.hidden = hide
    if (hide) return
    const { palette, measure, camera, width, height } = this.stage.frame
    const ratio = devicePixelRatio
    const key = [picture, palette, ratio]
    if (this.bitmap === undefined || key.some((part, index) => part !== this.bitmap?.key[index])) {
      const k = Math.min((widest - padding * 2) / picture.layout.width, (highest - padding * 2) / picture.layout.height)
      const canvas = element('canvas')
      const size = { width: Math.ceil(picture.layout.width * k) + padding * 2, height: Math.ceil(picture.layout.height * k) + padding * 2 }
      canvas.width = Math.round(size.width * ratio)
      canvas.height = Math.round(size.height * ratio)
      const context = canvas.getContext('2d')
      if (context === null) return
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      drawScene(context, graphScene(picture, { palette, measure, detail: 'block' }), { x: padding, y: padding, k }, size.width, size.height, palette.font)
      this.bitmap = { key, canvas, k }
      this.node.width = canvas.width
      this.node.height = canvas.height
      this.node.style.width = `${size.width}px`
      this.node.style.height = `${size.height}px`
    }
    const context = this.node.getContext('2d')
    if (context === null) return
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, this.node.width, this.node.height)
    context.drawImage(this.bitmap.canvas, 0, 0)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    const scale = this.bitmap.k / camera.k
    const [left, top] = [Math.max(1, padding - camera.x * scale), Math.max(1, padding - camera.y * scale)]
    const [right, bottom] = [Math.min(this.node.width / ratio - 1, padding + (width - camera.x) * scale), Math.min(this.node.height / ratio - 1, padding + (height - camera.y) * scale)]
    context.strokeStyle = palette.focus
    context.lineWidth = 1.5
    context.strokeRect(left, top, Math.max(4, right - left), Math.max(4, bottom - top))
  }

  private goTo(event: PointerEvent): void {
    if (this.bitmap === undefined) return
    const { k } = this.stage.camera.transform
    const { width, height } = this.stage.frame
    const [x, y] = [(event.offsetX - padding) / this.bitmap.k, (event.offsetY - padding) / this.bitmap.k]
    const now = this.stage.camera.transform
    this.stage.camera.panBy(width / 2 - x * k - now.x, height / 2 - y * k - now.y)
  }
}
