import { at, real } from '../at.ts'
import type { Graph } from './graph.ts'
import { componentName, numbered } from '../names.ts'
import type { Chain } from '../plan.ts'
import type { Task } from '../task.ts'
import { pathCover } from './width.ts'

export interface Chains {
  /** Longest hours first; those of one task only (it has dependencies, but none is left for it in the cover) come last. */
  readonly chains: readonly Chain[]
  /** Tasks without any dependency, nor any task that depends on them. */
  readonly independent: { readonly tasks: Chain['tasks']; readonly hours: number }
  /** Tasks that could all run at once, as many as possible; its size is the width. */
  readonly antichain: readonly number[]
}

/** The chains of a minimum path cover, each named by its main component (the one with most hours). */
export function chainsOf(tasks: readonly Task[], graph: Graph): Chains {
  const component = (task: number): string => at(tasks, task).component
  const { chains, antichain } = pathCover(graph, (from, to) => component(from) === component(to))
  const sum = (members: readonly number[]): number => members.reduce((total, task) => total + real(graph.durations, task), 0)
  const ids = (members: readonly number[]): Chain['tasks'] => members.map((task) => at(tasks, task).id)
  const isAlone = ([task = 0, ...others]: readonly number[]): boolean => others.length === 0 && at(graph.predecessors, task).length + at(graph.successors, task).length === 0
  const connected = chains.filter((chain) => !isAlone(chain)).map((members) => ({ members, units: sum(members) }))
    .sort((a, b) => Number(b.members.length > 1) - Number(a.members.length > 1) || b.units - a.units || at(a.members, 0) - at(b.members, 0))
  const names = numbered(connected.map(({ members }) => componentName(mainComponent(members.map((task) => [component(task), real(graph.durations, task)])))), true)
  const alone = chains.filter(isAlone).flat()
  return {
    chains: connected.map(({ members, units }, i) => ({ name: at(names, i), tasks: ids(members), hours: graph.toHours(units) })),
    independent: { tasks: ids(alone), hours: graph.toHours(sum(alone)) },
    antichain,
  }
}

/** The component with the most work; the first one of several. */
export function mainComponent(work: readonly (readonly [component: string, units: number])[]): string {
  const sums = new Map<string, number>()
  for (const [component, units] of work) sums.set(component, (sums.get(component) ?? 0) + units)
  return [...sums].reduce<[string, number]>((best, each) => (each[1] > best[1] ? each : best), ['general', 0])[0]
}
