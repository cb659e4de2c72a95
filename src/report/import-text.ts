import type { Imported } from '../plan/import/imported.ts'

/** What was taken over, what was not, and what was guessed; empty where nothing was. */
export function importText(imported: Imported | undefined): string {
  if (imported === undefined) return ''
  const { tool, tasks, completed, warnings } = imported
  return [`Imported ${tasks.length} tasks of ${tool} into docs/planning/tasks, ${completed.length} of them completed`, ...warnings.map((warning) => `⚠️ ${warning}`), '', ''].join('\n')
}
