import type { Group, Scene, Shape, Stroke } from './shapes.ts'
import { meet } from './shapes.ts'

/** Where the scene is on the screen: screen = scene * k + (x, y), in CSS pixels. */
export interface Transform { readonly x: number; readonly y: number; readonly k: number }

/** Draws what is inside `width` x `height` CSS pixels. The context is scaled to device pixels already. */
export function drawScene(context: CanvasRenderingContext2D, scene: Scene, transform: Transform, width: number, height: number, font: string): void {
  const { x, y, k } = transform
  const seen = { x: -x / k, y: -y / k, width: width / k, height: height / k }
  context.save()
  context.translate(x, y)
  context.scale(k, k)
  context.lineJoin = 'round'
  for (const group of scene.groups) if (meet(group.bounds, seen)) drawGroup(context, group, k, font)
  context.restore()
}

function drawGroup(context: CanvasRenderingContext2D, group: Group, k: number, font: string): void {
  context.globalAlpha = group.opacity ?? 1
  if (group.clip !== undefined) {
    context.save()
    context.beginPath()
    context.rect(group.clip.x, group.clip.y, group.clip.width, group.clip.height)
    context.clip()
  }
  for (const shape of group.shapes) drawShape(context, shape, k, font)
  if (group.clip !== undefined) context.restore()
}

function drawShape(context: CanvasRenderingContext2D, shape: Shape, k: number, font: string): void {
  if (shape.kind === 'text') {
    context.font = `${shape.weight} ${shape.size}px ${font}`
    context.textAlign = shape.anchor === 'end' ? 'right' : shape.anchor === 'middle' ? 'center' : 'left'
    context.fillStyle = shape.fill
    context.fillText(shape.text, shape.x, shape.y)
    return
  }
  context.beginPath()
  switch (shape.kind) {
    case 'box': context.roundRect(shape.x, shape.y, shape.width, shape.height, shape.radius ?? 0); break
    case 'circle': context.arc(shape.x, shape.y, shape.radius, 0, Math.PI * 2); break
    case 'path':
      for (const step of shape.steps) {
        switch (step[0]) {
          case 'M': context.moveTo(step[1], step[2]); break
          case 'L': context.lineTo(step[1], step[2]); break
          case 'C': context.bezierCurveTo(step[1], step[2], step[3], step[4], step[5], step[6]); break
          case 'Z': context.closePath(); break
        }
      }
  }
  if (shape.fill !== undefined) { context.fillStyle = shape.fill; context.fill() }
  if (shape.stroke !== undefined) strike(context, shape.stroke, k)
}

function strike(context: CanvasRenderingContext2D, stroke: Stroke, k: number): void {
  context.strokeStyle = stroke.colour
  context.lineWidth = Math.max(stroke.width, (stroke.atLeast ?? 0) / k)
  context.setLineDash(stroke.dash === undefined ? [] : [...stroke.dash])
  context.stroke()
}
