import * as z from 'zod'
import { checkTasks } from './check.ts'
import { isTaskId, type TaskId } from './ids.ts'
import { compareIds } from './natural.ts'
import { refuse } from './problem.ts'
import type { Prd, Requirement, Task } from './task.ts'

const text = z.string().trim().min(1)
const texts = z.array(z.string())
const hours = z.number().positive().max(1_000_000)

/** `docs/planning/tasks/<id>.json`. Keys that it does not name are let through; a rewrite keeps them. */
export const taskFile = z.looseObject({
  id: text.refine(isTaskId, { error: 'is not fit to be an id' }),
  title: text,
  description: z.string().optional(),
  feature_ref: z.string().optional(),
  component: text.optional(),
  /** Read where `component` is missing. */
  task_type: text.optional(),
  estimated_hours: hours,
  hours_guessed: z.boolean().optional(),
  dependencies: texts.optional(),
  acceptance_criteria: texts.optional(),
  scope: z.looseObject({ allowed_patterns: z.array(text).optional() }).optional(),
  estimate: z.looseObject({ low: hours, high: hours }).optional(),
  priority: z.enum(['high', 'medium', 'low']).optional(),
  suggested_agent: text.optional(),
})

/** Fills in the defaults. Dependencies become ids without a look: `checkTasks` finds those that name no task. */
export function taskOf(file: z.infer<typeof taskFile>): Task {
  return {
    id: file.id,
    title: file.title,
    description: file.description ?? '',
    ...(file.feature_ref === undefined ? {} : { featureRef: file.feature_ref }),
    component: file.component ?? file.task_type ?? 'general',
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

const requirement = z.looseObject({ id: text, title: text.optional(), description: z.string(), acceptance_criteria: texts.optional() })

/** `docs/planning/PROJECT_PRD.json` */
export const prdFile = z.looseObject({
  project: text,
  problem: z.string().optional(),
  users: texts.optional(),
  requirements: z.looseObject({ must_have: z.array(requirement).optional(), should_have: z.array(requirement).optional() }).optional(),
  technology: texts.optional(),
  constraints: texts.optional(),
  success_metrics: texts.optional(),
})

export function prdOf(file: z.infer<typeof prdFile>): Prd {
  const requirements = (list: z.infer<typeof requirement>[] | undefined): Requirement[] => (list ?? []).map(({ id, title, description, acceptance_criteria: criteria }) => (
    { id, ...(title === undefined ? {} : { title }), description, acceptanceCriteria: criteria ?? [] }))
  return {
    project: file.project, problem: file.problem ?? '', users: file.users ?? [], technology: file.technology ?? [], constraints: file.constraints ?? [], successMetrics: file.success_metrics ?? [],
    mustHave: requirements(file.requirements?.must_have), shouldHave: requirements(file.requirements?.should_have),
  }
}

export function prdKeys(prd: Prd): Record<string, unknown> {
  const requirements = (list: readonly Requirement[]): unknown[] => list.map(({ id, title, description, acceptanceCriteria }) => (
    { id, ...(title === undefined ? {} : { title }), description, acceptance_criteria: acceptanceCriteria }))
  return {
    project: prd.project, problem: prd.problem, users: prd.users, requirements: { must_have: requirements(prd.mustHave), should_have: requirements(prd.shouldHave) },
    technology: prd.technology, constraints: prd.constraints, success_metrics: prd.successMetrics,
  }
}

/** The PRD that a model answered, in the keys of the file. Throws z.ZodError where it has another shape. */
export const parsePrd = (answer: unknown): Prd => prdOf(prdFile.parse(answer))

/** The tasks that a model answered, sorted by id. Throws z.ZodError where they have another shape, UserError('input') where they can't be planned. */
export function parseTasks(answer: unknown): Task[] {
  const list = Array.isArray(answer) ? answer : z.looseObject({ tasks: z.array(z.unknown()) }).parse(answer).tasks
  const tasks = z.array(taskFile).min(1).parse(list).map(taskOf).sort((a, b) => compareIds(a.id, b.id))
  refuse(checkTasks(tasks))
  return tasks
}

// What a model is asked for: closed objects, and nothing that a model's grammar of answers may not take (bounds, patterns).
const closedRequirement = z.strictObject({ id: z.string().describe('F001, F002, ...'), title: z.string(), description: z.string(), acceptance_criteria: texts })
const askedPrd = z.strictObject({
  project: z.string(), problem: z.string(), users: texts, requirements: z.strictObject({ must_have: z.array(closedRequirement), should_have: z.array(closedRequirement) }),
  technology: texts, constraints: texts, success_metrics: texts,
})
const askedTasks = z.strictObject({
  tasks: z.array(z.strictObject({
    id: z.string().describe('TASK-001, TASK-002, ...'), title: z.string(), description: z.string(), feature_ref: z.string().optional().describe('id of a requirement of the PRD'),
    component: z.string().describe('backend, frontend, infrastructure, ...'), estimated_hours: z.number().describe('above 0'),
    dependencies: texts.describe('ids of tasks that must be done before; no cycles'), acceptance_criteria: texts.describe('each can be checked'),
    scope: z.strictObject({ allowed_patterns: texts.describe('globs of the files that the task may change') }).optional(), priority: z.enum(['high', 'medium', 'low']),
  })),
})

export const prdJsonSchema = (): Readonly<Record<string, unknown>> => z.toJSONSchema(askedPrd)
export const tasksJsonSchema = (): Readonly<Record<string, unknown>> => z.toJSONSchema(askedTasks)
