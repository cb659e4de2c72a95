import type { SprintId, TaskId, TrackId } from '../plan/ids.ts'
import type { Finding } from './event.ts'

export type TaskStatus = 'pending' | 'in_progress' | 'completed' | 'failed' | 'blocked'
export type SprintStatus = 'planned' | 'active' | 'done'
export type TrackStatus = 'pending' | 'in_progress' | 'completed'
export type SessionStatus = 'running' | 'completed' | 'failed' | 'interrupted'

export interface TaskRow {
  readonly id: TaskId
  readonly title: string
  readonly component: string
  readonly track: TrackId
  readonly sprint: SprintId
  /** Place in the one topological order of the plan. */
  readonly position: number
  readonly estimatedHours: number
  readonly status: TaskStatus
  readonly reason: string | undefined
  readonly session: string | undefined
  readonly iterations: number
  readonly model: string | undefined
  readonly startedAt: string | undefined
  readonly completedAt: string | undefined
  readonly durationMs: number | undefined
  readonly tokens: number | undefined
  readonly costUsd: number | undefined
  readonly commit: string | undefined
  readonly simulated: boolean
  readonly dependencies: readonly TaskId[]
}

export interface SprintRow {
  readonly id: SprintId
  readonly name: string
  readonly goal: string
  readonly track: TrackId
  readonly number: number
  readonly status: SprintStatus
  readonly startedAt: string | undefined
  readonly completedAt: string | undefined
}

/** Who holds a track or the review, as another process reads it. */
export interface LeaseHolder { readonly pid: number; readonly host: string; readonly since: string; readonly alive: boolean }

export interface TrackRow {
  readonly id: TrackId
  readonly name: string
  readonly status: TrackStatus
  readonly completedAt: string | undefined
  readonly lease: LeaseHolder | undefined
}

/** Everything that the faces show, read in one snapshot. Lists in plan order. */
export interface Snapshot {
  readonly planId: string
  readonly settings: Readonly<Record<string, string>>
  readonly tracks: readonly TrackRow[]
  readonly sprints: readonly SprintRow[]
  readonly tasks: readonly TaskRow[]
  readonly reviewLease: LeaseHolder | undefined
  /** The final project review is done. */
  readonly projectCompleted: boolean
  /** Cost of everything so far, reviews included; undefined: unknown. */
  readonly costUsd: number | undefined
  readonly simulated: boolean
  /** id of the newest event, 0 where there is none. */
  readonly lastEvent: number
}

/** A lease that this process holds. */
export interface Lease { readonly name: string; readonly token: string; readonly session: string; readonly track: TrackId | undefined }

/** Why a track has no task to start now. */
export type Claim =
  | { readonly kind: 'claimed'; readonly task: TaskRow }
  /** Pending tasks are there, but each waits for a task of another track. */
  | { readonly kind: 'waiting'; readonly task: TaskId; readonly on: readonly { readonly task: TaskId; readonly track: TrackId; readonly running: boolean }[] }
  /** Nothing pending is left in what was asked for. */
  | { readonly kind: 'none' }

/** One start of a command. */
export interface SessionRow {
  readonly id: string
  readonly command: string
  readonly status: SessionStatus
  readonly startedAt: string
  readonly endedAt: string | undefined
  readonly host: string
  readonly pid: number
  readonly simulated: boolean
}

/** What a review found. `sprint` undefined: the final project review. */
export interface FindingRow extends Finding {
  readonly id: number
  readonly session: string
  readonly sprint: SprintId | undefined
  readonly review: string
  readonly status: 'open' | 'fixed'
}
