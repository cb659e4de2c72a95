/** When tracks are free. Of many few are looked at for a task: most tasks start late in a schedule that grows, so what is free last is looked at first. */
export class FreeTracks {
  /** Since when, in ascending order, and which track that is; with `takeOne` by track. */
  readonly #times: Float64Array
  readonly #tracks: Int32Array
  /** The track of the last task. */
  taken = 0

  constructor(tracks: number) {
    this.#times = new Float64Array(tracks)
    this.#tracks = Int32Array.from(this.#times.keys())
  }

  clear(): void { this.#times.fill(0) }

  /** Puts a task on the track that is free last in time for it, else on the one that is free first. Gives the task's end. */
  take(ready: number, duration: number): number {
    const times = this.#times
    const tracks = this.#tracks
    const last = times.length - 1
    let place = last
    while (place > 0 && (times[place] ?? 0) > ready) place--
    const taken = tracks[place] ?? 0
    const end = Math.max(ready, times[place] ?? 0) + duration
    for (; place < last && (times[place + 1] ?? 0) < end; place++) {
      times[place] = times[place + 1] ?? 0
      tracks[place] = tracks[place + 1] ?? 0
    }
    times[place] = end
    tracks[place] = taken
    this.taken = taken
    return end
  }

  /** The same on a given track. Not to be mixed with `take`. */
  takeOne(track: number, ready: number, duration: number): number {
    const end = Math.max(ready, this.#times[track] ?? 0) + duration
    this.#times[track] = end
    this.taken = track
    return end
  }
}
