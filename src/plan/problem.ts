import { UserError } from './errors.ts'

/** One thing that is wrong with the input: where (a file or an id), which field, what, and the way out. */
export interface Problem { readonly where: string; readonly field?: string; readonly what: string; readonly wayOut: string }

/** `docs/planning/tasks/TASK-004.json: estimated_hours is 0. Give a number above 0.` */
export const problemText = ({ where, field, what, wayOut }: Problem): string => `${where}: ${field === undefined ? '' : `${field} `}${what}. ${wayOut}.`

/** More than this many problems are counted, not listed: the first ones are mended first. */
const listed = 100

/** Throws UserError('input') with all the problems, each once and on a line of its own; does nothing where there are none. */
export function refuse(problems: readonly Problem[]): void {
  const [first, ...others] = new Set(problems.map(problemText))
  if (first === undefined) return
  if (others.length === 0) throw new UserError('input', first)
  const all = [first, ...others]
  const lines = all.slice(0, listed).map((text) => `  ${text}`)
  if (all.length > listed) lines.push(`  ... and ${all.length - listed} more`)
  throw new UserError('input', `${all.length} problems, nothing was written:\n${lines.join('\n')}`)
}
