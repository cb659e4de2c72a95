import type { DrawnPlan, DrawnStatus, DrawnTask } from '../drawing/model.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { Strategy } from '../plan/plan.ts'
import type { Task } from '../plan/task.ts'
import type { Evidence, RecordedEvent } from '../state/event.ts'
import type { Snapshot, TaskStatus } from '../state/rows.ts'

const statuses: Readonly<Record<TaskStatus, DrawnStatus>> = { pending: 'pending', in_progress: 'running', completed: 'completed', failed: 'failed', blocked: 'blocked' }

/**
 * The plan as it stands, ready to be drawn: rows of the database, criteria of the task files, verdicts of the audit log. The schedule is
 * computed again from the rows (the database has no second copy of it). `validations`: events of type validation.completed.
 */
export function drawnPlan(snapshot: Snapshot, tasks: readonly Task[], validations: readonly RecordedEvent[]): DrawnPlan {
  const files = new Map<string, Task>(tasks.map((task) => [task.id, task]))
  const verdicts = new Map(validations.flatMap((event) => (event.type === 'validation.completed' && event.task !== undefined ? [[event.task, event.data.criteria] as const] : [])))
  const plan = makePlan(snapshot.tasks.map((row): Task => ({
    id: row.id, title: row.title, description: '', component: row.component, estimatedHours: row.estimatedHours, dependencies: row.dependencies, acceptanceCriteria: [], allowedPatterns: files.get(row.id)?.allowedPatterns ?? [], priority: 'medium',
  })), { tracks: snapshot.tracks.length, strategy: strategyOf(snapshot.settings.strategy), sprintHours: Number(snapshot.settings.sprint_hours ?? 40), allowIdleTracks: true })
  const places = new Map<string, (typeof plan.schedule)[number]>(plan.schedule.map((place) => [place.task, place]))
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
  return {
    name: snapshot.settings.project ?? 'Project', tasks: drawn,
    tracks: snapshot.tracks.map((track) => {
      const sprints = snapshot.sprints.filter((sprint) => sprint.track === track.id)
      const hoursOf = (keep: (task: DrawnTask) => boolean): number => drawn.filter(keep).reduce((sum, task) => sum + task.hours, 0)
      return {
        id: track.id, name: track.name, hours: hoursOf((task) => task.track === track.id),
        sprints: sprints.map((sprint) => ({ id: sprint.id, name: sprint.name, number: sprint.number, hours: hoursOf((task) => task.sprint === sprint.id), status: sprint.status })),
      }
    }),
    criticalPathHours: plan.criticalPath.hours, makespanHours: plan.makespanHours, usedTracks: snapshot.tracks.length, recommendedTracks: plan.recommendedTracks,
    strategy: plan.strategy, curve: plan.curve, simulated: snapshot.simulated,
  }
}

const strategyOf = (text: string | undefined): Strategy => (text === 'balanced' ? 'balanced' : 'component')
const evidenceText = (evidence: Evidence): string => (evidence.kind === 'file' ? `${evidence.path}:${evidence.startLine}${evidence.endLine === evidence.startLine ? '' : `-${evidence.endLine}`}` : `gate ${evidence.gate}: ${evidence.quote}`)
