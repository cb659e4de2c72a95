/** Width of a text in pixels: measured by a canvas in the page, estimated elsewhere. */
export type Measure = (text: string, size: number, weight: 400 | 600) => number

// Helvetica's widths in thousandths of the size (Adobe Core 14 AFM), from the blank to the tilde.
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
  1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
  333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
]
/** The fonts of other systems are wider than Helvetica, up to this. */
const widest = 1.12
const boldFactor = 1.06
const otherWidth = 600
/** From here on (CJK, emoji) a sign fills its square. */
const firstWide = 0x1100

/** An estimate where nothing can be measured: rather too wide than too narrow. */
export const averageWidth: Measure = (text, size, weight) => {
  let sum = 0
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0
    sum += widths[code - 32] ?? (code >= firstWide && !(code >= 0x2000 && code < 0x2e80) ? 1000 : otherWidth)
  }
  return sum / 1000 * size * widest * (weight === 600 ? boldFactor : 1)
}

/** The text, or as much of it as fits into `width` with an ellipsis; empty where not even one letter does. */
export function fit(text: string, width: number, size: number, weight: 400 | 600, measure: Measure): string {
  if (measure(text, size, weight) <= width) return text
  const signs = Array.from(text)
  let [low, high] = [0, signs.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (measure(`${signs.slice(0, middle).join('').trimEnd()}…`, size, weight) <= width) low = middle
    else high = middle - 1
  }
  return low === 0 ? '' : `${signs.slice(0, low).join('').trimEnd()}…`
}

/** The text in at most two lines, broken between words; what does not fit ends in an ellipsis. */
export function twoLines(text: string, width: number, size: number, weight: 400 | 600, measure: Measure): readonly string[] {
  if (measure(text, size, weight) <= width) return [text]
  const words = text.split(/(?<=[\s/-])/)
  let taken = 0
  while (taken < words.length && measure(words.slice(0, taken + 1).join('').trimEnd(), size, weight) <= width) taken += 1
  if (taken === 0) return [fit(text, width, size, weight, measure)]
  return [words.slice(0, taken).join('').trimEnd(), fit(words.slice(taken).join(''), width, size, weight, measure)]
}
