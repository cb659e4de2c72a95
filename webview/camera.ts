import { select } from 'd3-selection'
import { zoom, zoomIdentity, zoomTransform } from 'd3-zoom'
import type { ZoomTransform } from 'd3-zoom'
import type { Transform } from '../src/drawing/canvas-pen.ts'
import { reducedMotion } from './theme.ts'

/** What a picture allows its camera. */
export interface CameraRules {
  readonly scale: readonly [number, number]
  /** The nearest allowed transform. */
  readonly constrain: (wanted: Transform, width: number, height: number) => Transform
}

const pixelsPerLine = 16
const glideMs = 200
const clickDistance = 4

/** Wheel pans, Ctrl or Cmd with the wheel and pinch zoom, dragging pans. Each picture has a transform of its own. */
export class Camera {
  private readonly behaviour = zoom<HTMLCanvasElement, unknown>()
  private readonly kept = new Map<string, ZoomTransform>()
  private key = ''
  private glide = 0
  /** The person has moved the picture: it is not fitted again by itself. */
  private readonly touched = new Set<string>()

  constructor(private readonly canvas: HTMLCanvasElement, private readonly moved: () => void) {
    this.behaviour.clickDistance(clickDistance)
      .filter((event: MouseEvent | WheelEvent) => event.type === 'wheel' ? event.ctrlKey || event.metaKey : event.button === 0 && !event.ctrlKey)
      .on('zoom', (event: { readonly transform: ZoomTransform; readonly sourceEvent: unknown }) => {
        this.kept.set(this.key, event.transform)
        if (event.sourceEvent !== null) { cancelAnimationFrame(this.glide); this.touched.add(this.key) }
        this.moved()
      })
    select(canvas).call(this.behaviour).on('dblclick.zoom', null)
    canvas.addEventListener('wheel', (event) => {
      if (event.ctrlKey || event.metaKey) return
      event.preventDefault()
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? pixelsPerLine : 1
      const [dx, dy] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY]
      this.panBy(-dx * unit, -dy * unit)
    }, { passive: false })
  }

  get transform(): Transform { return zoomTransform(this.canvas) }
  get wasTouched(): boolean { return this.touched.has(this.key) }

  /** Switches to another picture, or gives the same one new rules. */
  use(key: string, rules: CameraRules): void {
    cancelAnimationFrame(this.glide)
    this.key = key
    this.behaviour.scaleExtent([...rules.scale]).constrain((wanted, [[left, top], [right, bottom]]) => {
      const { x, y, k } = rules.constrain(wanted, right - left, bottom - top)
      return x === wanted.x && y === wanted.y && k === wanted.k ? wanted : zoomIdentity.translate(x, y).scale(k)
    })
    this.set(this.kept.get(key) ?? zoomIdentity)
  }

  /** Shows this transform at once, without counting as the person's own move. */
  set({ x, y, k }: Transform): void {
    cancelAnimationFrame(this.glide)
    this.behaviour.transform(select(this.canvas), zoomIdentity.translate(x, y).scale(k))
  }

  /** Glides to a transform; at once where motion is not wanted. */
  moveTo(target: Transform, byPerson = true): void {
    if (byPerson) this.touched.add(this.key)
    if (reducedMotion()) { this.set(target); return }
    cancelAnimationFrame(this.glide)
    const from = this.transform
    const begun = performance.now()
    const step = (now: number) => {
      const share = Math.min(1, Math.max(0, (now - begun) / glideMs))
      const eased = 1 - (1 - share) ** 3
      const between = (a: number, b: number) => a + (b - a) * eased
      this.behaviour.transform(select(this.canvas), zoomIdentity.translate(between(from.x, target.x), between(from.y, target.y)).scale(between(from.k, target.k)))
      if (share < 1) this.glide = requestAnimationFrame(step)
    }
    this.glide = requestAnimationFrame(step)
  }

  /** The picture may be fitted by itself again. */
  release(): void { this.touched.delete(this.key) }

  panBy(dx: number, dy: number): void {
    const { x, y, k } = this.transform
    this.touched.add(this.key)
    const wanted = zoomIdentity.translate(x + dx, y + dy).scale(k)
    const { clientWidth: width, clientHeight: height } = this.canvas
    this.set(this.behaviour.constrain()(wanted, [[0, 0], [width, height]], [[-Infinity, -Infinity], [Infinity, Infinity]]))
  }

  /** About the middle of the picture. */
  zoomBy(factor: number): void {
    this.touched.add(this.key)
    this.behaviour.scaleBy(select(this.canvas), factor)
  }
}
