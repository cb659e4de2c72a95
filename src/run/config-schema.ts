import * as z from 'zod'

export const gate = z.strictObject({ name: z.string().min(1), command: z.string().min(1), timeoutSeconds: z.number().positive().default(600) })
export const executorNames = ['simulated', 'anthropic'] as const

/** `.devteam/config.json`. Unknown keys are errors. Times in the unit that the key names, money in USD. */
export const schema = z.strictObject({
  $schema: z.string().optional(),
  executor: z.enum(executorNames).optional(),
  models: z.strictObject({ haiku: z.string(), sonnet: z.string(), opus: z.string() }).partial().default({}),
  anthropic: z.strictObject({ baseUrl: z.url(), idleTimeoutSeconds: z.number().positive() }).partial().default({}),
  /** undefined: detected from the project's files. [] is a decision: no gates. */
  gates: z.array(gate).optional(),
  budgets: z.strictObject({ maxCostUsdPerTask: z.number().positive(), maxCostUsdPerRun: z.number().positive(), maxMinutesPerTask: z.number().positive() }).partial().default({}),
  maxIterations: z.int().min(1).max(100).default(10),
  parallelTracks: z.int().min(1).optional(),
  sprintHours: z.number().positive().default(40),
  strategy: z.enum(['component', 'balanced']).default('component'),
  simulation: z.strictObject({
    seed: z.int().default(1),
    failureRate: z.number().min(0).max(1).default(0.1),
    millisecondsPerHour: z.number().min(0).default(20),
    firstAttemptMisses: z.record(z.string(), z.array(z.string())).default({}),
  }).prefault({}),
})

/** The JSON schema that editors check `.devteam/config.json` with. */
export const configJsonSchema = (): unknown => z.toJSONSchema(schema, { io: 'input' })

export const problemLines = (error: z.ZodError): string[] => error.issues.flatMap(explain)

function explain(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return [`${at === '' ? 'the file' : at}: ${issue.message}`]
  const known = keysAt(issue.path)
  return issue.keys.map((key) => `${[...issue.path, key].join('.')}: unknown key. ${nearest(key, known)}`)
}

function keysAt(where: readonly PropertyKey[]): string[] {
  let node = configJsonSchema() as { properties?: Record<string, unknown>; items?: unknown }
  for (const key of where) node = ((typeof key === 'number' ? node.items : node.properties?.[String(key)]) ?? {})
  return Object.keys(node.properties ?? {})
}

/** `Did you mean "gates"?`, or the list of known keys. */
function nearest(key: string, known: readonly string[]): string {
  const [best] = known.map((name) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) })).sort((a, b) => a.distance - b.distance)
  return best !== undefined && best.distance <= Math.max(2, key.length / 3) ? `Did you mean "${best.name}"?` : `Known keys: ${known.join(', ')}.`
}

/** Levenshtein distance, O(a * b) for two short names. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}
