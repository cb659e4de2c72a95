import { UserError } from '../../plan/errors.ts'
import { exportPlan } from '../../plan/export/export.ts'
import { exportFormats, isExportFormat } from '../../plan/export/exported.ts'
import { readTasks } from '../../plan/files/read.ts'
import { changedSince, exportedPlan } from '../../report/exported-plan.ts'
import { idList } from '../../report/format.ts'
import { deliver } from '../output.ts'
import type { Shell } from '../shell.ts'
import { planOf, withState } from '../workspace.ts'

/** `devteam plan --export FORMAT`: the plan that is there, for another program; nothing is planned anew. What the format has no place for goes to stderr. */
export const exportCommand = (shell: Shell, format: string, output: string | undefined): Promise<number> => withState(shell, async (state) => {
  if (!isExportFormat(format)) throw new UserError('usage', `There is no format "${format}" to export to. Use ${exportFormats.join(', ')}.`)
  const [plan, files] = [await planOf(state), await readTasks(shell.cwd)]
  const { content, warnings: lost } = exportPlan(exportedPlan(plan, files), format)
  const changed = changedSince(plan, files)
  const warnings = [...(changed.length === 0 ? [] : [`This is the plan as it was made; ${idList(changed, 20)} ${changed.length === 1 ? 'has' : 'have'} changed since: \`devteam plan --replan\` takes that in`]), ...lost]
  await deliver(shell, format, content, output, { warnings })
  if (!shell.json) for (const warning of warnings) process.stderr.write(`⚠️ ${warning}\n`)
  return 0
})
