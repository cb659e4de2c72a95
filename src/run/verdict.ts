import fs from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import type { CriterionVerdict, Evidence } from '../state/event.ts'
import type { GateResult } from './gates.ts'

/** The validator's answer. */
const evidence = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string(), startLine: z.int(), endLine: z.int() }),
  z.object({ kind: z.literal('gate'), gate: z.string(), quote: z.string() }),
])
const answerSchema = z.object({
  criteria: z.array(z.object({ criterion: z.string(), pass: z.boolean(), evidence: z.array(evidence) })),
  gap: z.string().nullable(),
})
export const verdictJsonSchema = z.toJSONSchema(answerSchema) as Readonly<Record<string, unknown>>

export interface Verdict { readonly verdict: 'pass' | 'fail'; readonly criteria: readonly CriterionVerdict[]; readonly gap: string | undefined }

/**
 * Holds a validator's answer against the facts. A criterion counts as met only with evidence that the program itself finds: the file and the
 * lines are there, or the quote occurs in that gate's output. Every criterion must be answered exactly once; a failed gate can't be overruled.
 */
export async function checkVerdict(answer: unknown, criteria: readonly string[], directory: string, gates: readonly GateResult[]): Promise<Verdict> {
  const parsed = answerSchema.safeParse(answer)
  if (!parsed.success) return { verdict: 'fail', criteria: [], gap: 'The validator gave no verdict in the form that was asked for' }
  const faults: string[] = []
  const checked: CriterionVerdict[] = []
  for (const criterion of criteria) {
    const answers = parsed.data.criteria.filter((each) => each.criterion === criterion)
    const [first] = answers
    if (first === undefined || answers.length > 1) {
      faults.push(`The validator answered "${criterion}" ${answers.length === 0 ? 'not at all' : `${answers.length} times`}`)
      checked.push({ criterion, pass: false, evidence: [] })
      continue
    }
    const wrong = first.pass ? await faultOf(first.evidence, directory, gates) : undefined
    if (wrong !== undefined) faults.push(`No evidence for "${criterion}": ${wrong}`)
    checked.push({ criterion, pass: first.pass && wrong === undefined, evidence: first.evidence })
  }
  const failedGate = gates.find((gate) => gate.exitCode !== 0)
  if (failedGate !== undefined) faults.push(`Gate ${failedGate.name} failed`)
  const pass = faults.length === 0 && checked.every((each) => each.pass)
  const unmet = checked.filter((each) => !each.pass).map((each) => each.criterion)
  const said = parsed.data.gap?.split('\n')[0]?.trim()
  const gap = said !== undefined && said !== '' && unmet.length > 0 ? said : faults[0] ?? (unmet.length > 0 ? `Not met: ${unmet.join(', ')}` : undefined)
  return { verdict: pass ? 'pass' : 'fail', criteria: checked, gap: pass ? undefined : gap ?? 'The validator failed the task without a reason' }
}

/** What is wrong with the evidence of one criterion; undefined: it holds. */
async function faultOf(evidence: readonly Evidence[], directory: string, gates: readonly GateResult[]): Promise<string | undefined> {
  if (evidence.length === 0) return 'none was given'
  for (const each of evidence) {
    if (each.kind === 'gate') {
      const gate = gates.find((one) => one.name === each.gate)
      if (gate === undefined) return `there is no gate "${each.gate}"`
      if (each.quote.trim() === '' || !gate.output.includes(each.quote)) return `the output of gate "${each.gate}" has no such line`
      continue
    }
    const lines = await linesOf(directory, each.path)
    if (lines === undefined) return `there is no file ${each.path}`
    if (each.startLine < 1 || each.endLine < each.startLine || each.endLine > lines) return `${each.path} has no lines ${each.startLine} to ${each.endLine} (it has ${lines})`
  }
  return undefined
}

async function linesOf(directory: string, file: string): Promise<number | undefined> {
  try {
    const [root, full] = await Promise.all([fs.realpath(directory), fs.realpath(path.resolve(directory, file))])
    const inside = path.relative(root, full)
    if (inside === '' || inside.startsWith('..') || path.isAbsolute(inside)) return undefined
    return (await fs.readFile(full, 'utf8')).replace(/\n$/, '').split('\n').length
  } catch { return undefined } // a file that can't be read is no evidence
}
