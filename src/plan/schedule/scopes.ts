import { at, getOrMake } from '../at.ts'
import { holds, literalFolders, overlap, parseScope, type Scope } from './glob-overlap.ts'
import type { Task } from '../task.ts'

/**
 * Tasks by what they may change. Tasks with the same patterns are one class; of two classes that touch (`touching`, a class with patterns
 * touches itself), no two tasks may run at once. Tasks without patterns are in no class (-1): what they change is not known.
 */
export interface Scopes {
  readonly classOf: Int32Array
  readonly touching: readonly (readonly number[])[]
  /** The patterns of two touching classes that meet, sorted. */
  patterns(one: number, other: number): string[]
}

export function scopesOf(tasks: readonly Pick<Task, 'allowedPatterns'>[]): Scopes {
  const numbers = new Map<string, number>()
  const scopes: (readonly Scope[])[] = []
  const parsed = new Map<string, Scope>()
  const parse = (pattern: string): Scope => getOrMake(parsed, pattern, () => parseScope(pattern))
  const classOf = Int32Array.from(tasks, ({ allowedPatterns }) => {
    if (allowedPatterns.length === 0) return -1
    const [only = '', ...more] = allowedPatterns
    if (more.length === 0) return getOrMake(numbers, only, () => scopes.push([parse(only)]) - 1)
    const list = widest([...new Set(allowedPatterns)].sort().map(parse))
    return getOrMake(numbers, list.map(({ pattern }) => pattern).join('\0'), () => scopes.push(list) - 1)
  })
  return { classOf, touching: touchingClasses(scopes), patterns: (one, other) => meetingPatterns(at(scopes, one), at(scopes, other)) }
}

function meetingPatterns(some: readonly Scope[], others: readonly Scope[]): string[] {
  const found = new Set<string>()
  for (const one of some) for (const other of others) if (overlap(one, other)) found.add(one.pattern).add(other.pattern)
  return [...found].sort()
}

/** Without patterns that another one holds: beside `src/**` no more has to be said of `src`. */
const widest = (scopes: readonly Scope[]): Scope[] => scopes.filter((one, i) => !scopes.some((other, j) => i !== j && holds(other, one) && (j < i || !holds(one, other))))

/** Every class that holds a pattern which meets one of its own, in ascending order. */
function touchingClasses(classes: readonly (readonly Scope[])[]): number[][] {
  if (classes.every((scopes) => scopes.length === 1)) return meetingPlaces(classes.flat()).map((list) => (list.length === 1 ? list : list.sort((a, b) => a - b)))
  const numbers = new Map<Scope, number>()
  const held = classes.map((scopes) => scopes.map((scope) => getOrMake(numbers, scope, () => numbers.size)))
  const meeting = meetingPlaces([...numbers.keys()])
  const holders: number[][] = meeting.map(() => [])
  held.forEach((list, number) => { for (const scope of list) at(holders, scope).push(number) })
  const seen = new Int32Array(classes.length).fill(-1)
  return held.map((list, number) => {
    const found: number[] = []
    for (const scope of list) {
      for (const other of at(meeting, scope)) {
        for (const holder of at(holders, other)) {
          if (seen[holder] === number) continue
          seen[holder] = number
          found.push(holder)
        }
      }
    }
    return found.length === 1 ? found : found.sort((a, b) => a - b)
  })
}

/** For each pattern those that it meets, itself too. Two can only meet where the literal folders of one begin with those of the other, so only such pairs are compared. */
function meetingPlaces(patterns: readonly Scope[]): number[][] {
  const folders = patterns.map(({ alternatives: [first = [], ...more] }) => (more.length === 0 ? [literalFolders(first).join('/')] : [...new Set([first, ...more].map((segments) => literalFolders(segments).join('/')))]))
  const byFolder = new Map<string, number[]>()
  folders.forEach((list, number) => { for (const folder of list) getOrMake(byFolder, folder, () => []).push(number) })
  const meeting = patterns.map((_, number) => [number])
  const compared = new Int32Array(patterns.length).fill(-1)
  patterns.forEach((scope, number) => {
    compared[number] = number
    for (const folder of at(folders, number)) {
      for (const above of ancestors(folder)) {
        for (const place of byFolder.get(above) ?? []) {
          if (compared[place] === number) continue
          compared[place] = number
          // Where each is above the other, the later one compares.
          if (place > number && isAbove(at(folders, number), at(folders, place))) continue
          if (!overlap(scope, at(patterns, place))) continue
          at(meeting, number).push(place)
          at(meeting, place).push(number)
        }
      }
    }
  })
  return meeting
}

const isAbove = (some: readonly string[], others: readonly string[]): boolean => others.some((other) => some.some((one) => one === '' || one === other || other.startsWith(`${one}/`)))

/** `a/b` -> 'a/b', 'a', '' */
function ancestors(folder: string): string[] {
  const found = [folder]
  for (let end = folder.lastIndexOf('/'); end > 0; end = folder.lastIndexOf('/', end - 1)) found.push(folder.slice(0, end))
  if (folder !== '') found.push('')
  return found
}
