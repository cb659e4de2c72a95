import fs from 'node:fs'
import path from 'node:path'
import type * as z from 'zod'
import { UserError } from '../plan/errors.ts'
import type { executorNames, gate, schema } from './config-schema.ts'

export type Config = z.output<typeof schema>
export type GateConfig = z.output<typeof gate>
export type ExecutorName = (typeof executorNames)[number]
export const configFile = '.devteam/config.json'

/** What the schema says of an empty file. Most projects have none, and loading zod for it takes longer than reading hundreds of tasks. */
const defaults = (): Config => ({
  models: {}, anthropic: {}, budgets: {}, maxIterations: 10, sprintHours: 40, strategy: 'component', simulation: { seed: 1, failureRate: 0.1, millisecondsPerHour: 20, firstAttemptMisses: {} },
})

/** Reads and checks the configuration below `root`; the defaults where there is no file. Throws UserError('input') with every problem. */
export async function readConfig(root: string): Promise<Config> {
  let text: string
  try {
    text = fs.readFileSync(path.join(root, configFile), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return defaults()
    throw new UserError('input', `${configFile} can't be read: ${(error as Error).message}. Make it readable, or delete it: \`devteam init\` writes a new one.`)
  }
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new UserError('input', `${configFile} is not JSON: ${(error as Error).message}. Correct it, or delete it: \`devteam init\` writes a new one.`)
  }
  const { problemLines, schema } = await import('./config-schema.ts')
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new UserError('input', [`${configFile} has ${result.error.issues.length === 1 ? 'a problem' : `${result.error.issues.length} problems`}:`, ...problemLines(result.error).map((line) => `  ${line}`)].join('\n'))
}
