import { UserError } from '../../plan/errors.ts'
import { exportPlan } from '../../plan/export/export.ts'
import { exportFormats, isExportFormat } from '../../plan/export/exported.ts'
import { readTasks } from '../../plan/files/read.ts'
import { exportedPlan } from '../../report/exported-plan.ts'
import { deliver } from '../output.ts'
import type { Shell } from '../shell.ts'
import { planOf, withState } from '../workspace.ts'

/** `devteam plan --export FORMAT`: the plan that is there, for another program; nothing is planned anew. What the format has no place for goes to stderr. */
export const exportCommand = (shell: Shell, format: string, output: string | undefined): Promise<number> => withState(shell, async (state) => {
  if (!isExportFormat(format)) throw new UserError('usage', `There is no format "${format}" to export to. Use ${exportFormats.join(', ')}.`)
  const { content, warnings } = exportPlan(exportedPlan(await planOf(state), await readTasks(shell.cwd)), format)
  await deliver(shell, format, content, output, { warnings })
  if (!shell.json) for (const warning of warnings) process.stderr.write(`⚠️ ${warning}\n`)
  return 0
})
