import { getOrMake } from '../at.ts'
import type { TaskId } from '../ids.ts'
import { compareIds, inIdOrder } from '../natural.ts'
import { crossedEffects, type CrossedEffects, type Group } from './crossed-effects.ts'
import type { Uniform } from './monte-carlo-random.ts'
import { mixtureQuantile, type StudentPart } from './student.ts'

/** A completed task: hours are a person's, as estimated; minutes an agent's, as measured. They are never added, only divided. `agent`: who implemented it first. */
export interface MeasuredTask extends Group { readonly task: TaskId; readonly hours: number; readonly minutes: number }

/** Agent minutes for each estimated hour in a group of tasks (a component, or an agent): of the tasks that were measured, drawn towards all others where they are few. */
export interface Ratio { readonly name: string; readonly tasks: number; readonly minutesPerHour: number }

/** What of a task was met before, so that measured tasks say more of it than of any other. */
export type Basis = 'component and agent' | 'component' | 'agent' | 'overall'

/** What measured tasks say of others. Ratios are minutes for each estimated hour. */
export interface Predictor {
  basisOf(group: Group): Basis
  /** The ratio that a task stays below with 50 and 80 % probability. */
  ratio(group: Group): Quantiles
  /** Draws what is not known about the ratios, once for all tasks: puts the logarithms for `groups` into `means`, and gives the standard deviation of single tasks. */
  sampler(groups: readonly Group[]): (uniform: Uniform, means: Float64Array) => number
}

export interface Quantiles { readonly p50: number; readonly p80: number }

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

/** Ratios are taken as log-normal, with an effect of the component and one of the agent (crossed-effects.ts). Undefined with fewer than `fewestMeasured` tasks. */
export function calibrate(tasks: readonly MeasuredTask[]): Calibration | undefined {
  if (tasks.length < fewestMeasured) return undefined
  // In one order, so that sums are the same to the last digit whatever order the tasks come in.
  const measured = inIdOrder(tasks, ({ task }) => task)
  const effects = effectsOf(measured)
  const { location, deviation, freedom } = overall(measured)
  return {
    tasks: measured.length, minutesPerHour: Math.exp(location), factor: Math.exp(deviation * mixtureQuantile([{ weight: 1, location: 0, scale: 1 }], freedom, 0.9)),
    components: ratiosBy(measured, effects, ({ component }) => component), agents: ratiosBy(measured, effects, ({ agent }) => agent), ...predictorBy(measured, effects),
  }
}

/** The part of `calibrate` that predicts, and nothing else. */
export const predictorOf = (measured: readonly MeasuredTask[]): Predictor | undefined => (measured.length < fewestMeasured ? undefined : predictorBy(measured, effectsOf(measured)))

/** The ratio by the plain rate of all measured tasks, whoever did whatever: what `predictorOf` has to be better than. Undefined with fewer than `fewestMeasured`. */
export function overallRatio(measured: readonly MeasuredTask[]): Quantiles | undefined {
  if (measured.length < fewestMeasured) return undefined
  const { location, deviation, freedom } = overall(measured)
  return quantiles([{ weight: 1, location, scale: deviation * Math.sqrt(1 + 1 / measured.length) }], freedom)
}

function predictorBy(measured: readonly MeasuredTask[], effects: CrossedEffects): Predictor {
  const components = new Set(measured.map(({ component }) => component))
  const agents = new Set(measured.map(({ agent }) => agent))
  return {
    basisOf: ({ component, agent }) => (components.has(component) ? (agents.has(agent) ? 'component and agent' : 'component') : agents.has(agent) ? 'agent' : 'overall'),
    ratio: (group) => quantiles(effects.predict(group), effects.freedom),
    sampler: (groups) => effects.sampler(groups),
  }
}

const quantiles = (parts: readonly StudentPart[], freedom: number): Quantiles => ({ p50: Math.exp(mixtureQuantile(parts, freedom, 0.5)), p80: Math.exp(mixtureQuantile(parts, freedom, 0.8)) })

const logRatio = ({ hours, minutes }: MeasuredTask): number => Math.log(minutes / hours)

const effectsOf = (measured: readonly MeasuredTask[]): CrossedEffects => crossedEffects(measured.map((task) => ({ component: task.component, agent: task.agent, value: logRatio(task) })))

/** Mean and standard deviation of the logarithms. */
function overall(measured: readonly MeasuredTask[]): { location: number; deviation: number; freedom: number } {
  const logs = measured.map(logRatio)
  const [location, freedom] = [logs.reduce((sum, each) => sum + each, 0) / logs.length, logs.length - 1]
  return { location, deviation: Math.sqrt(logs.reduce((sum, each) => sum + (each - location) ** 2, 0) / freedom), freedom }
}

function ratiosBy(measured: readonly MeasuredTask[], effects: CrossedEffects, nameOf: (task: MeasuredTask) => string): Ratio[] {
  const members = new Map<string, MeasuredTask[]>()
  for (const task of measured) getOrMake(members, nameOf(task), () => []).push(task)
  return [...members].map(([name, tasks]) => ({ name, tasks: tasks.length, minutesPerHour: Math.exp(tasks.reduce((sum, task) => sum + effects.fitted(task), 0) / tasks.length) }))
    .sort((a, b) => b.tasks - a.tasks || compareIds(a.name, b.name))
}
