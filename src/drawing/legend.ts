import type { DrawnPlan, DrawnStatus } from './model.ts'
import { isHighContrast, trackColour } from './palette.ts'
import type { Palette } from './palette.ts'
import type { Group, Shape } from './shapes.ts'
import { statusIcon } from './status-icon.ts'
import type { Measure } from './text-fit.ts'

const size = 12
const [itemGap, lineHeight, signWidth] = [20, 24, 14]
const statuses: readonly DrawnStatus[] = ['pending', 'running', 'completed', 'failed', 'blocked']
const number = (value: number) => Number(value.toFixed(1))

interface Item { readonly width: number; readonly draw: (x: number, y: number) => Shape[] }

/** Two figures that are easily taken for each other, so both are always said. */
export const figuresOf = (plan: DrawnPlan) => ({
  criticalPath: `Critical path ${number(plan.criticalPathHours)} h`,
  finish: `Finish ${number(plan.makespanHours)} h on ${plan.usedTracks} ${plan.usedTracks === 1 ? 'track' : 'tracks'}`,
})

/** Title, date, tracks, statuses and figures of a picture that leaves the panel; broken into lines no wider than `width`. */
export function legend(plan: DrawnPlan, options: { readonly title: string; readonly date: string | undefined; readonly x: number; readonly y: number; readonly width: number; readonly palette: Palette; readonly measure: Measure }): { readonly group: Group; readonly height: number } {
  const { palette, measure, x, width } = options
  const text = (words: string, at: number, y: number, weight: 400 | 600, fill: string, letters = size): Shape => ({ kind: 'text', x: at, y, text: words, size: letters, weight, fill })
  const item = (words: string, sign: (x: number, y: number) => Shape[], wide = signWidth): Item => ({ width: wide + 6 + measure(words, size, 400), draw: (at, y) => [...sign(at, y), text(words, at + wide + 6, y + 4, 400, palette.foreground)] })
  const figures = figuresOf(plan)
  const line = (at: number, y: number): Shape[] => [
    ...(palette.halo === undefined ? [] : [{ kind: 'path', steps: [['M', at, y], ['L', at + 26, y]], stroke: { colour: palette.halo, width: 9 } } as const]),
    { kind: 'path', steps: [['M', at, y], ['L', at + 26, y]], stroke: { colour: palette.foreground, width: isHighContrast(palette) ? 4 : 2.6 } },
  ]
  const rows: Item[][] = [
    [...plan.tracks.map((track) => item(`${track.id} ${track.name}`, (at, y) => [{ kind: 'box', x: at, y: y - 5, width: 11, height: 11, radius: 2, fill: trackColour(palette, plan.tracks, track.id).colour }]))],
    [
      item(figures.criticalPath, line, 26), item(figures.finish, () => [], -6),
      ...statuses.filter((status) => status === 'pending' || plan.tasks.some((task) => task.status === status)).map((status) => item(status, (at, y) => statusIcon(status, at + 6, y, 6, palette.status[status], palette.background))),
    ],
  ]
  const shapes: Shape[] = [text(options.title, x, options.y + 18, 600, palette.foreground, 18)]
  const done = plan.tasks.filter((task) => task.status === 'completed').length
  shapes.push(text([`${done}/${plan.tasks.length} tasks done`, options.date, plan.simulated ? 'simulated run' : undefined].filter((part) => part !== undefined).join(' · '), x, options.y + 40, 400, palette.muted))
  let y = options.y + 64
  for (const row of rows) {
    let at = x
    for (const each of row) {
      if (at > x && at + each.width > x + width) { at = x; y += lineHeight }
      shapes.push(...each.draw(at, y))
      at += each.width + itemGap
    }
    y += lineHeight
  }
  return { group: { bounds: { x, y: options.y, width, height: y - options.y }, shapes }, height: y - options.y }
}
