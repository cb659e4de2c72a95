import type { DrawnPlan, DrawnStatus, DrawnTask } from '../drawing/model.ts'
import { placedSchedule } from '../plan/schedule/placed-schedule.ts'
import type { Task } from '../plan/task.ts'
import type { Evidence, RecordedEvent } from '../state/event.ts'
import type { Snapshot, TaskStatus } from '../state/rows.ts'

const statuses: Readonly<Record<TaskStatus, DrawnStatus>> = { pending: 'pending', in_progress: 'running', completed: 'completed', failed: 'failed', blocked: 'blocked' }

/**
 * The plan as it stands, ready to be drawn: rows of the database, criteria of the task files, verdicts of the audit log. The schedule is
 * computed again from the rows: the database has no second copy of it. What a task depends on there and not in its file is the order that the plan gave to
 * tasks that may change the same files. `validations`: events of type validation.completed.
 */
export function drawnPlan(snapshot: Snapshot, tasks: readonly Task[], validations: readonly RecordedEvent[]): DrawnPlan {
  const files = new Map<string, Task>(tasks.map((task) => [task.id, task]))
  const verdicts = new Map(validations.flatMap((event) => (event.type === 'validation.completed' && event.task !== undefined ? [[event.task, event.data.criteria] as const] : [])))
  const ordered = [...snapshot.tasks].sort((a, b) => a.position - b.position)
  const trackOf = new Map(ordered.map((row) => [row.id, row.track]))
  const { places, criticalPathHours, makespanHours } = placedSchedule(ordered.map((row) => ({ ...row, allowedPatterns: files.get(row.id)?.allowedPatterns ?? [] })), (id) => trackOf.get(id) ?? '', ({ id, dependencies }) => {
    const file = files.get(id)
    return file === undefined ? dependencies : dependencies.filter((other) => file.dependencies.includes(other))
  })
  const drawn = snapshot.tasks.map((row): DrawnTask => {
    const place = places.get(row.id)
    const verdict = verdicts.get(row.id)
    return {
      id: row.id, title: row.title, component: row.component, hours: row.estimatedHours, status: statuses[row.status], track: row.track, sprint: row.sprint, dependencies: row.dependencies,
      start: place?.start ?? 0, finish: place?.finish ?? row.estimatedHours, slack: place?.slack ?? 0, critical: place?.critical ?? false,
      criteria: (files.get(row.id)?.acceptanceCriteria ?? []).map((text) => {
        const found = verdict?.find((each) => each.criterion === text)
        return { text, met: found?.pass, evidence: found?.pass === true && found.evidence[0] !== undefined ? evidenceText(found.evidence[0]) : undefined }
      }),
      iterations: row.iterations, model: row.model, costUsd: row.costUsd, durationMs: row.durationMs, startedAt: row.startedAt, completedAt: row.completedAt, reason: row.reason,
    }
  })
  const hours = new Map<string, number>()
  for (const task of drawn) for (const key of [`track ${task.track}`, `sprint ${task.sprint}`]) hours.set(key, (hours.get(key) ?? 0) + task.hours)
  return {
    name: snapshot.settings.project ?? 'Project', tasks: drawn,
    tracks: snapshot.tracks.map((track) => {
      const sprints = snapshot.sprints.filter((sprint) => sprint.track === track.id)
      return {
        id: track.id, name: track.name, hours: hours.get(`track ${track.id}`) ?? 0,
        sprints: sprints.map((sprint) => ({ id: sprint.id, name: sprint.name, number: sprint.number, hours: hours.get(`sprint ${sprint.id}`) ?? 0, status: sprint.status })),
      }
    }),
    criticalPathHours, makespanHours, usedTracks: snapshot.tracks.length, recommendedTracks: Number(snapshot.settings.recommended_tracks ?? snapshot.tracks.length),
    strategy: snapshot.settings.strategy ?? 'component', curve: curveOf(snapshot.settings.hours_by_tracks ?? ''), simulated: snapshot.simulated,
  }
}

/** `1=128 2=64` -> the hours for each number of tracks. */
const curveOf = (text: string): DrawnPlan['curve'] => [...text.matchAll(/(\d+)=([\d.]+)/g)].map(([, tracks, hours]) => ({ tracks: Number(tracks), hours: Number(hours) }))

const evidenceText = (evidence: Evidence): string => (evidence.kind === 'file' ? `${evidence.path}:${evidence.startLine}${evidence.endLine === evidence.startLine ? '' : `-${evidence.endLine}`}` : `gate ${evidence.gate}: ${evidence.quote}`)
