import fs from 'node:fs/promises'
import path from 'node:path'
import { detectLanguages } from '../agents/languages.ts'
import type { Role } from '../agents/executor.ts'
import { completionFigures, type CompletionFigures } from '../report/completion.ts'
import { completionReport } from '../report/completion-report.ts'
import { finalVerdicts } from '../report/final-verdicts.ts'
import type { Finding } from '../state/event.ts'
import type { Lease } from '../state/rows.ts'
import type { RunContext } from './context.ts'
import { runToldGates } from './gate-runner.ts'
import { holding } from './held-lease.ts'
import { runReview } from './review.ts'
import { reviewTotals } from './totals.ts'
import { planned } from './track-runner.ts'

const reportFile = 'docs/project-completion-report.md'

/** The final project review, under the review's lease: reviews of the whole project, all gates, the report. undefined: something did not pass. */
export const runFinalReview = (run: RunContext, lease: Lease): Promise<CompletionFigures | undefined> =>
  holding(run, lease, 'The final project review', (held) => new FinalReview(held, lease).run())

class FinalReview {
  private readonly findings: { review: string; finding: Finding }[] = []
  constructor(private readonly context: RunContext, private readonly lease: Lease) {}

  async run(): Promise<CompletionFigures | undefined> {
    const { context: run } = this
    const files = await run.directory.files()
    const code = files.filter((file) => !file.startsWith('docs/'))
    const languages = await detectLanguages(code, (file) => readHead(path.join(run.directory.path, file)))
    run.journal.note({ type: 'project.started', data: { languages } })
    this.begin('code')
    for (const { language, role } of run.roles.codeReviewers(languages.map((each) => each.name))) {
      await this.review(role, `code:${language.toLowerCase()}`, `${language} code review`, code)
    }
    this.begin('security')
    await this.review(run.roles.securityAuditor, 'security', 'Security audit', code)
    this.begin('performance')
    await this.review(run.roles.performanceAuditor(languages.map((each) => each.name)), 'performance', 'Performance audit', code)
    await this.integrate(code)
    this.begin('documentation')
    await this.review(run.roles.documentationReviewer, 'documentation', 'Documentation review', files)
    return this.end()
  }

  private begin(review: string): void { this.context.journal.note({ type: 'review.started', data: { review } }) }

  private async review(role: Role, review: string, title: string, files: readonly string[]): Promise<void> {
    const result = await runReview(this.context, { assignment: { role, tier: role.tier }, review, title, files, place: {} })
    this.findings.push(...result.findings.map((finding) => ({ review, finding })))
  }

  /** All gates on the whole tree, and a review of how the parts fit. */
  private async integrate(files: readonly string[]): Promise<void> {
    const { context: run } = this
    this.begin('integration')
    if (run.gates.length === 0) run.journal.note({ type: 'gates.none', data: {} })
    await runToldGates(run, {})
    await this.review(run.roles.integrationReviewer, 'integration', 'Integration review', files)
  }

  private async end(): Promise<CompletionFigures | undefined> {
    const { context: run } = this
    run.signal.throwIfAborted()
    await run.state.flush()
    const snapshot = await planned(run)
    const events = await run.state.events({})
    const verdicts = finalVerdicts(events)
    const failed = Object.entries(verdicts.reviews).flatMap(([kind, pass]) => (pass ? [] : [kind]))
    const figures = completionFigures({ snapshot, events, prd: run.prd, tasks: [...run.tasks.values()], ...verdicts })
    if (failed.length > 0) {
      run.journal.note({ type: 'error', data: { message: `The final review did not pass (${failed.join(', ')}). Mend what it found and run \`devteam implement --sprint all\` again.` } })
      return undefined
    }
    const report = path.join(run.directory.path, reportFile)
    await fs.mkdir(path.dirname(report), { recursive: true })
    await fs.writeFile(report, completionReport(figures, snapshot, this.findings.map(({ review, finding }) => ({ review, ...finding }))))
    if ((await run.directory.changed(await run.directory.base(), [reportFile])).length > 0) await run.directory.commit([reportFile], 'Project completion report\n')
    const totals = reviewTotals(events)
    run.journal.durable(await run.state.completeProject(this.lease, this.findings, { type: 'project.completed', data: { ...totals, report: reportFile, figures: { ...figures }, simulated: run.executor.simulated } }))
    return figures
  }
}

/** The first lines of a file: enough to see which framework it imports. */
async function readHead(file: string): Promise<string> {
  const handle = await fs.open(file).catch(() => undefined)
  if (handle === undefined) return ''
  try {
    const buffer = Buffer.alloc(4_096)
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally { await handle.close() }
}
