import { expand } from 'brace-expansion'

/** Alternatives of braces that are looked at; a pattern with more is taken to match any file. */
const mostAlternatives = 200

/** A pattern taken apart: alternatives, each a list of path segments in lower case (disks may not tell cases apart). */
export interface Scope { readonly pattern: string; readonly alternatives: readonly (readonly string[])[] }

export function parseScope(pattern: string): Scope {
  const expanded = pattern.includes('{') || pattern.includes('\\') ? expand(pattern, { max: mostAlternatives + 1 }) : [pattern]
  const alternatives = expanded.length > mostAlternatives ? ['**'] : expanded
  return { pattern, alternatives: alternatives.map(segmentsOf) }
}

/** As most patterns are: nothing in it but folders, and `**` at the end. */
const plainFolders = /^(?:[a-z\d_-][a-z\d_.-]*\/)+\*\*$/

function segmentsOf(pattern: string): string[] {
  if (plainFolders.test(pattern)) return pattern.split('/')
  // What a leading "!" leaves out is not subtracted. An extended glob may hold a slash or match nothing, a class may hold a slash, and a
  // backslash may be one: from there on any path is taken to match.
  const wide = pattern.replace(/^!+(?!\()/, '').replace(/^(?:\.?\/)+/, '')
  const risky = wide.search(/[!?*+@]\(|\[[^\]]*\/|\\/)
  const known = risky < 0 ? wide : `${wide.slice(0, wide.lastIndexOf('/', risky) + 1)}**`
  const segments = (known.endsWith('/') ? `${known}**` : known).toLowerCase().split('/').filter((segment) => segment !== '' && segment !== '.')
  return segments.some((segment) => segment === '..') ? ['**'] : segments
}

/**
 * Can one file match both? Exact for `*`, `?`, `**` and braces; character classes and extended globs count as `*`, so in doubt the
 * answer is yes.
 */
export const overlap = (a: Scope, b: Scope): boolean => a.alternatives.some((one) => b.alternatives.some((other) => pathsMeet(one, other)))

/** Is each file that matches `inner` within the folder that `outer` is all of (`src/**`)? In doubt no. */
export function holds(outer: Scope, inner: Scope): boolean {
  const [segments = [], ...more] = outer.alternatives
  const folders = literalFolders(segments)
  if (more.length > 0 || folders.length !== segments.length - 1 || segments.at(-1) !== '**') return false
  return inner.alternatives.every((each) => folders.every((folder, i) => each[i] === folder))
}

/** The folders that a path must begin with, up to the first segment with a wildcard. */
export const literalFolders = (segments: readonly string[]): readonly string[] => {
  const wild = segments.findIndex((segment) => isWild(segment))
  return segments.slice(0, wild < 0 ? segments.length : wild)
}

const isWild = (segment: string): boolean => /[*?[\]()!+@]/.test(segment)

const pathsMeet = (a: readonly string[], b: readonly string[]): boolean => meet(a, b, (segment) => segment === '**', segmentsMeet)

const isStar = (letter: string): boolean => letter === '*'
const lettersMeet = (one: string, other: string): boolean => one === '?' || other === '?' || one === other

/** Without what stands for letters in other ways than `*` and `?`, and without letters that are two items of a string. */
const isPlain = (segment: string): boolean => !/[[\]()!+@\uD800-\uDFFF]/.test(segment)

function segmentsMeet(a: string, b: string): boolean {
  if (a === '**' || b === '**') return true
  if (!isWild(a) && !isWild(b)) return a === b
  if (a === '*' || b === '*') return true
  if (isPlain(a) && isPlain(b) && a.includes('*') && b.includes('*')) return beginsMeet(a, b, 1, isStar, lettersMeet) && beginsMeet(a, b, -1, isStar, lettersMeet)
  return meet(lettersOf(a), lettersOf(b), isStar, lettersMeet)
}

/** From the first letter that is not plain to the last: `*`. */
function lettersOf(segment: string): string[] {
  if (!/[[\]()!+@]/.test(segment)) return Array.from(segment)
  const first = segment.search(/[[\]()!+@*?]/)
  const last = segment.length - Array.from(segment).reverse().join('').search(/[[\]()!+@*?]/)
  return [...Array.from(segment.slice(0, first)), '*', ...Array.from(segment.slice(last))]
}

/** Do two sequences with items that stand for any run of items have a common one? Dynamic programming over pairs of places. */
function meet(a: readonly string[], b: readonly string[], isRun: (item: string) => boolean, same: (one: string, other: string) => boolean): boolean {
  // With a run in each, what is before the first and after the last ones decides: the runs hold all that is between.
  if (a.some(isRun) && b.some(isRun)) return beginsMeet(a, b, 1, isRun, same) && beginsMeet(a, b, -1, isRun, same)
  let row = new Array<boolean>(b.length + 1).fill(false)
  for (let i = 0; i <= a.length; i++) {
    const next = new Array<boolean>(b.length + 1).fill(false)
    for (let j = 0; j <= b.length; j++) {
      const [one, other] = [a[i - 1], b[j - 1]]
      next[j] = (one === undefined && other === undefined)
        || (one !== undefined && isRun(one) && (row[j] === true || (other !== undefined && next[j - 1] === true)))
        || (other !== undefined && isRun(other) && (next[j - 1] === true || (one !== undefined && row[j] === true)))
        || (one !== undefined && other !== undefined && row[j - 1] === true && same(one, other))
    }
    row = next
  }
  return row[b.length] === true
}

/** Do the items up to the first run of either fit together? `step`: 1 from the front, -1 from the back. Each has a run. */
function beginsMeet(a: ArrayLike<string>, b: ArrayLike<string>, step: 1 | -1, isRun: (item: string) => boolean, same: (one: string, other: string) => boolean): boolean {
  for (let i = 0; ; i++) {
    const [one, other] = step === 1 ? [a[i], b[i]] : [a[a.length - 1 - i], b[b.length - 1 - i]]
    if (one === undefined || other === undefined || isRun(one) || isRun(other)) return true
    if (!same(one, other)) return false
  }
}
