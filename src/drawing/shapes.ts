/** A scene is a list of groups of shapes: built once, drawn by a canvas pen or an SVG pen. Coordinates are the scene's own pixels. */
export interface Box { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

export interface Stroke {
  readonly colour: string
  readonly width: number
  /** Never thinner than this on the screen, in its pixels. */
  readonly atLeast?: number
  readonly dash?: readonly number[]
}

export type PathStep = readonly ['M' | 'L', number, number] | readonly ['C', number, number, number, number, number, number] | readonly ['Z']

export type Shape =
  | { readonly kind: 'box'; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly radius?: number; readonly fill?: string; readonly stroke?: Stroke }
  | { readonly kind: 'circle'; readonly x: number; readonly y: number; readonly radius: number; readonly fill?: string; readonly stroke?: Stroke }
  | { readonly kind: 'path'; readonly steps: readonly PathStep[]; readonly fill?: string; readonly stroke?: Stroke }
  /** `y` is the base line. */
  | { readonly kind: 'text'; readonly x: number; readonly y: number; readonly text: string; readonly size: number; readonly weight: 400 | 600; readonly fill: string; readonly anchor?: 'start' | 'middle' | 'end' }

export interface Group {
  /** Everything that the group draws is inside: what is off the screen is not drawn. */
  readonly bounds: Box
  /** 0 to 1; 1 where it is left out. */
  readonly opacity?: number
  /** The task that the group stands for. */
  readonly task?: string
  /** What a screen reader says of the group in an SVG. */
  readonly label?: string
  /** Nothing is drawn outside. */
  readonly clip?: Box
  readonly shapes: readonly Shape[]
}

export interface Scene { readonly width: number; readonly height: number; readonly groups: readonly Group[] }

export const grown = (box: Box, by: number): Box => ({ x: box.x - by, y: box.y - by, width: box.width + by * 2, height: box.height + by * 2 })
export const meet = (a: Box, b: Box): boolean => a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height
/** The smallest box around points (x, y). */
export function around(points: readonly (readonly [number, number])[]): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}
