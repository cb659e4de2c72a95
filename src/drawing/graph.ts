import { UserError } from '../plan/errors.ts'

/** Tasks as numbers: `edges` holds pairs (from, to), `from` is done before `to`. Buffers, so that a worker gets them cheaply. */
export interface TaskGraph {
  readonly ids: readonly string[]
  readonly edges: Int32Array
  /** 1 where the task is on the critical path that is shown. */
  readonly critical: Uint8Array
}

interface GraphTask { readonly id: string; readonly dependencies: readonly string[]; readonly critical: boolean }

/**
 * The graph of a plan's tasks; a dependency that is named twice counts once.
 * @throws UserError for an id that two tasks have, for an unknown dependency, for a task that depends on itself, and for a cycle.
 */
export function taskGraph(tasks: readonly GraphTask[]): TaskGraph {
  const numbers = new Map<string, number>()
  for (const [number, task] of tasks.entries()) {
    if (numbers.has(task.id)) throw new UserError('input', `two tasks have the id ${task.id}: give one of them another id`)
    numbers.set(task.id, number)
  }
  const edges: number[] = []
  for (const [number, task] of tasks.entries()) {
    for (const dependency of new Set(task.dependencies)) {
      const from = numbers.get(dependency)
      if (from === undefined) throw new UserError('input', `${task.id} depends on ${dependency}, which is not in the plan: add the task or remove the dependency`)
      edges.push(from, number)
    }
  }
  const graph = { ids: tasks.map((task) => task.id), edges: Int32Array.from(edges), critical: Uint8Array.from(tasks, (task) => Number(task.critical)) }
  topologicalOrder(graph)
  return graph
}

/** Calls `visit` with each edge: number of the task before, number of the task after, number of the edge. */
export function eachEdge(edges: Int32Array, visit: (from: number, to: number, edge: number) => void): void {
  for (let edge = 0; edge * 2 < edges.length; edge += 1) visit(edges[edge * 2] ?? 0, edges[edge * 2 + 1] ?? 0, edge)
}

/** Who follows each task, and who comes before it. */
export function neighbours(count: number, edges: Int32Array): { readonly after: readonly number[][]; readonly before: readonly number[][] } {
  const after: number[][] = Array.from({ length: count }, () => [])
  const before: number[][] = Array.from({ length: count }, () => [])
  eachEdge(edges, (from, to) => { after[from]?.push(to); before[to]?.push(from) })
  return { after, before }
}

/**
 * Task numbers so that each comes after what it depends on; where there is a choice, in the order given (Kahn 1962). O(n + m).
 * @throws UserError for a self-loop or a cycle: it names the tasks on it.
 */
export function topologicalOrder({ ids, edges }: Pick<TaskGraph, 'ids' | 'edges'>): number[] {
  const { after, before } = neighbours(ids.length, edges)
  const open = before.map((list) => list.length)
  const order = ids.map((_, number) => number).filter((number) => open[number] === 0)
  for (const number of order) {
    for (const next of after[number] ?? []) {
      const left = (open[next] ?? 0) - 1
      open[next] = left
      if (left === 0) order.push(next)
    }
  }
  if (order.length < ids.length) throw cycleError(ids, before, open)
  return order
}

function cycleError(ids: readonly string[], before: readonly number[][], open: readonly number[]): UserError {
  // Every task that is left has one before it that is left too: walking back must come round.
  let at = open.findIndex((count) => count > 0)
  const walked: number[] = []
  while (!walked.includes(at)) {
    walked.push(at)
    at = (before[at] ?? []).find((number) => (open[number] ?? 0) > 0) ?? at
  }
  const cycle = [at, ...walked.slice(walked.indexOf(at)).reverse()].map((number) => ids[number] ?? '')
  if (cycle.length === 2) return new UserError('input', `${cycle[0] ?? ''} depends on itself: remove that dependency`)
  return new UserError('input', `these tasks wait for each other: ${cycle.join(' -> ')}: remove one of these dependencies`)
}

/** For each edge 1 where a longer way leads from its start to its end as well, so that the picture may leave it out. O(n m / 32). */
export function impliedEdges(graph: Pick<TaskGraph, 'ids' | 'edges'>): Uint8Array {
  const count = graph.ids.length
  const words = (count + 31) >> 5
  const order = topologicalOrder(graph)
  const place = new Int32Array(count)
  order.forEach((number, index) => { place[number] = index })
  const { after } = neighbours(count, graph.edges)
  const reach = new Uint32Array(count * words)
  const reaches = (from: number, to: number) => ((reach[from * words + (to >> 5)] ?? 0) >>> (to & 31)) & 1
  const implied = new Set<number>()
  for (const from of order.reverse()) {
    // Nearest first: what a nearer follower reaches, the direct edge only repeats.
    for (const to of [...(after[from] ?? [])].sort((a, b) => (place[a] ?? 0) - (place[b] ?? 0))) {
      if (reaches(from, to) === 1) { implied.add(from * count + to); continue }
      for (let word = 0; word < words; word += 1) reach[from * words + word] = (reach[from * words + word] ?? 0) | (reach[to * words + word] ?? 0)
      const own = from * words + (to >> 5)
      reach[own] = (reach[own] ?? 0) | (1 << (to & 31))
    }
  }
  const result = new Uint8Array(graph.edges.length / 2)
  eachEdge(graph.edges, (from, to, edge) => { result[edge] = Number(implied.has(from * count + to)) })
  return result
}

/** For each edge 1 where it joins two tasks that follow one another on the critical path. */
export function criticalEdges(graph: TaskGraph): Uint8Array {
  const step = new Int32Array(graph.ids.length).fill(-1)
  topologicalOrder(graph).filter((number) => graph.critical[number] === 1).forEach((number, index) => { step[number] = index })
  const result = new Uint8Array(graph.edges.length / 2)
  eachEdge(graph.edges, (from, to, edge) => { result[edge] = Number((step[from] ?? -1) >= 0 && step[to] === (step[from] ?? -1) + 1) })
  return result
}

/** Everything that must be done before the task, and everything that waits for it: task numbers without its own. */
export function kin(count: number, edges: Int32Array, task: number): { readonly ancestors: ReadonlySet<number>; readonly descendants: ReadonlySet<number> } {
  const { after, before } = neighbours(count, edges)
  const walk = (next: readonly number[][]) => {
    const seen = new Set<number>()
    const open = [...(next[task] ?? [])]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue
      seen.add(at)
      open.push(...(next[at] ?? []))
    }
    return seen
  }
  return { ancestors: walk(before), descendants: walk(after) }
}
