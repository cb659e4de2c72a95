import type { Tier } from '../agents/executor.ts'
import { UserError } from '../plan/errors.ts'
import { agentsFor, type Agents, type ExecutorChoice } from '../run/choose-executor.ts'
import type { Config } from '../run/config.ts'
import type { Snapshot } from '../state/rows.ts'
import { openState, type State } from '../state/state.ts'
import type { Shell } from './shell.ts'

/** Does `work` with the state of the workspace and closes it whatever happens. */
export async function withState<T>(shell: Shell, work: (state: State) => Promise<T>): Promise<T> {
  const state = await openState(shell.cwd, shell.wasm === undefined ? {} : { wasm: shell.wasm })
  try { return await work(state) } finally { await state.close() }
}

/** The plan as it is now. Throws UserError('input') where there is none. */
export async function planOf(state: State): Promise<Snapshot> {
  const snapshot = await state.snapshot()
  if (snapshot === undefined) throw new UserError('input', `There is no plan yet: ${state.file} is not there. Run \`devteam plan\` first.`)
  return snapshot
}

/** Who works: the executor, the roles and the models, from options, configuration and environment. */
export function agentsOf(shell: Shell, config: Config, options: { executor?: string | undefined; model?: readonly string[] | undefined }): Promise<Agents> {
  const choice: ExecutorChoice = { name: options.executor, apiKey: shell.env.ANTHROPIC_API_KEY, baseUrl: shell.env.ANTHROPIC_BASE_URL, models: modelOverrides(options.model ?? []) }
  return agentsFor(config, choice, shell.media, shell.cwd)
}

function modelOverrides(pairs: readonly string[]): Partial<Record<Tier, string>> {
  return Object.fromEntries(pairs.map((pair) => {
    const [tier = '', id = ''] = pair.split('=', 2)
    if (!/^(haiku|sonnet|opus)$/.test(tier) || id === '') throw new UserError('usage', `--model takes TIER=ID with the tiers haiku, sonnet and opus, not "${pair}".`)
    return [tier, id]
  }))
}
