import { fontStack, mix, trackColours } from '../src/drawing/palette.ts'
import type { Palette } from '../src/drawing/palette.ts'
import type { Measure } from '../src/drawing/text-fit.ts'

const edgeShare = 0.75
const haloShare = 0.33
const rasterShare = 0.12
const contrastRasterShare = 0.4

/** The palette of VS Code's theme as it is now, every colour laid over the editor's background and so opaque. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const token = (...names: readonly string[]) => names.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find((value) => value !== '')
  const kind = themeKind()
  const dark = kind === 'dark' || kind === 'high-contrast'
  const contrast = kind === 'high-contrast' || kind === 'high-contrast-light'
  const flatten = flattener()
  const background = flatten(token('editor-background'), dark ? '#1f1f1f' : '#ffffff', dark ? '#000000' : '#ffffff')
  const over = (value: string | undefined, fallback: string) => flatten(value, fallback, background)
  const foreground = over(token('foreground', 'editor-foreground'), dark ? '#cccccc' : '#3b3b3b')
  const muted = over(token('descriptionForeground'), dark ? '#9d9d9d' : '#5f5f5f')
  const focus = over(token('focusBorder'), '#0078d4')
  const selection = token('list-activeSelectionBackground')
  const font = style.getPropertyValue('--vscode-font-family').trim()
  return {
    kind, background, foreground, muted, focus,
    card: over(token('editorWidget-background'), background),
    cardBorder: over(contrast ? token('contrastBorder') : token('editorWidget-border', 'widget-border'), mix(foreground, background, 0.3)),
    edge: contrast ? muted : mix(muted, background, edgeShare),
    selection: over(contrast ? undefined : selection, background),
    selectionText: over(contrast ? undefined : token('list-activeSelectionForeground'), foreground),
    status: {
      pending: muted, running: over(token('progressBar-background'), focus), completed: over(token('testing-iconPassed'), dark ? '#73c991' : '#388a34'),
      failed: over(token('errorForeground'), dark ? '#f85149' : '#b01011'), blocked: over(token('editorWarning-foreground'), dark ? '#cca700' : '#895503'),
    },
    halo: contrast ? undefined : mix(over(token('charts-yellow'), dark ? '#cca700' : '#bf8803'), background, haloShare),
    raster: mix(contrast ? over(token('contrastBorder'), foreground) : foreground, background, contrast ? contrastRasterShare : rasterShare),
    tracks: trackColours[kind].map((colour, index) => over(token(`devteam-track${index + 1}`), colour)),
    font: font === '' ? fontStack : font,
  }
}

function themeKind(): Palette['kind'] {
  const { classList, dataset } = document.body
  const has = (kind: string) => dataset['vscodeThemeKind'] === kind || classList.contains(kind)
  if (has('vscode-high-contrast-light')) return 'high-contrast-light'
  if (has('vscode-high-contrast')) return 'high-contrast'
  return has('vscode-light') ? 'light' : 'dark'
}

/** Any CSS colour as `#rrggbb` over a ground: painted on one pixel and read back, because a theme may use any notation. */
function flattener(): (value: string | undefined, fallback: string, ground: string) => string {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('this browser has no 2D canvas')
  return (value, fallback, ground) => {
    context.fillStyle = ground
    context.fillRect(0, 0, 1, 1)
    // A notation that the canvas does not know leaves the colour before it.
    context.fillStyle = fallback
    if (value !== undefined) context.fillStyle = value
    context.fillRect(0, 0, 1, 1)
    return `#${[...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
  }
}

/** Calls back when the theme changes. */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed)
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] })
  // Between two themes of one kind only the tokens on the root change.
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] })
}

export const reducedMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion')

/** Widths by the browser's own font, each text measured once. */
export function measurer(font: string): Measure {
  const context = document.createElement('canvas').getContext('2d')
  if (context === null) throw new Error('this browser has no 2D canvas')
  const known = new Map<string, number>()
  const limit = 50_000
  return (text, size, weight) => {
    const key = `${weight} ${size} ${text}`
    const found = known.get(key)
    if (found !== undefined) return found
    context.font = `${weight} ${size}px ${font}`
    const { width } = context.measureText(text)
    if (known.size > limit) known.clear()
    known.set(key, width)
    return width
  }
}
