/** What a picture of a plan is made from: plain data, so that it can be posted to a webview or a worker. Hours are estimated hours. */
export type DrawnStatus = 'pending' | 'running' | 'completed' | 'failed' | 'blocked'

export interface DrawnTask {
  readonly id: string
  readonly title: string
  readonly component: string
  readonly hours: number
  readonly status: DrawnStatus
  readonly track: string
  readonly sprint: string
  readonly dependencies: readonly string[]
  /** Scheduled start and finish in hours from the plan's start. */
  readonly start: number
  readonly finish: number
  readonly slack: number
  /** On the one critical path that is shown. */
  readonly critical: boolean
  readonly criteria: readonly { readonly text: string; readonly met: boolean | undefined; readonly evidence: string | undefined }[]
  readonly iterations: number
  readonly model: string | undefined
  readonly costUsd: number | undefined
  /** Measured, milliseconds. */
  readonly durationMs: number | undefined
  readonly startedAt: string | undefined
  readonly completedAt: string | undefined
  /** Why it failed, is blocked or waits. */
  readonly reason: string | undefined
}

export interface DrawnTrack {
  readonly id: string
  readonly name: string
  readonly hours: number
  readonly sprints: readonly { readonly id: string; readonly name: string; readonly number: number; readonly hours: number; readonly status: string }[]
}

export interface DrawnPlan {
  readonly name: string
  readonly tasks: readonly DrawnTask[]
  readonly tracks: readonly DrawnTrack[]
  readonly criticalPathHours: number
  readonly makespanHours: number
  readonly usedTracks: number
  readonly recommendedTracks: number
  readonly strategy: string
  readonly curve: readonly { readonly tracks: number; readonly hours: number }[]
  /** Costs and durations come from the simulated executor. */
  readonly simulated: boolean
}
