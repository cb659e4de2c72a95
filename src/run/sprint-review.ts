import { detectLanguages } from '../agents/languages.ts'
import type { EventPlace, Finding } from '../state/event.ts'
import type { Lease, SprintRow, TaskRow } from '../state/rows.ts'
import type { RunContext } from './context.ts'
import { passed } from './gates.ts'
import { runToldGates } from './gate-runner.ts'
import { runReview, type ReviewWork } from './review.ts'
import { runRole } from './role-runner.ts'
import { totalsOf } from './totals.ts'

/** How often a finding of severity high or critical is mended and reviewed again. */
const fixRounds = 2

/** The end of a sprint: reviews by language, security, performance, the documentation; then the sprint is completed. */
export async function reviewSprint(run: RunContext, sprint: SprintRow, tasks: readonly TaskRow[], lease: Lease): Promise<void> {
  const place = { track: sprint.track, sprint: sprint.id }
  run.journal.note({ ...place, type: 'review.started', data: { review: 'sprint' } })
  const files = await filesOf(run, sprint)
  const findings: { review: string; finding: Finding }[] = []
  for (const work of sprintReviews(run, files)) {
    const found = await reviewAndMend(run, { ...work, files, place })
    findings.push(...found.map((finding) => ({ review: work.review, finding })))
  }
  await document(run, sprint, tasks, files)
  const totals = await totalsOf(run.state, { track: sprint.track, sprint: sprint.id })
  run.journal.durable(await run.state.completeSprint(lease, sprint.id, findings, {
    ...place, type: 'sprint.completed',
    data: { ...totals, name: sprint.name, tasksCompleted: tasks.filter((task) => task.status === 'completed').length, tasksTotal: tasks.length, simulated: run.executor.simulated },
  }))
}

/** The files that the sprint's tasks have changed, from the audit log. */
async function filesOf(run: RunContext, sprint: SprintRow): Promise<string[]> {
  await run.state.flush()
  const checks = await run.state.events({ track: sprint.track, type: 'scope.checked' })
  return [...new Set(checks.flatMap((event) => (event.type === 'scope.checked' && event.sprint === sprint.id ? event.data.files : [])))].sort()
}

function sprintReviews(run: RunContext, files: readonly string[]): Pick<ReviewWork, 'assignment' | 'review' | 'title' | 'about'>[] {
  const languages = detectLanguages(files).map((language) => language.name)
  const { roles } = run
  const auditor = roles.performanceAuditor(languages)
  return [
    ...roles.codeReviewers(languages).map(({ language, role }) => ({ assignment: { role, tier: role.tier }, review: `code:${language.toLowerCase()}`, title: 'Code quality', about: language })),
    { assignment: { role: roles.securityAuditor, tier: roles.securityAuditor.tier }, review: 'security', title: 'Security' },
    { assignment: { role: auditor, tier: auditor.tier }, review: 'performance', title: 'Performance' },
  ]
}

/** A review; findings of severity high or critical open at most two rounds of mending. What remains is given back. */
async function reviewAndMend(run: RunContext, work: ReviewWork): Promise<readonly Finding[]> {
  let result = await runReview(run, work)
  for (let round = 1; result.severe.length > 0 && round <= fixRounds; round += 1) {
    await mend(run, work, result.severe, round)
    result = await runReview(run, work)
  }
  return result.findings
}

async function mend(run: RunContext, work: ReviewWork, severe: readonly Finding[], round: number): Promise<void> {
  const role = run.roles.fixer(work.files)
  const base = await run.directory.base()
  const gaps = severe.map((found) => `${found.severity}: ${found.file ?? ''}${found.line === undefined ? '' : `:${found.line}`} ${found.text}`)
  const result = await runRole(run, {
    assignment: { role, tier: role.tier }, place: { ...work.place, iteration: round }, retry: true, gaps, base, intro: 'A review found what is listed below. Mend it, and nothing else.',
    subject: { kind: 'implement', iteration: round + 1, gaps, changedFiles: work.files },
  })
  const files = await run.directory.changed(base, result.filesWritten)
  const gates = await runToldGates(run, work.place)
  await keepOrPutBack(run, work.place, { base, files, good: gates.every(passed), message: `${work.place.sprint}: mend what the ${work.review} review found\n` })
}

/** The end of what a role wrote outside of a task. */
async function keepOrPutBack(run: RunContext, place: EventPlace, work: { base: string | undefined; files: readonly string[]; good: boolean; message: string }): Promise<void> {
  const { base, files, good, message } = work
  await run.confirmLease()
  if (!good) await run.directory.putBack(base, files)
  else if (files.length > 0) await run.directory.commit(files, message)
  run.journal.note({ ...place, type: 'work.settled', data: { files, outcome: good ? 'committed' : 'put back' } })
  await run.state.flush()
  await run.directory.forget(base)
}

async function document(run: RunContext, sprint: SprintRow, tasks: readonly TaskRow[], files: readonly string[]): Promise<void> {
  const role = run.roles.documentation
  const base = await run.directory.base()
  const result = await runRole(run, {
    assignment: { role, tier: role.tier }, place: { track: sprint.track, sprint: sprint.id }, base,
    intro: `Update the documentation for sprint ${sprint.id} (${sprint.name}). It did:\n${tasks.map((task) => `- ${task.id} ${task.title}`).join('\n')}`,
    subject: { kind: 'document', review: sprint.id, files },
  })
  const changed = await run.directory.changed(base, result.filesWritten)
  await keepOrPutBack(run, { track: sprint.track, sprint: sprint.id }, { base, files: changed, good: true, message: `${sprint.id}: documentation\n` })
}
