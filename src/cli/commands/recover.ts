import { identifySelf } from '../../state/process.ts'
import { recoverState } from '../../state/recovery/recover.ts'
import type { Step } from '../../state/recovery/repair.ts'
import { type CommonOptions, printJson, type Shell } from '../shell.ts'

export interface RecoverOptions extends CommonOptions { readonly force?: boolean }

/** `devteam recover [--force]`: repairs the state, one line for each thing it did. Exit 0: all is well now, 1: something is left to a person; 3 and 4 as everywhere. */
export async function recoverCommand(shell: Shell, options: RecoverOptions): Promise<number> {
  const steps: Step[] = []
  const onStep = (step: Step): void => {
    steps.push(step)
    if (!shell.json) shell.out(`${step.did === 'repaired' ? '✓' : '!'} ${step.what}: ${step.says}\n`)
  }
  try {
    const { state, restoredFrom, lastGood } = await recoverState({ root: shell.cwd, force: options.force ?? false, self: identifySelf(), now: () => new Date(), wasm: shell.wasm, onStep })
    const committed = restoredFrom === undefined || state?.planId === undefined ? [] : await committedAfter(shell, state.planId, state.completed)
    const left = steps.some(({ did, what }) => did === 'found' && what === 'database')
    const copyTime = lastGood?.toISOString()
    if (shell.json) {
      printJson(shell, {
        steps, nothingToDo: steps.length === 0, plan: state?.planId ?? null, tasks: state?.tasks ?? 0, completed: state?.completed.length ?? 0,
        restoredFrom: restoredFrom?.toISOString() ?? null, committedAfter: committed, lastGood: copyTime ?? null,
      })
    } else {
      if (committed.length > 0) shell.out(`! git has commits of tasks that were completed after the copy: ${committed.join(', ')}. Their files are there; the tasks are pending here, and a run does them again.\n`)
      if (steps.length === 0) shell.out(state === undefined ? 'Nothing to repair: there is no state here. `devteam plan` makes one.\n' : 'Nothing to repair: the database is whole, and no dead process holds anything.\n')
      if (state !== undefined) shell.out(`${state.completed.length} of ${state.tasks} tasks completed; last good copy: ${copyTime ?? 'none yet'}\n`)
    }
    return left ? 1 : 0
  } catch (error) {
    // What was repaired before is told too; the error itself goes to stderr.
    if (shell.json) printJson(shell, { steps, error: error instanceof Error ? error.message : String(error) })
    throw error
  }
}

/** Loaded when it is needed: what runs tasks is large. */
async function committedAfter(shell: Shell, planId: string, completed: readonly string[]): Promise<string[]> {
  const { committedTasks } = await import('../../run/committed-tasks.ts')
  return (await committedTasks(shell.cwd, planId)).filter((task) => !completed.includes(task))
}
