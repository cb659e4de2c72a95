import type { ExportedPlan, ExportedTask } from '../plan/export/exported.ts'
import type { TaskId } from '../plan/ids.ts'
import type { Task } from '../plan/task.ts'
import type { Snapshot } from '../state/rows.ts'
import { drawnPlan } from './drawn-plan.ts'

/** Tasks of the plan whose files say other things by now, or are gone, and files that are not in it. What is completed is not asked. */
export function changedSince(snapshot: Snapshot, files: readonly Task[]): TaskId[] {
  const byId = new Map(files.map((task) => [task.id, task]))
  const changed = snapshot.tasks.filter((row) => {
    const file = byId.get(row.id)
    const isSame = file !== undefined && file.title === row.title && file.estimatedHours === row.estimatedHours && file.component === row.component && file.dependencies.every((id) => row.dependencies.includes(id))
    return row.status !== 'completed' && !isSame
  }).map(({ id }) => id)
  const planned = new Set(snapshot.tasks.map(({ id }) => id))
  return [...changed, ...files.flatMap(({ id }) => (planned.has(id) ? [] : [id]))]
}

/** The plan as it stands, for other programs: rows of the database and their schedule, texts of the task files. */
export function exportedPlan(snapshot: Snapshot, files: readonly Task[]): ExportedPlan {
  const file = new Map(files.map((task) => [task.id, task]))
  const drawn = new Map(drawnPlan(snapshot, files, []).tasks.map((task) => [task.id, task]))
  const planned = new Set(snapshot.tasks.map((row) => row.id))
  const tasks = [...snapshot.tasks].sort((a, b) => a.position - b.position).map((row): ExportedTask => {
    const [texts, place] = [file.get(row.id), drawn.get(row.id)]
    if (place === undefined) throw new Error(`${row.id} has no place in the schedule`)
    const task: Task = {
      ...(texts ?? { description: '', acceptanceCriteria: [], allowedPatterns: [], priority: 'medium' }), id: row.id, title: row.title, component: row.component, estimatedHours: row.estimatedHours,
      dependencies: texts === undefined ? row.dependencies : texts.dependencies.filter((id) => planned.has(id)),
    }
    return { task, track: row.track, sprint: row.sprint, after: row.dependencies, start: place.start, finish: place.finish, slack: place.slack, critical: place.critical, status: place.status }
  })
  return {
    name: snapshot.settings.project ?? 'Project', plannedOn: (snapshot.settings.planned_at ?? '1970-01-01').slice(0, 10), tasks,
    tracks: snapshot.tracks.map((track) => ({ id: track.id, name: track.name, sprints: snapshot.sprints.filter((sprint) => sprint.track === track.id).map(({ id, name }) => ({ id, name })) })),
  }
}
