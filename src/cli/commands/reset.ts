import { UserError } from '../../plan/errors.ts'
import type { TaskId, TrackId } from '../../plan/ids.ts'
import { printJson, type CommonOptions, type Shell } from '../shell.ts'
import { withState } from '../workspace.ts'

export interface ResetOptions extends CommonOptions { readonly task?: string; readonly track?: string; readonly all?: boolean }

/** `devteam reset --task ID | --track NN | --all`: back to pending. Files and commits stay as they are. */
export async function resetCommand(shell: Shell, options: ResetOptions): Promise<number> {
  const what = whatOf(options)
  return withState(shell, async (state) => {
    const session = await state.startSession('reset', false)
    try {
      const reset = await state.resetTasks(what, session)
      await state.endSession(session, 'completed')
      if (shell.json) printJson(shell, { reset })
      else shell.out(`${reset} tasks are pending again. Files and commits are as they were.\n`)
      return 0
    } catch (error) {
      await state.endSession(session, 'failed').catch(() => undefined) // the first error is the one to tell
      throw error
    }
  })
}

function whatOf(options: ResetOptions): { task?: TaskId; track?: TrackId; all?: true } {
  const given = [options.task, options.track, options.all].filter((each) => each !== undefined)
  if (given.length !== 1) throw new UserError('usage', 'Say what to reset: --task ID, --track NN or --all.')
  if (options.task !== undefined) return { task: options.task as TaskId }
  if (options.track !== undefined) return { track: options.track.padStart(2, '0') as TrackId }
  return { all: true }
}
