import { setImmediate } from 'node:timers/promises'
import type { TaskId, TrackId } from '../../plan/ids.ts'
import { eventJson } from '../../report/event-json.ts'
import { eventLine } from '../../report/event-line.ts'
import type { RecordedEvent } from '../../state/event.ts'
import type { EventQuery } from '../../state/events.ts'
import { wholeNumber, type CommonOptions, type Shell } from '../shell.ts'
import { withState } from '../workspace.ts'

export interface EventsOptions extends CommonOptions { readonly task?: string; readonly track?: string; readonly type?: string; readonly limit?: string }

/** `devteam events`: the audit log, oldest first. */
export const eventsCommand = (shell: Shell, options: EventsOptions): Promise<number> => withState(shell, async (state) => {
  const query: EventQuery = {
    ...(options.task === undefined ? {} : { task: options.task as TaskId }), ...(options.track === undefined ? {} : { track: options.track.padStart(2, '0') as TrackId }),
    ...(options.type === undefined ? {} : { type: options.type }),
  }
  const line = (event: RecordedEvent): string => `${shell.json ? JSON.stringify(eventJson(event)) : eventLine(event)}\n`
  const print = async (events: readonly RecordedEvent[]): Promise<void> => {
    shell.out(events.map(line).join(''))
    // So that a pipe takes this part before the next one is read.
    await setImmediate()
  }
  if (options.limit === undefined) await state.visitEvents(query, print)
  else await print(await state.events({ ...query, limit: wholeNumber(options.limit, '--limit') }))
  return 0
})
