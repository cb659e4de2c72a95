import { loadRoles, type Roles } from '../agents/roles.ts'
import type { Executor, Tier } from '../agents/executor.ts'
import { UserError } from '../plan/errors.ts'
import { chooseExecutor, modelsOf, type ExecutorChoice } from '../run/choose-executor.ts'
import type { Config } from '../run/config.ts'
import { openState, type State } from '../state/state.ts'
import type { Shell } from './shell.ts'

/** Does `work` with the state of the workspace and closes it whatever happens. */
export async function withState<T>(shell: Shell, work: (state: State) => Promise<T>): Promise<T> {
  const state = await openState(shell.cwd, shell.wasm === undefined ? {} : { wasm: shell.wasm })
  try { return await work(state) } finally { await state.close() }
}

/** Who works: the executor, the roles and the models, from options, configuration and environment. */
export async function agentsOf(shell: Shell, config: Config, options: { executor?: string | undefined; model?: readonly string[] | undefined }): Promise<{ executor: Executor; roles: Roles; modelOf: (tier: Tier) => string }> {
  const choice: ExecutorChoice = { name: options.executor, apiKey: shell.env.ANTHROPIC_API_KEY, baseUrl: shell.env.ANTHROPIC_BASE_URL, models: modelOverrides(options.model ?? []) }
  const models = modelsOf(config, choice)
  return { executor: chooseExecutor(config, choice), roles: await loadRoles(`${shell.media}/roles`, shell.cwd), modelOf: (tier) => models[tier] }
}

function modelOverrides(pairs: readonly string[]): Partial<Record<Tier, string>> {
  return Object.fromEntries(pairs.map((pair) => {
    const [tier = '', id = ''] = pair.split('=', 2)
    if (!/^(haiku|sonnet|opus)$/.test(tier) || id === '') throw new UserError('usage', `--model takes TIER=ID with the tiers haiku, sonnet and opus, not "${pair}".`)
    return [tier, id]
  }))
}
