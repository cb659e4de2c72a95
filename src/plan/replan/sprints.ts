import { sprintId, type SprintId, type TrackId } from '../ids.ts'
import { mainComponent } from '../graph/chains.ts'
import type { PlannedSprint } from '../plan.ts'
import type { PlannedTask, SprintInProgress } from './in-progress.ts'
import { goalOf, sprintCount, sprintsOf } from '../sprints/sprints.ts'
import type { Task } from '../task.ts'
import { unitsOf } from '../graph/units.ts'

/** One track of a plan in progress and what is open on it now. */
export interface TrackToSlice {
  readonly id: TrackId
  /** Its sprints so far, by number. */
  readonly sprints: readonly SprintInProgress[]
  /** Its tasks so far, in the plan's order. */
  readonly before: readonly PlannedTask[]
  /** What is open on it now, in its new order. */
  readonly open: readonly Task[]
  /** A process works on it: it knows the sprints as they are. */
  readonly isRunning: boolean
}

export interface Slicing {
  readonly sprintHours: number
  /** Open hours of the track that has most. */
  readonly longestHours: number
  /** The plan has one track, and its sprints no track in their ids. */
  readonly isOnlyTrack: boolean
}

/**
 * The sprints of a track after replanning. A running track, and one whose open work is the same, keeps its sprints. So does one whose open work has kept its
 * order, where what is new finds room in them. Else the sprints with completed tasks keep those, and what is open is cut into sprints with the next numbers.
 */
export function slicedAgain({ id, sprints, before, open, isRunning }: TrackToSlice, { sprintHours, longestHours, isOnlyTrack }: Slicing): PlannedSprint[] {
  const partOf = (sprint: SprintInProgress, tasks: readonly PlannedTask[]): PlannedSprint => {
    const mine = tasks.filter((each) => each.sprint === sprint.id).map((each) => each.task)
    return sprintWith(sprint, mine, before)
  }
  if (isRunning || isSame(openBefore(sprints, before), open)) return sprints.map((sprint) => partOf(sprint, before)).filter((sprint) => sprint.tasks.length > 0)
  const roomy = isOnlyTrack === sprints.every((sprint) => sprint.id === sprintId(sprint.number)) ? withRoom(sprints, before, open, sprintHours) : undefined
  if (roomy !== undefined) return roomy
  const kept = sprints.map((sprint) => partOf(sprint, before.filter((each) => each.completed))).filter((sprint) => sprint.tasks.length > 0)
  if (open.length === 0) return kept
  const after = kept.reduce((most, sprint) => Math.max(most, sprint.number), 0)
  const units = unitsOf(open.map((task) => task.estimatedHours))
  const components = new Set(open.map((task) => task.component))
  const withTrack = !isOnlyTrack || kept.some((sprint) => sprint.id !== sprintId(sprint.number))
  const fresh = sprintsOf(open, units.counts, (each) => units.toHours(each), sprintCount(longestHours, sprintHours, open.length), withTrack ? id : undefined, components.size === 1 ? mainComponent(open.map((task) => [task.component, task.estimatedHours])) : '', after)
  const names = new Set(kept.map((sprint) => sprint.name))
  return [...kept, ...fresh.map((sprint) => ({ ...sprint, name: unlike(names, sprint.name) }))]
}

const sumOf = (tasks: readonly Task[]): number => tasks.reduce((sum, task) => sum + task.estimatedHours, 0)

/** The sprint with these tasks; its goal is another one where they are others. */
function sprintWith({ id, number, name, goal }: SprintInProgress, tasks: readonly Task[], before: readonly PlannedTask[]): PlannedSprint {
  const was = new Set(before.filter((each) => each.sprint === id).map((each) => each.task.id))
  const isSameSet = tasks.length === was.size && tasks.every((task) => was.has(task.id))
  return { id, number, name, goal: isSameSet ? goal : goalOf(tasks), tasks: tasks.map((task) => task.id), hours: sumOf(tasks) }
}

/**
 * The sprints as they were, what is new after what comes before it; undefined where the order of what was open is another one, or a sprint would get longer
 * than sprints may be (or than it was).
 */
function withRoom(sprints: readonly SprintInProgress[], before: readonly PlannedTask[], open: readonly Task[], sprintHours: number): PlannedSprint[] | undefined {
  const places = new Map(before.filter((each) => !each.completed).map((each) => [each.task.id, each.sprint]))
  const rank = new Map(sprints.map((sprint, i) => [sprint.id, i]))
  const first = open.map((task) => places.get(task.id)).find((sprint) => sprint !== undefined)
  if (first === undefined) return undefined
  const inside = new Map<SprintId, Task[]>(sprints.map((sprint) => [sprint.id, before.filter((each) => each.completed && each.sprint === sprint.id).map((each) => each.task)]))
  let current = first
  for (const task of open) {
    const next = places.get(task.id) ?? current
    if ((rank.get(next) ?? 0) < (rank.get(current) ?? 0)) return undefined
    current = next
    inside.get(current)?.push(task)
  }
  const filled = sprints.map((sprint) => sprintWith(sprint, inside.get(sprint.id) ?? [], before)).filter((sprint) => sprint.tasks.length > 0)
  const most = (sprint: PlannedSprint): number => Math.max(sprintHours, sumOf(before.filter((each) => each.sprint === sprint.id).map((each) => each.task)))
  return filled.every((sprint) => sprint.hours <= most(sprint) + 1e-9) ? filled : undefined
}

/** What was open on a track, sprint by sprint as it is worked through. */
export function openBefore(sprints: readonly SprintInProgress[], before: readonly PlannedTask[]): Task[] {
  return sprints.flatMap((sprint) => before.filter((each) => !each.completed && each.sprint === sprint.id).map((each) => each.task))
}

const isSame = (before: readonly Task[], open: readonly Task[]): boolean =>
  before.length === open.length && before.every((task, i) => task.id === open[i]?.id && task.estimatedHours === open[i].estimatedHours)

/** The name, with a number where it is taken; it is taken then. */
function unlike(taken: Set<string>, name: string): string {
  let found = name
  for (let number = 2; taken.has(found); number++) found = `${name} ${number}`
  taken.add(found)
  return found
}
