import { whole } from '../at.ts'

/**
 * Places 0, 1, ... below a known number, of which the least one is taken: a bit for each. Where most come in and go out near the least one, as ready tasks do,
 * it takes a fraction of a heap's time.
 */
export class ReadyTasks {
  readonly #words: Int32Array
  /** No word before this one has a bit. */
  #first = 0
  #count = 0

  constructor(places: number) { this.#words = new Int32Array((places >> 5) + 1) }

  /** A place that is not among them. */
  add(place: number): void {
    const word = place >> 5
    this.#words[word] = whole(this.#words, word) | (1 << (place & 31))
    this.#first = Math.min(this.#first, word)
    this.#count++
  }

  /** undefined: there is none. */
  takeFirst(): number | undefined {
    if (this.#count === 0) return undefined
    while (this.#words[this.#first] === 0) this.#first++
    const bits = whole(this.#words, this.#first)
    const lowest = bits & -bits
    this.#words[this.#first] = bits ^ lowest
    this.#count--
    return (this.#first << 5) + 31 - Math.clz32(lowest)
  }
}
