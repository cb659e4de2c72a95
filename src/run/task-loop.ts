import type { ExecutorResult, Tier } from '../agents/executor.ts'
import type { EventPlace } from '../state/event.ts'
import type { Lease, TaskRow } from '../state/rows.ts'
import type { Task } from '../plan/task.ts'
import { UserError } from '../plan/errors.ts'
import { criteriaOf, subjectOf } from './brief.ts'
import { Budget } from './budget.ts'
import { oneUp, stronger, type Assignment, type RunContext } from './context.ts'
import { passed, type GateResult } from './gates.ts'
import { runToldGates } from './gate-runner.ts'
import { runRole } from './role-runner.ts'
import { outsideScope } from './scope.ts'
import { Usage } from './usage.ts'
import { checkVerdict, verdictJsonSchema } from './verdict.ts'

/** Failures at one tier before the next stronger one tries. */
const failuresPerTier = 2
export const taskTrailer = 'DevTeam-Task'
export const planTrailer = 'DevTeam-Plan'

/** One task from its claim to its commit: implement, scope check, gates, validate; again with the named gap until it passes or gives up. */
export class TaskLoop {
  private readonly task: Task
  private readonly place: EventPlace
  private readonly usage = new Usage()
  private readonly touched = new Set<string>()
  private readonly started = performance.now()
  private readonly budget: Budget
  private base: string | undefined
  private iteration = 0
  private tier: Tier | undefined
  private gates: GateResult[] = []
  private gaps: string[] = []

  /** `spent`: what interrupted attempts at this task have used before. */
  constructor(private readonly run: RunContext, private readonly row: TaskRow, private readonly lease: Lease, spent: readonly Pick<ExecutorResult, 'tokens' | 'costUsd'>[]) {
    const task = run.tasks.get(row.id)
    if (task === undefined) throw new UserError('input', `docs/planning/tasks/${row.id}.json is gone, but the plan in ${run.state.file} has ${row.id}. Restore the file, or take the task out of the plan with \`devteam plan --replan\`.`)
    this.task = task
    this.place = { track: row.track, sprint: row.sprint, task: row.id }
    this.budget = new Budget(run.config.budgets, this.usage, this.started)
    for (const each of spent) this.usage.add(each)
  }

  /** Runs to `completed` or `failed`, both durable when it returns. Throws AbortError when the run is stopped. */
  async runToEnd(number: number, of: number): Promise<'completed' | 'failed'> {
    const { run, row } = this
    this.base = await run.directory.base()
    run.journal.note({ ...this.place, type: 'task.started', data: { title: row.title, number, of, base: this.base } })
    let failures = 0
    while (this.iteration < run.config.maxIterations) {
      const over = this.budget.exceeded()
      if (over !== undefined) {
        run.journal.note({ ...this.place, type: 'budget.exceeded', data: over })
        return this.fail(`the budget ${over.budget} (${over.limit}) is used up`)
      }
      this.iteration += 1
      const gap = await this.attempt()
      if (gap === undefined) return 'completed'
      failures += 1
      if (failures % failuresPerTier === 0) this.escalate(failures)
    }
    return this.fail(`not accepted after ${run.config.maxIterations} iterations; last gap: ${this.gaps[0] ?? 'unknown'}`)
  }

  /** One iteration. Gives the gap, or undefined when the task is completed. */
  private async attempt(): Promise<string | undefined> {
    const { run, row, place } = this
    await this.implement()
    const files = await run.directory.changed(this.base, [...this.touched])
    const outside = outsideScope(files, this.task.allowedPatterns)
    run.journal.note({ ...place, iteration: this.iteration, type: 'scope.checked', data: { files, outside } })
    if (outside.length > 0) {
      await run.directory.putBack(this.base, outside)
      return this.gap([`Only ${this.task.allowedPatterns.join(', ')} may change, but ${outside.join(', ')} did; that was put back`])
    }
    if (this.touched.size === 0) return this.gap(['No file was changed'])
    await this.runGates()
    const broken = this.gates.filter((gate) => !passed(gate))
    if (broken.length > 0) return this.gap(broken.map((gate) => `Gate ${gate.name} failed: ${gate.exitCode === null ? gate.reason ?? 'no exit code' : `exit ${gate.exitCode}`}`))
    const verdict = await this.validate(files)
    if (verdict !== undefined) return this.gap([verdict])
    // A commit is taken over after a crash only where the database knows that it was validated.
    await run.confirmLease()
    const commit = await this.commit(files)
    const tier = this.tier ?? 'sonnet'
    const done = { iterations: this.iteration, model: run.modelOf(tier), durationMs: Math.round(performance.now() - this.started), tokens: this.usage.tokens, costUsd: this.usage.costUsd, commit, simulated: run.executor.simulated }
    run.journal.durable(await run.state.completeTask(this.lease, row.id, done, { ...place, type: 'task.completed', tier, model: done.model, data: { title: row.title, ...done } }))
    await run.directory.forget(this.base)
    return undefined
  }

  private async implement(): Promise<void> {
    const { run, row } = this
    const retry = this.gaps.length > 0
    const roles = run.roles.forTask(this.task)
    const stages = retry ? roles.filter((role) => role.stage === 'implement' || role.stage === 'test') : roles
    const done = await this.summariesBefore()
    for (const role of stages) {
      const assignment: Assignment = { role, tier: this.tier === undefined ? role.tier : stronger(this.tier, role.tier) }
      if (role.stage === 'implement') this.tier = assignment.tier
      const kind = role.stage === 'design' || role.stage === 'test' ? role.stage : 'implement'
      const result = await runRole(run, {
        assignment, retry, place: { ...this.place, iteration: this.iteration }, task: this.task, done, gaps: this.gaps, gates: this.gates, base: this.base,
        intro: introOf[kind],
        subject: { kind, task: subjectOf(this.task), iteration: this.iteration, gaps: this.gaps, changedFiles: [...this.touched].sort(), gates: this.gates.filter((gate) => !passed(gate)) },
      }, this.usage)
      for (const file of result.filesWritten) this.touched.add(file)
      run.signal.throwIfAborted()
    }
    if (!roles.some((role) => role.stage === 'implement')) throw new UserError('input', `No role can implement ${row.id} (component "${this.task.component}"). Add one in .devteam/agents, or name a suggested_agent in its task file.`)
  }

  /** What the tasks that this one depends on reported, newest report of each. */
  private async summariesBefore(): Promise<string[]> {
    const reports = await Promise.all(this.task.dependencies.map(async (id) => {
      const events = await this.run.state.events({ task: id, type: 'role.completed' })
      const last = events.flatMap((event) => (event.type === 'role.completed' && event.data.kind === 'implement' ? [event.data.summary] : [])).at(-1)
      return last === undefined ? [] : [`${id}: ${last}`]
    }))
    return reports.flat()
  }

  private async runGates(): Promise<void> {
    const { run } = this
    if (run.gates.length === 0) run.journal.note({ ...this.place, iteration: this.iteration, type: 'gates.none', data: {} })
    this.gates = await runToldGates(run, { ...this.place, iteration: this.iteration })
  }

  /** Gives the gap, or undefined for PASS. */
  private async validate(files: readonly string[]): Promise<string | undefined> {
    const { run } = this
    const criteria = criteriaOf(this.task)
    const role = run.roles.validator
    const changed = files.length > 0 ? files : [...this.touched].sort() // written again just as they were: the evidence decides
    const result = await runRole(run, {
      assignment: { role, tier: role.tier }, place: { ...this.place, iteration: this.iteration }, task: this.task, gates: this.gates, diff: await run.directory.diff(this.base, files),
      intro: 'Judge whether the task below is done. Answer every acceptance criterion with evidence: a file and its lines, or a line of a gate\'s output.',
      subject: { kind: 'validate', task: subjectOf(this.task), iteration: this.iteration, changedFiles: changed, gates: this.gates },
      outputSchema: verdictJsonSchema,
    }, this.usage)
    const verdict = await checkVerdict(result.answer, criteria, run.directory.path, this.gates)
    run.journal.note({ ...this.place, iteration: this.iteration, role: role.name, tier: role.tier, model: result.model, type: 'validation.completed', data: { ...verdict, simulated: run.executor.simulated } })
    return verdict.verdict === 'pass' ? undefined : verdict.gap ?? 'No reason given'
  }

  private commit(files: readonly string[]): Promise<string | undefined> {
    return this.run.directory.commit(files, `${this.row.id}: ${this.task.title}\n\n${taskTrailer}: ${this.row.id}\n${planTrailer}: ${this.run.planId}\n`)
  }

  private gap(gaps: string[]): string {
    this.gaps = gaps
    return gaps[0] ?? 'unknown'
  }

  private escalate(failures: number): void {
    const from = this.tier ?? 'sonnet'
    const to = oneUp(from)
    if (to === from) return
    this.tier = to
    this.run.journal.note({ ...this.place, iteration: this.iteration, type: 'model.escalated', data: { from, to, reason: `${failures} failed iterations` } })
  }

  /** Gives up: the directory goes back to the task's base, the attempt stays reachable, dependents are blocked. */
  private async fail(reason: string): Promise<'failed'> {
    const { run, row, place } = this
    const files = await run.directory.changed(this.base, [...this.touched])
    if (files.length > 0) {
      await run.directory.keep(`refs/devteam/${run.planId}/${row.id}`, this.base, files, `${row.id}: attempt that was given up (${reason})`)
      await run.directory.putBack(this.base, files)
    }
    const tier = this.tier ?? 'sonnet'
    const failed = { reason, iterations: this.iteration, model: run.modelOf(tier), durationMs: Math.round(performance.now() - this.started), tokens: this.usage.tokens, costUsd: this.usage.costUsd, simulated: run.executor.simulated }
    const { model, ...data } = failed
    run.journal.durable(...await run.state.failTask(this.lease, row.id, failed, { ...place, type: 'task.failed', tier, model, data: { title: row.title, ...data } }))
    await run.directory.forget(this.base)
    return 'failed'
  }
}

const introOf = {
  design: 'Design what the task below needs, before it is implemented.',
  implement: 'Implement the task below in this directory. End with one line that says what you did.',
  test: 'Write tests for what the task below has implemented. End with one line that says what you did.',
}
