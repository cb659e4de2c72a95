import type { Imported } from '../plan/import/imported.ts'
import { counted } from './format.ts'

/** What was taken over, what was not, and what was guessed; empty where nothing was. */
export function importText(imported: Imported | undefined): string {
  if (imported === undefined) return ''
  const { tool, tasks, completed, warnings } = imported
  return [`Imported ${counted(tasks.length, 'task')} of ${tool} into docs/planning/tasks${completed.length === 0 ? '' : `, ${completed.length} of them completed; the hours of the plan are those of all, \`devteam forecast\` says what is left`}`, ...warnings.map((warning) => `⚠️ ${warning}`), '', ''].join('\n')
}
