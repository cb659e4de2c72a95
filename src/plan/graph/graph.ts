import { at, real } from '../at.ts'
import type { TaskId } from '../ids.ts'
import { isDense, reduced } from './reduction.ts'
import { unitsOf } from './units.ts'

/** Tasks as numbers 0, 1, ... in the order of the list that they came from. Durations are whole units (see `toHours`). */
export interface Graph {
  readonly size: number
  readonly durations: Float64Array
  readonly predecessors: readonly (readonly number[])[]
  readonly successors: readonly (readonly number[])[]
  /** For inner loops: of many dependencies without those that follow from others. */
  readonly before: Neighbours
  readonly after: Neighbours
  /** Every task after those it depends on. */
  readonly order: Int32Array
  toHours(units: number): number
}

/** Neighbours of all tasks in one list, for inner loops: those of task t are at bounds[t] to bounds[t + 1] - 1. */
export interface Neighbours { readonly bounds: Int32Array; readonly list: Int32Array }

/** The graph of tasks that `checkTasks` finds nothing wrong with. Throws Error on a cycle or an unknown id. O(tasks + dependencies). */
export function graphOf(tasks: readonly { readonly id: TaskId; readonly estimatedHours: number; readonly dependencies: readonly TaskId[] }[]): Graph {
  const index = new Map(tasks.map((task, i) => [task.id, i]))
  const predecessors = tasks.map((task) => task.dependencies.map((id) => {
    const found = index.get(id)
    if (found === undefined) throw new Error(`${task.id} depends on ${id}, which is not there`)
    return found
  }))
  const units = unitsOf(tasks.map((task) => task.estimatedHours))
  return makeGraph(Float64Array.from(units.counts), predecessors, (count) => units.toHours(count))
}

/** A graph from predecessors by number. Throws Error on a cycle. */
export function makeGraph(durations: Float64Array, predecessors: readonly (readonly number[])[], toHours: (units: number) => number): Graph {
  const successors = successorsOf(predecessors)
  const order = topologicalOrder(predecessors, successors)
  const graph = { size: predecessors.length, durations, predecessors, successors, order, toHours }
  if (!isDense(predecessors)) return { ...graph, before: flat(predecessors), after: flat(successors) }
  const lean = reduced(predecessors, order)
  return { ...graph, before: flat(lean), after: flat(successorsOf(lean)) }
}

/** The same tasks the other way round: what was done last comes first. */
export const reversed = (graph: Graph): Graph => ({ ...graph, predecessors: graph.successors, successors: graph.predecessors, before: graph.after, after: graph.before, order: graph.order.slice().reverse() })

/** The tasks `members` alone, numbered as they come in it. Order through tasks outside is lost. */
export function inducedGraph(graph: Graph, members: readonly number[]): Graph {
  const index = new Map(members.map((task, i) => [task, i]))
  const predecessors = members.map((task) => at(graph.predecessors, task).flatMap((before) => index.get(before) ?? []))
  return makeGraph(Float64Array.from(members, (task) => real(graph.durations, task)), predecessors, (units) => graph.toHours(units))
}

function flat(lists: readonly (readonly number[])[]): Neighbours {
  const bounds = new Int32Array(lists.length + 1)
  lists.forEach((list, task) => { bounds[task + 1] = at(bounds, task) + list.length })
  const all = new Int32Array(at(bounds, lists.length))
  lists.forEach((list, task) => { all.set(list, at(bounds, task)) })
  return { bounds, list: all }
}

function successorsOf(predecessors: readonly (readonly number[])[]): number[][] {
  const successors: number[][] = predecessors.map(() => [])
  predecessors.forEach((list, task) => { for (const before of list) at(successors, before).push(task) })
  return successors
}

/** Kahn 1962, first come first served. */
function topologicalOrder(predecessors: readonly (readonly number[])[], successors: readonly (readonly number[])[]): Int32Array {
  const waiting = Int32Array.from(predecessors, (list) => list.length)
  const order = new Int32Array(predecessors.length)
  let filled = 0
  predecessors.forEach((list, task) => { if (list.length === 0) order[filled++] = task })
  for (let done = 0; done < filled; done++) {
    for (const next of at(successors, at(order, done))) {
      const left = at(waiting, next) - 1
      waiting[next] = left
      if (left === 0) order[filled++] = next
    }
  }
  if (filled < order.length) throw new Error('the dependencies form a cycle')
  return order
}
