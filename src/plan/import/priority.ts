import type { Priority } from '../task.ts'

const words: Readonly<Record<Priority, RegExp>> = {
  high: /^(?:p?[01]|high|highest|critical|urgent|blocker|must)$/,
  medium: /^(?:p?2|medium|normal|moderate|should)$/,
  low: /^(?:p?[34]|low|lowest|minor|trivial|could|nice|optional)$/,
}

/** The priority that a text begins with: `High`, `P0 (critical)`, `1` of Beads, whose 0 is the highest. undefined: none that is known. */
export function priorityNamed(text: string): Priority | undefined {
  const word = /[\p{L}\p{N}]+/u.exec(text)?.[0].toLowerCase() ?? ''
  return (['high', 'medium', 'low'] as const).find((priority) => words[priority].test(word))
}

/** That of a task at `where`; medium where none is stated, and, with a warning, where it is none that is known. */
export function priorityOf(stated: string, where: string, warnings: string[]): Priority {
  const priority = priorityNamed(stated)
  if (priority === undefined && stated !== '') warnings.push(`${where}: the priority ${JSON.stringify(stated)} is none of ours; medium was taken`)
  return priority ?? 'medium'
}
