import { at, getOrMake, real } from '../at.ts'
import type { Graph } from '../graph/graph.ts'
import type { Conflict } from '../plan.ts'
import type { Schedule } from './work.ts'
import type { Scopes } from './scopes.ts'
import type { Task } from '../task.ts'

/** Steps that the look for paths between tasks may take; past that two tasks count as not ordered. */
const patience = 50_000_000

/** A list of so many tasks is whole, though the order of some of them is in the entries before. */
const mostWhole = 50

const fewClasses = 10

/**
 * Tasks that can touch the same files and have no order by dependencies, in the order of the schedule, which never runs two of them at once: an entry for
 * each set of scopes that all touch each other, until any two that do are in one. On one track that order is the track's; across tracks the plan has to
 * keep it (`conflictOrder`). A long entry with scopes that have met in an earlier one lists only those tasks whose place next to each other is news: the order
 * of all follows.
 */
export function conflictsOf(tasks: readonly Task[], graph: Graph, scopes: Scopes, schedule: Schedule): Conflict[] {
  const { classOf, touching } = scopes
  const members: number[][] = touching.map(() => [])
  classOf.forEach((scope, task) => { if (scope >= 0) at(members, scope).push(task) })
  const byStart = (a: number, b: number): number => real(schedule.start, a) - real(schedule.start, b) || a - b
  for (const list of members) if (list.length > 1) list.sort(byStart)
  const isOrdered = pathFinder(graph)
  const found: Conflict[] = []
  const met = new MetClasses()
  for (const clique of cliques(touching, met, (scope) => at(members, scope).length > 1)) {
    const list = clique.length === 1 ? at(members, at(clique, 0)) : clique.flatMap((scope) => at(members, scope)).sort(byStart)
    const isNews = (one: number | undefined, other: number | undefined): boolean => one !== undefined && other !== undefined && !met.have(at(classOf, one), at(classOf, other)) && !isOrdered(one, other)
    const listed = list.length <= mostWhole || !met.haveAny(clique) ? unordered(list, isOrdered) : list.filter((task, i) => isNews(list[i - 1], task) || isNews(task, list[i + 1]))
    met.add(clique)
    if (listed.length < 2) continue
    const isOneTrack = listed.every((task) => at(schedule.track, task) === at(schedule.track, at(listed, 0)))
    found.push({ tasks: listed.map((task) => at(tasks, task).id), patterns: patternsOf(listed.map((task) => at(classOf, task)), scopes), resolved: isOneTrack ? 'same track' : 'ordered' })
  }
  return found
}

/** The patterns that meet, of any two of few classes, of many of those next to each other. `classes`: of each task of a list. */
function patternsOf(classes: readonly number[], scopes: Scopes): string[] {
  const found = new Set<string>()
  const add = (one: number, other: number): void => { for (const pattern of scopes.patterns(one, other)) found.add(pattern) }
  const distinct = [...new Set(classes)]
  if (distinct.length > fewClasses) classes.forEach((scope, i) => { if (i > 0) add(at(classes, i - 1), scope) })
  else distinct.forEach((one, i) => { for (const other of distinct.slice(i)) if (one !== other || classes.indexOf(one) < classes.lastIndexOf(one)) add(one, other) })
  return [...found].sort()
}

/** Which classes have been in a clique together. */
class MetClasses {
  readonly #cliquesOf = new Map<number, Set<number>>()
  #count = 0

  add(clique: readonly number[]): void {
    for (const scope of clique) getOrMake(this.#cliquesOf, scope, () => new Set()).add(this.#count)
    this.#count++
  }

  have(one: number, other: number): boolean {
    const [some, others] = [this.#cliquesOf.get(one), this.#cliquesOf.get(other)]
    if (some === undefined || others === undefined) return false
    const [fewer, more] = some.size < others.size ? [some, others] : [others, some]
    for (const clique of fewer) if (more.has(clique)) return true
    return false
  }

  /** Has any of them been in a clique? */
  haveAny(clique: readonly number[]): boolean { return clique.some((scope) => this.#cliquesOf.has(scope)) }
}

/**
 * Sets of classes that all touch each other, grown greedily, until any two that touch are `met`, which is told of each before the next is asked for; and
 * each class alone that touches no other and is of several tasks.
 */
function* cliques(touching: Scopes['touching'], met: MetClasses, isOfSeveral: (scope: number) => boolean): Generator<number[]> {
  const nearSeed = new Int32Array(touching.length).fill(-1)
  const marks = new Int32Array(touching.length)
  for (const [seed, near] of touching.entries()) {
    if (near.length === 1) {
      if (isOfSeveral(seed)) yield [seed]
      continue
    }
    for (const other of near) nearSeed[other] = seed
    for (const other of near) {
      if (other <= seed || met.have(seed, other)) continue
      const clique = [seed]
      const take = (scope: number, mark: number): void => { for (const each of at(touching, scope)) marks[each] = at(marks, each) + mark }
      for (const candidate of [other, ...at(touching, other)]) {
        // Marks count the members after the seed that a class touches.
        if (candidate === seed || at(nearSeed, candidate) !== seed || at(marks, candidate) < clique.length - 1 || clique.includes(candidate)) continue
        clique.push(candidate)
        take(candidate, 1)
      }
      for (const scope of clique.slice(1)) take(scope, -1)
      yield clique.sort((a, b) => a - b)
    }
  }
}

/** Those of a list of tasks that are not in order by dependencies with all others. */
function unordered(list: readonly number[], isOrdered: (a: number, b: number) => boolean): number[] {
  const isFree = new Uint8Array(list.length)
  const compare = (i: number, j: number): void => { if (!isOrdered(at(list, i), at(list, j))) isFree[i] = isFree[j] = 1 }
  for (let i = 1; i < list.length; i++) compare(i - 1, i)
  // Each after the one before it: a chain.
  if (!isFree.includes(1)) return []
  for (let i = 0; i < list.length; i++) for (let j = i + 2; j < list.length; j++) if (isFree[i] === 0 || isFree[j] === 0) compare(i, j)
  return list.filter((_, i) => isFree[i] === 1)
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
