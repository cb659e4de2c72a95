import type { TaskId, TrackId } from '../../plan/ids.ts'
import { eventJson } from '../../report/event-json.ts'
import { eventLine } from '../../report/event-line.ts'
import { printJson, wholeNumber, type CommonOptions, type Shell } from '../shell.ts'
import { withState } from '../workspace.ts'

export interface EventsOptions extends CommonOptions { readonly task?: string; readonly track?: string; readonly type?: string; readonly limit?: string }

/** `devteam events`: the audit log, oldest first. */
export const eventsCommand = (shell: Shell, options: EventsOptions): Promise<number> => withState(shell, async (state) => {
  const events = await state.events({
    ...(options.task === undefined ? {} : { task: options.task as TaskId }), ...(options.track === undefined ? {} : { track: options.track.padStart(2, '0') as TrackId }),
    ...(options.type === undefined ? {} : { type: options.type }), ...(options.limit === undefined ? {} : { limit: wholeNumber(options.limit, '--limit') }),
  })
  for (const event of events) {
    if (shell.json) printJson(shell, eventJson(event))
    else shell.out(`${eventLine(event)}\n`)
  }
  return 0
})
