import { readPrd, readTasks } from '../../plan/files/read.ts'
import { completionFigures } from '../../report/completion.ts'
import { completionReport } from '../../report/completion-report.ts'
import { finalVerdicts } from '../../report/final-verdicts.ts'
import { printJson, type Shell } from '../shell.ts'
import { planOf, withState } from '../workspace.ts'

/** `devteam report`: the completion report, or how far it is. */
export const reportCommand = (shell: Shell): Promise<number> => withState(shell, async (state) => {
  const snapshot = await planOf(state)
  const events = await state.events({})
  const figures = completionFigures({ snapshot, events, prd: await readPrd(shell.cwd), tasks: await readTasks(shell.cwd), ...finalVerdicts(events) })
  const findings = (await state.findings()).filter((found) => found.status === 'open')
  if (shell.json) printJson(shell, { ...figures, completed: snapshot.projectCompleted, findings })
  else shell.out(completionReport(figures, snapshot, findings))
  return 0
})
