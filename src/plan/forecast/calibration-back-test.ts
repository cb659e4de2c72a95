import { overallRatio, predictorOf, type Basis, type MeasuredTask } from './calibration.ts'
import type { TaskId } from '../ids.ts'
import { compareIds } from '../natural.ts'
import { mixtureQuantile } from './student.ts'

/** A measured task with its times, in milliseconds since the epoch. */
export interface TimedTask extends MeasuredTask { readonly startedAt: number; readonly completedAt: number }

/** What would have been said of one task before it was begun, and what it took. Agent minutes; those of `overall` by the plain rate of all tasks known then. */
export interface PredictedTask {
  readonly task: TaskId
  readonly component: string
  readonly agent: string
  readonly basis: Basis
  readonly knownTasks: number
  readonly p50Minutes: number
  readonly p80Minutes: number
  readonly overallP50Minutes: number
  readonly overallP80Minutes: number
  readonly minutes: number
}

/** Which of two ways to predict did better so far, by more than chance explains. */
export type Verdict = 'component and agent' | 'overall' | 'no clear difference'

/** How well a way to predict did. */
export interface Score {
  /** Share of the tasks that took no longer than the P80 predicted for them: 0.8 would be right. */
  readonly withinP80: number
  /** Median of |predicted - measured| / measured, predicted by the P50. */
  readonly medianError: number
}

/** How well the forecast has done so far, by component and agent as it goes on. */
export interface BackTest extends Partial<Score> {
  /** In order of completion. */
  readonly predicted: readonly PredictedTask[]
  /** Fewer predictions than `fewestPredicted`: all figures below and those of `Score` are missing then. */
  readonly tooFew: boolean
  /** The same tasks by the plain rate of all. */
  readonly overall?: Score
  /** For how many tasks component and agent came nearer than the plain rate. */
  readonly nearer?: number
  readonly better?: Verdict
}

export const fewestPredicted = 5
/** More would take seconds, and say no more of how it does now. */
export const mostPredicted = 500

/**
 * For each task, what the calibration by the tasks completed before it was begun says of it, against what it took: nothing is tested with what it
 * was made from. Tasks with too few before them are left out, and all but the newest `mostPredicted`.
 */
export function backTest(tasks: readonly TimedTask[]): BackTest {
  const inOrder = [...tasks].sort((a, b) => a.completedAt - b.completedAt || compareIds(a.task, b.task))
  const predicted = inOrder.slice(-mostPredicted).flatMap((task) => predictionOf(task, inOrder.filter((other) => other !== task && other.completedAt <= task.startedAt)))
  if (predicted.length < fewestPredicted) return { predicted, tooFew: true }
  const plain = predicted.map(({ overallP50Minutes, overallP80Minutes, minutes }) => ({ p50Minutes: overallP50Minutes, p80Minutes: overallP80Minutes, minutes }))
  const gains = predicted.map(({ p50Minutes, overallP50Minutes, minutes }) => Math.abs(Math.log(overallP50Minutes / minutes)) - Math.abs(Math.log(p50Minutes / minutes)))
  return { predicted, tooFew: false, ...scoreOf(predicted), overall: scoreOf(plain), nearer: gains.filter((gain) => gain > 1e-9).length, better: verdictOf(gains) }
}

function predictionOf(task: TimedTask, known: readonly TimedTask[]): PredictedTask[] {
  const [predictor, overall] = [predictorOf(known), overallRatio(known)]
  if (predictor === undefined || overall === undefined) return []
  const { p50, p80 } = predictor.ratio(task)
  return [{
    task: task.task, component: task.component, agent: task.agent, basis: predictor.basisOf(task), knownTasks: known.length, p50Minutes: task.hours * p50, p80Minutes: task.hours * p80,
    overallP50Minutes: task.hours * overall.p50, overallP80Minutes: task.hours * overall.p80, minutes: task.minutes,
  }]
}

function scoreOf(predicted: readonly Pick<PredictedTask, 'p50Minutes' | 'p80Minutes' | 'minutes'>[]): Score {
  const errors = predicted.map(({ p50Minutes, minutes }) => Math.abs(p50Minutes - minutes) / minutes).sort((a, b) => a - b)
  const middle = errors.slice(Math.ceil(errors.length / 2) - 1, Math.floor(errors.length / 2) + 1)
  return { withinP80: predicted.filter(({ p80Minutes, minutes }) => minutes <= p80Minutes * (1 + 1e-9)).length / predicted.length, medianError: middle.reduce((sum, error) => sum + error, 0) / middle.length }
}

/** Student's test, two-sided at 5 %, of what each task's error (as a factor, on logarithms) is less by: of two forecasts, paired (Diebold and Mariano 1995). */
function verdictOf(gains: readonly number[]): Verdict {
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
  const deviation = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (gains.length - 1))
  const critical = mixtureQuantile([{ weight: 1, location: 0, scale: 1 }], gains.length - 1, 0.975)
  if (Math.abs(mean) <= Math.max(1e-9, critical * deviation / Math.sqrt(gains.length))) return 'no clear difference'
  return mean > 0 ? 'component and agent' : 'overall'
}
