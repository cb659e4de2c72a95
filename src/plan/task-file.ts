import { isTaskId, type TaskId } from './ids.ts'
import { oneLine } from './one-line.ts'
import type { TaskFile } from './schema.ts'
import type { Task } from './task.ts'

/** Fills in the defaults. Dependencies become ids without a look: `checkTasks` finds those that name no task. */
export function taskOf(file: TaskFile): Task {
  return {
    id: file.id,
    title: oneLine(file.title),
    description: file.description ?? '',
    ...(file.feature_ref === undefined ? {} : { featureRef: file.feature_ref }),
    component: oneLine(file.component ?? file.task_type ?? 'general'),
    estimatedHours: file.estimated_hours,
    ...(file.hours_guessed === true ? { hoursGuessed: true as const } : {}),
    dependencies: (file.dependencies ?? []) as TaskId[],
    acceptanceCriteria: file.acceptance_criteria ?? [],
    allowedPatterns: file.scope?.allowed_patterns ?? [],
    ...(file.estimate === undefined ? {} : { estimate: { low: file.estimate.low, high: file.estimate.high } }),
    priority: file.priority ?? 'medium',
    ...(file.suggested_agent === undefined ? {} : { suggestedAgent: file.suggested_agent }),
  }
}

/** The keys of a task file in the order in which they are written. */
export const taskFileKeys = [
  'id', 'title', 'description', 'feature_ref', 'component', 'estimated_hours', 'dependencies', 'acceptance_criteria', 'scope', 'estimate', 'priority', 'suggested_agent',
] as const

/** A task as the keys of its file, in the order in which they are written. What is empty and optional is left out. */
export function taskKeys(task: Task): Record<string, unknown> {
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    ...(task.featureRef === undefined ? {} : { feature_ref: task.featureRef }),
    component: task.component,
    estimated_hours: task.estimatedHours,
    ...(task.hoursGuessed === true ? { hours_guessed: true } : {}),
    dependencies: task.dependencies,
    acceptance_criteria: task.acceptanceCriteria,
    ...(task.allowedPatterns.length === 0 ? {} : { scope: { allowed_patterns: task.allowedPatterns } }),
    ...(task.estimate === undefined ? {} : { estimate: task.estimate }),
    priority: task.priority,
    ...(task.suggestedAgent === undefined ? {} : { suggested_agent: task.suggestedAgent }),
  }
}

const priorities: readonly unknown[] = [undefined, 'high', 'medium', 'low']
const mostHours = 1_000_000

/**
 * Is this the content of a task file as it usually is? What it says yes to, the schema of task files takes as it is. Where it says no, the schema has to look:
 * it may still take it (texts with blanks around them), and it says what is wrong. Loading zod and asking it takes longer than planning does.
 */
export function isUsualTaskFile(value: unknown): value is TaskFile {
  if (!isObject(value)) return false
  const { id, scope, estimate } = value
  return isText(id) && isTaskId(id) && isText(value.title) && isHours(value.estimated_hours) && priorities.includes(value.priority)
    && isMaybe(isString, value.description) && isMaybe(isString, value.feature_ref) && isMaybe(isText, value.component) && isMaybe(isText, value.task_type) && isMaybe(isText, value.suggested_agent)
    && (value.hours_guessed === undefined || typeof value.hours_guessed === 'boolean') && isMaybe(areStrings, value.dependencies) && isMaybe(areStrings, value.acceptance_criteria)
    && (scope === undefined || (isObject(scope) && (scope.allowed_patterns === undefined || (Array.isArray(scope.allowed_patterns) && scope.allowed_patterns.every(isText)))))
    && (estimate === undefined || (isObject(estimate) && isHours(estimate.low) && isHours(estimate.high)))
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isString = (value: unknown): boolean => typeof value === 'string'
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.trim() === value
const isHours = (value: unknown): boolean => typeof value === 'number' && value > 0 && value <= mostHours
const areStrings = (value: unknown): boolean => Array.isArray(value) && value.every(isString)
const isMaybe = (is: (value: unknown) => boolean, value: unknown): boolean => value === undefined || is(value)
