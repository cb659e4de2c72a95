import { setTimeout as sleep } from 'node:timers/promises'
import { createAnthropicExecutor } from '../anthropic.ts'
import type { BriefSubject, Executor, Tier } from '../executor.ts'
import { messagesApi } from './messages-api.ts'
import type { Request, Step } from './script.ts'
import { scriptOf } from './scripts.ts'

export interface SimulationOptions {
  readonly seed: number
  /** Share of tasks whose first attempt leaves out a criterion, 0 to 1. */
  readonly failureRate: number
  /** How long an estimated hour takes, milliseconds. */
  readonly millisecondsPerHour: number
  /** Task id -> criteria that its first attempt leaves out. */
  readonly firstAttemptMisses?: Readonly<Record<string, readonly string[]>> | undefined
  readonly models: Readonly<Record<Tier, string>>
  /** How a reply's time passes; a test hands in one that does not wait. */
  readonly delay?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
}

/**
 * The Anthropic executor, with the Messages API answered in the process by a scripted model: it really reads and writes files with the tools,
 * needs no key and no network, and is the same for the same seed and files. Its tokens and cost are what such requests would have, no bill.
 */
export function createSimulatedExecutor(options: SimulationOptions): Executor {
  const { seed, failureRate, millisecondsPerHour, firstAttemptMisses = {}, models } = options
  return createAnthropicExecutor({
    name: 'simulated', simulated: true, apiKey: 'simulated', baseUrl: 'http://simulated.invalid', models, idleTimeoutMs: Number.MAX_SAFE_INTEGER, turnRetries: 0,
    fetch: messagesApi({
      scriptOf: (request) => scriptOf(request, { seed, failureRate, firstAttemptMisses }),
      waitOf: (request, step) => hoursOf(request, step) * millisecondsPerHour,
      delay: options.delay ?? (async (milliseconds, signal) => { await sleep(Math.min(milliseconds, longest), undefined, signal === undefined ? {} : { signal }) }),
    }),
  })
}

const longest = 2 ** 31 - 1
/** What part of a task's hours goes to each kind of work; for work without a task, hours. */
const share: Readonly<Record<BriefSubject['kind'], number>> = { design: 0.15, implement: 0.5, test: 0.15, validate: 0.2, review: 0.5, document: 0.5, prd: 1, tasks: 1 }

/** The hours of one reply. How many replies a conversation has isn't known before its end: each takes half of what is left, the last the rest. */
function hoursOf(request: Request, step: Step): number {
  const whole = share[request.subject.kind] * (request.subject.task?.hours ?? 1)
  const round = request.rounds.length
  return step.kind === 'final' ? whole / 2 ** round : whole / 2 ** (round + 1)
}
