import type { TaskFields } from '../../plan/edit/fields.ts'
import type { Problem } from '../../plan/problem.ts'
import type { Priority } from '../../plan/task.ts'
import type { CommonOptions } from '../shell.ts'

/** The options of `task add` and `task edit` as commander gives them: `false` for `--no-...`. */
export interface FieldOptions extends CommonOptions {
  readonly id?: string
  readonly title?: string
  readonly description?: string | false
  readonly feature?: string | false
  readonly component?: string
  readonly hours?: string
  readonly low?: string
  readonly high?: string
  /** True unless `--no-estimate`. */
  readonly estimate?: boolean
  readonly depends?: readonly string[] | false
  readonly criterion?: readonly string[] | false
  readonly addCriterion?: readonly string[]
  readonly removeCriterion?: readonly string[]
  readonly scope?: readonly string[] | false
  readonly priority?: string
  readonly agent?: string | false
}

/** What the options say of a task, and every option that says what can't be. */
export function fieldsOf(options: FieldOptions): { readonly fields: TaskFields; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const number = (option: 'hours' | 'low' | 'high'): number | undefined => {
    const text = options[option]
    if (text === undefined) return undefined
    const value = Number(/^\s*(\d+(?:\.\d+)?|\.\d+)\s*h?\s*$/.exec(text)?.[1] ?? NaN)
    if (value > 0 && value <= 1_000_000) return value
    problems.push({ where: `--${option}`, what: `is ${JSON.stringify(text)}`, wayOut: 'Give a number of hours above 0 and at most 1000000, such as 8' })
    return undefined
  }
  const fields: TaskFields = {
    id: options.id, title: options.title, description: cleared(options.description), featureRef: cleared(options.feature), component: options.component, hours: number('hours'), low: number('low'), high: number('high'),
    estimate: options.estimate === false ? null : undefined, dependencies: options.depends === false ? [] : options.depends && idsOf(options.depends),
    criteria: options.criterion === false ? [] : options.criterion, addCriteria: options.addCriterion, removeCriteria: options.removeCriterion,
    patterns: options.scope === false ? [] : options.scope, priority: options.priority !== undefined && isPriority(options.priority) ? options.priority : undefined, agent: cleared(options.agent),
  }
  if (options.priority !== undefined && !isPriority(options.priority)) problems.push({ where: '--priority', what: `is ${JSON.stringify(options.priority)}`, wayOut: 'Use high, medium or low' })
  return { fields, problems }
}

/** Ids, each once; they may also stand in one argument, with commas. */
export const idsOf = (texts: readonly string[]): string[] => texts.flatMap((text) => text.split(',')).map((id) => id.trim()).filter((id, i, all) => id !== '' && all.indexOf(id) === i)

const cleared = (text: string | false | undefined): string | null | undefined => (text === false ? null : text)
const isPriority = (text: string): text is Priority => text === 'high' || text === 'medium' || text === 'low'
