import type { RecordedEvent } from '../state/event.ts'

/** What the newest final project review came to. A failed one that was repeated counts no more. */
export interface FinalVerdicts {
  /** Kind of review (code, security, performance, integration, documentation) -> passed. */
  readonly reviews: Readonly<Record<string, boolean>>
  /** Names of the gates that ran on the whole project. */
  readonly gates: readonly string[]
  readonly languages: readonly string[]
}

/** Read from the audit log alone: events of the project, of no track, since the review began. */
export function finalVerdicts(events: readonly RecordedEvent[]): FinalVerdicts {
  const reviews = new Map<string, boolean>()
  const gates = new Set<string>()
  const judge = (kind: string, pass: boolean): void => { reviews.set(kind, (reviews.get(kind) ?? true) && pass) }
  const begin = events.findLastIndex((event) => event.type === 'project.started')
  const started = events[begin]
  if (started?.type !== 'project.started') return { reviews: {}, gates: [], languages: [] }
  for (const event of events.slice(begin)) {
    if (event.track !== undefined) continue
    if (event.type === 'review.completed') judge(event.data.review.split(':')[0] ?? event.data.review, event.data.verdict === 'pass')
    if (event.type !== 'gate.completed') continue
    gates.add(event.data.gate)
    // The gates of the whole project belong to how its parts fit.
    judge('integration', event.data.exitCode === 0)
  }
  return { reviews: Object.fromEntries(reviews), gates: [...gates], languages: started.data.languages.map((language) => language.name) }
}
