import type { Transform } from '../src/drawing/canvas-pen.ts'
import { detailAt } from '../src/drawing/card.ts'
import { nodeHeight, nodeWidth } from '../src/drawing/measures.ts'
import { graphScene } from '../src/drawing/scene.ts'
import type { Picture } from '../src/drawing/scene.ts'
import type { Box, Scene } from '../src/drawing/shapes.ts'
import type { CameraRules } from './camera.ts'
import { revealBox } from './picture-view.ts'
import type { Frame, PictureView } from './picture-view.ts'

const largestFit = 1.15
const padding = 28
/** A picture that is lower than its room stands a little above the middle. */
const above = 0.4
/** As much of the picture stays on the screen, whatever is dragged. */
const keepSeen = 80

/** The dependency graph. Its scene is made anew only when something of it changes, not when the camera moves. */
export class GraphView implements PictureView {
  picture: Picture | undefined
  private made: { readonly key: readonly unknown[]; readonly scene: Scene } | undefined
  readonly rules: CameraRules = {
    scale: [0.05, 2],
    constrain: ({ x, y, k }, width, height) => {
      const [right, bottom] = [(this.picture?.layout.width ?? 0) * k, (this.picture?.layout.height ?? 0) * k]
      return { x: Math.min(Math.max(x, keepSeen - right), width - keepSeen), y: Math.min(Math.max(y, keepSeen / 2 - bottom), height - keepSeen / 2), k }
    },
  }

  scene(frame: Frame): { readonly scene: Scene; readonly transform: Transform } {
    const { state, palette, measure, shown, camera } = frame
    const { picture } = this
    if (picture === undefined) return { scene: { width: 0, height: 0, groups: [] }, transform: camera }
    const detail = detailAt(camera.k)
    const focused = state.ring ? state.active : undefined
    const key = [picture, palette, shown, detail, state.selected, state.hovered, focused]
    if (this.made === undefined || key.some((part, index) => part !== this.made?.key[index])) this.made = { key, scene: graphScene(picture, { palette, measure, detail, shown, selected: state.selected, hovered: state.hovered, focused }) }
    return { scene: this.made.scene, transform: camera }
  }

  box(id: string, { camera: { x, y, k } }: Frame): Box | undefined {
    const place = this.place(id)
    return place === undefined ? undefined : { x: x + place.x * k, y: y + place.y * k, width: nodeWidth * k, height: nodeHeight * k }
  }

  hit(x: number, y: number, { camera }: Frame): string | undefined {
    if (this.picture === undefined) return undefined
    const { graph: { ids }, layout: { positions } } = this.picture
    const [left, top] = [(x - camera.x) / camera.k, (y - camera.y) / camera.k]
    return ids.find((_, task) => { const [dx, dy] = [left - (positions[task * 2] ?? 0), top - (positions[task * 2 + 1] ?? 0)]; return dx >= 0 && dx <= nodeWidth && dy >= 0 && dy <= nodeHeight })
  }

  fit({ width, height }: Frame, tasks?: ReadonlySet<string>): Transform {
    if (this.picture === undefined) return { x: 0, y: 0, k: 1 }
    const places = tasks === undefined ? [] : [...tasks].flatMap((id) => this.place(id) ?? [])
    const [left, top] = places.length === 0 ? [0, 0] : [Math.min(...places.map((each) => each.x)), Math.min(...places.map((each) => each.y))]
    const right = places.length === 0 ? this.picture.layout.width : Math.max(...places.map((each) => each.x)) + nodeWidth
    const bottom = places.length === 0 ? this.picture.layout.height : Math.max(...places.map((each) => each.y)) + nodeHeight
    const k = Math.min(largestFit, Math.max(this.rules.scale[0], Math.min((width - padding * 2) / Math.max(1, right - left), (height - padding * 2) / Math.max(1, bottom - top))))
    return { k, x: Math.round((width - (right - left) * k) / 2 - left * k), y: Math.round((height - (bottom - top) * k) * above - top * k) }
  }

  reveal(id: string, frame: Frame): Transform { return revealBox(this.box(id, frame), frame) }

  isWhole({ camera: { x, y, k }, width, height }: Frame): boolean {
    const layout = this.picture?.layout
    return layout === undefined || (x >= -1 && y >= -1 && x + layout.width * k <= width + 1 && y + layout.height * k <= height + 1)
  }

  private place(id: string): { readonly x: number; readonly y: number } | undefined {
    const task = this.picture?.graph.ids.indexOf(id) ?? -1
    if (task < 0 || this.picture === undefined) return undefined
    return { x: this.picture.layout.positions[task * 2] ?? 0, y: this.picture.layout.positions[task * 2 + 1] ?? 0 }
  }
}
