/**
 * Orders ids as people count: TASK-9 before TASK-10, small letters beside their capitals. Ids that read the same (`T1`, `T01`) are ordered by their
 * characters. Without a collator of the platform: to make one costs as much as all else that a small plan needs.
 */
export function compareIds(a: string, b: string): number {
  let at = 0
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  while (at > 0 && isDigit(a, at - 1)) at--
  return compareFrom(a, b, at) || (a < b ? -1 : a > b ? 1 : 0)
}

/**
 * The list in the order of `compareIds`. Ids that differ in one number alone, as in most plans, need no look at their letters: to compile that takes longer
 * than to sort a thousand of them.
 */
export function inIdOrder<T>(list: readonly T[], idOf: (item: T) => string): T[] {
  const numbers = numbersOf(list.map(idOf))
  if (numbers === undefined) return [...list].sort((a, b) => compareIds(idOf(a), idOf(b)))
  if (numbers.every((number, i) => i === 0 || number > (numbers[i - 1] ?? 0))) return [...list]
  return [...list.entries()].sort(([a], [b]) => (numbers[a] ?? 0) - (numbers[b] ?? 0)).map(([, item]) => item)
}

/** In which number each differs from the others; undefined where that is not all, or two have the same. */
function numbersOf(ids: readonly string[]): Float64Array | undefined {
  const [, before = '', , after = ''] = /^(|.*\D)(\d+)(\D*)$/s.exec(ids[0] ?? '') ?? []
  const numbers = new Float64Array(ids.length)
  for (const [i, id] of ids.entries()) {
    const digits = id.startsWith(before) && id.endsWith(after) ? id.slice(before.length, id.length - after.length) : ''
    if (!/^\d{1,15}$/.test(digits)) return undefined
    numbers[i] = Number(digits)
  }
  return new Set(numbers).size < ids.length ? undefined : numbers
}

/** Compares what follows the first `at` characters, which are the same: the number of more digits is greater, all else goes character by character. */
function compareFrom(a: string, b: string, at: number): number {
  let [i, j] = [at, at]
  for (;;) {
    if (isDigit(a, i) && isDigit(b, j)) {
      i = skipZeros(a, i)
      j = skipZeros(b, j)
      const moreDigits = endOfNumber(a, i) - i - (endOfNumber(b, j) - j)
      if (moreDigits !== 0) return moreDigits
    }
    if (i === a.length || j === b.length) return a.length - i - (b.length - j)
    const difference = lowerAt(a, i++) - lowerAt(b, j++)
    if (difference !== 0) return difference
  }
}

function skipZeros(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) === 48) at++
  return at
}

function endOfNumber(text: string, from: number): number {
  let at = from
  while (isDigit(text, at)) at++
  return at
}

function lowerAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 65 && code <= 90 ? code + 32 : code
}

const isDigit = (text: string, at: number): boolean => at < text.length && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57
