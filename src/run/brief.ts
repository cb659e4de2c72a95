import type { BriefSubject } from '../agents/executor.ts'
import type { Task } from '../plan/task.ts'
import type { GateResult } from './gates.ts'

/** What a task is about, as a role reads it. */
export const subjectOf = (task: Task): NonNullable<BriefSubject['task']> => ({
  id: task.id, title: task.title, component: task.component, hours: task.estimatedHours, criteria: criteriaOf(task),
})

/** A task without criteria of its own is done when what its title says is there. */
export const criteriaOf = (task: Task): readonly string[] => (task.acceptanceCriteria.length > 0 ? task.acceptanceCriteria : [`${task.title} is there`])

export interface BriefParts {
  readonly subject: BriefSubject
  readonly intro: string
  readonly task?: Task | undefined
  /** Summaries of the tasks that this one depends on. */
  readonly done?: readonly string[]
  readonly gaps?: readonly string[]
  readonly gates?: readonly GateResult[]
  readonly diff?: string
}

/**
 * The first user message of a role: prose for the model, then the same facts as one labelled JSON block. Text that comes from files and
 * commands stands in labelled data blocks only.
 */
export function briefPrompt({ subject, intro, task, done = [], gaps = [], gates = [], diff }: BriefParts): string {
  const parts = [intro]
  if (task !== undefined) {
    parts.push(`# ${task.id}: ${task.title}`, task.description, ['Acceptance criteria:', ...criteriaOf(task).map((text) => `- ${text}`)].join('\n'))
    if (task.allowedPatterns.length > 0) parts.push(`Only these files may change: ${task.allowedPatterns.join(', ')}`)
  }
  if (done.length > 0) parts.push(['What the tasks before this one did:', ...done.map((text) => `- ${text}`)].join('\n'))
  if (gaps.length > 0) parts.push(['The attempt before this one was not accepted. What is missing:', ...gaps.map((text) => `- ${text}`)].join('\n'))
  for (const gate of gates) if (gate.exitCode !== 0 || subject.kind === 'validate') parts.push(dataBlock('gate-output', `${gate.name}: ${gate.command} (${gate.exitCode === null ? gate.reason ?? 'no exit code' : `exit ${gate.exitCode}`})\n${gate.output}`))
  if (diff !== undefined) parts.push(dataBlock('diff', cut(diff)))
  parts.push(`<brief>${JSON.stringify(subject).replaceAll('<', '\\u003c')}</brief>`)
  return parts.filter((part) => part !== '').join('\n\n')
}

/** Data that a model must not take for instructions: its own end mark inside is defused. */
const dataBlock = (label: string, text: string): string => `<data label="${label}">\n${text.replaceAll('</data', '<\\/data')}\n</data>`

const longestDiff = 60_000
const cut = (text: string): string => (text.length <= longestDiff ? text : `${text.slice(0, longestDiff)}\n[${text.length - longestDiff} characters left out]`)
