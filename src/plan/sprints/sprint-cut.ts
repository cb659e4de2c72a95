import { at, real } from '../at.ts'

/** Items times parts up to which the cut is exact; past that each cut is the nearest to its even share. */
const exactUpTo = 15_000

/**
 * Cuts a sequence into `parts` consecutive parts (none empty) whose greatest difference in sum is the least; ties cut early. Gives the end of
 * each part, exclusive. `durations` are whole units. A window [low, high] of allowed sums is moved over the sums that occur near the even
 * share: as `low` falls the least `high` can only fall, so both are walked once.
 */
export function cutEvenly(durations: readonly number[], parts: number): number[] {
  const sums = new Float64Array(durations.length + 1)
  durations.forEach((duration, i) => { sums[i + 1] = at(sums, i) + duration })
  const even = at(sums, durations.length) / parts
  const near = nearestCuts(sums, parts)
  if (parts === 1 || durations.length === parts || durations.length * parts > exactUpTo) return near
  const reach = narrowed(sums, parts, even, spread(sums, near))
  const candidates = sumsNear(sums, even - reach, even + reach)
  const highs = candidates.filter((sum) => sum >= even)
  let high = highs.length - 1
  let least = Infinity
  const lows = candidates.filter((sum) => sum <= even).reverse()
  for (const low of lows) {
    while (high >= 0 && (at(highs, high) - low >= least || reachable(sums, parts, low, at(highs, high)) !== undefined)) {
      least = Math.min(least, at(highs, high) - low)
      high--
    }
  }
  let best: number[] | undefined
  for (const low of lows) {
    const ways = low + least < even ? undefined : reachable(sums, parts, low, low + least)
    if (ways === undefined) continue
    const cuts = earliest(sums, ways, parts, low, low + least)
    if (best === undefined || isEarlier(cuts, best)) best = cuts
  }
  return best ?? near
}

/** Each cut at the sum that is nearest to its even share, the earlier one of two, with an item left for every part. */
function nearestCuts(sums: Float64Array, parts: number): number[] {
  const count = sums.length - 1
  const cuts: number[] = []
  let end = 0
  for (let part = 1; part < parts; part++) {
    const goal = (at(sums, count) * part) / parts
    end++
    const last = count - (parts - part)
    while (end < last && Math.abs(at(sums, end + 1) - goal) < Math.abs(at(sums, end) - goal)) end++
    cuts.push(end)
  }
  return [...cuts, count]
}

function spread(sums: Float64Array, cuts: readonly number[]): number {
  const parts = cuts.map((end, i) => at(sums, end) - at(sums, i === 0 ? 0 : at(cuts, i - 1)))
  return parts.reduce((a, b) => Math.max(a, b), 0) - parts.reduce((a, b) => Math.min(a, b), Infinity)
}

/** A spread that can be reached for certain: halves the distance from the even share as long as there is a way, down to a unit. */
function narrowed(sums: Float64Array, parts: number, even: number, start: number): number {
  let [known, off] = [start, 0]
  while (known - 2 * off > 1) {
    const middle = (known / 2 + off) / 2
    if (reachable(sums, parts, even - middle, even + middle) === undefined) off = middle
    else known = Math.min(known, 2 * middle)
  }
  return known
}

/** The sums of all runs of items that lie between the two, ascending, each once. */
function sumsNear(sums: Float64Array, low: number, high: number): number[] {
  const found = new Set<number>()
  let first = 1
  for (let from = 0; from < sums.length - 1; from++) {
    const base = at(sums, from)
    while (first < sums.length && at(sums, first) - base < low) first++
    for (let to = Math.max(first, from + 1); to < sums.length && at(sums, to) - base <= high; to++) found.add(at(sums, to) - base)
  }
  return [...found].sort((a, b) => a - b)
}

/** For k = 0, 1, ...: the places from which k parts of allowed sums lead to the end, as a window of flags. */
type Ways = readonly Window[]
interface Window { readonly from: number; readonly flags: Uint8Array }

/** undefined where the whole can't be cut so. Only places that the parts before can reach are looked at. */
function reachable(sums: Float64Array, parts: number, low: number, high: number): Ways | undefined {
  const ways: Window[] = [{ from: sums.length - 1, flags: new Uint8Array([1]) }]
  for (let left = 1; left <= parts; left++) {
    const before = parts - left
    const window = placesBefore(sums, at(ways, left - 1), before * low, before * high, low, high)
    if (window === undefined) return undefined
    ways.push(window)
  }
  return ways
}

/** The places with a sum of `least` to `most` from which a part of `low` to `high` ends at a place of `later`; undefined: there are none. */
function placesBefore(sums: Float64Array, later: Window, least: number, most: number, low: number, high: number): Window | undefined {
  const from = least === 0 ? 0 : firstAtLeast(sums, least)
  const last = later.from + later.flags.length - 1
  let to = from
  while (to <= last && real(sums, to) <= most) to++
  const flags = new Uint8Array(Math.max(0, to - from))
  let [begin, end, inside, found] = [later.from, later.from, 0, false] // what of `later` a part from `place` can end in
  for (let place = from; place < to; place++) {
    const base = real(sums, place)
    while (end <= last && real(sums, end) - base <= high) inside += later.flags[end++ - later.from] ?? 0
    while (begin < end && (begin <= place || real(sums, begin) - base < low)) inside -= later.flags[begin++ - later.from] ?? 0
    if (inside === 0) continue
    flags[place - from] = 1
    found = true
  }
  return found ? { from, flags } : undefined
}

function firstAtLeast(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (real(sums, middle) < value) low = middle + 1
    else high = middle
  }
  return low
}

function earliest(sums: Float64Array, ways: Ways, parts: number, low: number, high: number): number[] {
  const cuts: number[] = []
  let place = 0
  for (let left = parts - 1; left >= 0; left--) {
    const { from, flags } = at(ways, left)
    const base = at(sums, place)
    let next = Math.max(from, place + 1)
    while (flags[next - from] !== 1 || at(sums, next) - base < low) next++
    if (at(sums, next) - base > high) throw new Error('a cut that was thought possible')
    cuts.push(next)
    place = next
  }
  return cuts
}

function isEarlier(cuts: readonly number[], others: readonly number[]): boolean {
  const differs = cuts.findIndex((cut, i) => cut !== others[i])
  return differs >= 0 && at(cuts, differs) < at(others, differs)
}
