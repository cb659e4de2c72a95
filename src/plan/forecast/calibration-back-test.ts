import { predictorOf, studentQuantile, type MeasuredTask, type Predictor } from './calibration.ts'
import type { TaskId } from '../ids.ts'

/** A measured task with its times, in milliseconds since the epoch. */
export interface TimedTask extends MeasuredTask { readonly startedAt: number; readonly completedAt: number }

/** What would have been said of one task before it was begun, and what it took. Agent minutes. */
export interface PredictedTask { readonly task: TaskId; readonly knownTasks: number; readonly p50Minutes: number; readonly p80Minutes: number; readonly minutes: number }

/** How well the forecast has done so far. */
export interface BackTest {
  /** In order of completion. */
  readonly predicted: readonly PredictedTask[]
  /** Fewer predictions than `fewestPredicted`: the two figures are missing then. */
  readonly tooFew: boolean
  /** Share of the tasks that took no longer than the P80 predicted for them: 0.8 would be right. */
  readonly withinP80?: number
  /** Median of |predicted - measured| / measured, predicted by the P50. */
  readonly medianError?: number
}

export const fewestPredicted = 5

/**
 * For each task, what the calibration by the tasks completed before it was begun says of it, against what it took: nothing is tested with what it
 * was made from. Tasks with too few before them are left out. O(n^2).
 */
export function backTest(tasks: readonly TimedTask[]): BackTest {
  const inOrder = [...tasks].sort((a, b) => a.completedAt - b.completedAt)
  const predicted = inOrder.flatMap((task): PredictedTask[] => {
    const known = inOrder.filter((other) => other !== task && other.completedAt <= task.startedAt)
    const predictor = predictorOf(known)
    return predictor === undefined ? [] : [{ task: task.task, knownTasks: known.length, ...taskQuantiles(predictor, task), minutes: task.minutes }]
  })
  if (predicted.length < fewestPredicted) return { predicted, tooFew: true }
  const errors = predicted.map(({ p50Minutes, minutes }) => Math.abs(p50Minutes - minutes) / minutes).sort((a, b) => a - b)
  const middle = errors.slice(Math.ceil(errors.length / 2) - 1, Math.floor(errors.length / 2) + 1)
  return {
    predicted, tooFew: false, withinP80: predicted.filter(({ p80Minutes, minutes }) => minutes <= p80Minutes * (1 + 1e-9)).length / predicted.length,
    medianError: middle.reduce((sum, error) => sum + error, 0) / middle.length,
  }
}

/** Agent minutes that one task takes at most with 50 and 80 % probability. */
export function taskQuantiles(predictor: Predictor, task: { readonly component: string; readonly hours: number }): { p50Minutes: number; p80Minutes: number } {
  const { mean, within, own, shared } = predictor.predict(task.component)
  const p50Minutes = task.hours * Math.exp(mean)
  return { p50Minutes, p80Minutes: p50Minutes * Math.exp(Math.hypot(within, own, shared) * studentQuantile(0.8, predictor.freedom)) }
}
