import type { EventPlace, NewEvent } from '../state/event.ts'
import { banner, capitalized, cost, counted, duration } from './format.ts'

/** What a run says as it goes on: an event with its time and session. */
export type SpokenEvent = NewEvent & { readonly time: string; readonly session: string }

/**
 * The transcript of one track (or of the final review) as a function of its events: `lines(event)` gives what to print now. It keeps just
 * enough to know where it stands; every figure comes from the event.
 */
export class Transcript {
  private retrying = false
  private reviewing = false
  private reviewed = false

  lines(event: SpokenEvent): string[] {
    switch (event.type) {
      case 'track.started': return event.data.resumed
        ? [`Checking track ${number(event.track)} status...`, '']
        : [`Track ${number(event.track)} (${event.data.name}) - ${counted(event.data.sprints, 'sprint')} to execute`, '']
      case 'sprint.skipped': return [`Found completed sprint: ${event.sprint} (skipping)`]
      case 'sprint.resumed': return this.resumed(event)
      case 'sprint.started': return ['', banner(`${event.sprint}: ${event.data.name}`), '']
      case 'task.started': return this.started(event)
      case 'task.waiting': return event.data.on.flatMap((on) => [
        `  ${event.task} waits for ${on.task} of track ${number(on.track)}`,
        ...(on.running ? [] : [`  Track ${number(on.track)} is not running. Start it in another terminal: devteam implement --sprint all ${on.track}`]),
      ])
      case 'role.started': return this.role(event)
      case 'role.completed': return this.done(event)
      case 'gates.none': return ['  No gates: nothing is built, linted or tested (set "gates" in .devteam/config.json)']
      case 'gate.completed': return [gateLine(event), ...(event.data.exitCode === 0 ? [] : indent(tail(event.data.output), 6)), ...(this.reviewing ? [] : [''])]
      case 'scope.checked': return event.data.outside.length === 0 ? [] : [`  ⚠️ Outside the task's scope, put back: ${event.data.outside.join(', ')}`, '']
      case 'validation.completed': return this.validated(event)
      case 'model.escalated': return [`  Escalating from ${event.data.from} to ${event.data.to}: ${event.data.reason}`, '']
      case 'task.completed': return [
        `  ${event.task} complete (${counted(event.data.iterations, 'iteration')}, ${event.tier ?? 'unknown model'}, ${duration(event.data.durationMs)}${event.data.simulated ? ', simulated' : ''})`,
        `  State updated: ${event.task} marked as completed`, '',
      ]
      case 'task.failed': return [`  ❌ ${event.task} failed after ${counted(event.data.iterations, 'iteration')}: ${event.data.reason}`, `  State updated: ${event.task} marked as failed`, '']
      case 'task.blocked': return [`  ${event.task} (${event.data.title}) is blocked by ${event.data.by}`]
      case 'task.skipped': return [`  ${event.task}: ${event.data.reason}`, '']
      case 'review.started': return this.review(event)
      case 'review.completed': return this.reviewDone(event)
      case 'sprint.completed': {
        this.reviewing = false
        return [
          `${event.sprint} COMPLETE ✅`, `Tasks: ${event.data.tasksCompleted}/${event.data.tasksTotal} completed`, `Time: ${duration(event.data.durationMs)}`,
          `Cost: ${cost(event.data.costUsd, event.data.simulated)}`, `State updated: ${event.sprint} marked as completed`, '',
        ]
      }
      case 'track.completed': return [
        banner(`TRACK ${number(event.track)} COMPLETE ✅`), '', `Total tasks: ${event.data.tasks}/${event.data.tasks}`, `Total sprints: ${event.data.sprints}/${event.data.sprints}`,
        `Total time: ${duration(event.data.durationMs)}`, `Total cost: ${cost(event.data.costUsd, event.data.simulated)}`, `Quality: ${event.data.quality}`, '',
        ...(event.data.othersOpen.length > 0 ? ['Next: Wait for other tracks to complete before final project review', ''] : []),
      ]
      case 'project.started': return [
        'All tracks complete! Running final project review...', '', 'Detecting languages used...',
        ...event.data.languages.map(({ name, files, note }) => `  - ${name} (${note === '' ? counted(files, 'file') : `${note}, ${counted(files, 'file')}`})`), '',
      ]
      case 'budget.exceeded': return [`  ⚠️ Budget exceeded: ${event.data.budget} is ${event.data.limit}, used ${event.data.used}`]
      case 'error': return [`  ⚠️ ${event.data.message}`]
      case 'run.interrupted': return ['', `Interrupted (${event.data.signal}). Everything that was marked as completed is kept.`, `Resume with: ${event.data.resume}`]
      case 'merge.completed': return [`Merged ${event.data.branch} (${event.data.commit.slice(0, 8)})`]
      case 'merge.conflict': return [`⚠️ Merge conflict with ${event.data.branch}: ${event.data.files.join(', ')}`]
      case 'plan.saved': case 'plan.changed': case 'plan.reset': case 'run.started': case 'project.completed': case 'file.touched': case 'work.settled': return []
    }
  }

  private resumed(event: SpokenEvent & { type: 'sprint.resumed' }): string[] {
    const { skipped, from, name } = event.data
    return [
      `Found in-progress sprint: ${event.sprint} (resuming)`, ...skipped.map((task) => `  Found completed task: ${task} (skipping)`),
      from === undefined ? '  Resuming with the sprint review' : `  Resuming from task: ${from}`, '', banner(`${event.sprint}: ${name} (RESUMING)`), '',
      ...(skipped.length > 0 ? [`Skipping completed tasks: ${skipped.map((task) => `${task} ✓`).join(', ')}`, ''] : []),
    ]
  }

  private started(event: SpokenEvent & { type: 'task.started' }): string[] {
    this.retrying = false
    this.reviewing = false
    return [`Task ${event.data.number}/${event.data.of}: ${event.task} - ${event.data.title}`]
  }

  private role(event: SpokenEvent & { type: 'role.started' }): string[] {
    const who = `${event.role} (${capitalized(event.tier ?? 'unknown')}${event.data.simulated ? ', simulated' : ''})`
    if (event.data.kind === 'document') return ['  Updating documentation...']
    if (event.data.kind === 'review') return this.reviewing && event.sprint !== undefined ? [`  Running ${who}...`] : []
    if (event.data.retry && event.data.kind === 'implement' && this.retrying) {
      this.retrying = false
      return [`  Re-attempting with ${event.tier ?? 'unknown'}...`]
    }
    return [`  Launching ${who}...`]
  }

  private done(event: SpokenEvent & { type: 'role.completed' }): string[] {
    if (event.data.brokeOff === true) return [`  ❌ ${event.role} broke off: ${event.data.summary}`, '']
    if (event.data.kind === 'validate' || event.data.kind === 'review') return []
    return [`  ✅ ${event.data.summary}`, '']
  }

  private validated(event: SpokenEvent & { type: 'validation.completed' }): string[] {
    if (event.data.verdict === 'pass') return ['  ✅ PASS (100% criteria met)', '']
    this.retrying = true
    return [`  ⚠️ FAIL - ${event.data.gap ?? 'no reason given'}`, '']
  }

  private review(event: SpokenEvent & { type: 'review.started' }): string[] {
    this.reviewing = true
    if (event.sprint !== undefined) return ['Final Sprint Review...']
    const title = finalReviews[event.data.review] ?? event.data.review
    const first = !this.reviewed
    this.reviewed = true
    return [...(first ? [] : ['']), `${title}...`]
  }

  private reviewDone(event: SpokenEvent & { type: 'review.completed' }): string[] {
    const { title, verdict, note, checks, findings } = event.data
    const mark = verdict === 'pass' ? '✅' : '❌'
    const open = findings.map((found) => `     ${found.severity}: ${found.file === undefined ? '' : `${found.file}${found.line === undefined ? '' : `:${found.line}`} `}${found.text}`)
    if (event.sprint !== undefined) return [`  ${mark} ${title}: ${verdict.toUpperCase()}${note === '' ? '' : ` (${note})`}`, ...open, '']
    if (event.data.review.startsWith('code:')) return [`  ${mark} ${title}: ${verdict.toUpperCase()}${note === '' ? '' : ` (${note})`}`, ...open]
    return [...(checks.length === 0 ? [`  ${mark} ${title}: ${verdict.toUpperCase()}${note === '' ? '' : ` (${note})`}`] : checks.map((check) => `  ${check.pass ? '✅' : '❌'} ${check.name}`)), ...open]
  }
}

const finalReviews: Readonly<Record<string, string>> = {
  code: 'Comprehensive Code Review', security: 'Comprehensive Security Audit', performance: 'Comprehensive Performance Audit', integration: 'Integration Testing', documentation: 'Documentation Review',
}

/** `01` -> `1` */
const number = (track: EventPlace['track']): string => String(Number(track))

function gateLine(event: SpokenEvent & { type: 'gate.completed' }): string {
  const { gate, exitCode, durationMs, reason } = event.data
  if (exitCode === 0) return `  ✅ Gate ${gate} passed (${duration(durationMs)})`
  return `  ❌ Gate ${gate} failed: ${exitCode === null ? reason ?? 'no exit code' : `exit ${exitCode}`} (${duration(durationMs)})`
}

const tail = (output: string): string[] => output.trimEnd().split('\n').slice(-12)
const indent = (lines: readonly string[], by: number): string[] => lines.map((line) => ' '.repeat(by) + line)
