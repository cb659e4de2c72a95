import { at } from './at.ts'
import type { Graph } from './graph.ts'
import { byStart, type Schedule } from './schedule.ts'

/**
 * Hands out the tracks of a schedule anew and keeps every start: of the tracks that are free then, the one whose last task this one depends on,
 * else one that has a task it depends on, else one of its component, else one without work, else the first. Fewer dependencies cross tracks so,
 * and fewer changes of component are in them. O(n * tracks + dependencies).
 */
export function assignTracks(graph: Graph, schedule: Schedule, components: readonly string[]): Schedule {
  const count = schedule.track.reduce((most, each) => Math.max(most, each), 0) + 1
  const free = new Float64Array(count)
  const last = new Int32Array(count).fill(-1)
  const track = new Int32Array(graph.size)
  for (const task of byStart(schedule)) {
    const begin = at(schedule.start, task)
    const before = at(graph.predecessors, task)
    const merit = (each: number): number => {
      const previous = at(last, each)
      if (previous < 0) return 1
      const sameComponent = at(components, previous) === at(components, task) ? 2 : 0
      const held = before.filter((other) => at(track, other) === each).length
      return sameComponent + (before.includes(previous) ? 4 : 0) + (held === 0 ? 0 : 4 * held)
    }
    let best = -1
    let bestMerit = -1
    for (let each = 0; each < count; each++) {
      if (at(free, each) > begin) continue
      const its = merit(each)
      if (its > bestMerit) [best, bestMerit] = [each, its]
    }
    if (best < 0) throw new Error('more tasks at once than tracks')
    track[task] = best
    last[best] = task
    free[best] = begin + at(graph.durations, task)
  }
  return { ...schedule, track }
}
