import { at, getOrMake, real } from '../at.ts'
import type { Basis, Predictor } from './calibration.ts'
import type { Group } from './crossed-effects.ts'
import type { ForecastOptions } from './forecast.ts'
import type { TaskId } from '../ids.ts'
import { networkOf, quantile, simulate, type NetworkTask } from './monte-carlo.ts'
import { normal, normalFrom, seeded, type Uniform } from './monte-carlo-random.ts'

/** A task that is not completed. Hours are estimated. */
export interface OpenTask extends NetworkTask {
  readonly component: string
  /** Who will implement it; undefined: not known. */
  readonly agent: string | undefined
  readonly hours: number
  /** Agent minutes since it was begun; undefined: nobody works on it. */
  readonly elapsedMinutes: number | undefined
}

/** What is said of one open task. The quantiles are of the whole task, for one that runs too. */
export interface LeftTask {
  readonly task: TaskId
  readonly component: string
  readonly agent?: string
  /** What of it was measured before. */
  readonly basis: Basis
  readonly p50Minutes: number
  readonly p80Minutes: number
  readonly criticality: number
}

/** Wall clock of agents from now on, with every track running. Minutes. */
export interface LeftForecast {
  readonly runs: number
  readonly seed: number
  readonly tasks: number
  readonly p50Minutes: number
  readonly p80Minutes: number
  readonly p95Minutes: number
  /** In the plan's order. */
  readonly byTask: readonly LeftTask[]
}

/**
 * What is left, in the time of agents: estimated hours times the calibrated ratio. A run draws what is not known about the ratio once (about all, about each
 * component and about each agent, and how widely tasks vary), and each task's deviation by itself, so that an unlucky ratio hits all its tasks.
 * A running task takes longer than it has taken.
 */
export function forecastLeft(open: readonly OpenTask[], predictor: Predictor, { runs, seed }: ForecastOptions): LeftForecast {
  const network = networkOf(open)
  const uniform = seeded(seed)
  const places = new Map<string, number>()
  const groups: Group[] = []
  const placeOf = open.map(({ component, agent }) => getOrMake(places, JSON.stringify([component, agent]), () => groups.push({ component, agent: agent ?? nobody }) - 1))
  const ratios = groups.map((group) => ({ ...predictor.ratio(group), basis: predictor.basisOf(group) }))
  const means = new Float64Array(groups.length)
  const draw = predictor.sampler(groups)
  const { makespans, criticality } = simulate(network, (durations) => {
    const deviation = draw(uniform, means)
    open.forEach((task, i) => { durations[i] = leftOf(uniform, task, real(means, at(placeOf, i)), deviation) })
  }, runs)
  return {
    runs, seed, tasks: open.length, p50Minutes: quantile(makespans, 0.5), p80Minutes: quantile(makespans, 0.8), p95Minutes: quantile(makespans, 0.95),
    byTask: open.map(({ id, component, agent, hours }, i) => {
      const { p50, p80, basis } = at(ratios, at(placeOf, i))
      return { task: id, component, ...(agent === undefined ? {} : { agent }), basis, p50Minutes: hours * p50, p80Minutes: hours * p80, criticality: at(criticality, i) }
    }),
  }
}

/** No agent has an empty name, so that nothing was measured of this one. */
const nobody = ''

function leftOf(uniform: Uniform, { hours, elapsedMinutes }: OpenTask, mean: number, deviation: number): number {
  const median = hours * Math.exp(mean)
  if (elapsedMinutes === undefined || elapsedMinutes <= 0) return median * Math.exp(deviation * normal(uniform))
  if (deviation === 0) return Math.max(0, median - elapsedMinutes)
  return Math.max(0, median * Math.exp(deviation * normalFrom(uniform, Math.log(elapsedMinutes / median) / deviation)) - elapsedMinutes)
}
