import { readPrd, readTasks } from '../../plan/files.ts'
import { completionFigures } from '../../report/completion.ts'
import { completionReport } from '../../report/completion-report.ts'
import { printJson, type Shell } from '../shell.ts'
import { planOf, withState } from '../workspace.ts'

/** `devteam report`: the completion report, or how far it is. */
export const reportCommand = (shell: Shell): Promise<number> => withState(shell, async (state) => {
  const snapshot = await planOf(state)
  const events = await state.events({})
  const reviews = new Map<string, boolean>()
  for (const event of events) {
    if (event.type !== 'review.completed' || event.track !== undefined) continue
    const kind = event.data.review.split(':')[0] ?? event.data.review
    reviews.set(kind, (reviews.get(kind) ?? true) && event.data.verdict === 'pass')
  }
  const languages = events.findLast((event) => event.type === 'project.started')?.data.languages.map((language) => language.name) ?? []
  const gates = [...new Set(events.flatMap((event) => (event.type === 'gate.completed' && event.track === undefined ? [event.data.gate] : [])))]
  const figures = completionFigures({ snapshot, events, prd: await readPrd(shell.cwd), tasks: await readTasks(shell.cwd), reviews: Object.fromEntries(reviews), gates, languages })
  const findings = (await state.findings()).filter((found) => found.status === 'open')
  if (shell.json) printJson(shell, { ...figures, completed: snapshot.projectCompleted, findings })
  else shell.out(completionReport(figures, snapshot, findings))
  return 0
})
