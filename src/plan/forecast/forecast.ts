import { at } from '../at.ts'
import type { TaskId } from '../ids.ts'
import { networkOf, quantile, simulate, timeForward, type NetworkTask } from './monte-carlo.ts'
import { seeded, triangular } from './monte-carlo-random.ts'
import { conflictOrder, planOrder } from '../schedule/order.ts'
import type { Plan } from '../plan.ts'
import type { Task } from '../task.ts'
import { exactHours } from '../graph/units.ts'

export interface ForecastOptions {
  readonly runs: number
  /** A whole number: the same one gives the same forecast. */
  readonly seed: number
}

export const usualForecast: ForecastOptions = { runs: 1000, seed: 1 }

/** A task of a plan with its estimate, in hours. */
export interface EstimatedTask extends NetworkTask { readonly hours: number; readonly estimate: { readonly low: number; readonly high: number } | undefined }

/** How long a plan may take, in estimated hours. */
export interface HoursForecast {
  readonly runs: number
  readonly seed: number
  readonly distribution: 'triangular'
  readonly tasks: number
  /** Tasks without low and high: each counts as exactly its estimate, so that the true spread is wider. */
  readonly withoutSpread: number
  /** Where every task takes its estimate. */
  readonly plannedHours: number
  /** Share of the runs that end within `plannedHours`. */
  readonly withinPlanned: number
  readonly p50Hours: number
  readonly p80Hours: number
  readonly p95Hours: number
  /** Share of the runs in which a task is critical; in the plan's order. */
  readonly criticality: readonly { readonly task: TaskId; readonly share: number }[]
}

/** The forecast of a plan; undefined where no task has a low and a high estimate. */
export function forecastPlan(plan: Plan, tasks: readonly Task[], options = usualForecast): HoursForecast | undefined {
  return forecastHours(estimatedTasks(plan, tasks), options)
}

/** The tasks of a plan in its order. */
export function estimatedTasks(plan: Plan, tasks: readonly Task[]): EstimatedTask[] {
  const byId = new Map(conflictOrder(plan, tasks).map((task) => [task.id, task]))
  const tracks = new Map(plan.schedule.map((place) => [place.task, place.track]))
  return planOrder(plan, tasks).map((id) => {
    const [task, track] = [byId.get(id), tracks.get(id)]
    if (task === undefined || track === undefined) throw new Error(`${id} is not in the plan`)
    return { id, track, dependencies: task.dependencies, hours: task.estimatedHours, estimate: task.estimate }
  })
}

/**
 * Draws each task's hours from the triangular distribution over low, likely (its estimate) and high, each task by itself. Triangular and not beta
 * (PERT): it needs no fourth number, and stands in for it well (Johnson 1997). `tasks` in the plan's order; undefined where none has a spread.
 */
export function forecastHours(tasks: readonly EstimatedTask[], { runs, seed }: ForecastOptions): HoursForecast | undefined {
  const spread = tasks.filter(({ estimate }) => estimate !== undefined && estimate.low < estimate.high).length
  if (spread === 0) return undefined
  const network = networkOf(tasks)
  const uniform = seeded(seed)
  const { makespans, criticality } = simulate(network, (durations) => {
    tasks.forEach(({ hours, estimate }, i) => { durations[i] = estimate === undefined ? hours : triangular(uniform, estimate.low, hours, estimate.high) })
  }, runs)
  const planned = timeForward(network, Float64Array.from(tasks, (task) => task.hours), new Float64Array(tasks.length), new Float64Array(tasks.length))
  const within = makespans.filter((each) => each <= planned + 1e-9).length
  return {
    runs, seed, distribution: 'triangular', tasks: tasks.length, withoutSpread: tasks.length - spread, plannedHours: exactHours(planned), withinPlanned: within / runs,
    p50Hours: exactHours(quantile(makespans, 0.5)), p80Hours: exactHours(quantile(makespans, 0.8)), p95Hours: exactHours(quantile(makespans, 0.95)),
    criticality: tasks.map((task, i) => ({ task: task.id, share: at(criticality, i) })),
  }
}
