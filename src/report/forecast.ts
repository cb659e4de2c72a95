import { backTest, type BackTest, type TimedTask } from '../plan/forecast/calibration-back-test.ts'
import { calibrate, fewestMeasured, type Ratio } from '../plan/forecast/calibration.ts'
import { forecastLeft, type LeftForecast, type OpenTask } from '../plan/forecast/forecast-left.ts'
import { forecastHours, type EstimatedTask, type ForecastOptions, type HoursForecast } from '../plan/forecast/forecast.ts'
import type { TaskId } from '../plan/ids.ts'
import { networkOf, timeForward } from '../plan/forecast/monte-carlo.ts'
import type { Task } from '../plan/task.ts'
import type { RecordedEvent } from '../state/event.ts'
import type { Snapshot, TaskRow } from '../state/rows.ts'
import { exactHours } from '../plan/graph/units.ts'

/** How the agents have done so far, and what that says of the rest. Real and simulated work are never in one calibration. */
export interface AgentForecast {
  readonly simulated: boolean
  /** Completed tasks whose time was measured. */
  readonly measuredTasks: number
  /** Undefined with fewer than `fewestMeasured` measured tasks, and so is `left`. */
  readonly calibration?: { readonly minutesPerHour: number; readonly factor: number; readonly components: readonly Ratio[]; readonly agents: readonly Ratio[] }
  /** Undefined where nothing is left, too. */
  readonly left?: LeftForecast
  readonly backTest: BackTest
}

/** What `devteam forecast --json` prints. Hours are a person's, as estimated; minutes are agents'. */
export interface ForecastReport {
  readonly tasks: number
  readonly completed: number
  readonly tracks: number
  readonly fewestMeasured: number
  /** Of what is not completed, as planned: each task takes its estimate, on the tracks that are not done. */
  readonly openHours: number
  readonly makespanHours: number
  /** null: no open task has a low and a high estimate. */
  readonly hours: HoursForecast | null
  /** Failed and blocked tasks are counted as to be done. */
  readonly stuck: readonly TaskId[]
  readonly running: readonly TaskId[]
  /** Of real work first; empty: nothing is measured. */
  readonly agents: readonly AgentForecast[]
}

/**
 * The forecast of the plan as it is now. `files` give low and high, where their hours are the plan's still; `roles`, the events of completed roles, say who
 * implemented a task. `now` in milliseconds since the epoch.
 * What is completed is done; what runs has its time so far; the rest keeps its track and order.
 */
export function forecastReport(snapshot: Snapshot, files: readonly Task[], roles: readonly RecordedEvent[], now: number, options: ForecastOptions): ForecastReport {
  const agentOf = implementers(roles)
  const alive = new Set(snapshot.tracks.filter((track) => track.lease?.alive === true).map((track) => track.id))
  const isRunning = (task: TaskRow): boolean => task.status === 'in_progress' && alive.has(task.track)
  const left = snapshot.tasks.filter((task) => task.status !== 'completed')
  // What runs has been begun, whatever its place, and waits for nothing.
  const open = [...left.filter(isRunning).map((task) => ({ ...task, dependencies: [] })), ...left.filter((task) => !isRunning(task))]
  const byId = new Map(files.map((task) => [task.id, task]))
  const estimated = open.map((task): EstimatedTask => {
    const file = byId.get(task.id)
    return { id: task.id, track: task.track, dependencies: task.dependencies, hours: task.estimatedHours, estimate: file?.estimatedHours === task.estimatedHours ? file.estimate : undefined }
  })
  const agents = [false, true].flatMap((simulated) => agentForecast(snapshot.tasks.flatMap((task) => (task.simulated === simulated ? timed(task, agentOf) : [])), open, simulated, options, (task) => (isRunning(task) && task.simulated === simulated && task.startedAt !== undefined ? (now - Date.parse(task.startedAt)) / 60_000 : undefined)))
  return {
    tasks: snapshot.tasks.length, completed: snapshot.tasks.length - open.length, tracks: new Set(open.map((task) => task.track)).size, fewestMeasured,
    openHours: sum(open.map((task) => task.estimatedHours)), makespanHours: makespanOf(estimated), hours: forecastHours(estimated, options) ?? null,
    stuck: open.filter(({ status }) => status === 'failed' || status === 'blocked').map((task) => task.id), running: open.filter(isRunning).map((task) => task.id), agents,
  }
}

function agentForecast(measured: readonly TimedTask[], open: readonly TaskRow[], simulated: boolean, options: ForecastOptions, elapsedMinutes: (task: TaskRow) => number | undefined): AgentForecast[] {
  if (measured.length === 0) return []
  const calibration = calibrate(measured)
  if (calibration === undefined) return [{ simulated, measuredTasks: measured.length, backTest: backTest(measured) }]
  const { minutesPerHour, factor, components, agents } = calibration
  const rest = open.map((task): OpenTask => ({ id: task.id, track: task.track, dependencies: task.dependencies, component: task.component, hours: task.estimatedHours, elapsedMinutes: elapsedMinutes(task) }))
  return [{
    simulated, measuredTasks: measured.length, calibration: { minutesPerHour, factor, components, agents }, backTest: backTest(measured),
    ...(rest.length === 0 ? {} : { left: forecastLeft(rest, calibration, options) }),
  }]
}

/** The role and the model that implemented each task last. */
function implementers(roles: readonly RecordedEvent[]): ReadonlyMap<TaskId, string> {
  return new Map(roles.flatMap((event) => (event.type === 'role.completed' && event.data.kind === 'implement' && event.task !== undefined && event.role !== undefined
    ? [[event.task, event.model === undefined ? event.role : `${event.role} (${event.model})`] as const] : [])))
}

/** A completed task whose time is known: one that was completed elsewhere has none. */
function timed({ id, status, component, model, estimatedHours, startedAt, completedAt, durationMs }: TaskRow, agentOf: ReadonlyMap<TaskId, string>): TimedTask[] {
  if (status !== 'completed' || startedAt === undefined || completedAt === undefined || durationMs === undefined) return []
  return [{ task: id, component, agent: agentOf.get(id) ?? model ?? 'unknown', hours: estimatedHours, minutes: Math.max(1, durationMs) / 60_000, startedAt: Date.parse(startedAt), completedAt: Date.parse(completedAt) }]
}

const makespanOf = (tasks: readonly EstimatedTask[]): number => exactHours(timeForward(networkOf(tasks), Float64Array.from(tasks, (task) => task.hours), new Float64Array(tasks.length), new Float64Array(tasks.length)))
const sum = (hours: readonly number[]): number => exactHours(hours.reduce((total, each) => total + each, 0))
