import { at, near, real } from '../at.ts'
import type { Times } from '../graph/critical-path.ts'
import type { Graph } from '../graph/graph.ts'
import type { Work } from './work.ts'

/** Cliques looked at, marks made while they grow, and tails that each is looked at from: more would be found by more, but what is found stays proven. */
const mostCliques = 50
const mostMarks = 20_000_000
const mostTails = 50

/**
 * A makespan that no schedule is below, on however many tracks: tasks of classes that touch one another are done one at a time. For such a set, and any
 * part of it, the earliest start of its first task, its hours, and what must come after its last one add up (one machine with heads and tails, Carlier
 * 1982). The sets are cliques that grow greedily from the classes with most work around them, each from one that is in none yet. In units; 0 where no two
 * tasks are in conflict.
 */
export function conflictBound(graph: Graph, { earliestStart, tail }: Times, { classOf, touching }: Work['scopes']): number {
  const members: number[][] = touching.map(() => [])
  classOf.forEach((scope, task) => { if (scope >= 0) at(members, scope).push(task) })
  const hours = Float64Array.from(members, (list) => list.reduce((sum, task) => sum + real(graph.durations, task), 0))
  const around = touching.map((list) => list.reduce((sum, other) => sum + real(hours, other), 0))
  const seeds = [...touching.keys()].filter((scope) => at(members, scope).length > 1 || near(touching, scope).length > 1).sort((a, b) => at(around, b) - at(around, a) || a - b)
  const byHead = (a: number, b: number): number => real(earliestStart, a) - real(earliestStart, b) || a - b
  const isIn = new Uint8Array(touching.length)
  let [most, left, cliques] = [0, mostMarks, 0]
  for (const seed of seeds) {
    if (left <= 0 || cliques === mostCliques) break
    if (isIn[seed] === 1) continue
    cliques++
    const clique: number[] = []
    /** How many of the clique each class touches. */
    const marks = new Int32Array(touching.length)
    const take = (scope: number): void => {
      clique.push(scope)
      isIn[scope] = 1
      for (const other of near(touching, scope)) marks[other] = (marks[other] ?? 0) + 1
      left -= near(touching, scope).length
    }
    take(seed)
    for (const scope of near(touching, seed).toSorted((a, b) => real(hours, b) - real(hours, a) || a - b)) if (scope !== seed && marks[scope] === clique.length && left > 0) take(scope)
    most = Math.max(most, oneAtATime(clique.flatMap((scope) => at(members, scope)).sort(byHead)))
  }
  return most

  /** `tasks` by their earliest start: done in that order they end as early as can be, and those with at least some tail then leave that to do. */
  function oneAtATime(tasks: readonly number[]): number {
    const after = (task: number): number => real(tail, task) - real(graph.durations, task)
    const tails = [...new Set(tasks.map(after))].sort((a, b) => a - b)
    const step = Math.max(1, Math.ceil(tails.length / mostTails))
    let longest = 0
    for (let i = 0; i < tails.length; i += step) {
      const least = at(tails, i)
      let end = 0
      for (const task of tasks) if (after(task) >= least) end = Math.max(end, real(earliestStart, task)) + real(graph.durations, task)
      longest = Math.max(longest, end + least)
    }
    return longest
  }
}
