import type { RecordedEvent } from '../state/event.ts'

/** One event as one line for people: `2026-01-05T10:00:00.000Z  01 TASK-004  validation.completed  verdict=fail gap="..."`. */
export function eventLine(event: RecordedEvent): string {
  const place = [event.track, event.task ?? event.sprint, event.iteration === undefined ? undefined : `#${event.iteration}`, event.role].filter((part) => part !== undefined).join(' ')
  const data = Object.entries(event.data as Readonly<Record<string, unknown>>).flatMap(([key, value]) => (value === undefined || key === 'output' || key === 'figures' ? [] : [`${key}=${short(value)}`]))
  return [event.time, place === '' ? '-' : place, event.type, data.join(' ')].join('  ').trimEnd()
}

function short(value: unknown): string {
  const text = typeof value === 'string' && /^[\w./:-]+$/.test(value) ? value : JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}
