import type { Config } from './config.ts'
import type { Usage } from './usage.ts'

export interface Exceeded { readonly budget: string; readonly limit: number; readonly used: number }

/** The limits of one task, checked before every iteration. Money in USD, time in minutes. An unknown cost can't be limited. */
export class Budget {
  constructor(private readonly limits: Config['budgets'], private readonly usage: Usage, private readonly startedMs: number) {}

  exceeded(): Exceeded | undefined {
    const { maxCostUsdPerTask, maxMinutesPerTask } = this.limits
    const minutes = (performance.now() - this.startedMs) / 60_000
    if (maxCostUsdPerTask !== undefined && (this.usage.costUsd ?? 0) >= maxCostUsdPerTask) return { budget: 'maxCostUsdPerTask', limit: maxCostUsdPerTask, used: this.usage.costUsd ?? 0 }
    if (maxMinutesPerTask !== undefined && minutes >= maxMinutesPerTask) return { budget: 'maxMinutesPerTask', limit: maxMinutesPerTask, used: minutes }
    return undefined
  }
}
