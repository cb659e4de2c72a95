import { writeSprints, writeText } from '../plan/files/read.ts'
import type { Plan } from '../plan/plan.ts'
import { sprintFiles } from '../plan/sprints/sprint-files.ts'
import type { Task } from '../plan/task.ts'
import { sprintOverview } from '../report/sprint-overview.ts'
import { taskSummary } from '../report/task-summary.ts'

/** What a plan leaves for people to read below `root`: docs/sprints and docs/planning/TASK_SUMMARY.md. `tasks` by id. */
export async function writePlanFiles(root: string, plan: Plan, tasks: readonly Task[]): Promise<void> {
  const sprints = sprintFiles(plan, tasks)
  await writeSprints(root, sprints)
  await writeText(root, 'docs/planning/TASK_SUMMARY.md', taskSummary(plan, tasks))
  await writeText(root, 'docs/sprints/SPRINT_OVERVIEW.md', sprintOverview(plan, sprints))
}
