import { at } from '../at.ts'
import { taskQuantiles } from './calibration-back-test.ts'
import type { Predictor } from './calibration.ts'
import type { ForecastOptions } from './forecast.ts'
import type { TaskId } from '../ids.ts'
import { networkOf, quantile, simulate, type NetworkTask } from './monte-carlo.ts'
import { chiSquare, normal, normalFrom, seeded, type Uniform } from './monte-carlo-random.ts'

/** A task that is not completed. Hours are estimated. */
export interface OpenTask extends NetworkTask {
  readonly component: string
  readonly hours: number
  /** Agent minutes since it was begun; undefined: nobody works on it. */
  readonly elapsedMinutes: number | undefined
}

/** Wall clock of agents from now on, with every track running. Minutes. */
export interface LeftForecast {
  readonly runs: number
  readonly seed: number
  readonly tasks: number
  readonly p50Minutes: number
  readonly p80Minutes: number
  readonly p95Minutes: number
  /** In the plan's order. The quantiles are of the whole task, for one that runs too. */
  readonly byTask: readonly { readonly task: TaskId; readonly p50Minutes: number; readonly p80Minutes: number; readonly criticality: number }[]
}

/**
 * What is left, in the time of agents: estimated hours times the calibrated ratio. A run draws what is not known about the ratio once (about all, and
 * about each component), and each task's deviation by itself, so that an unlucky ratio hits all its tasks; the variance from few
 * tasks is itself drawn (scaled inverse chi-square, as in Gelman and others 2013, section 3.2). A running task takes longer than it has taken.
 */
export function forecastLeft(open: readonly OpenTask[], predictor: Predictor, { runs, seed }: ForecastOptions): LeftForecast {
  const network = networkOf(open)
  const uniform = seeded(seed)
  const components = [...new Set(open.map((task) => task.component))]
  const componentOf = open.map((task) => components.indexOf(task.component))
  const predictions = components.map((component) => predictor.predict(component))
  const { makespans, criticality } = simulate(network, (durations) => {
    const scale = Math.sqrt(predictor.freedom / chiSquare(uniform, predictor.freedom))
    const common = normal(uniform)
    const means = predictions.map(({ mean, own, shared }) => mean + scale * (shared * common + own * normal(uniform)))
    open.forEach((task, i) => {
      const component = at(componentOf, i)
      durations[i] = leftOf(uniform, task, at(means, component), scale * at(predictions, component).within)
    })
  }, runs)
  return {
    runs, seed, tasks: open.length, p50Minutes: quantile(makespans, 0.5), p80Minutes: quantile(makespans, 0.8), p95Minutes: quantile(makespans, 0.95),
    byTask: open.map((task, i) => ({ task: task.id, ...taskQuantiles(predictor, task), criticality: at(criticality, i) })),
  }
}

function leftOf(uniform: Uniform, { hours, elapsedMinutes }: OpenTask, mean: number, deviation: number): number {
  const median = hours * Math.exp(mean)
  if (elapsedMinutes === undefined || elapsedMinutes <= 0) return median * Math.exp(deviation * normal(uniform))
  if (deviation === 0) return Math.max(0, median - elapsedMinutes)
  return Math.max(0, median * Math.exp(deviation * normalFrom(uniform, Math.log(elapsedMinutes / median) / deviation)) - elapsedMinutes)
}
