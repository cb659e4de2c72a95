import type { Tier } from '../agents/executor.ts'
import { UserError } from '../plan/errors.ts'
import { agentsFor, type Agents, type ExecutorChoice } from '../run/choose-executor.ts'
import type { Config } from '../run/config.ts'
import type { Shell } from './shell.ts'

/** Who works: the executor, the roles and the models, from options, configuration and environment. */
export function agentsOf(shell: Shell, config: Config, options: { executor?: string | undefined; model?: readonly string[] | undefined }): Promise<Agents> {
  const choice: ExecutorChoice = { name: options.executor, apiKey: shell.env.ANTHROPIC_API_KEY, baseUrl: shell.env.ANTHROPIC_BASE_URL, models: modelOverrides(options.model ?? []) }
  return agentsFor(config, choice, shell.media, shell.cwd)
}

/** `sonnet=ID` for each tier that has another model. Throws UserError('usage'). */
export function modelOverrides(pairs: readonly string[]): Partial<Record<Tier, string>> {
  return Object.fromEntries(pairs.map((pair) => {
    const [tier = '', id = ''] = pair.split('=', 2)
    if (!/^(haiku|sonnet|opus)$/.test(tier) || id === '') throw new UserError('usage', `--model takes TIER=ID with the tiers haiku, sonnet and opus, not "${pair}".`)
    return [tier, id]
  }))
}
