import type { TaskId, TrackId } from '../../plan/ids.ts'
import { eventJson } from '../../report/event-json.ts'
import { eventLine } from '../../report/event-line.ts'
import type { RecordedEvent } from '../../state/event.ts'
import type { EventQuery } from '../../state/events.ts'
import { printJson, wholeNumber, type CommonOptions, type Shell } from '../shell.ts'
import { withState } from '../workspace.ts'

export interface EventsOptions extends CommonOptions { readonly task?: string; readonly track?: string; readonly type?: string; readonly limit?: string }

/** `devteam events`: the audit log, oldest first. */
export const eventsCommand = (shell: Shell, options: EventsOptions): Promise<number> => withState(shell, async (state) => {
  const query: EventQuery = {
    ...(options.task === undefined ? {} : { task: options.task as TaskId }), ...(options.track === undefined ? {} : { track: options.track.padStart(2, '0') as TrackId }),
    ...(options.type === undefined ? {} : { type: options.type }),
  }
  const print = (events: readonly RecordedEvent[]): void => {
    for (const event of events) {
      if (shell.json) printJson(shell, eventJson(event))
      else shell.out(`${eventLine(event)}\n`)
    }
  }
  if (options.limit === undefined) await state.visitEvents(query, print)
  else print(await state.events({ ...query, limit: wholeNumber(options.limit, '--limit') }))
  return 0
})
