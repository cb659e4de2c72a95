import { sprintId, type TrackId } from '../ids.ts'
import { mainComponent } from '../graph/chains.ts'
import type { PlannedSprint } from '../plan.ts'
import type { PlannedTask, SprintInProgress } from './in-progress.ts'
import { sprintCount, sprintsOf } from '../sprints/sprints.ts'
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
 * The sprints of a track after replanning. A running track, and one whose open work is the same, keeps its sprints. Else the sprints with completed tasks keep
 * those, and what is open is cut into sprints with the next numbers.
 */
export function slicedAgain({ id, sprints, before, open, isRunning }: TrackToSlice, { sprintHours, longestHours, isOnlyTrack }: Slicing): PlannedSprint[] {
  const partOf = (sprint: SprintInProgress, tasks: readonly PlannedTask[]): PlannedSprint => {
    const mine = tasks.filter((each) => each.sprint === sprint.id).map((each) => each.task)
    return { id: sprint.id, number: sprint.number, name: sprint.name, goal: sprint.goal, tasks: mine.map((task) => task.id), hours: mine.reduce((sum, task) => sum + task.estimatedHours, 0) }
  }
  if (isRunning || isSame(openBefore(sprints, before), open)) return sprints.map((sprint) => partOf(sprint, before)).filter((sprint) => sprint.tasks.length > 0)
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
