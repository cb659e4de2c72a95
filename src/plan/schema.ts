import * as z from 'zod'
import { isTaskId } from './ids.ts'

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
