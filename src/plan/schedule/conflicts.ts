import { at, getOrMake } from '../at.ts'
import type { Graph } from '../graph/graph.ts'
import type { Conflict } from '../plan.ts'
import type { Schedule } from './work.ts'
import type { Scopes } from './scopes.ts'
import type { Task } from '../task.ts'

/** Steps that the look for paths between tasks may take; past that two tasks count as not ordered. */
const patience = 50_000_000

/**
 * Tasks that can touch the same files and have no order by dependencies: an entry for each pair of scopes that meet, its tasks in the order of the
 * schedule, which never runs two of them at once. On one track that order is the track's; across tracks the plan has to keep it (`conflictOrder`).
 */
export function conflictsOf(tasks: readonly Task[], graph: Graph, scopes: Scopes, { start, track }: Schedule): Conflict[] {
  const members = new Map<number, number[]>()
  scopes.classOf.forEach((scope, task) => { if (scope >= 0) getOrMake(members, scope, () => []).push(task) })
  const isOrdered = pathFinder(graph)
  const found: Conflict[] = []
  for (const [one, some] of members) {
    for (const other of at(scopes.touching, one)) {
      if (other < one) continue
      const others = members.get(other) ?? []
      const involved = new Set<number>()
      for (const a of some) for (const b of others) if (a !== b && !(involved.has(a) && involved.has(b)) && !isOrdered(a, b)) involved.add(a).add(b)
      if (involved.size === 0) continue
      const list = [...involved].sort((a, b) => at(start, a) - at(start, b) || a - b)
      const isOneTrack = list.every((task) => at(track, task) === at(track, at(list, 0)))
      found.push({ tasks: list.map((task) => at(tasks, task).id), patterns: scopes.patterns(one, other), resolved: isOneTrack ? 'same track' : 'ordered' })
    }
  }
  return found
}

/** Is there a path from one to the other, either way? Depth first from the earlier one, no further than the later one's place. */
function pathFinder(graph: Graph): (a: number, b: number) => boolean {
  const place = new Int32Array(graph.size)
  graph.order.forEach((task, i) => { place[task] = i })
  const seen = new Int32Array(graph.size)
  let mark = 0
  let steps = 0
  return (a, b) => {
    const [from, to] = at(place, a) < at(place, b) ? [a, b] : [b, a]
    const open = [from]
    mark++
    for (let task = open.pop(); task !== undefined && steps < patience; task = open.pop()) {
      for (const next of at(graph.successors, task)) {
        steps++
        if (next === to) return true
        if (at(place, next) > at(place, to) || at(seen, next) === mark) continue
        seen[next] = mark
        open.push(next)
      }
    }
    return false
  }
}
