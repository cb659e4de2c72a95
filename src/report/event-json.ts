import type { NewEvent } from '../state/event.ts'
import type { SpokenEvent } from './transcript.ts'

/**
 * One line of `devteam implement --json` and `devteam events --json`: `time`, `session`, `type`, the place where it belongs, then the
 * event's own keys. What is not known is left out; an unknown cost or commit is null, so that its key is always there.
 */
export function eventJson(event: SpokenEvent): Record<string, unknown> {
  const { time, session, type, track, sprint, task, iteration, role, tier, model } = event
  const place = Object.fromEntries(Object.entries({ track, sprint, task, iteration, role, tier, model }).filter(([, value]) => value !== undefined))
  const data: NewEvent['data'] = event.data
  return { time, session, type, ...place, ...Object.fromEntries(Object.entries(data).map(([key, value]: [string, unknown]) => [key, value ?? null])) }
}
