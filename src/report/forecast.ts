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
import { agentWork, type AgentWork } from './agent-work.ts'

/** How the agents have done so far, and what that says of the rest. Real and simulated work are never in one calibration. */
export interface AgentForecast {
  readonly simulated: boolean
  /** Completed tasks whose time was measured. */
  readonly measuredTasks: number
  /** Undefined with fewer than `fewestMeasured` measured tasks, and so is `left`. */
  readonly calibration?: { readonly minutesPerHour: number; readonly factor: number; readonly components: readonly Ratio[]; readonly agents: readonly Ratio[] }
  /** Sum of what reviews, mending after them and documentation took so far: in none of the other figures. */
  readonly outsideMinutes: number
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

/** What is known of a plan besides its state. */
export interface ForecastBasis {
  /** Task files: low and high, where their hours are the plan's still. */
  readonly files: readonly Task[]
  /** `task.started` and `role.completed`, in order: who implemented a task, and when. */
  readonly events: readonly RecordedEvent[]
  /** Who will implement a task that is not begun, as `agentName` writes it. */
  readonly assigned: ReadonlyMap<TaskId, string>
  /** In milliseconds since the epoch. */
  readonly now: number
}

/** The forecast of the plan as it is now. What is completed is done; what runs has its time so far; the rest keeps its track and order. */
export function forecastReport(snapshot: Snapshot, { files, events, assigned, now }: ForecastBasis, options: ForecastOptions): ForecastReport {
  const work = agentWork(events)
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
  const toDo = open.map((task): OpenTask => ({
    id: task.id, track: task.track, dependencies: task.dependencies, component: task.component, hours: task.estimatedHours,
    agent: (isRunning(task) ? work.implementers.get(task.id) : undefined) ?? assigned.get(task.id), elapsedMinutes: isRunning(task) ? elapsedOf(task, work, now) : undefined,
  }))
  const simulatedNow = new Map(open.map((task) => [task.id, task.simulated]))
  const agents = [false, true].flatMap((simulated) => {
    const measured = snapshot.tasks.flatMap((task) => (task.simulated === simulated ? timed(task, work) : []))
    return agentForecast(measured, toDo.map((task) => (simulatedNow.get(task.id) === simulated ? task : { ...task, elapsedMinutes: undefined })), simulated, work, options)
  })
  return {
    tasks: snapshot.tasks.length, completed: snapshot.tasks.length - open.length, tracks: new Set(open.map((task) => task.track)).size, fewestMeasured,
    openHours: sum(open.map((task) => task.estimatedHours)), makespanHours: makespanOf(estimated), hours: forecastHours(estimated, options) ?? null,
    stuck: open.filter(({ status }) => status === 'failed' || status === 'blocked').map((task) => task.id), running: open.filter(isRunning).map((task) => task.id), agents,
  }
}

/** Of the attempt that runs, as what is measured of a completed task is of the attempt that completed it. */
function elapsedOf(task: TaskRow, work: AgentWork, now: number): number | undefined {
  const from = work.begun.get(task.id) ?? (task.startedAt === undefined ? undefined : Date.parse(task.startedAt))
  return from === undefined ? undefined : Math.max(0, now - from) / 60_000
}

function agentForecast(measured: readonly TimedTask[], open: readonly OpenTask[], simulated: boolean, work: AgentWork, options: ForecastOptions): AgentForecast[] {
  if (measured.length === 0) return []
  const first = Math.min(...measured.map((task) => task.startedAt))
  const common = { simulated, measuredTasks: measured.length, outsideMinutes: work.outsideMinutes(simulated, new Date(first).toISOString()), backTest: backTest(measured) }
  const calibration = calibrate(measured)
  if (calibration === undefined) return [common]
  const { minutesPerHour, factor, components, agents } = calibration
  return [{ ...common, calibration: { minutesPerHour, factor, components, agents }, ...(open.length === 0 ? {} : { left: forecastLeft(open, calibration, options) }) }]
}

/** A completed task whose time is known: one that was completed elsewhere has none. */
function timed({ id, status, component, model, estimatedHours, startedAt, completedAt, durationMs }: TaskRow, work: AgentWork): TimedTask[] {
  if (status !== 'completed' || startedAt === undefined || completedAt === undefined || durationMs === undefined) return []
  return [{ task: id, component, agent: work.implementers.get(id) ?? model ?? 'unknown', hours: estimatedHours, minutes: Math.max(1, durationMs) / 60_000, startedAt: Date.parse(startedAt), completedAt: Date.parse(completedAt) }]
}

const makespanOf = (tasks: readonly EstimatedTask[]): number => exactHours(timeForward(networkOf(tasks), Float64Array.from(tasks, (task) => task.hours), new Float64Array(tasks.length), new Float64Array(tasks.length)))
const sum = (hours: readonly number[]): number => exactHours(hours.reduce((total, each) => total + each, 0))
