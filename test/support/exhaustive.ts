import { makeGraph } from '../../src/plan/graph/graph.ts'
import type { Schedule, Work } from '../../src/plan/schedule/work.ts'
import { seeded } from './generated-graphs.ts'

export interface SmallCase extends Work { readonly components: readonly string[] }

/** What `balanced` makes least, in this order. */
export interface Merit { readonly makespan: number; /** Dependencies across tracks. */ readonly crossing: number; /** Changes of component within a track. */ readonly changes: number }

/** Five to seven tasks of whole hours, some with dependencies and scopes, for two or three tracks. The same for the same seed. */
export function smallCase(seed: number): SmallCase {
  const random = seeded(7919 * seed + 13)
  for (let i = 0; i < 5; i++) random()
  const below = (most: number): number => Math.floor(random() * most)
  const [size, tracks, share] = [5 + below(3), 2 + below(2), 0.15 + 0.35 * random()]
  const predecessors = Array.from({ length: size }, (_, task) => [...Array(task).keys()].filter(() => random() < share))
  const classes = below(4)
  const classOf = Int32Array.from({ length: size }, () => (classes === 0 || random() < 0.5 ? -1 : below(classes)))
  const meet = new Set(Array.from({ length: classes }, (_, one) => [...Array(one).keys()].filter(() => random() < 0.3).flatMap((other) => [`${one} ${other}`, `${other} ${one}`])).flat())
  const touching = Array.from({ length: classes }, (_, one) => [...Array(classes).keys()].filter((other) => one === other || meet.has(`${one} ${other}`)))
  return {
    graph: makeGraph(Float64Array.from({ length: size }, () => 1 + below(8)), predecessors, (units) => units), tracks, scopes: { classOf, touching },
    components: Array.from({ length: size }, () => ['a', 'b', 'c'][below(3)] ?? ''),
  }
}

export function meritOf({ graph, components }: Pick<SmallCase, 'graph' | 'components'>, { start, track, makespan }: Schedule): Merit {
  const last = new Map<number, string>()
  let changes = 0
  for (const task of [...start.keys()].sort((a, b) => (start[a] ?? 0) - (start[b] ?? 0))) {
    const [mine, component] = [track[task] ?? -1, components[task] ?? '']
    if (last.has(mine) && last.get(mine) !== component) changes++
    last.set(mine, component)
  }
  return { makespan, crossing: graph.predecessors.flatMap((list, task) => list.filter((before) => track[before] !== track[task])).length, changes }
}

export const isLess = (a: Merit, b: Merit): boolean => a.makespan < b.makespan || (a.makespan === b.makespan && (a.crossing < b.crossing || (a.crossing === b.crossing && a.changes < b.changes)))

/** The least merit of all schedules in which so many tracks have work: tasks are put behind one another in every order of their starts, on every track. */
export function exhaustive({ graph, tracks, scopes: { classOf, touching }, components }: SmallCase, used: number): Merit {
  let best: Merit = { makespan: Infinity, crossing: 0, changes: 0 }
  const finish = new Map<number, number>()
  const trackOf = new Map<number, number>()
  const touch = (a: number, b: number): boolean => { const [one = -1, other = -1] = [classOf[a], classOf[b]]; return one >= 0 && other >= 0 && touching[one]?.includes(other) === true }
  const visit = (lines: readonly (readonly number[])[], merit: Merit, from: number): void => {
    if (!isLess(merit, best)) return
    if (finish.size === graph.size) {
      if (lines.length === used) best = merit
      return
    }
    for (let task = 0; task < graph.size; task++) {
      const before = graph.predecessors[task] ?? []
      if (finish.has(task) || !before.every((other) => finish.has(other))) continue
      const ready = Math.max(0, ...before.map((other) => finish.get(other) ?? 0), ...[...finish].map(([other, end]) => (touch(task, other) ? end : 0)))
      for (let mine = 0; mine < Math.min(tracks, lines.length + 1); mine++) {
        const previous = lines[mine]?.at(-1)
        const start = Math.max(ready, previous === undefined ? 0 : finish.get(previous) ?? 0)
        if (start < from) continue
        const end = start + (graph.durations[task] ?? 0)
        finish.set(task, end)
        trackOf.set(task, mine)
        const longer = lines.length === mine ? [...lines, [task]] : lines.map((line, i) => (i === mine ? [...line, task] : line))
        visit(longer, {
          makespan: Math.max(merit.makespan, end), crossing: merit.crossing + before.filter((other) => trackOf.get(other) !== mine).length,
          changes: merit.changes + Number(previous !== undefined && components[previous] !== components[task]),
        }, start)
        finish.delete(task)
        trackOf.delete(task)
      }
    }
  }
  visit([], { makespan: 0, crossing: 0, changes: 0 }, 0)
  return best
}
