import { at, real, whole } from '../at.ts'
import type { TaskId, TrackId } from '../ids.ts'

/** A task of a plan that is made, as forecasts need it. `dependencies` with the order of tasks in conflict; those that are not in the list are done. */
export interface NetworkTask { readonly id: TaskId; readonly track: TrackId; readonly dependencies: readonly TaskId[] }

/**
 * What has to be done before what: the dependencies, and the task before on the same track. Tasks are numbered in one topological order. The tasks
 * before task i are `before[from[i]]` to `before[from[i + 1] - 1]`.
 */
export interface Network { readonly size: number; readonly from: Int32Array; readonly before: Int32Array }

/** `tasks` in an order that dependencies and tracks follow. Throws Error where it does not. */
export function networkOf(tasks: readonly NetworkTask[]): Network {
  const index = new Map(tasks.map((task, i) => [task.id, i]))
  const last = new Map<TrackId, number>()
  const from = new Int32Array(tasks.length + 1)
  const before: number[] = []
  tasks.forEach((task, i) => {
    const own = new Set(task.dependencies.flatMap((id) => index.get(id) ?? []))
    const previous = last.get(task.track)
    if (previous !== undefined) own.add(previous)
    for (const other of own) if (other >= i) throw new Error(`${task.id} comes before ${at(tasks, other).id}, which it depends on`)
    before.push(...own)
    from[i + 1] = before.length
    last.set(task.track, i)
  })
  return { size: tasks.length, from, before: Int32Array.from(before) }
}

/** Each task as early as it can be; gives the makespan, and puts starts and finishes into the lists. */
export function timeForward({ size, from, before }: Network, durations: Float64Array, start: Float64Array, finish: Float64Array): number {
  let makespan = 0
  for (let task = 0; task < size; task++) {
    let ready = 0
    for (let i = whole(from, task), end = whole(from, task + 1); i < end; i++) ready = Math.max(ready, real(finish, whole(before, i)))
    const done = ready + real(durations, task)
    start[task] = ready
    finish[task] = done
    if (done > makespan) makespan = done
  }
  return makespan
}

/** By how much each task may take longer, the order kept, without a later end (total float of the network). Unit as the durations'. */
export function slackOf(network: Network, durations: Float64Array): Float64Array {
  const { size, from, before } = network
  const [start, finish] = [new Float64Array(size), new Float64Array(size)]
  const latestFinish = new Float64Array(size).fill(timeForward(network, durations, start, finish))
  for (let task = size - 1; task >= 0; task--) {
    const latestStart = real(latestFinish, task) - real(durations, task)
    for (let i = whole(from, task), end = whole(from, task + 1); i < end; i++) {
      const other = whole(before, i)
      latestFinish[other] = Math.min(real(latestFinish, other), latestStart)
    }
  }
  return latestFinish.map((latest, task) => latest - real(finish, task))
}

export interface Simulation {
  /** Of each run, ascending. Unit as the durations'. */
  readonly makespans: Float64Array
  /** Share of the runs in which the task is critical, from 0 to 1. */
  readonly criticality: Float64Array
}

/**
 * Monte Carlo on a plan that is kept: assignment and order stay, durations vary, tracks wait for each other (the early start policy of Igelmund
 * and Radermacher 1983). `draw` fills in the durations of a run. A task is critical in a run where it lies on a longest way through dependencies and
 * track order, so that the project would end later if it took longer: the criticality index (Van Slyke 1963), with the tracks' order
 * counted as the resource-constrained schedule asks for. O(runs * (n + dependencies)).
 */
export function simulate(network: Network, draw: (durations: Float64Array) => void, runs: number): Simulation {
  const { size, from, before } = network
  const [durations, start, finish] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)]
  const makespans = new Float64Array(runs)
  const times = new Float64Array(size)
  const critical = new Int32Array(size)
  for (let run = 0; run < runs; run++) {
    draw(durations)
    const makespan = timeForward(network, durations, start, finish)
    makespans[run] = makespan
    // Backwards from the end. A start is one of the finishes before it, so that equal means the same number.
    critical.fill(0)
    for (let task = size - 1; task >= 0; task--) {
      if (whole(critical, task) === 0 && real(finish, task) < makespan) continue
      critical[task] = 1
      times[task] = real(times, task) + 1
      for (let i = whole(from, task), end = whole(from, task + 1); i < end; i++) {
        const other = whole(before, i)
        if (real(finish, other) === real(start, task)) critical[other] = 1
      }
    }
  }
  return { makespans: makespans.sort(), criticality: times.map((count) => count / runs) }
}

/** The least value that at least this share of the ascending values does not exceed. */
export const quantile = (ascending: Float64Array, share: number): number => real(ascending, Math.max(0, Math.ceil(share * ascending.length) - 1))

