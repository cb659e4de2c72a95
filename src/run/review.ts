import * as z from 'zod'
import type { EventPlace, Finding } from '../state/event.ts'
import type { Assignment, RunContext } from './context.ts'
import { runRole } from './role-runner.ts'

const answerSchema = z.object({
  verdict: z.enum(['pass', 'fail']),
  note: z.string(),
  checks: z.array(z.object({ name: z.string(), pass: z.boolean() })),
  findings: z.array(z.object({ severity: z.enum(['critical', 'high', 'medium', 'low', 'info']), file: z.string().nullish(), line: z.int().nullish(), text: z.string() })),
})
const reviewJsonSchema = z.toJSONSchema(answerSchema) as Readonly<Record<string, unknown>>

export interface ReviewWork {
  readonly assignment: Assignment
  /** `code:python`, `security`, `performance`, `integration`, `documentation` */
  readonly review: string
  /** `Code quality`, `Security` */
  readonly title: string
  /** What it is about where the title does not say: a language. */
  readonly about?: string
  readonly files: readonly string[]
  readonly place: EventPlace
}

export interface ReviewResult { readonly pass: boolean; readonly findings: readonly Finding[]; readonly severe: readonly Finding[] }

/** One review by one role. It passes when the reviewer says so and names no finding of severity high or critical. */
export async function runReview(run: RunContext, work: ReviewWork): Promise<ReviewResult> {
  const { review, title, files, place, assignment } = work
  const result = await runRole(run, {
    assignment, place, subject: { kind: 'review', review, files }, outputSchema: reviewJsonSchema,
    intro: `Review (${review}) these files of the project:\n${files.map((file) => `- ${file}`).join('\n')}\nName every check that you made, and every finding with its file and line.`,
  })
  const parsed = answerSchema.safeParse(result.answer)
  const answer = parsed.success ? parsed.data : { verdict: 'fail' as const, note: 'the reviewer gave no answer in the form that was asked for', checks: [], findings: [] }
  const findings: Finding[] = answer.findings.map(({ severity, file, line, text }) => ({ severity, text, ...(file == null ? {} : { file }), ...(line == null ? {} : { line }) }))
  const severe = findings.filter((found) => found.severity === 'high' || found.severity === 'critical')
  const pass = answer.verdict === 'pass' && severe.length === 0
  const note = work.about === undefined ? answer.note : `${work.about}${answer.note === '' ? '' : `: ${answer.note}`}`
  run.journal.note({
    ...place, role: assignment.role.name, tier: assignment.tier, model: result.model, type: 'review.completed',
    data: { review, title, verdict: pass ? 'pass' : 'fail', note, checks: answer.checks, findings, simulated: run.executor.simulated },
  })
  return { pass, findings, severe }
}
