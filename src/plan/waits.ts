import { at, getOrMake, real } from './at.ts'
import type { Graph } from './graph/graph.ts'
import type { Wait } from './plan.ts'
import type { Scopes } from './schedule/scopes.ts'
import type { Schedule } from './schedule/work.ts'
import type { Task } from './task.ts'

/**
 * Says when a track has nothing to do between its tasks (`numbers`, by their start), and which task of another track it waits for then: one that
 * the next task depends on, or that may change the same files. O(1) for each task where nothing waits.
 */
export function waitFinder(list: readonly Task[], graph: Graph, scopes: Scopes, { start, track }: Schedule): (numbers: readonly number[]) => Wait[] {
  const finish = (task: number): number => at(start, task) + real(graph.durations, task)
  let byFinish: Map<number, number[]> | undefined
  const endingAt = (time: number): readonly number[] => {
    if (byFinish === undefined) {
      byFinish = new Map()
      for (const task of list.keys()) getOrMake(byFinish, finish(task), () => []).push(task)
    }
    return byFinish.get(time) ?? []
  }
  const touches = (one: number, other: number): boolean => at(scopes.classOf, one) >= 0 && at(scopes.touching, at(scopes.classOf, one)).includes(at(scopes.classOf, other))
  return (numbers) => {
    let free = 0
    return numbers.flatMap((task): Wait[] => {
      const [begin, before] = [at(start, task), free]
      free = finish(task)
      if (begin <= before) return []
      const others = endingAt(begin).filter((other) => at(track, other) !== at(track, task))
      const cause = others.find((other) => at(graph.predecessors, task).includes(other)) ?? others.find((other) => touches(task, other))
      return [{ task: at(list, task).id, hours: graph.toHours(begin - before), ...(cause === undefined ? {} : { waitsFor: at(list, cause).id }) }]
    })
  }
}
