import { createAnthropicExecutor } from '../agents/anthropic.ts'
import type { Executor, Tier } from '../agents/executor.ts'
import { modelIds } from '../agents/models.ts'
import { loadRoles, type Roles } from '../agents/roles.ts'
import { createSimulatedExecutor } from '../agents/simulated/executor.ts'
import { UserError } from '../plan/errors.ts'
import type { Config, ExecutorName } from './config.ts'

export interface ExecutorChoice {
  /** What the command line or a setting names; it wins over the configuration. */
  readonly name?: string | undefined
  readonly apiKey?: string | undefined
  readonly baseUrl?: string | undefined
  /** Tier -> model id: `--model sonnet=...` */
  readonly models?: Readonly<Partial<Record<Tier, string>>>
}

/** The model id of every tier: the shipped table, then the configuration, then the command line. */
export const modelsOf = (config: Config, choice: ExecutorChoice): Record<Tier, string> => {
  const pick = (tier: Tier): string => choice.models?.[tier] ?? config.models[tier] ?? modelIds[tier]
  return { haiku: pick('haiku'), sonnet: pick('sonnet'), opus: pick('opus') }
}

/**
 * The executor of a run. A workspace that names none uses `anthropic` where a key is set; without a key UserError('usage') lists the choices.
 * It never falls back to simulation by itself.
 */
export function chooseExecutor(config: Config, choice: ExecutorChoice): Executor {
  const name = choice.name ?? config.executor ?? (choice.apiKey === undefined ? undefined : 'anthropic')
  if (name !== undefined && !isExecutor(name)) throw new UserError('usage', `There is no executor "${name}". Use simulated or anthropic.`)
  switch (name) {
    case 'simulated': return createSimulatedExecutor({ ...config.simulation, models: modelsOf(config, choice) })
    case 'anthropic': {
      if (choice.apiKey === undefined) throw new UserError('usage', 'The executor "anthropic" needs a key: set ANTHROPIC_API_KEY in the environment (in VS Code: "DevTeam: Set API Key"), or use `--executor simulated`.')
      const baseUrl = config.anthropic.baseUrl ?? choice.baseUrl
      return createAnthropicExecutor({ apiKey: choice.apiKey, models: modelsOf(config, choice), ...(baseUrl === undefined ? {} : { baseUrl }), ...(config.anthropic.idleTimeoutSeconds === undefined ? {} : { idleTimeoutMs: config.anthropic.idleTimeoutSeconds * 1000 }) })
    }
    case undefined: throw new UserError('usage', [
      'Nothing says which agents do the work. Choose one:', '  - set ANTHROPIC_API_KEY in the environment, for Claude through the Messages API',
      '  - `--executor simulated`, or "executor": "simulated" in .devteam/config.json, to see it work without a model',
    ].join('\n'))
  }
}

export interface Agents { readonly executor: Executor; readonly roles: Roles; readonly modelOf: (tier: Tier) => string }

/** Who works in a workspace: the executor, the roles that ship in `media` with those of the workspace, and the models. */
export async function agentsFor(config: Config, choice: ExecutorChoice, media: string, root: string): Promise<Agents> {
  const models = modelsOf(config, choice)
  return { executor: chooseExecutor(config, choice), roles: await loadRoles(`${media}/roles`, root), modelOf: (tier) => models[tier] }
}

const isExecutor = (name: string): name is ExecutorName => name === 'simulated' || name === 'anthropic'
