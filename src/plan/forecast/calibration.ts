import { at, getOrMake } from '../at.ts'
import type { TaskId } from '../ids.ts'

/** A completed task: hours are a person's, as estimated; minutes an agent's, as measured. They are never added, only divided. */
export interface MeasuredTask { readonly task: TaskId; readonly component: string; readonly agent: string; readonly hours: number; readonly minutes: number }

/** Agent minutes for each estimated hour in a group of tasks (a component, or an agent). */
export interface Ratio { readonly name: string; readonly tasks: number; readonly minutesPerHour: number }

/** What the logarithm of a task's ratio is, with standard deviations: `within` from task to task, `own` and `shared` of what is not known about its component and about all. */
export interface Prediction { readonly mean: number; readonly within: number; readonly own: number; readonly shared: number }

/** What measured tasks say of others. */
export interface Predictor {
  /** Degrees of freedom that `within` rests on. */
  readonly freedom: number
  predict(component: string): Prediction
}

export interface Calibration extends Predictor {
  readonly tasks: number
  /** The median ratio of all. */
  readonly minutesPerHour: number
  /** Four of five tasks take between `minutesPerHour` / factor and `minutesPerHour` * factor. */
  readonly factor: number
  readonly components: readonly Ratio[]
  readonly agents: readonly Ratio[]
}

/** With fewer measured tasks than this there is no calibration. */
export const fewestMeasured = 5
/** Components are told apart where there are at least so many tasks more than components. */
const fewestWithin = 3

/**
 * Ratios are taken as log-normal, with one spread for all. A component's ratio is drawn towards that of all the more the fewer tasks it has (credibility,
 * Buhlmann and Straub 1970, on logarithms): both variances are estimated from the tasks. Undefined with fewer than `fewestMeasured` tasks. O(n).
 */
export function calibrate(measured: readonly MeasuredTask[]): Calibration | undefined {
  if (measured.length < fewestMeasured) return undefined
  const byComponent = credibility(measured, (task) => task.component)
  const total = credibility(measured, () => '')
  const ratios = ({ groups }: Credibility): Ratio[] => [...groups].map(([name, { tasks, mean }]) => ({ name, tasks, minutesPerHour: Math.exp(mean) })).sort((a, b) => b.tasks - a.tasks || a.name.localeCompare(b.name))
  return {
    tasks: measured.length, minutesPerHour: Math.exp(total.mean), factor: Math.exp(Math.sqrt(total.within) * studentQuantile(0.9, total.freedom)),
    components: ratios(byComponent), agents: ratios(credibility(measured, (task) => task.agent)), ...predictorBy(byComponent),
  }
}

/** The part of `calibrate` that predicts, and nothing else. */
export const predictorOf = (measured: readonly MeasuredTask[]): Predictor | undefined => (measured.length < fewestMeasured ? undefined : predictorBy(credibility(measured, (task) => task.component)))

function predictorBy({ groups, mean: center, meanVariance, within, between, freedom }: Credibility): Predictor {
  return {
    freedom,
    predict(component) {
      const { mean, weight } = groups.get(component) ?? { mean: center, weight: 0 }
      return { mean, within: Math.sqrt(within), own: Math.sqrt(between * (1 - weight)), shared: (1 - weight) * Math.sqrt(meanVariance) }
    },
  }
}

const logRatio = ({ hours, minutes }: MeasuredTask): number => Math.log(minutes / hours)

interface Credibility {
  readonly mean: number
  /** Variance of `mean` as an estimate. */
  readonly meanVariance: number
  readonly within: number
  readonly between: number
  readonly freedom: number
  /** `weight`: how much a group's own mean counts, from 0 to 1. */
  readonly groups: ReadonlyMap<string, { readonly tasks: number; readonly mean: number; readonly weight: number }>
}

function credibility(measured: readonly MeasuredTask[], groupOf: (task: MeasuredTask) => string): Credibility {
  const values = measured.map((task) => [groupOf(task), logRatio(task)] as const)
  const members = new Map<string, number[]>()
  for (const [group, value] of values) getOrMake(members, group, () => []).push(value)
  const overall = mean(values.map(([, value]) => value))
  const isOne = values.length - members.size < fewestWithin
  const groups = [...members].map(([name, list]) => ({ name, tasks: list.length, own: mean(list), squares: squares(list) }))
  const freedom = isOne ? values.length - 1 : values.length - groups.length
  const within = (isOne ? squares(values.map(([, value]) => value)) : groups.reduce((sum, group) => sum + group.squares, 0)) / freedom
  const between = isOne ? 0 : betweenOf(groups, overall, within, values.length)
  const weighed = groups.map((group) => ({ ...group, weight: between <= 0 ? 0 : between / (between + within / group.tasks) }))
  const weights = weighed.reduce((sum, { weight }) => sum + weight, 0)
  const center = weights === 0 ? overall : weighed.reduce((sum, { weight, own }) => sum + weight * own, 0) / weights
  return {
    mean: center, meanVariance: weights === 0 ? within / values.length : between / weights, within, between, freedom,
    groups: new Map(weighed.map(({ name, tasks, own, weight }) => [name, { tasks, weight, mean: weight * own + (1 - weight) * center }])),
  }
}

/** The unbiased estimate of the variance between groups, 0 where it comes out below. */
function betweenOf(groups: readonly { readonly tasks: number; readonly own: number }[], overall: number, within: number, count: number): number {
  const spread = groups.reduce((sum, { tasks, own }) => sum + tasks * (own - overall) ** 2, 0) - (groups.length - 1) * within
  const scale = count - groups.reduce((sum, { tasks }) => sum + tasks ** 2, 0) / count
  return groups.length < 2 ? 0 : Math.max(0, spread / scale)
}

const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length

/** Sum of the squared distances from the mean. */
function squares(list: readonly number[]): number {
  const middle = mean(list)
  return list.reduce((sum, value) => sum + (value - middle) ** 2, 0)
}

/** Quantiles of the normal distribution that are asked for. */
const normalQuantiles = { 0.8: 0.8416212335729143, 0.9: 1.2815515655446004 } as const

/** Quantile of Student's distribution by the expansion of Abramowitz and Stegun 1964, 26.7.5: within 0.1 % from three degrees of freedom on for 0.8. */
export function studentQuantile(share: keyof typeof normalQuantiles, freedom: number): number {
  const z = normalQuantiles[share]
  const terms = [z, (z ** 3 + z) / 4, (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96, (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384]
  return terms.reduce((sum, _, i) => sum + at(terms, i) / freedom ** i, 0)
}
