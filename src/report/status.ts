import type { LeaseHolder, Snapshot, TaskRow, TaskStatus } from '../state/rows.ts'
import { cost, counted, duration } from './format.ts'

const statuses: readonly TaskStatus[] = ['completed', 'in_progress', 'pending', 'failed', 'blocked']
const countBy = (tasks: readonly TaskRow[]): Record<TaskStatus, number> => Object.fromEntries(statuses.map((status) => [status, tasks.filter((task) => task.status === status).length])) as Record<TaskStatus, number>
const holder = (lease: LeaseHolder | undefined): { pid: number; host: string; since: string } | null => (lease === undefined ? null : { pid: lease.pid, host: lease.host, since: lease.since })

/** `devteam status --json`. Without a plan: no tracks and zero tasks. Money in USD. */
export function statusJson(snapshot: Snapshot | undefined): Record<string, unknown> {
  const tasks = snapshot?.tasks ?? []
  return {
    tasks: countBy(tasks),
    tracks: (snapshot?.tracks ?? []).map((track) => {
      const mine = tasks.filter((task) => task.track === track.id)
      const sprints = (snapshot?.sprints ?? []).filter((sprint) => sprint.track === track.id).map((sprint) => {
        const inside = mine.filter((task) => task.sprint === sprint.id)
        return { id: sprint.id, name: sprint.name, status: sprint.status, tasksCompleted: inside.filter((task) => task.status === 'completed').length, tasksTotal: inside.length }
      })
      return { id: track.id, name: track.name, status: track.status, tasksCompleted: mine.filter((task) => task.status === 'completed').length, tasksTotal: mine.length, sprints, lease: holder(track.lease) }
    }),
    current: tasks.filter((task) => task.status === 'in_progress').map((task) => ({ task: task.id, title: task.title, track: task.track, since: task.startedAt ?? null })),
    open: tasks.filter((task) => task.status === 'failed' || task.status === 'blocked').map((task) => ({ task: task.id, status: task.status, reason: task.reason ?? null })),
    reviewLease: holder(snapshot?.reviewLease), projectCompleted: snapshot?.projectCompleted ?? false,
    costUsd: snapshot === undefined ? 0 : snapshot.costUsd ?? null, simulated: snapshot?.simulated ?? false,
  }
}

/** What `devteam status` prints. `now` in milliseconds since the epoch. */
export function statusText(snapshot: Snapshot | undefined, now: number): string {
  if (snapshot === undefined) return 'No plan yet. `devteam plan` makes one; `devteam init --sample` writes a sample project.'
  const n = countBy(snapshot.tasks)
  const rest = (['in_progress', 'pending', 'failed', 'blocked'] as const).filter((status) => n[status] > 0).map((status) => `${n[status]} ${status === 'in_progress' ? 'running' : status}`)
  const lines = [`${snapshot.settings.project ?? 'Project'}: ${n.completed}/${snapshot.tasks.length} tasks completed${rest.length > 0 ? ` (${rest.join(', ')})` : ''}`, '']
  for (const track of snapshot.tracks) {
    const mine = snapshot.tasks.filter((task) => task.track === track.id)
    const running = track.lease === undefined ? '' : `, run by pid ${track.lease.pid} on ${track.lease.host} since ${track.lease.since}${track.lease.alive ? '' : ' (no longer alive)'}`
    lines.push(`Track ${Number(track.id)} (${track.name}): ${mine.filter((task) => task.status === 'completed').length}/${counted(mine.length, 'task')}, ${track.status.replace('_', ' ')}${running}`)
    for (const sprint of snapshot.sprints.filter((each) => each.track === track.id)) {
      const inside = mine.filter((task) => task.sprint === sprint.id)
      const done = inside.filter((task) => task.status === 'completed').length
      lines.push(`  ${sprint.id} ${sprint.name}: ${done}/${inside.length}, ${done === inside.length && sprint.status !== 'done' ? 'its review is to come' : sprint.status}`)
      for (const task of inside) {
        if (task.status === 'in_progress') lines.push(`    ◐ ${task.id} ${task.title}${task.startedAt === undefined ? '' : `, for ${duration(Math.max(0, now - Date.parse(task.startedAt)))}`}`)
        if (task.status === 'failed' || task.status === 'blocked') lines.push(`    ${task.status === 'failed' ? '✗' : '‖'} ${task.id} ${task.title}: ${task.reason ?? task.status}`)
      }
    }
  }
  lines.push('', `Cost: ${cost(snapshot.costUsd, snapshot.simulated)}`)
  if (snapshot.projectCompleted) lines.push('The final project review is done: docs/project-completion-report.md')
  return lines.join('\n')
}
