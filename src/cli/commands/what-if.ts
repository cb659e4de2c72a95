import { UserError } from '../../plan/errors.ts'
import { readTasks } from '../../plan/files/read.ts'
import type { Strategy } from '../../plan/plan.ts'
import { parseVariants } from '../../plan/what-if/change.ts'
import { Comparison } from '../../plan/what-if/what-if.ts'
import { outcomeText, whatIfText } from '../../report/what-if-text.ts'
import { readConfig } from '../../run/config.ts'
import { printJson, type Shell } from '../shell.ts'
import { withState } from '../workspace.ts'

export interface WhatIfRequest { readonly tracks: number | undefined; readonly strategy: Strategy | undefined; readonly allowIdleTracks: boolean; readonly questions: readonly string[] }

/**
 * `devteam plan [TRACKS] --what-if [CHANGE]`: what would be if. Reads the task files and writes nothing. Strategy and tracks are those of the plan that is
 * there, unless others are asked for. Of a plan in progress it is about what is left. The question `overview`, which is the one where none is given, asks for all of it.
 */
export async function whatIfCommand(shell: Shell, { tracks, strategy, allowIdleTracks, questions }: WhatIfRequest): Promise<number> {
  const started = performance.now()
  const config = await readConfig(shell.cwd)
  const files = await readTasks(shell.cwd)
  const there = await withState(shell, (state) => state.snapshot())
  const completed = new Set(there?.tasks.flatMap(({ id, status }) => (status === 'completed' ? [id] : [])))
  const tasks = files.filter(({ id }) => !completed.has(id)).map((task) => ({ ...task, dependencies: task.dependencies.filter((id) => !completed.has(id)) }))
  if (files.length === 0) throw new UserError('input', `There are no tasks in docs/planning/tasks of ${shell.cwd}. \`devteam init --sample\` writes a sample.`)
  if (tasks.length === 0) throw new UserError('input', 'Every task is completed: there is nothing left to plan.')
  const variants = parseVariants(questions.filter((question) => question !== 'overview'), tasks)
  const planned = there === undefined || tracks !== undefined ? undefined : there.tracks.length
  const asked = tracks ?? planned
  const comparison = Comparison.of(tasks, {
    ...(asked === undefined ? {} : { tracks: asked }), strategy: strategy ?? strategyOf(there?.settings.strategy) ?? config.strategy, sprintHours: config.sprintHours,
    allowIdleTracks: allowIdleTracks || planned !== undefined,
  })
  const { plan } = comparison
  const base = { tasks: plan.tasks, strategy: plan.strategy, tracks: plan.usedTracks, hours: plan.makespanHours }
  const done = files.length - tasks.length
  const overview = questions.includes('overview') ? comparison.overview() : undefined
  const outcomes = variants.map((variant) => comparison.outcome(variant))
  if (shell.json) printJson(shell, { ...overview ?? base, completed: done, outcomes, warnings: plan.warnings, elapsedMs: Math.round(performance.now() - started) })
  else {
    shell.out([
      ...(done === 0 ? [] : [`${done} of ${files.length} tasks are completed: this is about the rest, planned anew.\n`]), ...plan.warnings.map((warning) => `⚠️ ${warning}\n`), ...(overview === undefined ? [] : [`${whatIfText(overview)}\n`]),
      ...(outcomes.length > 0 ? [`${outcomes.map((outcome) => outcomeText(base, outcome)).join('\n')}\n`] : []),
    ].join('\n'))
  }
  return 0
}

const strategyOf = (text: string | undefined): Strategy | undefined => (text === 'component' || text === 'balanced' ? text : undefined)
