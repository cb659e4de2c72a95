import type { SprintId, TaskId, TrackId } from '../plan/ids.ts'

/** Tokens, as the provider counted them. */
export interface TokenCount { readonly input: number; readonly output: number; readonly cacheRead: number; readonly cacheWrite: number }

/** `file:line` or a gate's output that shows a criterion met. */
export type Evidence =
  | { readonly kind: 'file'; readonly path: string; readonly startLine: number; readonly endLine: number }
  | { readonly kind: 'gate'; readonly gate: string; readonly quote: string }

export interface CriterionVerdict { readonly criterion: string; readonly pass: boolean; readonly evidence: readonly Evidence[] }

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info'
export interface Finding { readonly severity: Severity; readonly file?: string; readonly line?: number; readonly text: string }

/** Figures of a sprint, a track, or a whole project: measured, never estimated. `costUsd` undefined: unknown. */
export interface Totals { readonly iterations: number; readonly durationMs: number; readonly tokens: number; readonly costUsd?: number | undefined }

/** Where an event belongs. */
export interface EventPlace {
  readonly track?: TrackId | undefined
  readonly sprint?: SprintId | undefined
  readonly task?: TaskId | undefined
  readonly iteration?: number | undefined
  readonly role?: string | undefined
  readonly tier?: string | undefined
  readonly model?: string | undefined
}

/** What each type of event says besides its place; in `--json` these keys stand beside `time`, `session` and `type`. */
export interface EventData {
  /** `completed`: tasks that were completed before DevTeam had the plan; each has its `task.skipped`. */
  'plan.saved': { tasks: number; tracks: number; strategy: string; completed?: number }
  /** Replanned: the same plan goes on. `changed`: tasks whose files had changed; `moved`: to another track or sprint. Hours are estimated, of what is left. */
  'plan.changed': { added: readonly TaskId[]; removed: readonly TaskId[]; changed: readonly TaskId[]; moved: readonly TaskId[]; tracks: number; strategy: string; hoursBefore: number; hours: number }
  'plan.reset': { scope: string; tasks: number }
  'run.started': { command: string; executor: string; simulated: boolean; tracks: readonly TrackId[] }
  'run.interrupted': { signal: string; resume: string }
  'track.started': { name: string; sprints: number; tasks: number; resumed: boolean }
  'track.completed': Totals & { name: string; tasks: number; sprints: number; quality: string; simulated: boolean; othersOpen: readonly TrackId[] }
  'sprint.started': { name: string; tasks: number }
  'sprint.resumed': { name: string; tasks: number; skipped: readonly TaskId[]; from: TaskId | undefined }
  'sprint.skipped': { name: string }
  'sprint.completed': Totals & { name: string; tasksCompleted: number; tasksTotal: number; simulated: boolean }
  'task.started': { title: string; number: number; of: number; base?: string | undefined }
  'task.skipped': { title: string; reason: string }
  'task.waiting': { on: readonly { task: TaskId; track: TrackId; running: boolean }[] }
  'task.completed': { title: string; iterations: number; durationMs: number; tokens: TokenCount; costUsd: number | undefined; commit: string | undefined; simulated: boolean }
  'task.failed': { title: string; reason: string; iterations: number; durationMs: number; tokens: TokenCount; costUsd: number | undefined; simulated: boolean }
  'task.blocked': { title: string; by: TaskId }
  'role.started': { kind: string; simulated: boolean; retry: boolean }
  'role.completed': { kind: string; summary: string; files: readonly string[]; durationMs: number; tokens: TokenCount; costUsd: number | undefined; simulated: boolean; brokeOff?: true }
  /** Durable before the file is written for the first time by a role: what a crash may leave half. `temporary`: takes the text first. `base`: what it is put back to. */
  'file.touched': { file: string; temporary: string; base: string | undefined }
  /** What an interrupted attempt had left was put back; or what a role wrote outside of a task is committed or put back. */
  'work.settled': { files: readonly string[]; outcome: 'committed' | 'put back' }
  'scope.checked': { files: readonly string[]; outside: readonly string[] }
  'gate.completed': { gate: string; command: string; exitCode: number | null; durationMs: number; output: string; reason?: string }
  'gates.none': Record<string, never>
  'validation.completed': { verdict: 'pass' | 'fail'; criteria: readonly CriterionVerdict[]; gap: string | undefined; simulated: boolean }
  'model.escalated': { from: string; to: string; reason: string }
  'review.started': { review: string }
  'review.completed': { review: string; title: string; verdict: 'pass' | 'fail'; note: string; checks: readonly { name: string; pass: boolean }[]; findings: readonly Finding[]; simulated: boolean }
  'merge.completed': { branch: string; commit: string }
  'merge.conflict': { branch: string; files: readonly string[] }
  'project.started': { languages: readonly { name: string; files: number; note: string }[] }
  'project.completed': Totals & { report: string; figures: Readonly<Record<string, unknown>>; simulated: boolean }
  'budget.exceeded': { budget: string; limit: number; used: number }
  'error': { message: string }
}

export type EventType = keyof EventData
/** An event that is still to be recorded. */
export type NewEvent = { [Type in EventType]: EventPlace & { readonly type: Type; readonly data: EventData[Type] } }[EventType]
/** A row of `event`: `id` is gapless and in commit order, `time` ISO 8601 UTC. */
export type RecordedEvent = NewEvent & { readonly id: number; readonly time: string; readonly session: string }
