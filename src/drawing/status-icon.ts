import type { DrawnStatus } from './model.ts'
import type { PathStep, Shape } from './shapes.ts'

/** How far a Bezier curve's handles reach for a quarter of a circle. */
const quarter = 0.5523

/**
 * A status as a shape that is told apart without colour: hollow circle pending, half-filled running, check completed, cross failed,
 * two bars blocked. `ground` is the colour behind it.
 */
export function statusIcon(status: DrawnStatus, x: number, y: number, radius: number, colour: string, ground: string): Shape[] {
  const line = radius * 0.26
  const ring: Shape = { kind: 'circle', x, y, radius: radius - line / 2, stroke: { colour, width: line } }
  const disc: Shape = { kind: 'circle', x, y, radius, fill: colour }
  const mark = (steps: readonly PathStep[], ink: string): Shape => ({ kind: 'path', steps, stroke: { colour: ink, width: radius * 0.28 } })
  const at = (dx: number, dy: number) => [x + dx * radius, y + dy * radius] as const
  switch (status) {
    case 'pending': return [ring]
    case 'running': return [ring, { kind: 'path', fill: colour, steps: [['M', ...at(0, -0.8)], ['C', ...at(-quarter * 0.8, -0.8), ...at(-0.8, -quarter * 0.8), ...at(-0.8, 0)], ['C', ...at(-0.8, quarter * 0.8), ...at(-quarter * 0.8, 0.8), ...at(0, 0.8)], ['Z']] }]
    case 'completed': return [disc, mark([['M', ...at(-0.46, 0.03)], ['L', ...at(-0.12, 0.38)], ['L', ...at(0.48, -0.34)]], ground)]
    case 'failed': return [disc, mark([['M', ...at(-0.36, -0.36)], ['L', ...at(0.36, 0.36)], ['M', ...at(0.36, -0.36)], ['L', ...at(-0.36, 0.36)]], ground)]
    case 'blocked': return [ring, mark([['M', ...at(-0.26, -0.36)], ['L', ...at(-0.26, 0.36)], ['M', ...at(0.26, -0.36)], ['L', ...at(0.26, 0.36)]], colour)]
  }
}
