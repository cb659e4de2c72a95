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
  const ways = new Ways(sums, parts)
  const reach = narrowed(ways, even, spread(sums, near))
  const candidates = sumsNear(sums, even - reach, even + reach)
  const highs = candidates.filter((sum) => sum >= even)
  let high = highs.length - 1
  let least = Infinity
  const lows = candidates.filter((sum) => sum <= even).reverse()
  for (const low of lows) {
    while (high >= 0 && (at(highs, high) - low >= least || ways.reach(low, at(highs, high)))) {
      least = Math.min(least, at(highs, high) - low)
      high--
    }
  }
  let best: number[] | undefined
  for (const low of lows) {
    if (low + least < even || !ways.reach(low, low + least)) continue
    const cuts = ways.earliest(low, low + least)
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
function narrowed(ways: Ways, even: number, start: number): number {
  let [known, off] = [start, 0]
  while (known - 2 * off > 1) {
    const middle = (known / 2 + off) / 2
    if (ways.reach(even - middle, even + middle)) known = Math.min(known, 2 * middle)
    else off = middle
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

/** Which places lead to the end in parts of allowed sums. Windows are asked for again and again, so there is one table for all. */
class Ways {
  private readonly sums: Float64Array
  private readonly parts: number
  /** A row for 0, 1, ... parts that are left, with a flag for each place. */
  private readonly flags: Uint8Array

  constructor(sums: Float64Array, parts: number) {
    this.sums = sums
    this.parts = parts
    this.flags = new Uint8Array((parts + 1) * sums.length)
  }

  /** Can the whole be cut so? Only places that the parts before can reach are looked at. */
  reach(low: number, high: number): boolean {
    this.flags.fill(0)
    this.flags[this.sums.length - 1] = 1
    for (let left = 1, last = this.sums.length - 1; left <= this.parts; left++) {
      last = this.placesBefore(left, last, low, high)
      if (last < 0) return false
    }
    return true
  }

  /** Fills a row from the one before, whose last place is `later`. Gives its last place; -1: there is none. */
  private placesBefore(left: number, later: number, low: number, high: number): number {
    const { sums, flags } = this
    const [before, row, rowOfLater] = [this.parts - left, left * sums.length, (left - 1) * sums.length]
    const from = before === 0 ? 0 : firstAtLeast(sums, before * low)
    let [begin, end, inside, last] = [from, from, 0, -1] // what of the row before a part from `place` can end in
    for (let place = from; place <= later && real(sums, place) <= before * high; place++) {
      const base = real(sums, place)
      while (end <= later && real(sums, end) - base <= high) inside += flags[rowOfLater + end++] ?? 0
      while (begin < end && (begin <= place || real(sums, begin) - base < low)) inside -= flags[rowOfLater + begin++] ?? 0
      if (inside === 0) continue
      flags[row + place] = 1
      last = place
    }
    return last
  }

  /** The cuts that come first, of those that `reach` has found. */
  earliest(low: number, high: number): number[] {
    const { sums, flags } = this
    const cuts: number[] = []
    let place = 0
    for (let left = this.parts - 1; left >= 0; left--) {
      const base = real(sums, place)
      let next = place + 1
      while (next < sums.length && (flags[left * sums.length + next] !== 1 || real(sums, next) - base < low)) next++
      if (next === sums.length || real(sums, next) - base > high) throw new Error('a cut that was thought possible')
      cuts.push(next)
      place = next
    }
    return cuts
  }
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

function isEarlier(cuts: readonly number[], others: readonly number[]): boolean {
  const differs = cuts.findIndex((cut, i) => cut !== others[i])
  return differs >= 0 && at(cuts, differs) < at(others, differs)
}
