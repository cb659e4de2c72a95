import { statusJson, statusText } from '../../report/status.ts'
import { printJson, type Shell } from '../shell.ts'
import { withState } from '../workspace.ts'

/** `devteam status`. People and prompts call it often: it loads the database and nothing else. */
export const statusCommand = (shell: Shell): Promise<number> => withState(shell, async (state) => {
  const snapshot = await state.snapshot()
  if (shell.json) printJson(shell, statusJson(snapshot))
  else shell.out(`${statusText(snapshot, Date.now())}\n`)
  return 0
})
