import type { DrawnStatus } from './model.ts'

/** The colours of a picture: `#rrggbb`, opaque, so that every SVG viewer shows them and they can be mixed. */
export interface Palette {
  readonly kind: 'dark' | 'light' | 'high-contrast' | 'high-contrast-light'
  readonly background: string
  readonly foreground: string
  /** Second voice: ids, hours, headings. */
  readonly muted: string
  readonly card: string
  readonly cardBorder: string
  readonly edge: string
  /** Hover and selection. */
  readonly focus: string
  readonly selection: string
  readonly selectionText: string
  readonly status: Readonly<Record<DrawnStatus, string>>
  /** The glow under the critical path; undefined: none (high contrast). */
  readonly halo: string | undefined
  /** Lines of the timeline's raster. */
  readonly raster: string
  readonly tracks: readonly string[]
  readonly font: string
}

// Told apart under protanopia, deuteranopia and tritanopia (the first four at least 10 in CIE Lab) and at least 4.5:1 on the editor's background.
export const trackColours = {
  dark: ['#4FA9E8', '#E69F00', '#35B597', '#D883B7', '#F0E442', '#A59BF5'],
  light: ['#0072B2', '#C05A00', '#008565', '#B0408A', '#776800', '#5546C8'],
  'high-contrast': ['#5CB8FF', '#FFA51F', '#3FD6AE', '#FF8FD0', '#FFF06A', '#B9B0FF'],
  'high-contrast-light': ['#005A94', '#8F4100', '#00624A', '#8A2A69', '#5A4E00', '#4032A8'],
} as const satisfies Record<Palette['kind'], readonly string[]>

export const fontStack = "-apple-system, BlinkMacSystemFont, 'Segoe WPC', 'Segoe UI', system-ui, Ubuntu, 'Open Sans', 'Noto Sans', sans-serif"

/** VS Code's Dark Modern. */
export const darkPalette: Palette = {
  kind: 'dark', background: '#1f1f1f', foreground: '#cccccc', muted: '#9d9d9d', card: '#202020', cardBorder: '#454545', edge: '#7e7e7e', focus: '#0078d4', selection: '#04395e', selectionText: '#ffffff',
  status: { pending: '#9d9d9d', running: '#0078d4', completed: '#73c991', failed: '#f85149', blocked: '#cca700' }, halo: '#655615', raster: '#2b2b2b', tracks: trackColours.dark, font: fontStack,
}
/** VS Code's Light Modern. */
export const lightPalette: Palette = {
  kind: 'light', background: '#ffffff', foreground: '#3b3b3b', muted: '#5f5f5f', card: '#f8f8f8', cardBorder: '#c8c8c8', edge: '#868686', focus: '#005fb8', selection: '#e8e8e8', selectionText: '#000000',
  status: { pending: '#5f5f5f', running: '#005fb8', completed: '#388a34', failed: '#b01011', blocked: '#895503' }, halo: '#ecdaaa', raster: '#e8e8e8', tracks: trackColours.light, font: fontStack,
}

/** A track's colour by its place in the plan; from the seventh track on they come again, with a hatched bar. */
export function trackColour(palette: Palette, tracks: readonly { readonly id: string }[], track: string): { readonly colour: string; readonly hatched: boolean } {
  const place = tracks.findIndex((each) => each.id === track)
  return { colour: palette.tracks[Math.max(0, place) % palette.tracks.length] ?? palette.foreground, hatched: place >= palette.tracks.length }
}

export const isHighContrast = (palette: Palette) => palette.kind === 'high-contrast' || palette.kind === 'high-contrast-light'

/** `share` (0 to 1) of `colour` laid over `below`; both `#rrggbb`. */
export function mix(colour: string, below: string, share: number): string {
  const channel = (text: string, at: number) => Number.parseInt(text.slice(1 + at * 2, 3 + at * 2), 16)
  return `#${[0, 1, 2].map((at) => Math.round(channel(colour, at) * share + channel(below, at) * (1 - share)).toString(16).padStart(2, '0')).join('')}`
}
