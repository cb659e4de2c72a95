import { UserError } from '../plan/errors.ts'
import type { Snapshot } from '../state/rows.ts'
import { openState, type State } from '../state/state.ts'
import type { Shell } from './shell.ts'

/** Does `work` with the state of the workspace and closes it whatever happens. */
export async function withState<T>(shell: Shell, work: (state: State) => Promise<T>): Promise<T> {
  shell.tuneEngine()
  const state = await openState(shell.cwd, shell.wasm === undefined ? {} : { wasm: shell.wasm })
  try { return await work(state) } finally { await state.close() }
}

/** The plan as it is now. Throws UserError('input') where there is none. */
export async function planOf(state: State): Promise<Snapshot> {
  const snapshot = await state.snapshot()
  if (snapshot === undefined) throw new UserError('input', `There is no plan yet: ${state.file} is not there. Run \`devteam plan\` first.`)
  return snapshot
}
