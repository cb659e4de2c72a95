import { UserError } from '../../plan/errors.ts'
import { readTasks } from '../../plan/files/read.ts'
import { drawnPlan } from '../../report/drawn-plan.ts'
import { deliver } from '../output.ts'
import type { CommonOptions, Shell } from '../shell.ts'
import { planOf, withState } from '../workspace.ts'

export interface GraphOptions extends CommonOptions { readonly format: string; readonly output?: string; readonly theme: string }

/** `devteam graph --format svg|mermaid|dot`: the plan as a picture or as text. */
export const graphCommand = (shell: Shell, options: GraphOptions): Promise<number> => withState(shell, async (state) => {
  const { format, theme } = options
  if (format !== 'svg' && format !== 'mermaid' && format !== 'dot') throw new UserError('usage', `There is no format "${format}". Use svg, mermaid or dot.`)
  if (theme !== 'light' && theme !== 'dark') throw new UserError('usage', `There is no theme "${theme}". Use light or dark.`)
  const plan = drawnPlan(await planOf(state), await readTasks(shell.cwd), await state.events({ type: 'validation.completed' }))
  await deliver(shell, format, await draw(plan, format, theme), options.output)
  return 0
})

async function draw(plan: ReturnType<typeof drawnPlan>, format: 'svg' | 'mermaid' | 'dot', theme: 'light' | 'dark'): Promise<string> {
  if (format === 'svg') return (await import('../../drawing/svg-pen.ts')).svgOf(plan, { theme, date: new Date().toISOString().slice(0, 10) })
  const { dotOf, mermaidOf } = await import('../../drawing/text-graph.ts')
  return format === 'dot' ? dotOf(plan) : mermaidOf(plan)
}
