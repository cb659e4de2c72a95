/** A set of tasks for each task, a bit for each member. */
export class TaskSets {
  readonly #words: number
  readonly #bits: Int32Array

  constructor(tasks: number) {
    this.#words = (tasks >> 5) + 1
    this.#bits = new Int32Array(tasks * this.#words)
  }

  has(task: number, member: number): boolean { return ((this.#bits[task * this.#words + (member >> 5)] ?? 0) >> (member & 31) & 1) === 1 }

  add(task: number, member: number): void {
    const place = task * this.#words + (member >> 5)
    this.#bits[place] = (this.#bits[place] ?? 0) | (1 << (member & 31))
  }

  /** All that is in the set of `other`. */
  addAll(task: number, other: number): void {
    const bits = this.#bits
    const words = this.#words
    for (let to = task * words, from = other * words, end = from + words; from < end; to++, from++) bits[to] = (bits[to] ?? 0) | (bits[from] ?? 0)
  }
}
