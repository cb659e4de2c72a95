import { drawScene } from '../src/drawing/canvas-pen.ts'
import type { Palette } from '../src/drawing/palette.ts'
import type { Box } from '../src/drawing/shapes.ts'
import type { Measure } from '../src/drawing/text-fit.ts'
import { Camera } from './camera.ts'
import { element } from './dom.ts'
import { shownTasks } from './model.ts'
import type { Model, PageState } from './model.ts'
import type { Frame, PictureView } from './picture-view.ts'
import { measurer, readPalette, reducedMotion } from './theme.ts'

/** The canvas: draws one of the views when something changed, at the screen's resolution, and says what is where. */
export class Stage {
  readonly canvas = element('canvas', { 'aria-hidden': 'true', class: 'picture' })
  readonly node = element('div', { class: 'stage' }, this.canvas)
  readonly camera: Camera
  palette: Palette = readPalette()
  private measure: Measure = measurer(this.palette.font)
  private shown: { readonly state: PageState; readonly tasks: ReadonlySet<string> | undefined } | undefined
  private size = { width: 0, height: 0 }
  private asked = 0
  private view: PictureView
  private drawn: (() => void)[] = []

  constructor(private readonly model: Model, private readonly views: { readonly graph: PictureView; readonly timeline: PictureView }) {
    this.view = views.graph
    this.camera = new Camera(this.canvas, () => this.invalidate())
    this.camera.use('graph', this.view.rules)
    new ResizeObserver(() => this.resize()).observe(this.node)
    model.listen((now, before) => {
      if (now.tab !== before.tab && now.tab !== 'list') this.use(now.tab)
      this.invalidate()
    })
  }

  get frame(): Frame {
    const { state } = this.model
    if (this.shown?.state.plan !== state.plan || this.shown?.state.search !== state.search || this.shown.state.track !== state.track || this.shown.state.status !== state.status) this.shown = { state, tasks: shownTasks(state) }
    return { state, shown: this.shown.tasks, palette: this.palette, measure: this.measure, camera: this.camera.transform, ...this.size }
  }

  /** Runs after each drawing. */
  onDraw(listener: () => void): void { this.drawn.push(listener) }

  invalidate(): void {
    if (this.asked === 0) this.asked = requestAnimationFrame(() => this.draw())
  }

  /** Now, even in a page that is hidden and so gets no animation frames. */
  draw(): void {
    cancelAnimationFrame(this.asked)
    this.asked = 0
    const { width, height } = this.size
    const context = this.canvas.getContext('2d', { alpha: false })
    if (context === null || width === 0 || height === 0) return
    const ratio = devicePixelRatio
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.globalAlpha = 1
    context.fillStyle = this.palette.background
    context.fillRect(0, 0, width, height)
    const { scene, transform } = this.view.scene(this.frame)
    drawScene(context, scene, transform, width, height, this.palette.font)
    for (const listener of this.drawn) listener()
  }

  restyle(): void {
    this.palette = readPalette()
    this.measure = measurer(this.palette.font)
    this.draw()
  }

  box(id: string): Box | undefined {
    const box = this.view.box(id, this.frame)
    const { left, top } = this.canvas.getBoundingClientRect()
    return box === undefined ? undefined : { x: box.x + left, y: box.y + top, width: box.width, height: box.height }
  }

  /** The task at a point of the page. */
  hit(clientX: number, clientY: number): string | undefined {
    const { left, top } = this.canvas.getBoundingClientRect()
    return this.view.hit(clientX - left, clientY - top, this.frame)
  }

  fit(byPerson: boolean, tasks?: ReadonlySet<string>): void {
    const target = this.view.fit(this.frame, tasks)
    if (byPerson && !reducedMotion()) this.camera.moveTo(target, tasks !== undefined)
    else this.camera.set(target)
    if (tasks === undefined) this.camera.release()
  }
  reveal(id: string): void {
    const { x, y, k } = this.camera.transform
    const target = this.view.reveal(id, this.frame)
    if (target.x !== x || target.y !== y || target.k !== k) this.camera.moveTo(target)
  }
  get isWhole(): boolean { return this.view.isWhole(this.frame) }

  private use(tab: 'graph' | 'timeline'): void {
    this.view = this.views[tab]
    this.camera.use(tab, this.view.rules)
    if (!this.camera.wasTouched) this.fit(false)
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.node
    if (width === 0 || height === 0) return
    const ratio = devicePixelRatio
    this.size = { width, height }
    this.canvas.width = Math.round(width * ratio)
    this.canvas.height = Math.round(height * ratio)
    if (!this.camera.wasTouched) this.fit(false)
    // At once: a canvas that was resized is empty until it is drawn.
    this.draw()
  }
}
