import { at, near, real } from '../at.ts'
import { conflictsOf } from '../schedule/conflicts.ts'
import { timesOf } from '../graph/critical-path.ts'
import { graphOf, type Graph } from '../graph/graph.ts'
import { trackId, type TaskId, type TrackId } from '../ids.ts'
import { makePlan } from '../make-plan.ts'
import type { Conflict } from '../plan.ts'
import type { Rest, RestOptions } from './in-progress.ts'
import { mended, stabler } from './moves.ts'
import { keptTracks, matchedTracks, type Slots } from './tracks.ts'
import { byStart, serialSchedule } from '../schedule/schedule.ts'
import type { Schedule, Work } from '../schedule/work.ts'
import { scopesOf } from '../schedule/scopes.ts'
import { bestSchedule, stepsFor } from '../schedule/search.ts'
import type { Task } from '../task.ts'

/** Where the open tasks are placed. Hours are those that are left, from now on. */
export interface PlacedRest {
  readonly trackOf: readonly TrackId[]
  /** The tasks by their start. */
  readonly order: readonly number[]
  readonly hours: number
  /** With every old task on its old track; undefined where that can't be. */
  readonly unmovedHours: number | undefined
  readonly conflicts: readonly Conflict[]
  readonly warnings: readonly string[]
}

/** Unless another strategy or number of tracks is asked for, what moves must shorten the whole by at least this share. */
const worthwhile = 0.02

/**
 * Places what is left. The proposals, from the one that moves least: nothing moves; nothing moves to another track, but the order is searched anew;
 * single tasks move (`balanced` only); a new plan of the rest, its tracks named so that most hours stay where they were. Moves that gain nothing are taken
 * back, and a proposal has to be shorter than those before it by a share that is worth it. So nothing gets longer, and nothing moves for nothing.
 */
export function placeRest(rest: Rest, options: RestOptions): PlacedRest {
  const { tasks } = rest
  if (tasks.length === 0) return { trackOf: [], order: [], hours: 0, unmovedHours: 0, conflicts: [], warnings: [] }
  const scopes = scopesOf(tasks)
  const graph = graphOf(chained(rest))
  const slots = slotsOf(rest, options.tracks)
  const work: Work = { graph, tracks: slots.length, scopes }
  const kept = keptTracks(rest, slots, options.tracks)
  const unmoved = kept === undefined ? undefined : serialSchedule({ ...work, fixed: kept }, oldOrder(graph, rest.place))
  const proposals: Schedule[] = []
  const fresh = freshly(rest, options, work, slots)
  const mayStay = options.sameStrategy || options.strategy === 'balanced' || fresh === undefined
  if (kept !== undefined && unmoved !== undefined && mayStay) {
    const ordered = searched({ ...work, fixed: kept })
    proposals.push(unmoved, ordered)
    if (options.strategy === 'balanced') proposals.push(stabler(rest, options, work, slots, mended(rest, options, work, slots, ordered.makespan < unmoved.makespan ? ordered : unmoved)))
  }
  if (fresh !== undefined) proposals.push(options.sameStrategy ? stabler(rest, options, work, slots, fresh.schedule) : fresh.schedule)
  const enough = options.asked ? 1 : 1 - worthwhile
  const best = proposals.reduce<Schedule | undefined>((least, each) => (least === undefined || (each.makespan < least.makespan && each.makespan <= enough * least.makespan) ? each : least), undefined)
  if (best === undefined) throw new Error('there is no proposal')
  return {
    trackOf: Array.from(best.track, (slot) => at(slots, slot)),
    order: byStart(best).sort((a, b) => real(best.start, a) - real(best.start, b) || at(best.track, a) - at(best.track, b)),
    hours: graph.toHours(best.makespan), unmovedHours: unmoved === undefined ? undefined : graph.toHours(unmoved.makespan),
    conflicts: conflictsOf(tasks, graphOf(tasks), scopes, best), warnings: fresh?.warnings ?? [],
  }
}

/** How long the tasks take on the tracks where they are, in the old order. Hours. */
export function hoursUnmoved(rest: Rest): number {
  const graph = graphOf(chained(rest))
  const fixed = keptTracks(rest, rest.tracks, rest.tracks.length)
  if (fixed === undefined) throw new Error('there are more tracks with work than tracks')
  return graph.toHours(serialSchedule({ graph, tracks: rest.tracks.length, scopes: scopesOf(rest.tasks), fixed }, oldOrder(graph, rest.place)).makespan)
}

/**
 * The tasks with the order that running tracks force on them: those of such a track each after the one before, what is in hand first, and what may
 * change the same files as a task in hand after that.
 */
export function chained({ tasks, was, place, inHand, frozen }: Pick<Rest, 'tasks' | 'was' | 'place' | 'inHand' | 'frozen'>): Task[] {
  if (frozen.size === 0) return [...tasks]
  const last = new Map<TrackId, TaskId>()
  const before = tasks.map((task) => new Set(task.dependencies))
  const rank = (task: number): number => (inHand[task] === true ? -1 : at(place, task))
  for (const task of [...tasks.keys()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))) {
    const track = was[task]
    if (track === undefined || !frozen.has(track)) continue
    const previous = last.get(track)
    if (previous !== undefined) at(before, task).add(previous)
    last.set(track, at(tasks, task).id)
  }
  const { classOf, touching } = scopesOf(tasks)
  for (const first of tasks.keys()) {
    if (inHand[first] !== true || at(classOf, first) < 0) continue
    const near = new Set(at(touching, at(classOf, first)))
    classOf.forEach((scope, task) => { if (near.has(scope) && inHand[task] !== true) at(before, task).add(at(tasks, first).id) })
  }
  return tasks.map((task, i) => ({ ...task, dependencies: [...at(before, i)] }))
}

/** The tracks that are there, then as many new ones as could be needed. */
function slotsOf({ tracks }: Rest, count: number): Slots {
  const last = tracks.reduce((most, track) => Math.max(most, Number(track)), 0)
  return [...tracks, ...Array.from({ length: count }, (_, i) => trackId(last + 1 + i))]
}

/** The old order; a task that is new, or whose dependencies are, stands where it is needed first. */
function oldOrder(graph: Graph, place: readonly number[]): number[] {
  const needed = Float64Array.from(place)
  for (const task of graph.order.slice().reverse()) for (const next of near(graph.successors, task)) needed[task] = Math.min(real(needed, task), real(needed, next))
  const topological = new Int32Array(graph.size)
  graph.order.forEach((task, i) => { topological[task] = i })
  return Array.from(needed.keys()).sort((a, b) => (real(needed, a) === real(needed, b) ? 0 : real(needed, a) - real(needed, b)) || at(topological, a) - at(topological, b))
}

/** The best order found on settled tracks. */
function searched(work: Work & { readonly fixed: Int32Array }): Schedule {
  const { graph, fixed } = work
  const loads = new Float64Array(work.tracks)
  fixed.forEach((track, task) => { loads[track] = real(loads, track) + real(graph.durations, task) })
  return bestSchedule(work, loads.reduce((most, each) => Math.max(most, each), timesOf(graph).length), stepsFor(graph.size, true))
}

/** A new plan of what is not frozen; undefined where all is. */
function freshly(rest: Rest, options: RestOptions, work: Work, slots: Slots): { schedule: Schedule; warnings: readonly string[] } | undefined {
  const isFrozen = (task: number): boolean => { const track = rest.was[task]; return track !== undefined && rest.frozen.has(track) }
  const free = [...rest.tasks.keys()].filter((task) => !isFrozen(task))
  if (free.length === 0) return undefined
  const ids = new Set(free.map((task) => at(rest.tasks, task).id))
  const plan = makePlan(free.map((task) => ({ ...at(rest.tasks, task), dependencies: at(rest.tasks, task).dependencies.filter((id) => ids.has(id)) })), options)
  const index = new Map(rest.tasks.map((task, i) => [task.id, i]))
  const parts = plan.tracks.map((track) => track.tasks.flatMap((id) => index.get(id) ?? []))
  const fixed = matchedTracks(rest, slots, parts)
  const settled = { ...work, fixed }
  // The new plan's own order is the best for it; with work beside it that it knows nothing of, an order is searched.
  const schedule = free.length < rest.tasks.length ? searched(settled) : serialSchedule(settled, plan.schedule.flatMap(({ task }) => index.get(task) ?? []))
  return { schedule, warnings: plan.warnings }
}
