import type { SprintId, TaskId, TrackId } from './ids.ts'

/** A chain of a minimum path cover: tasks that follow one another. Hours are estimated. */
export interface Chain { readonly name: string; readonly tasks: readonly TaskId[]; readonly hours: number }

export interface PlannedSprint {
  readonly id: SprintId
  /** 1, 2, ... within its track. */
  readonly number: number
  readonly name: string
  readonly goal: string
  readonly tasks: readonly TaskId[]
  readonly hours: number
}

/** Hours before `task` in which its track has nothing to do, because the task waits for one of another track. */
export interface Wait { readonly task: TaskId; readonly hours: number; readonly waitsFor?: TaskId }

export interface PlannedTrack {
  readonly id: TrackId
  readonly name: string
  readonly component: string
  readonly tasks: readonly TaskId[]
  readonly hours: number
  /** Hours of the makespan in which it has no task; not known of a plan in progress. */
  readonly idleHours?: number
  /** Where it is idle before its last task; the rest of the idle hours is at its end. Not known of a plan in progress. */
  readonly waits?: readonly Wait[]
  readonly sprints: readonly PlannedSprint[]
}

/** A task's place in the schedule of the plan, in hours from its start. */
export interface ScheduledTask {
  readonly task: TaskId
  readonly track: TrackId
  readonly start: number
  readonly finish: number
  /** Slack on the unlimited graph (latest start - earliest start), in hours: 0 on a critical path. */
  readonly slack: number
  /** On the one critical path that is shown. */
  readonly critical: boolean
}

export interface Conflict { readonly tasks: readonly TaskId[]; readonly patterns: readonly string[]; readonly resolved: 'same track' | 'ordered' }

export type Strategy = 'component' | 'balanced'

/** What `devteam plan --json` prints, without `elapsedMs`. Hours are estimated hours. */
export interface Plan {
  readonly tasks: number
  readonly totalHours: number
  readonly chains: readonly Chain[]
  readonly independent: { readonly tasks: readonly TaskId[]; readonly hours: number }
  readonly criticalPath: { readonly tasks: readonly TaskId[]; readonly hours: number }
  /** How many tasks could run at once at the most: the size of a maximum antichain. */
  readonly width: number
  /** Tasks that could run at once, as many as `width` says. */
  readonly widthTasks: readonly TaskId[]
  readonly maxTracks: number
  readonly requestedTracks: number
  readonly usedTracks: number
  readonly recommendedTracks: number
  readonly strategy: Strategy
  /** The best makespan found for each number of tracks. */
  readonly curve: readonly { readonly tracks: number; readonly hours: number }[]
  readonly tracks: readonly PlannedTrack[]
  readonly schedule: readonly ScheduledTask[]
  readonly makespanHours: number
  readonly lowerBoundHours: number
  readonly optimal: boolean
  readonly timeSavedPercent: number
  readonly crossTrackDependencies: readonly { readonly task: TaskId; readonly dependsOn: TaskId }[]
  readonly conflicts: readonly Conflict[]
  readonly warnings: readonly string[]
}

export interface PlanOptions {
  /** The number of tracks asked for; undefined: the recommended number. */
  readonly tracks?: number
  readonly strategy: Strategy
  /** Longest sprint in hours (default 40): a track's sprints = ceil(longest track / sprintHours). */
  readonly sprintHours: number
  /** `checkTasks` found nothing wrong with these tasks. */
  readonly areChecked?: boolean
  /** Only how long the plan takes is asked: `balanced` does not look for fewer dependencies across tracks. */
  readonly isForLength?: boolean
  /** Do not clamp `tracks` to `maxTracks`. */
  readonly allowIdleTracks: boolean
  /** Ends the search early where it says so: a ceiling on top of the steps, such as time. A plan that it cut may differ from machine to machine, and warns. */
  readonly isOver?: (() => boolean) | undefined
}
