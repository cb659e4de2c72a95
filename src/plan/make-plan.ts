import { assignTracks } from './schedule/assign.ts'
import { at, real } from './at.ts'
import { chainsOf, mainComponent } from './graph/chains.ts'
import { checkTasks } from './check.ts'
import { componentSchedule } from './schedule/component-strategy.ts'
import { conflictsOf } from './schedule/conflicts.ts'
import { criticalPath, timesOf } from './graph/critical-path.ts'
import { Curve } from './schedule/curve.ts'
import { UserError } from './errors.ts'
import { fewestCrossings } from './schedule/fewest-crossings.ts'
import { graphOf, type Graph } from './graph/graph.ts'
import { trackId } from './ids.ts'
import { numbered, trackName } from './names.ts'
import { inIdOrder } from './natural.ts'
import type { Plan, PlannedTrack, PlanOptions, ScheduledTask, Wait } from './plan.ts'
import { refuse } from './problem.ts'
import { byStart } from './schedule/schedule.ts'
import type { IsOver } from './schedule/search.ts'
import type { Schedule } from './schedule/work.ts'
import { scopesOf, type Scopes } from './schedule/scopes.ts'
import { sprintCount, sprintsOf } from './sprints/sprints.ts'
import type { Task } from './task.ts'
import { waitFinder } from './waits.ts'

/** Plans with fewer tasks are not worth several tracks. */
const fewTasks = 10
/** One track that takes at most this many times the best makespan will do. */
const nearlyAsGood = 1.1

/**
 * Plans the tasks: chains, width, curve, tracks, sprints, schedule. The same tasks give the same plan, in whatever order they come. Throws
 * UserError('input') where they can't be planned, UserError('usage') where the options can't be.
 */
export function makePlan(tasks: readonly Task[], options: PlanOptions): Plan {
  if (options.areChecked !== true) refuse(checkTasks(tasks))
  if (tasks.length === 0) throw new UserError('input', 'There are no tasks to plan. Put them in docs/planning/tasks, a JSON file each.')
  checkOptions(options)
  const list = inIdOrder(tasks, ({ id }) => id)
  const graph = graphOf(list)
  const times = timesOf(graph)
  const scopes = scopesOf(list)
  const { chains, independent, antichain } = chainsOf(list, graph)
  const search = { isCut: false }
  const isOver = (): boolean => (search.isCut ||= options.isOver?.() === true)
  const curve = new Curve(graph, times, scopes, isOver)
  curve.shape(antichain.length)
  const total = graph.durations.reduce((sum, each) => sum + each, 0)
  const recommended = (): number => (list.length < fewTasks || total <= nearlyAsGood * (curve.makespans().at(-1) ?? total) ? 1 : curve.usefulTracks())
  const requestedTracks = options.tracks ?? recommended()
  const { schedule, warnings } = scheduled(list, graph, scopes, curve, requestedTracks, options, isOver)
  if (search.isCut) warnings.push('The time budget cut the search: the plan may differ on another machine, or in another run.')
  const tracks = tracksOf(list, graph, schedule, options.sprintHours, waitFinder(list, graph, scopes, schedule))
  const trackOf = new Map(tracks.flatMap((track) => track.tasks.map((task) => [task, track.id] as const)))
  const path = new Set(criticalPath(graph, times))
  const bound = curve.bound(tracks.length, schedule.makespan)
  const hours = (units: number): number => graph.toHours(units)
  return {
    tasks: list.length, totalHours: hours(total), chains, independent,
    criticalPath: { tasks: [...path].map((task) => at(list, task).id), hours: hours(times.length) },
    width: antichain.length, widthTasks: antichain.map((task) => at(list, task).id), maxTracks: curve.usefulTracks(), requestedTracks, usedTracks: tracks.length, recommendedTracks: recommended(), strategy: options.strategy,
    curve: curve.makespans().map((units, i) => ({ tracks: i + 1, hours: hours(units) })),
    tracks,
    schedule: byStart(schedule).map((task): ScheduledTask => ({
      task: at(list, task).id, track: trackOf.get(at(list, task).id) ?? trackId(1), start: hours(at(schedule.start, task)), finish: hours(at(schedule.start, task) + real(graph.durations, task)),
      slack: hours(real(times.latestStart, task) - real(times.earliestStart, task)), critical: path.has(task),
    })),
    makespanHours: hours(schedule.makespan), lowerBoundHours: hours(bound), optimal: schedule.makespan === bound, timeSavedPercent: Math.round(100 * (1 - schedule.makespan / total)),
    crossTrackDependencies: list.flatMap((task) => task.dependencies.filter((other) => trackOf.get(other) !== trackOf.get(task.id)).map((dependsOn) => ({ task: task.id, dependsOn }))),
    conflicts: conflictsOf(list, graph, scopes, schedule), warnings,
  }
}

function checkOptions({ tracks, sprintHours }: PlanOptions): void {
  if (tracks !== undefined && (!Number.isSafeInteger(tracks) || tracks < 1)) throw new UserError('usage', `${tracks} is not a number of tracks. Give a whole number from 1, or none for the recommended one.`)
  if (!Number.isFinite(sprintHours) || sprintHours <= 0) throw new UserError('usage', `A sprint of ${sprintHours} hours can't be planned. Set sprintHours to a number above 0, such as 40.`)
}

/** The schedule on the tracks asked for, or as many as are useful. What is found on the way sharpens the curve. */
function scheduled(list: readonly Task[], graph: Graph, scopes: Scopes, curve: Curve, requested: number, { strategy, allowIdleTracks, isForLength = false }: PlanOptions, isOver: IsOver): { schedule: Schedule; warnings: string[] } {
  const warnings: string[] = []
  const most = curve.usefulTracks()
  const wanted = allowIdleTracks ? requested : Math.min(requested, most)
  if (wanted < requested) warnings.push(`Requested ${requested} tracks, but max possible is ${most}. Using ${most} track${most === 1 ? '' : 's'}.`)
  const tracks = Math.min(wanted, list.length)
  const components = list.map((task) => task.component)
  const best = curve.sharpen(tracks)
  const balanced = (): Schedule => (isForLength ? best : fewestCrossings({ graph, tracks, scopes }, assignTracks(graph, best, components), components, isOver))
  const schedule = strategy === 'component' || tracks === 1 ? componentSchedule(graph, curve.times, scopes, components, tracks) : balanced()
  const used = new Set(schedule.track).size
  curve.offer(used, schedule)
  if (used < wanted) warnings.push(`Only ${used} of ${wanted} tracks ${used === 1 ? 'has' : 'have'} work. Using ${used} track${used === 1 ? '' : 's'}.`)
  return { schedule, warnings }
}

/** The tracks with most work first, each with its sprints. */
function tracksOf(list: readonly Task[], graph: Graph, schedule: Schedule, sprintHours: number, waitsOf: (numbers: readonly number[]) => Wait[]): PlannedTrack[] {
  const members = new Map<number, number[]>()
  for (const task of byStart(schedule)) {
    const track = at(schedule.track, task)
    const there = members.get(track)
    if (there === undefined) members.set(track, [task])
    else there.push(task)
  }
  const sorted = [...members.values()].map((tasks) => ({ tasks, units: tasks.reduce((sum, task) => sum + real(graph.durations, task), 0) }))
    .sort((a, b) => b.units - a.units || Math.min(...a.tasks.slice(0, 1)) - Math.min(...b.tasks.slice(0, 1)))
  const longest = graph.toHours(sorted.reduce((most, { units }) => Math.max(most, units), 0))
  const names = numbered(sorted.map(({ tasks }) => trackName(componentsByWork(list, graph, tasks))))
  return sorted.map(({ tasks: numbers, units }, i) => {
    const tasks = numbers.map((task) => at(list, task))
    const durations = numbers.map((task) => real(graph.durations, task))
    const component = mainComponent(tasks.map((task, place) => [task.component, at(durations, place)]))
    const id = trackId(i + 1)
    const count = sprintCount(longest, sprintHours, tasks.length)
    const sprints = sprintsOf(tasks, durations, (each) => graph.toHours(each), count, sorted.length === 1 ? undefined : id, tasks.every((task) => task.component === component) ? component : '')
    return { id, name: at(names, i), component, tasks: tasks.map((task) => task.id), hours: graph.toHours(units), idleHours: graph.toHours(schedule.makespan - units), waits: waitsOf(numbers), sprints }
  })
}

function componentsByWork(list: readonly Task[], graph: Graph, tasks: readonly number[]): string[] {
  const sums = new Map<string, number>()
  for (const task of tasks) sums.set(at(list, task).component, (sums.get(at(list, task).component) ?? 0) + real(graph.durations, task))
  return [...sums].sort((a, b) => b[1] - a[1]).map(([component]) => component)
}
