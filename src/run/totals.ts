import type { SprintId, TrackId } from '../plan/ids.ts'
import type { RecordedEvent, Totals } from '../state/event.ts'
import type { State } from '../state/state.ts'
import { allTokens } from './usage.ts'

/** What part of the audit log to add up: a sprint or a whole track. */
export interface TotalsOf { readonly track: TrackId; readonly sprint?: SprintId }

/**
 * Measured figures of a part of the run, from its events alone: every role's tokens and cost, the time that roles and gates took, the iterations
 * of completed and failed tasks. The parts of a plan add up to its whole.
 */
export async function totalsOf(state: State, part: TotalsOf): Promise<Totals> {
  await state.flush()
  const events = await state.events({ track: part.track })
  return addUp(events.filter((event) => part.sprint === undefined || event.sprint === part.sprint))
}

/** The final project review's own part of the whole log. @see totalsOf */
export const reviewTotals = (events: readonly RecordedEvent[]): Totals => addUp(events.filter((event) => event.track === undefined && !isPlanning(event)))

const isPlanning = (event: RecordedEvent): boolean => event.type === 'role.completed' && (event.data.kind === 'prd' || event.data.kind === 'tasks')

/** @see totalsOf */
function addUp(events: readonly RecordedEvent[]): Totals {
  let [iterations, durationMs, tokens] = [0, 0, 0]
  let costUsd: number | undefined = 0
  for (const event of events) {
    if (event.type === 'role.completed') {
      tokens += allTokens(event.data.tokens)
      costUsd = costUsd === undefined || event.data.costUsd === undefined ? undefined : costUsd + event.data.costUsd
    }
    if (event.type === 'role.completed' || event.type === 'gate.completed') durationMs += event.data.durationMs
    if (event.type === 'task.completed' || event.type === 'task.failed') iterations += event.data.iterations
  }
  return { iterations, durationMs, tokens, costUsd }
}
