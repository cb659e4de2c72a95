import type { SpokenEvent } from '../report/transcript.ts'
import type { NewEvent, RecordedEvent } from '../state/event.ts'
import type { State } from '../state/state.ts'

/** Tells what happens twice: to the database, and to whoever follows this run. Transitions are told only after they are durable. */
export class Journal {
  constructor(private readonly state: State, readonly session: string, private readonly listener: (event: SpokenEvent) => void) {}

  /** Something happened that is no change of state: recorded soon, told at once. */
  note(event: NewEvent): void {
    const { time } = this.state.recordEvent(this.session, event)
    this.listener({ ...event, time, session: this.session })
  }

  /** A transition is in the file. */
  durable(...events: readonly RecordedEvent[]): void {
    for (const event of events) this.listener(event)
  }
}
