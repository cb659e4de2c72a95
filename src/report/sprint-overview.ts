import type { Plan } from '../plan/plan.ts'
import type { SprintFile } from '../plan/sprints/sprint-files.ts'
import { counted, hours } from './format.ts'
import { table } from './task-summary.ts'

/** `docs/sprints/SPRINT_OVERVIEW.md`: the sprints of each track, `files`. */
export function sprintOverview(plan: Plan, files: readonly SprintFile[]): string {
  const dependencies = new Map(files.map((file) => [file.id, file.dependencies]))
  return [
    '# Sprints',
    '',
    `${counted(plan.tasks, 'task')} on ${counted(plan.usedTracks, 'track')}: ${hours(plan.makespanHours)} hours instead of ${hours(plan.totalHours)} (strategy \`${plan.strategy}\`).`,
    ...plan.tracks.flatMap((track, i) => [
      '',
      `## Track ${i + 1}: ${track.name} (${hours(track.hours)} hours${idleText(track.idleHours)})`,
      '',
      table(['Sprint', 'Name', 'Goal', 'Hours', 'Tasks', 'Needs tasks of'], track.sprints.map((sprint) => [sprint.id, sprint.name, sprint.goal, hours(sprint.hours), sprint.tasks.join(', '), (dependencies.get(sprint.id) ?? []).join(', ')])),
    ]),
    '',
  ].join('\n')
}

/** What a track waits for others, or has no more work, before the last one ends. */
const idleText = (idle: number | undefined): string => (idle === undefined || idle === 0 ? '' : `, idle for ${hours(idle)}`)
