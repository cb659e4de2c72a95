import type { SprintId, TaskId, TrackId } from '../ids.ts'
import type { PlanOptions, Strategy } from '../plan.ts'
import type { Task } from '../task.ts'

/** A task as it was planned: `task` has the title, component, hours, scope and own dependencies of then, not of its file now. */
export interface PlannedTask {
  readonly task: Task
  readonly track: TrackId
  readonly sprint: SprintId
  /** Everything that is not completed is open, failed and blocked tasks too. */
  readonly completed: boolean
  /** A living process works on it. */
  readonly inHand: boolean
}

export interface SprintInProgress { readonly id: SprintId; readonly name: string; readonly goal: string; readonly track: TrackId; readonly number: number }

/** A plan of which some is done. */
export interface PlanInProgress {
  readonly strategy: Strategy
  readonly tracks: readonly { readonly id: TrackId; readonly name: string }[]
  readonly sprints: readonly SprintInProgress[]
  /** In the plan's order. */
  readonly tasks: readonly PlannedTask[]
  /** Tracks that a living process works on, and who: `process 12 on host since ...`. They stay as they are. */
  readonly running: ReadonlyMap<TrackId, string>
}

/** A task that changes its place; a new one has none before. */
export interface Move { readonly task: TaskId; readonly from: { readonly track: TrackId; readonly sprint: SprintId }; readonly to: { readonly track: TrackId; readonly sprint: SprintId } }

/** What is left of a plan, to be placed on its tracks. */
export interface Rest {
  /** The open tasks, by id; their dependencies are open tasks too. */
  readonly tasks: readonly Task[]
  /** Where each was; undefined: it is new. */
  readonly was: readonly (TrackId | undefined)[]
  /** Is each in hand? Such a task comes first, before all that may change the same files. */
  readonly inHand: readonly boolean[]
  /** The place of each in the old order; Infinity: it is new. */
  readonly place: readonly number[]
  readonly tracks: readonly TrackId[]
  /** Their open tasks stay on them, in the old order, and no other task comes there. */
  readonly frozen: ReadonlySet<TrackId>
  /** What is completed: new tasks go to where their component was worked on. */
  readonly done: readonly Pick<Task, 'component' | 'estimatedHours'>[]
  readonly doneOn: readonly TrackId[]
}

/** How the open tasks are to be placed. */
export interface RestOptions extends Omit<PlanOptions, 'tracks'> {
  /** How many tracks besides the frozen ones may have open work. */
  readonly tracks: number
  /** Another strategy or number of tracks than the plan's is wanted: then everything that is shorter is worth its moves. */
  readonly asked: boolean
  /** The old places followed the same strategy: they may stay. */
  readonly sameStrategy: boolean
}
