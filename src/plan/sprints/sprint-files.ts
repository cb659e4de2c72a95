import type { SprintId, TaskId, TrackId } from '../ids.ts'
import type { Plan } from '../plan.ts'
import type { Task } from '../task.ts'

/** `docs/sprints/SPRINT-001-01.json` */
export interface SprintFile {
  readonly id: SprintId
  readonly name: string
  readonly track: TrackId
  readonly sprint_number: number
  readonly goal: string
  readonly duration_hours: number
  readonly tasks: readonly TaskId[]
  /** Sprints that have a task which one of this sprint's tasks depends on. */
  readonly dependencies: readonly SprintId[]
}

/** The sprints of a plan as they are written, track by track. */
export function sprintFiles(plan: Plan, tasks: readonly Task[]): SprintFile[] {
  const sprints = plan.tracks.flatMap((track) => track.sprints.map((sprint) => ({ track, sprint })))
  const places = new Map(sprints.flatMap(({ sprint }, i) => sprint.tasks.map((id) => [id, i] as const)))
  const byId = new Map(tasks.map((task) => [task.id, task]))
  return sprints.map(({ track, sprint }, i) => {
    const needed = new Set(sprint.tasks.flatMap((id) => byId.get(id)?.dependencies ?? []).flatMap((id) => places.get(id) ?? []))
    return {
      id: sprint.id, name: sprint.name, track: track.id, sprint_number: sprint.number, goal: sprint.goal, duration_hours: sprint.hours, tasks: sprint.tasks,
      dependencies: [...needed].filter((other) => other !== i).sort((a, b) => a - b).flatMap((other) => sprints[other]?.sprint.id ?? []),
    }
  })
}
