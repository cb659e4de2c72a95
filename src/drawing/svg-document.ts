import { legend } from './legend.ts'
import type { DrawnPlan } from './model.ts'
import type { Palette } from './palette.ts'
import type { Box, Group, PathStep, Scene, Shape, Stroke } from './shapes.ts'
import type { Measure } from './text-fit.ts'

const margin = 32

/** What XML 1.0 can't hold even as an entity. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replace(forbidden, '').replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? sign)
const number = (value: number) => String(Number(value.toFixed(2)))

export const titleOf = (plan: DrawnPlan, title: string | undefined) => title ?? (plan.name === '' ? 'Task graph' : plan.name)

/** A scene with title, date and legend above it and a margin around, as it leaves the panel. */
export function exportScene(plan: DrawnPlan, scene: Scene, options: { readonly palette: Palette; readonly measure: Measure; readonly title: string | undefined; readonly date: string | undefined }): Scene {
  const width = Math.max(scene.width, 640)
  const head = legend(plan, { ...options, title: titleOf(plan, options.title), x: margin, y: margin, width })
  const top = margin + head.height + 24
  return { width: width + margin * 2, height: top + scene.height + margin, groups: [head.group, ...scene.groups.map((group) => moved(group, margin, top))] }
}

function moved(group: Group, dx: number, dy: number): Group {
  const box = <Place extends Box>(place: Place): Place => ({ ...place, x: place.x + dx, y: place.y + dy })
  const step = (each: PathStep): PathStep => each[0] === 'Z' ? each : each[0] === 'C' ? ['C', each[1] + dx, each[2] + dy, each[3] + dx, each[4] + dy, each[5] + dx, each[6] + dy] : [each[0], each[1] + dx, each[2] + dy]
  const shapes = group.shapes.map((shape): Shape => shape.kind === 'path' ? { ...shape, steps: shape.steps.map(step) } : { ...shape, x: shape.x + dx, y: shape.y + dy })
  return { ...group, bounds: box(group.bounds), ...(group.clip === undefined ? {} : { clip: box(group.clip) }), shapes }
}

/** The scene as an SVG document, one `g` a group; a task's group carries its id. */
export function svgDocument(scene: Scene, palette: Palette, title: string): string {
  const [width, height] = [number(scene.width), number(scene.height)]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}" font-family="${escaped(palette.font)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="${palette.background}"/>`,
    ...scene.groups.map((group, index) => groupText(group, index)),
    '</svg>',
    '',
  ].join('\n')
}

function groupText(group: Group, index: number): string {
  const attributes = [
    ...(group.task === undefined ? [] : [`data-task="${escaped(group.task)}"`]),
    ...(group.opacity === undefined || group.opacity === 1 ? [] : [`opacity="${number(group.opacity)}"`]),
    ...(group.clip === undefined ? [] : [`clip-path="url(#clip${index})"`]),
  ]
  const clip = group.clip === undefined ? '' : `<clipPath id="clip${index}"><rect x="${number(group.clip.x)}" y="${number(group.clip.y)}" width="${number(group.clip.width)}" height="${number(group.clip.height)}"/></clipPath>`
  const label = group.label === undefined ? '' : `<title>${escaped(group.label)}</title>`
  return `${clip}<g${attributes.map((each) => ` ${each}`).join('')}>${label}${group.shapes.map(shapeText).join('')}</g>`
}

function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case 'box': return `<rect x="${number(shape.x)}" y="${number(shape.y)}" width="${number(shape.width)}" height="${number(shape.height)}"${shape.radius === undefined ? '' : ` rx="${number(shape.radius)}"`}${ink(shape)}/>`
    case 'circle': return `<circle cx="${number(shape.x)}" cy="${number(shape.y)}" r="${number(shape.radius)}"${ink(shape)}/>`
    case 'path': return `<path d="${shape.steps.map(([letter, ...values]) => `${letter}${values.map(number).join(' ')}`).join('')}"${ink(shape)}/>`
    case 'text': return shape.text === '' ? '' : `<text x="${number(shape.x)}" y="${number(shape.y)}" font-size="${number(shape.size)}"${shape.weight === 600 ? ' font-weight="600"' : ''} fill="${shape.fill}"${shape.anchor === undefined || shape.anchor === 'start' ? '' : ` text-anchor="${shape.anchor}"`}>${escaped(shape.text)}</text>`
  }
}

function ink({ fill, stroke }: { readonly fill?: string; readonly stroke?: Stroke }): string {
  const line = stroke === undefined ? '' : ` stroke="${stroke.colour}" stroke-width="${number(stroke.width)}"${stroke.dash === undefined ? '' : ` stroke-dasharray="${stroke.dash.map(number).join(' ')}"`}`
  return ` fill="${fill ?? 'none'}"${line}`
}
