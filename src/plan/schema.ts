import * as z from 'zod'
import { checkTasks } from './check.ts'
import { isTaskId } from './ids.ts'
import { compareIds } from './natural.ts'
import { prdOf } from './prd-file.ts'
import { refuse } from './problem.ts'
import type { Prd, Task } from './task.ts'
import { taskOf } from './task-file.ts'

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

export type TaskFile = z.infer<typeof taskFile>

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

export type PrdFile = z.infer<typeof prdFile>
export type RequirementFile = z.infer<typeof requirement>

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
