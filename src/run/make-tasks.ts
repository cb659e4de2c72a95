import * as z from 'zod'
import type { BriefSubject, Role } from '../agents/executor.ts'
import { UserError } from '../plan/errors.ts'
import { parsePrd, parseTasks, prdJsonSchema, tasksJsonSchema } from '../plan/answers.ts'
import type { Prd, Task } from '../plan/task.ts'
import { Journal } from './journal.ts'
import { PlainFolder } from './plain-folder.ts'
import type { PlanRequest, PlanSource } from './plan-request.ts'
import { runRole } from './role-runner.ts'
import { Usage } from './usage.ts'

/** PRD and tasks from a description, each by its role. */
export async function makeTasks(request: PlanRequest, source: PlanSource, session: string): Promise<{ prd: Prd; tasks: readonly Task[] }> {
  const { roles, executor, modelOf } = source
  const journal = new Journal(request.state, session, request.onEvent)
  const ask = async (role: Role, subject: BriefSubject, intro: string, outputSchema: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const result = await runRole({ journal, executor, modelOf, config: request.config, usage: new Usage(), signal: request.signal, confirmLease: () => request.state.flush(), directory: new PlainFolder(request.root) }, { assignment: { role, tier: role.tier }, subject, intro, outputSchema, place: {} })
    return result.answer
  }
  const prd = answered('PRD', parsePrd, await ask(roles.prdWriter, { kind: 'prd', source: source.text }, `Write the requirements document for:\n\n${source.text}`, prdJsonSchema()))
  const tasks = answered('task list', parseTasks, await ask(roles.taskGraphAnalyzer, { kind: 'tasks', source: source.text, prd }, `Break this project into tasks with dependencies and hours:\n\n${source.text}`, tasksJsonSchema()))
  return { prd, tasks }
}

function answered<T>(what: string, parse: (value: unknown) => T, answer: unknown): T {
  try { return parse(answer) } catch (error) {
    if (error instanceof UserError || error instanceof z.ZodError) throw new UserError('failed', `The ${what} that came back can't be used: ${error.message}. Nothing was written; try again.`, { cause: error })
    throw error
  }
}
