import type { SessionRow, SprintRow, TaskRow, TrackRow } from '../../state/rows.ts'
import type { RecordedEvent } from '../../state/event.ts'

/** How a row of a tree reads: what is drawn, and what a screen reader says. `icon`: a codicon, with the colour of the theme. */
export interface Wording { readonly label: string; readonly description: string; readonly accessible: string; readonly icon: readonly [name: string, color?: string] }

/** What a row is drawn from besides its own. Hours are estimated. */
export interface Surroundings { readonly tasks: readonly TaskRow[]; readonly critical: ReadonlySet<string>; /** This process: what it does itself needs no naming. */ readonly pid: number }

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`
const short = (n: number): string => String(Math.round(n * 10) / 10)
const joined = (parts: readonly (string | false | undefined)[], by: string): string => parts.filter((part) => typeof part === 'string' && part !== '').join(by)
const shown = { pending: 'pending', in_progress: 'running', completed: 'completed', failed: 'failed', blocked: 'blocked' } as const
const icons = {
  pending: ['circle-large-outline'], in_progress: ['loading~spin', 'progressBar.background'], completed: ['pass-filled', 'testing.iconPassed'],
  failed: ['error', 'errorForeground'], blocked: ['debug-pause', 'editorWarning.foreground'],
} as const satisfies Record<TaskRow['status'], readonly [string, string?]>

/** `TASK-004 User authentication API`, and behind it `8 h · critical · waits for TASK-001`. */
export function taskWording(task: TaskRow, { tasks, critical }: Surroundings): Wording {
  const waits = task.status !== 'pending' ? [] : task.dependencies.filter((id) => tasks.some((each) => each.id === id && each.status !== 'completed'))
  const isCritical = critical.has(task.id)
  const reason = task.status === 'failed' || task.status === 'blocked' ? task.reason : undefined
  const waiting = waits.length > 0 && `waits for ${waits.join(', ')}`
  const iterations = task.iterations > 0 && counted(task.iterations, 'iteration')
  return {
    label: `${task.id} ${task.title}`,
    description: joined([`${short(task.estimatedHours)} h`, isCritical && 'critical', iterations, waiting, reason], ' · '),
    accessible: joined([`${task.id} ${task.title}`, shown[task.status], counted(Number(short(task.estimatedHours)), 'hour'), isCritical && 'critical', iterations, waiting, reason, task.simulated && 'simulated'], ', '),
    icon: icons[task.status],
  }
}

/** `SPRINT-001-01 Foundation`, and behind it `1/3 · 24 h`. */
export function sprintWording(sprint: SprintRow, { tasks }: Surroundings): Wording {
  const mine = tasks.filter((task) => task.sprint === sprint.id)
  const { done, hours } = sums(mine)
  const running = mine.some((task) => task.status === 'in_progress')
  return {
    label: `${sprint.id} ${sprint.name}`, description: `${done}/${mine.length} · ${short(hours)} h`,
    accessible: `${sprint.id} ${sprint.name}, ${sprint.status}, ${done} of ${counted(mine.length, 'task')} completed, ${counted(Number(short(hours)), 'hour')}`,
    icon: sprint.status === 'done' ? ['pass', 'testing.iconPassed'] : running ? ['debug-start', 'progressBar.background'] : ['milestone'],
  }
}

/** `01 Backend API`, and behind it `3/7 · 52 h`. */
export function trackWording(track: TrackRow, { tasks, pid }: Surroundings): Wording {
  const mine = tasks.filter((task) => task.track === track.id)
  const { done, hours } = sums(mine)
  const elsewhere = track.lease?.alive === true && track.lease.pid !== pid && `in process ${track.lease.pid}`
  return {
    label: `${track.id} ${track.name}`, description: joined([`${done}/${mine.length}`, `${short(hours)} h`, elsewhere], ' · '),
    accessible: joined([`Track ${track.id} ${track.name}`, track.status === 'in_progress' ? 'running' : track.status, `${done} of ${counted(mine.length, 'task')} completed`, counted(Number(short(hours)), 'hour'), elsewhere], ', '),
    icon: ['circle-filled', `devteam.track${(Number(track.id) - 1) % 6 + 1}`],
  }
}

const sums = (tasks: readonly TaskRow[]): { done: number; hours: number } => ({ done: tasks.filter((task) => task.status === 'completed').length, hours: tasks.reduce((sum, task) => sum + task.estimatedHours, 0) })

const sessionIcons = {
  running: ['loading~spin', 'progressBar.background'], completed: ['pass', 'testing.iconPassed'], failed: ['error', 'errorForeground'], interrupted: ['debug-stop', 'editorWarning.foreground'],
} as const satisfies Record<SessionRow['status'], readonly [string, string]>

/** `devteam implement --sprint all`, and behind it `completed · 10:24 · simulated`. */
export function sessionWording(session: SessionRow, timeOf: (iso: string) => string): Wording {
  const at = timeOf(session.startedAt)
  return {
    label: session.command, description: joined([session.status, at, session.simulated && 'simulated'], ' · '),
    accessible: joined([session.command, session.status, `started ${at}`, session.simulated && 'simulated'], ', '), icon: sessionIcons[session.status],
  }
}

/** `TASK-004 validation failed`, and behind it when. */
export function eventWording(event: RecordedEvent, timeOf: (iso: string) => string): Wording {
  const [what, detail, icon] = happened(event)
  const place = event.task ?? event.sprint ?? (event.track === undefined ? undefined : `track ${event.track}`)
  const label = joined([place, what], ' ')
  return { label, description: joined([detail, timeOf(event.time)], ' · '), accessible: joined([label, detail, timeOf(event.time)], ', '), icon }
}

const good = ['pass', 'testing.iconPassed'] as const
const bad = ['error', 'errorForeground'] as const
const warning = ['warning', 'editorWarning.foreground'] as const

function happened(event: RecordedEvent): readonly [what: string, detail: string | undefined, icon: readonly [string, string?]] {
  switch (event.type) {
    case 'task.completed': return ['completed', counted(event.data.iterations, 'iteration'), good]
    case 'task.failed': return ['failed', event.data.reason, bad]
    case 'task.blocked': return ['blocked', `by ${event.data.by}`, warning]
    case 'task.waiting': return ['waits', `for ${event.data.on.map((on) => on.task).join(', ')}`, ['clock']]
    case 'role.started': return [`${roleName(event)} started`, event.model, ['person']]
    case 'role.completed': return [`${roleName(event)} done`, event.data.summary, ['person']]
    case 'file.touched': return ['writes', event.data.file, ['edit']]
    case 'gate.completed': return [`gate ${event.data.gate}`, event.data.exitCode === 0 ? 'passed' : event.data.reason ?? `exit ${event.data.exitCode ?? 'unknown'}`, event.data.exitCode === 0 ? good : bad]
    case 'validation.completed': return [event.data.verdict === 'pass' ? 'validated' : 'validation failed', event.data.gap, event.data.verdict === 'pass' ? good : warning]
    case 'review.completed': return [`review ${event.data.review}`, event.data.note, event.data.verdict === 'pass' ? good : warning]
    case 'model.escalated': return ['escalated', `${event.data.from} to ${event.data.to}: ${event.data.reason}`, ['arrow-up']]
    case 'merge.conflict': return ['merge conflict', event.data.files.join(', '), warning]
    case 'sprint.completed': case 'track.completed': case 'project.completed': return [words(event.type), undefined, good]
    case 'error': return ['error', event.data.message, bad]
    default: return [words(event.type), undefined, ['circle-small-filled']]
  }
}

/** `backend:api-designer` -> `api-designer` */
const roleName = (event: RecordedEvent): string => event.role?.split(':').at(-1) ?? 'role'
/** `sprint.started` -> `sprint started` */
const words = (type: string): string => type.replace('.', ' ')
