import type { NewEvent } from '../state/event.ts'
import type { SpokenEvent } from './transcript.ts'

/**
 * One line of `devteam implement --json` and `devteam events --json`: `time`, `session`, `type`, the place where it belongs, then the
 * event's own keys. What is not known is left out, but for the keys below, which are null then.
 */
export function eventJson(event: SpokenEvent): Record<string, unknown> {
  const { time, session, type, track, sprint, task, iteration, role, tier, model } = event
  const place = Object.fromEntries(Object.entries({ track, sprint, task, iteration, role, tier, model }).filter(([, value]) => value !== undefined))
  const data: NewEvent['data'] = event.data
  const unknown = Object.fromEntries((alwaysThere[type] ?? []).map((key) => [key, null]))
  return { time, session, type, ...place, ...unknown, ...Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) }
}

/** Keys that a reader may count on: null where nothing is known. */
const alwaysThere: Readonly<Partial<Record<NewEvent['type'], readonly string[]>>> = {
  'task.completed': ['costUsd', 'commit'], 'task.failed': ['costUsd'], 'role.completed': ['costUsd'], 'sprint.completed': ['costUsd'], 'track.completed': ['costUsd'],
  'project.completed': ['costUsd'], 'validation.completed': ['gap'],
}
