import * as z from 'zod'
import { checkTasks } from './check.ts'
import { inIdOrder } from './natural.ts'
import { prdOf } from './prd-file.ts'
import { refuse } from './problem.ts'
import { prdFile, taskFile } from './schema.ts'
import type { Prd, Task } from './task.ts'
import { taskOf } from './task-file.ts'

/** The PRD that a model answered, in the keys of the file. Throws z.ZodError where it has another shape. */
export const parsePrd = (answer: unknown): Prd => prdOf(prdFile.parse(answer))

/** The tasks that a model answered, sorted by id. Throws z.ZodError where they have another shape, UserError('input') where they can't be planned. */
export function parseTasks(answer: unknown): Task[] {
  const list = Array.isArray(answer) ? answer : z.looseObject({ tasks: z.array(z.unknown()) }).parse(answer).tasks
  const tasks = inIdOrder(z.array(taskFile).min(1).parse(list).map(taskOf), ({ id }) => id)
  refuse(checkTasks(tasks))
  return tasks
}

const texts = z.array(z.string())

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
