import type { Problem } from '../problem.ts'
import type { Requirement } from '../task.ts'

/** A line of a structured text and what stands below it. Headings are above list items, items above what is indented further. */
export interface Entry { readonly kind: 'heading' | 'item' | 'text'; readonly depth: number; readonly line: number; /** Of an ordered list, `2`. */ readonly number: string | undefined; readonly text: string; readonly checked: boolean; readonly below: Entry[] }

/** A name or a number of hours as a line has it. */
export interface Stated<T> { readonly value: T; readonly line: number }

/** A piece of work as an outline names it. */
export interface OutlinedTask {
  readonly line: number
  /** An id that the text itself uses, `TASK-001` or `F1`. */
  readonly label: string | undefined
  /** The number before its title, `1`, `2.3`, `Task 4`: others may depend on it by that. */
  readonly number: string | undefined
  readonly title: string
  readonly description: string
  readonly criteria: readonly string[]
  /** Criteria stand under "Acceptance criteria" or such a heading; else they are the list below the title. */
  readonly namesCriteria: boolean
  /** What is said after "depends on", unresolved: titles may have commas. */
  readonly dependsOn: readonly Stated<string>[]
  /** undefined: none are stated. NaN: what is stated is no number. */
  readonly hours: Stated<number> | undefined
  /** Hours if all goes well and if much goes wrong. */
  readonly estimate?: { readonly low: number; readonly high: number } | undefined
  /** The hours are stated in days or weeks. */
  readonly inDays?: boolean
  /** What speaks of hours and was not taken: it can't be read, or it is a line that says other hours than the title. */
  readonly unreadEffort?: Stated<string> | undefined
  readonly component: string | undefined
  readonly priority: Stated<string> | undefined
  readonly files: readonly string[]
  /** The headings above it, outermost first. */
  readonly groups: readonly string[]
  readonly optional: boolean
  /** Its box is ticked. */
  readonly completed: boolean
}

export interface Outline {
  readonly title: string | undefined
  readonly problem: string
  readonly users: readonly string[]
  readonly technology: readonly string[]
  readonly constraints: readonly string[]
  readonly metrics: readonly string[]
  readonly tasks: readonly OutlinedTask[]
}

/** A task as a specification states it. Places are lines of the text. */
export interface SpecifiedTask extends OutlinedTask {
  readonly featureRef?: string | undefined
  readonly suggestedAgent?: string | undefined
}

/** What a specification says: of the project, and of its tasks. `requirements` undefined: they are made of the tasks. */
export interface Specified extends Outline {
  readonly tasks: readonly SpecifiedTask[]
  readonly requirements?: { readonly mustHave: readonly Requirement[]; readonly shouldHave: readonly Requirement[] } | undefined
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
}
