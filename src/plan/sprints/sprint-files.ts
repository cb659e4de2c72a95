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
  const needed = sprints.map(() => new Set<number>())
  for (const { id, dependencies } of tasks) {
    const place = places.get(id)
    if (place === undefined) continue
    for (const before of dependencies) {
      const other = places.get(before)
      if (other !== undefined && other !== place) needed[place]?.add(other)
    }
  }
  return sprints.map(({ track, sprint }, i) => ({
    id: sprint.id, name: sprint.name, track: track.id, sprint_number: sprint.number, goal: sprint.goal, duration_hours: sprint.hours, tasks: sprint.tasks,
    dependencies: [...needed[i] ?? []].sort((a, b) => a - b).flatMap((other) => sprints[other]?.sprint.id ?? []),
  }))
}
