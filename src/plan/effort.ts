/** How much work something is, as people write it: `1h 30m`, `2 days`, `3-5 hours`. */
export interface Effort {
  /** Of a range, its middle. */
  readonly hours: number
  readonly range?: { readonly low: number; readonly high: number }
  /** Days or weeks are in it: they were taken for 8 and 40 hours. */
  readonly inDays: boolean
}

export const daysText = 'A day was taken for 8 hours of work, a week for 40'

const number = String.raw`(?:\d+(?:\.\d+|,\d{1,2})?|\.\d+)`
const ofWhom = String.raw`(?:(?:person|man|dev|developer|work|working|business|ideal|engineer|engineering)[\s-]*)?`
const unit = String.raw`${ofWhom}(m|mins?|minutes?|h|H|hrs?|hours?|d|days?|pd|w|wks?|weeks?)(?![A-Za-z])`
const part = new RegExp(String.raw`(${number})\s*-?\s*${unit}`, 'y')
const between = /\s*(?:,|and\b|&|\+)?\s*/y
/** Words before and after an amount that change nothing about it. */
const before = /^(?:(?:estimated?|est\.?|effort|time|duration|hours|about|around|approx(?:\.|imately)?|ca\.?|circa|roughly)(?![a-z])\s*|[~\u2248:=]\s*)+/
const after = /\s*(?:of (?:work|effort)|work|effort|in total|total|est(?:\.|imated?)?)$/
const counts = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const named = new RegExp(String.raw`\b(half an?|half|an?|${counts.join('|')})(?=[\s-]+(?:${unit}|to\b))`, 'g')
const vague = new RegExp(String.raw`(?<!\w)(?:\d[\d.,:]*\s*\+?|half|few|several|couple of|many)[\s-]*(?:an?\s+)?${ofWhom}(?:m|mins?|minutes?|h|H|hrs?|hours?|d|days?|pd|w|wks?|weeks?|mo|months?|quarters?|years?)(?![A-Za-z])`)

/** Capitals alone are no units: `Viewer (3D)`. */
const plain = (text: string): string => text.trim().replace(/[A-Za-z]{2,}/g, (word) => word.toLowerCase()).replace(/(\d?)([\u00BC\u00BD\u00BE])/g, (_, whole: string, fraction: string) => `${whole}${{ '\u00BC': '.25', '\u00BD': '.5' }[fraction] ?? '.75'}`)
  .replace(named, (word) => (word.startsWith('half') ? '.5' : String(Math.max(1, counts.indexOf(word) + 1)))).replace(/\.$/, '')

/**
 * Reads a text that is an effort and nothing else; undefined: it is none, or in words that leave it open ("up to 4 hours", "2 months"). A number alone is
 * one of hours only where `labelled` says that the text stands after a word such as "Hours:". What is negative is read: it is a mistake to be told.
 */
export function readEffort(text: string, { labelled = false } = {}): Effort | undefined {
  const all = plain(labelled ? text.toLowerCase() : text)
  const bare = all.replace(before, '').replace(after, '')
  const isLabelled = labelled || /^(?:estimated?|effort|time|duration|hours)\s*[:=]/.test(all)
  const one = amountOf(bare, isLabelled)
  if (one !== undefined) return { hours: one.hours, inDays: one.inDays }
  const span = bare.replace(/^(?:between|from)\s+/, '')
  for (const { 0: separator, index } of span.matchAll(/\s*(?:\.{2,3}|[-\u2013\u2014]|\bto\b|\band\b)\s*/g)) {
    const [left, high] = [span.slice(0, index), amountOf(span.slice(index + separator.length), isLabelled)]
    if (high === undefined || (separator.includes('and') && !bare.startsWith('between'))) continue
    // In `3-5 days` the unit of the first number is that of the second.
    const low = amountOf(left, false)?.hours ?? (high.scale === undefined || !new RegExp(`^${number}$`).test(left) ? undefined : valueOf(left) * high.scale)
    if (low === undefined || low > high.hours) continue
    return { hours: (low + high.hours) / 2, ...(low === high.hours ? {} : { range: { low, high: high.hours } }), inDays: high.inDays || /[dw]/.test(left) }
  }
  return undefined
}

/** Does a text speak of a duration, whether it can be read or not? */
export const speaksOfEffort = (text: string): boolean => vague.test(plain(text))

/** `8 hours` of "8 hours for the whole form, tests included", `3-4h` of "M (3-4h)"; undefined where more follows that changes it, such as "8 hours a page" or "8 h, 3 h for tests". */
export function effortAtStart(text: string, options: { readonly labelled?: boolean } = {}): Effort | undefined {
  const short = text.slice(0, longest)
  const whole = readEffort(text, { labelled: true })
  if (whole !== undefined) return whole
  const cuts = [...short.matchAll(/[\s,;(]|\.(?=\s)/g)].map(({ index }) => index).reverse()
  for (const cut of cuts) {
    const effort = readEffort(short.slice(0, cut), options)
    if (effort !== undefined) return speaksOfEffort(text.slice(cut)) || /^\s*(?:per|each|every|an?|or|to|and|more|less|plus|times|x|min|max)\b|^\s*[-\u2013\u2014+/*x]/i.test(text.slice(cut)) ? undefined : effort
  }
  const inside = inBrackets(short)
  return inside === undefined || speaksOfEffort(inside.title) ? undefined : inside.effort
}

/** A title without the effort that stands in it. `unread`: what speaks of an effort there and can't be read, or stands where a title goes on. */
export interface TitleEffort { readonly title: string; readonly effort: Effort | undefined; readonly unread: string | undefined }

/** In a title an effort stands in brackets, with others between commas, or at the end after a dash, a colon or a comma: "Saves 100 hours a month" has none. */
export function effortInTitle(title: string): TitleEffort {
  const found = inBrackets(title) ?? atEnd(title)
  if (found !== undefined) return { ...found, unread: undefined }
  const pieces = [...[...title.matchAll(bracket)].map(([, inside = '']) => inside), ...title.split(/\s[-\u2013\u2014]\s/).slice(1)].filter((text) => text.split(/\s+/).length <= 5 && speaksOfEffort(text))
  const words = title.slice(-longest).split(/\s+/)
  const end = [4, 3, 2, 1].filter((count) => count < words.length).map((count) => words.slice(-count).join(' ')).find((text) => readEffort(text) !== undefined)
  return { title, effort: undefined, unread: pieces[0] ?? end }
}

/** Takes the effort off the end of a list such as "Login, Cart, 4h". */
export const withoutEffort = (list: string): string => atEnd(list, /[,;]\s*|\s+(?=[~\d])/g)?.title ?? list

const longest = 200
const bracket = /[([]([^()[\]]*)[)\]]/g
/** The second way is for `depends on 1,5h`: a comma without a blank, which else belongs to a number. */
const separators = [/\s*(?:[,;|\u00B7]\s+|;)|\s[-\u2013\u2014]\s|\s+(?=(?:depends on|blocked by|requires|after)\b)/gi, /\s*[,;]\s*/g]

function inBrackets(title: string): { title: string; effort: Effort } | undefined {
  for (const { 0: whole, 1: inside = '', index } of title.matchAll(bracket)) {
    const around = (rest: string): string => `${title.slice(0, index).trimEnd()}${rest === '' ? '' : ` ${whole.charAt(0)}${rest}${whole.at(-1) ?? ''}`}${title.slice(index + whole.length)}`.trim()
    const alone = readEffort(inside)
    if (alone !== undefined && around('') !== '') return { title: around(''), effort: alone }
    for (const separator of separators) {
      const parts = inside.split(separator).map((each) => ({ each, effort: readEffort(each) }))
      const efforts = parts.flatMap(({ effort }) => effort ?? [])
      const [effort] = efforts
      if (effort !== undefined && efforts.length === 1 && parts.length > 1) return { title: around(parts.filter((other) => other.effort === undefined).map(({ each }) => each).join(', ')), effort }
    }
  }
  return undefined
}

/** The longest end that is an effort. A comma or a colon in a number separates nothing. */
function atEnd(text: string, separator = /\s[-\u2013\u2014]\s*|(?:(?<!\d)\u2014|[:;]|,(?!\d)|(?<!\d),)\s*/g): { title: string; effort: Effort } | undefined {
  for (const { 0: mark, index } of text.slice(-longest).matchAll(separator)) {
    const start = Math.max(0, text.length - longest) + index
    const effort = readEffort(text.slice(start).replace(/^\s*[-\u2013\u2014,;:]/, '')) ?? (mark.startsWith(' -') ? readEffort(text.slice(start).trim()) : undefined)
    if (effort !== undefined && text.slice(0, start).trim() !== '') return { title: text.slice(0, start).trim(), effort }
  }
  return undefined
}

const valueOf = (text: string): number => Number(text.replace(',', '.'))

/** Units from the greatest down, each once: `1d 4h`, `1h30`, `1:30 h`. `scale`: hours of its unit, where it has one alone. */
function amountOf(text: string, isLabelled: boolean): { readonly hours: number; readonly scale?: number; readonly inDays: boolean } | undefined {
  if (text.startsWith('-')) {
    const positive = amountOf(text.slice(1), isLabelled)
    return positive === undefined ? undefined : { ...positive, hours: -positive.hours }
  }
  if (isLabelled && new RegExp(`^${number}$`).test(text)) return { hours: valueOf(text), scale: 1, inDays: false }
  const clock = /^(\d+):([0-5]\d)\s*(h|hrs?|hours?)?$/.exec(text)
  if (clock !== null && (isLabelled || clock[3] !== undefined)) return { hours: Number(clock[1]) + Number(clock[2]) / 60, inDays: false }
  let [minutes, last, count, at] = [0, Infinity, 0, 0]
  while (at < text.length) {
    part.lastIndex = at
    const [whole = '', value = '', name = ''] = part.exec(text) ?? []
    if (whole === '') {
      // `1h30`
      const rest = last === 60 ? /^[0-5]\d$/.exec(text.slice(at).trim())?.[0] : undefined
      return rest === undefined ? undefined : { hours: (minutes + Number(rest)) / 60, inDays: false }
    }
    const scale = scaleOf(name)
    if (scale >= last) return undefined
    minutes += valueOf(value) * scale
    ;[last, count, at] = [scale, count + 1, at + whole.length]
    if (at === text.length) break
    between.lastIndex = at
    at += between.exec(text)?.[0].length ?? 0
    if (at === text.length) return undefined
  }
  return count === 0 ? undefined : { hours: minutes / 60, ...(count === 1 ? { scale: last / 60 } : {}), inDays: /(?:\d|\b)\s*-?(?:d|days?|pd|w|wks?|weeks?)(?![a-z])/.test(text) }
}

/** Minutes of a unit. */
function scaleOf(name: string): number {
  switch (name.charAt(0).toLowerCase()) {
    case 'm': return 1
    case 'h': return 60
    case 'w': return 40 * 60
    default: return 8 * 60
  }
}
