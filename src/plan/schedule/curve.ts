import { at, getOrMake } from '../at.ts'
import { conflictBound } from './conflict-bound.ts'
import { lowerBound, simpleBound } from '../graph/bounds.ts'
import type { Times } from '../graph/critical-path.ts'
import type { Graph } from '../graph/graph.ts'
import type { Schedule } from './work.ts'
import type { Scopes } from './scopes.ts'
import { bestSchedule, byUrgency, manyTasks, quickSchedule, stepsFor, type IsOver } from './search.ts'

/** Another track must save at least this share of the makespan. */
const worthwhile = 0.05
/** Points that are shown past the useful ones. */
const usualPoints = 8
/** Points up to which it is looked whether more tracks pay again: nine tracks take as long as eight for 38 equal tasks, ten a fifth less. */
const mostPoints = 20

/**
 * The best schedule found on 1, 2, ... tracks (at index 0, 1, ...), never longer with a track more: a schedule on fewer is one on more.
 * `shape` decides where it ends; `sharpen` searches thoroughly where it matters.
 */
export class Curve {
  private readonly points: Schedule[] = []
  private readonly searched = new Set<number>()
  private readonly bounds = new Map<number, number>()
  private urgency: Int32Array | undefined
  /** No schedule on however many tracks is shorter: the critical path, and tasks in conflict one after another. */
  private readonly least: number

  constructor(private readonly graph: Graph, readonly times: Times, private readonly scopes: Scopes, private readonly isOver: IsOver) {
    this.least = Math.max(times.length, conflictBound(graph, times, scopes))
  }

  /**
   * Draws the curve until another track can't help (what no schedule is shorter than is reached, or no more than `width` tasks can run at once) or enough is
   * known: one past the useful number and `usualPoints`, and all that could still be worth a track, up to `mostPoints`. Then searches thoroughly at the useful number and its next.
   */
  shape(width: number): void {
    for (let tracks = 1; tracks <= width; tracks++) {
      const before = this.points.at(-1)
      const isFurther = tracks > usualPoints && tracks > this.usefulTracks() + 1
      if (before !== undefined && (before.makespan <= this.least || (isFurther && !this.maySave(before.makespan, tracks, width)))) break
      const found = isFurther ? this.listed(tracks) : this.search(tracks, false)
      this.points.push(before !== undefined && before.makespan <= found.makespan ? before : found)
    }
    // What is found may move the useful number.
    for (let round = 0; round < 3; round++) {
      const useful = this.usefulTracks()
      this.sharpen(useful)
      if (useful < this.points.length) this.sharpen(useful + 1)
      if (useful === this.usefulTracks()) break
    }
  }

  /** The best schedule on so many tracks, searched thoroughly. */
  sharpen(tracks: number): Schedule {
    const known = this.points[Math.min(tracks, this.points.length) - 1]
    if (known !== undefined && (this.searched.has(tracks) || known.makespan <= this.quickBound(tracks))) return known
    this.searched.add(tracks)
    const found = this.search(tracks, true)
    this.offer(tracks, found)
    return known === undefined || found.makespan < known.makespan ? found : known
  }

  /** What no schedule on so many tracks is below. Where the quick bound reaches `enough`, a makespan that was found, it is that. */
  bound(tracks: number, enough = Infinity): number {
    const quick = this.quickBound(tracks)
    return quick >= enough ? quick : getOrMake(this.bounds, tracks, () => Math.max(quick, lowerBound(this.graph, this.times, tracks)))
  }

  /** A schedule on so many tracks that was found elsewhere: it counts for as many tracks and more. */
  offer(tracks: number, schedule: Schedule): void {
    for (let i = Math.max(tracks, 1) - 1; i < this.points.length; i++) if (schedule.makespan < at(this.points, i).makespan) this.points[i] = schedule
  }

  /** The smallest number of tracks whose next one would save less than 5 % of the makespan; the last point where none does. */
  usefulTracks(): number {
    for (let i = 0; i + 1 < this.points.length; i++) {
      const [here, next] = [at(this.points, i).makespan, at(this.points, i + 1).makespan]
      if (here - next < worthwhile * here) return i + 1
    }
    return Math.max(1, this.points.length)
  }

  /** The makespans on 1, 2, ... tracks, in units. */
  makespans(): number[] { return this.points.map((schedule) => schedule.makespan) }

  private quickBound(tracks: number): number { return Math.max(this.least, simpleBound(this.graph, this.times, tracks)) }

  /** Could some number of tracks from this one on be worth it? Large plans get all they can from the useful ones. */
  private maySave(makespan: number, tracks: number, width: number): boolean {
    return tracks <= mostPoints && this.graph.size < manyTasks && this.quickBound(Math.min(width, mostPoints)) <= (1 - worthwhile) * makespan
  }

  private listed(tracks: number): Schedule { return bestSchedule({ graph: this.graph, tracks, scopes: this.scopes }, this.quickBound(tracks), 0) }

  private search(tracks: number, thorough: boolean): Schedule {
    const work = { graph: this.graph, tracks, scopes: this.scopes }
    const bound = thorough ? this.bound(tracks) : this.quickBound(tracks)
    if (!thorough && this.graph.size >= manyTasks) return quickSchedule(work, this.urgency ??= byUrgency(this.times), bound)
    return bestSchedule(work, bound, stepsFor(this.graph.size, thorough), this.isOver)
  }
}
