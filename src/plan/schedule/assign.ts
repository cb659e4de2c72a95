import { at, near, real, whole } from '../at.ts'
import type { Graph } from '../graph/graph.ts'
import { byStart } from './schedule.ts'
import type { Schedule } from './work.ts'

/** Looks at dependencies that the exchange of tails may take. */
const patience = 3_000_000

/**
 * Hands out the tracks of a schedule anew and keeps every start and the number of tracks: fewer dependencies cross tracks then, and at as many of
 * them components change less often within a track. Greedily at first; then two tracks exchange all that they do from some time on, wherever
 * that is better, until it is nowhere. A local optimum.
 */
export function assignTracks(graph: Graph, schedule: Schedule, components: readonly string[]): Schedule {
  const first = greedyTracks(graph, schedule, components)
  const tracks = first.track.reduce((most, each) => Math.max(most, each), 0) + 1
  const lists: number[][] = Array.from({ length: tracks }, () => [])
  for (const task of byStart(first)) at(lists, at(first.track, task)).push(task)
  const track = first.track.slice()
  let left = patience
  /** How many neighbours of the tasks of a list from a place on are on other tracks. */
  const crossings = (list: readonly number[], place: number): number => {
    let count = 0
    for (let i = place; i < list.length; i++) {
      const task = at(list, i)
      const own = whole(track, task)
      for (const neighbours of [near(graph.predecessors, task), near(graph.successors, task)]) {
        for (const other of neighbours) if (whole(track, other) !== own) count++
        left -= neighbours.length
      }
    }
    return count
  }
  const isChange = (list: readonly number[], place: number): boolean => place > 0 && place < list.length && at(components, at(list, place - 1)) !== at(components, at(list, place))
  /** What the exchange of two tails can change. What crosses between the two does so after it too, and counts twice both times. */
  const cost = (one: number, i: number, other: number, j: number): number => {
    const [a, b] = [at(lists, one), at(lists, other)]
    return (crossings(a, i) + crossings(b, j)) * graph.size + Number(isChange(a, i)) + Number(isChange(b, j))
  }
  const exchange = (one: number, i: number, other: number, j: number): void => {
    const [a, b] = [at(lists, one), at(lists, other)]
    const [tailOfA, tailOfB] = [a.splice(i), b.splice(j)]
    a.push(...tailOfB)
    b.push(...tailOfA)
    for (const task of tailOfB) track[task] = one
    for (const task of tailOfA) track[task] = other
  }
  const end = (task: number | undefined): number => (task === undefined ? 0 : at(schedule.start, task) + real(graph.durations, task))
  const begin = (task: number | undefined): number => (task === undefined ? Infinity : at(schedule.start, task))
  for (let better = true; better && left > 0;) {
    better = false
    for (let one = 0; one < tracks; one++) {
      for (let other = one + 1; other < tracks; other++) {
        const [a, b] = [at(lists, one), at(lists, other)]
        let from = 0
        for (let i = 0; i <= a.length && left > 0; i++) {
          // Both must be free: what stays ends before what comes begins.
          while (from < b.length && begin(b[from]) < end(a[i - 1])) from++
          for (let j = from; j <= b.length && end(b[j - 1]) <= begin(a[i]) && left > 0; j++) {
            const [lengthOfA, lengthOfB] = [i + b.length - j, j + a.length - i]
            if (lengthOfA === 0 || lengthOfB === 0) continue
            const before = cost(one, i, other, j)
            exchange(one, i, other, j)
            if (cost(one, i, other, j) < before) better = true
            else exchange(one, i, other, j)
          }
        }
      }
    }
  }
  return { ...first, track }
}

/**
 * Hands out the tracks of a schedule anew and keeps every start: of the tracks that are free then, the one whose last task this one depends on,
 * else one that has a task it depends on, else one of its component, else one without work, else the first. Fewer dependencies cross tracks so,
 * and fewer changes of component are in them. O(n * tracks + dependencies).
 */
export function greedyTracks(graph: Graph, schedule: Schedule, components: readonly string[]): Schedule {
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
    free[best] = begin + real(graph.durations, task)
  }
  return { ...schedule, track }
}
