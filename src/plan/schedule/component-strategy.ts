import { greedyTracks } from './assign.ts'
import { at, getOrMake, near, real, whole } from '../at.ts'
import { timesOf, type Times } from '../graph/critical-path.ts'
import { inducedGraph, type Graph } from '../graph/graph.ts'
import { nonDelaySchedule, serialSchedule } from './schedule.ts'
import type { Schedule } from './work.ts'
import type { Scopes } from './scopes.ts'
import { areApart, bestSchedule, byUrgency, manyTasks, quickSchedule } from './search.ts'

/**
 * Tracks that keep components whole. As many components as tracks: one each. More: packed, the largest first, onto the least loaded track (LPT, Graham
 * 1969). Fewer: split, one more part at a time, where the whole gets shortest. The order in the tracks is a list schedule by
 * critical path; tasks without any edge come last, by id.
 */
export function componentSchedule(graph: Graph, times: Times, scopes: Scopes, components: readonly string[], tracks: number): Schedule {
  const groups = groupsOf(graph, components)
  const plan: Whole = { graph, times, scopes, isFreeOfConflicts: areApart(scopes), components, groups, ...orders(graph, times, groups) }
  if (groups.length >= tracks) return orderedOn(plan, packed(graph, groups, tracks), tracks)
  return split(plan, tracks)
}

/** What all steps look at. `urgency`: tasks by critical path; `urgent`: those without any edge last, by id; `grouped`: the same, one group after another. */
interface Whole { readonly graph: Graph; readonly times: Times; readonly scopes: Scopes; readonly isFreeOfConflicts: boolean; readonly components: readonly string[]; readonly groups: readonly (readonly number[])[]; readonly urgency: Int32Array; readonly urgent: Int32Array; readonly grouped: Int32Array }

function orders(graph: Graph, times: Times, groups: Whole['groups']): Pick<Whole, 'urgency' | 'urgent' | 'grouped'> {
  const isAlone = (task: number): boolean => near(graph.predecessors, task).length + near(graph.successors, task).length === 0
  const urgency = byUrgency(times)
  const urgent = Int32Array.from([...urgency.filter((task) => !isAlone(task)), ...Array.from(graph.predecessors.keys()).filter(isAlone)])
  const groupOf = new Int32Array(graph.size)
  groups.forEach((group, number) => { for (const task of group) groupOf[task] = number })
  const parts: number[][] = groups.map(() => [])
  for (const task of urgent) at(parts, whole(groupOf, task)).push(task)
  return { urgency, urgent, grouped: Int32Array.from(parts.flat()) }
}

const load = (graph: Graph, members: readonly number[]): number => members.reduce((sum, task) => sum + real(graph.durations, task), 0)

/** Tasks by component, the largest first. */
function groupsOf(graph: Graph, components: readonly string[]): number[][] {
  const groups = new Map<string, number[]>()
  components.forEach((component, task) => getOrMake(groups, component, () => []).push(task))
  return [...groups.values()].sort((a, b) => load(graph, b) - load(graph, a) || at(a, 0) - at(b, 0))
}

function packed(graph: Graph, groups: readonly (readonly number[])[], tracks: number): Int32Array {
  const loads = new Float64Array(tracks)
  const track = new Int32Array(graph.size)
  for (const group of groups) {
    const least = loads.indexOf(loads.reduce((a, b) => Math.min(a, b), Infinity))
    for (const task of group) track[task] = least
    loads[least] = at(loads, least) + load(graph, group)
  }
  return track
}

/** The parts of a group on so many tracks, by a schedule of the group alone; undefined where it does not fill them. */
function partsOf({ graph, scopes, components }: Whole, group: readonly number[], count: number): number[][] | undefined {
  if (count === 1) return [[...group]]
  if (group.length < count) return undefined
  const own = inducedGraph(graph, group)
  const work = { graph: own, tracks: count, scopes: { classOf: Int32Array.from(group, (task) => at(scopes.classOf, task)), touching: scopes.touching } }
  const times = timesOf(own)
  const schedule = greedyTracks(own, graph.size < manyTasks ? bestSchedule(work, times.length, 0) : quickSchedule(work, byUrgency(times), times.length), group.map((task) => at(components, task)))
  const parts: number[][] = Array.from({ length: count }, () => [])
  group.forEach((task, i) => { at(parts, at(schedule.track, i)).push(task) })
  return parts.every((part) => part.length > 0) ? parts : undefined
}

/** Tasks placed in trials up to which each next part is tried with every component; on larger plans the one with most work a part is split. */
const patience = 20_000

function split(plan: Whole, tracks: number): Schedule {
  const { graph, groups } = plan
  const trials = 2 * groups.length * (tracks - groups.length) * graph.size
  const partsOfGroup: PartsOf = (number, count) => partsOf(plan, at(groups, number), count)
  const parts = trials > patience ? splitByShare(graph, groups, tracks, partsOfGroup) : splitByTrial(plan, tracks, partsOfGroup)
  return orderedOn(plan, trackOf(graph, parts), parts.flat().length)
}

/** For each group its parts. */
type Parts = readonly (readonly (readonly number[])[])[]
type PartsOf = (group: number, count: number) => readonly (readonly number[])[] | undefined

function splitByTrial(plan: Whole, tracks: number, partsOfGroup: PartsOf): Parts {
  const { graph, groups } = plan
  let parts: Parts = groups.map((group) => [group])
  // One group changes from round to round; the finer parts of the others stay.
  const finerParts = new Map<string, readonly (readonly number[])[] | undefined>()
  for (let used = groups.length; used < tracks; used++) {
    let best: { parts: Parts; makespan: number; share: number } | undefined
    groups.forEach((group, number) => {
      const count = at(parts, number).length + 1
      const key = `${number} ${count}`
      if (!finerParts.has(key)) finerParts.set(key, partsOfGroup(number, count))
      const finer = finerParts.get(key)
      if (finer === undefined) return
      const tried = parts.map((each, i) => (i === number ? finer : each))
      const { makespan } = listed(plan, trackOf(graph, tried), used + 1)
      const share = load(graph, group) / (count - 1)
      if (best === undefined || makespan < best.makespan || (makespan === best.makespan && share > best.share)) best = { parts: tried, makespan, share }
    })
    if (best === undefined) break
    parts = best.parts
  }
  return parts
}

function splitByShare(graph: Graph, groups: readonly (readonly number[])[], tracks: number, partsOfGroup: PartsOf): Parts {
  const loads = groups.map((group) => load(graph, group))
  const counts = groups.map(() => 1)
  const share = (number: number): number => (at(counts, number) < at(groups, number).length ? at(loads, number) / at(counts, number) : 0)
  for (let used = groups.length; used < tracks; used++) {
    const most = [...groups.keys()].reduce((best, number) => (share(number) > share(best) ? number : best), 0)
    if (share(most) > 0) counts[most] = at(counts, most) + 1
  }
  return groups.map((group, number) => {
    for (let count = at(counts, number); count > 1; count--) {
      const parts = partsOfGroup(number, count)
      if (parts !== undefined) return parts
    }
    return [group]
  })
}

function trackOf(graph: Graph, parts: readonly (readonly (readonly number[])[])[]): Int32Array {
  const track = new Int32Array(graph.size)
  parts.flat().forEach((part, number) => { for (const task of part) track[task] = number })
  return track
}

/**
 * The order on settled tracks: by critical path, one component after another where that takes no longer; a search's only where that is
 * shorter. Tasks without any edge come last, by id.
 */
function orderedOn(plan: Whole, fixed: Int32Array, tracks: number): Schedule {
  const { graph, times, scopes, urgency } = plan
  const first = listed(plan, fixed, tracks)
  const loads = new Float64Array(tracks)
  fixed.forEach((track, task) => { loads[track] = real(loads, track) + real(graph.durations, task) })
  const bound = loads.reduce((most, each) => Math.max(most, each), times.length)
  if (first.makespan <= bound) return first
  const other = bestSchedule({ graph, tracks, scopes, fixed }, bound, 0, undefined, urgency)
  return other.makespan < first.makespan ? other : first
}

/** The better of two list schedules: by critical path, and so but one component after another. */
function listed({ graph, scopes, isFreeOfConflicts, urgent, grouped }: Whole, fixed: Int32Array, tracks: number): Schedule {
  const work = { graph, tracks, scopes, fixed }
  // Without conflicts each task begins there as soon as it is ready and its track is free, so the serial one would be the same.
  const scheduled = (ranked: Int32Array): Schedule => {
    const { order, ...made } = nonDelaySchedule(work, ranked)
    return isFreeOfConflicts ? made : serialSchedule(work, order)
  }
  const [together, apart] = [scheduled(grouped), scheduled(urgent)]
  return together.makespan <= apart.makespan ? together : apart
}
