import { at, real } from '../at.ts'
import { lowerBound } from '../graph/bounds.ts'
import { mainComponent } from '../graph/chains.ts'
import { checkTasks } from '../check.ts'
import { conflictBound } from '../schedule/conflict-bound.ts'
import { timesOf } from '../graph/critical-path.ts'
import { UserError } from '../errors.ts'
import { graphOf } from '../graph/graph.ts'
import type { SprintId, TaskId, TrackId } from '../ids.ts'
import { makePlan } from '../make-plan.ts'
import { trackName } from '../names.ts'
import { inIdOrder } from '../natural.ts'
import type { Plan, PlannedTrack, ScheduledTask, Strategy } from '../plan.ts'
import { diffTasks, type TaskDiff } from './diff.ts'
import type { Move, PlanInProgress, PlannedTask, Rest } from './in-progress.ts'
import { chained, hoursUnmoved, placeRest, type PlacedRest } from './rest.ts'
import { openBefore, slicedAgain } from './sprints.ts'
import { serialSchedule } from '../schedule/schedule.ts'
import { scopesOf } from '../schedule/scopes.ts'
import type { Task } from '../task.ts'

export interface ReplanOptions {
  /** Tracks that may have open work; undefined: as many as the plan has. */
  readonly tracks?: number | undefined
  /** undefined: the plan's. */
  readonly strategy?: Strategy | undefined
  readonly sprintHours: number
  readonly allowIdleTracks: boolean
}

/** A proposal: what would change in a plan in progress, and the plan after it. Hours are estimated. */
export interface Replan {
  readonly diff: TaskDiff
  /** Open tasks that change their track or their sprint. */
  readonly moved: readonly Move[]
  /** Tracks on which open tasks that stay change their order. */
  readonly reordered: readonly TrackId[]
  /** What is open, and how long the tracks still take: before, after, and with what files say taken in but nothing moved (undefined: that can't be). */
  readonly left: { readonly tasks: number; readonly totalHours: number; readonly hoursBefore: number; readonly hoursUnmoved: number | undefined; readonly hours: number }
  /** The whole plan, what is completed included; its schedule counts from the plan's start. */
  readonly plan: Plan
  /** The open tasks as their files have them, by id. */
  readonly open: readonly Task[]
  /** All tasks: the completed ones as they were planned, then the open ones. */
  readonly tasks: readonly Task[]
  /** Every task: the completed ones first, then each after those it depends on and after those before it on its track. */
  readonly order: readonly TaskId[]
  /** Is there anything to change? */
  readonly changes: boolean
}

/**
 * Plans what is left of a plan in progress. Completed tasks keep track, sprint and order, and so do the open ones of tracks that a process works
 * on. Throws UserError('held') where task files change such a track, `input` and `usage` as `makePlan` does.
 */
export function replan(current: PlanInProgress, files: readonly Task[], options: ReplanOptions): Replan {
  const diff = diffTasks(current.tasks, files)
  refuseRunning(current, diff)
  const done = current.tasks.filter((each) => each.completed)
  const doneIds = new Set(done.map(({ task }) => task.id))
  const history = done.map(({ task }) => ({ ...task, dependencies: task.dependencies.filter((id) => doneIds.has(id)) }))
  const open = inIdOrder(files.filter((task) => !doneIds.has(task.id)), ({ id }) => id)
  const strategy = options.strategy ?? current.strategy
  const wanted = options.tracks ?? current.tracks.length
  const setting = { strategy, sprintHours: options.sprintHours, allowIdleTracks: options.allowIdleTracks }
  const all = [...history, ...open]
  const base = makePlan(all, { ...setting, tracks: wanted }) // also refuses what can't be planned
  const rest = restOf(current, done, doneIds, open)
  refuseDeadlock(current, rest)
  const placed = placeRest(rest, { ...setting, tracks: Math.max(1, wanted - current.running.size), sameStrategy: strategy === current.strategy, asked: strategy !== current.strategy || wanted !== current.tracks.length })
  const tracks = tracksOf(current, open, placed, options.sprintHours)
  const order = [...history.map((task) => task.id), ...placed.order.map((i) => at(open, i).id)]
  const moved = movesOf(current, tracks)
  const reordered = reorderedOf(current, tracks)
  const byId = new Map(all.map((task) => [task.id, task]))
  return {
    diff, moved, reordered, open, tasks: all, order,
    left: { tasks: open.length, totalHours: sumOf(open), hoursBefore: hoursUnmoved(restOf(current, done, doneIds, openOf(current))), hoursUnmoved: placed.unmovedHours, hours: placed.hours },
    plan: wholePlan(base, order.flatMap((id) => byId.get(id) ?? []), tracks, placed, options.tracks === undefined ? [] : placed.warnings),
    changes: diff.added.length + diff.removed.length + diff.changed.length + moved.length + reordered.length > 0,
  }
}

/** What a process works on is not changed under its hands: it has read the task files when it began. */
function refuseRunning(current: PlanInProgress, diff: TaskDiff): void {
  const touched = new Map([...diff.removed.map((id) => [id, 'is gone'] as const), ...diff.changed.map(({ task }) => [task, 'has changed'] as const)])
  const problems = current.tasks.flatMap(({ task, track }) => {
    const [who, what] = [current.running.get(track), touched.get(task.id)]
    return who === undefined || what === undefined ? [] : [`docs/planning/tasks/${task.id}.json ${what}, and track ${track} is being run by ${who}.`]
  })
  if (problems.length > 0) throw new UserError('held', `${problems.join('\n')}\nWait until the run ends or stop it, then replan; or put the ${problems.length === 1 ? 'file' : 'files'} back.`)
}

function refuseDeadlock(current: PlanInProgress, rest: Rest): void {
  const [problem] = checkTasks(chained(rest))
  if (problem === undefined) return
  const who = [...current.running].map(([track, by]) => `Track ${track} is being run by ${by}`).join('; ')
  throw new UserError('held', `${who}. In its order the tasks as their files are now would wait for each other: ${problem.where} ${problem.what}. Wait until the run ends or stop it, then replan.`)
}

function restOf(current: PlanInProgress, done: readonly PlannedTask[], doneIds: ReadonlySet<TaskId>, open: readonly Task[]): Rest {
  const before = new Map(current.tracks.flatMap(({ id }) => {
    const mine = current.tasks.filter((each) => each.track === id)
    return openBefore(sprintsOn(current, id), mine).map((task) => [task.id, id] as const)
  }))
  const place = new Map(current.tasks.map(({ task }, i) => [task.id, i]))
  const inHand = new Set(current.tasks.filter((each) => each.inHand).map(({ task }) => task.id))
  return {
    tasks: open.map((task) => ({ ...task, dependencies: task.dependencies.filter((id) => !doneIds.has(id)) })),
    was: open.map((task) => before.get(task.id)), place: open.map((task) => place.get(task.id) ?? Infinity), inHand: open.map((task) => inHand.has(task.id)),
    tracks: current.tracks.map((track) => track.id), frozen: new Set(current.running.keys()),
    done: done.map(({ task }) => task), doneOn: done.map(({ track }) => track),
  }
}

const sprintsOn = (current: PlanInProgress, track: TrackId): PlanInProgress['sprints'] => current.sprints.filter((sprint) => sprint.track === track).sort((a, b) => a.number - b.number)
const sumOf = (tasks: readonly Task[]): number => tasks.reduce((sum, task) => sum + task.estimatedHours, 0)

/** The tracks that have completed or open tasks, each with its sprints. */
function tracksOf(current: PlanInProgress, open: readonly Task[], placed: PlacedRest, sprintHours: number): PlannedTrack[] {
  const openOn = (track: TrackId): Task[] => placed.order.filter((i) => placed.trackOf[i] === track).map((i) => at(open, i))
  const doneOn = (track: TrackId): PlannedTask[] => current.tasks.filter((each) => each.completed && each.track === track)
  const ids = [...new Set([...current.tracks.map((track) => track.id), ...placed.trackOf])].sort((a, b) => Number(a) - Number(b))
  const used = ids.filter((id) => openOn(id).length > 0 || doneOn(id).length > 0)
  const longestHours = used.reduce((most, id) => Math.max(most, sumOf(openOn(id))), 0)
  const taken = new Set(current.tracks.map((track) => track.name))
  return used.map((id) => {
    const before = current.tasks.filter((each) => each.track === id)
    const sprints = slicedAgain({ id, sprints: sprintsOn(current, id), before, open: openOn(id), isRunning: current.running.has(id) }, { sprintHours, longestHours, isOnlyTrack: used.length === 1 && current.tracks.length === 1 })
    const tasks = [...doneOn(id).map(({ task }) => task), ...openOn(id)]
    const known = current.tracks.find((track) => track.id === id)?.name
    return { id, name: known ?? freeName(taken, tasks), component: mainComponent(tasks.map((task) => [task.component, task.estimatedHours])), tasks: sprints.flatMap((sprint) => sprint.tasks), hours: sumOf(tasks), sprints }
  })
}

function freeName(taken: Set<string>, tasks: readonly Task[]): string {
  const sums = new Map<string, number>()
  for (const { component, estimatedHours } of tasks) sums.set(component, (sums.get(component) ?? 0) + estimatedHours)
  const plain = trackName([...sums].sort((a, b) => b[1] - a[1]).map(([component]) => component))
  let name = plain
  for (let number = 2; taken.has(name); number++) name = `${plain} ${number}`
  taken.add(name)
  return name
}

function movesOf(current: PlanInProgress, tracks: readonly PlannedTrack[]): Move[] {
  const places = new Map<TaskId, { track: TrackId; sprint: SprintId }>(tracks.flatMap((track) => track.sprints.flatMap((sprint) => sprint.tasks.map((task) => [task, { track: track.id, sprint: sprint.id }] as const))))
  return current.tasks.flatMap(({ task, track, sprint, completed }) => {
    const to = places.get(task.id)
    return completed || to === undefined || (to.track === track && to.sprint === sprint) ? [] : [{ task: task.id, from: { track, sprint }, to }]
  })
}

function reorderedOf(current: PlanInProgress, tracks: readonly PlannedTrack[]): TrackId[] {
  return tracks.filter(({ id, tasks }) => {
    if (current.running.has(id)) return false
    const before = openBefore(sprintsOn(current, id), current.tasks.filter((each) => each.track === id)).map((task) => task.id)
    const [then, still] = [new Set(before), new Set(tasks)]
    const now = tasks.filter((task) => then.has(task))
    return before.filter((task) => still.has(task)).some((task, i) => task !== now[i])
  }).map((track) => track.id)
}

/** What was open, as it was planned, by id. */
const openOf = (current: PlanInProgress): Task[] => inIdOrder(current.tasks.filter((each) => !each.completed).map(({ task }) => task), ({ id }) => id)

/** `base` is a plan of the same tasks from scratch: what does not depend on tracks is right in it. `ordered`: all tasks in their order. */
function wholePlan(base: Plan, ordered: readonly Task[], tracks: readonly PlannedTrack[], { conflicts }: PlacedRest, warnings: readonly string[]): Plan {
  const graph = graphOf(ordered)
  const times = timesOf(graph)
  const trackOf = new Map(tracks.flatMap((track, i) => track.tasks.map((task) => [task, i] as const)))
  const fixed = Int32Array.from(ordered, (task) => trackOf.get(task.id) ?? 0)
  const scopes = scopesOf(ordered)
  const schedule = serialSchedule({ graph, tracks: tracks.length, scopes, fixed }, [...ordered.keys()])
  const path = new Set(base.criticalPath.tasks)
  const bound = Math.max(lowerBound(graph, times, tracks.length), conflictBound(graph, times, scopes))
  const hours = (units: number): number => graph.toHours(units)
  const scheduled = ordered.map((task, i): ScheduledTask => ({
    task: task.id, track: at(tracks, at(fixed, i)).id, start: hours(at(schedule.start, i)), finish: hours(at(schedule.start, i) + real(graph.durations, i)),
    slack: hours(real(times.latestStart, i) - real(times.earliestStart, i)), critical: path.has(task.id),
  }))
  return {
    ...base, usedTracks: tracks.length, tracks, conflicts, warnings, schedule: scheduled.sort((a, b) => a.start - b.start),
    makespanHours: hours(schedule.makespan), lowerBoundHours: hours(bound), optimal: schedule.makespan === bound, timeSavedPercent: Math.round(100 * (1 - hours(schedule.makespan) / base.totalHours)),
    crossTrackDependencies: ordered.flatMap((task) => task.dependencies.filter((other) => trackOf.get(other) !== trackOf.get(task.id)).map((dependsOn) => ({ task: task.id, dependsOn }))),
  }
}
