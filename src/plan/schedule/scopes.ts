import { at, getOrMake } from '../at.ts'
import { literalFolders, overlap, parseScope, type Scope } from './glob-overlap.ts'
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
  const classOf = Int32Array.from(tasks, ({ allowedPatterns }) => {
    if (allowedPatterns.length === 0) return -1
    const patterns = allowedPatterns.length === 1 ? allowedPatterns : [...new Set(allowedPatterns)].sort()
    return getOrMake(numbers, patterns.join('\0'), () => scopes.push(patterns.map((pattern) => getOrMake(parsed, pattern, () => parseScope(pattern)))) - 1)
  })
  return { classOf, touching: touchingClasses(scopes), patterns: (one, other) => meetingPatterns(at(scopes, one), at(scopes, other)) }
}

function meetingPatterns(some: readonly Scope[], others: readonly Scope[]): string[] {
  const found = new Set<string>()
  for (const one of some) for (const other of others) if (overlap(one, other)) found.add(one.pattern).add(other.pattern)
  return [...found].sort()
}

/** Two patterns can only meet where the literal folders of one begin with those of the other, so only such pairs are compared. */
function touchingClasses(classes: readonly (readonly Scope[])[]): number[][] {
  const folders = classes.map((scopes) => [...new Set(scopes.flatMap((scope) => scope.alternatives.map((segments) => literalFolders(segments).join('/'))))])
  const byFolder = new Map<string, number[]>()
  folders.forEach((list, number) => { for (const folder of list) getOrMake(byFolder, folder, () => []).push(number) })
  const touching = classes.map((_, number) => [number])
  classes.forEach((scopes, number) => {
    const compared = new Set([number])
    for (const folder of at(folders, number)) {
      for (const above of ancestors(folder)) {
        for (const other of byFolder.get(above) ?? []) {
          if (compared.has(other)) continue
          compared.add(other)
          if (at(touching, number).includes(other) || !scopes.some((one) => at(classes, other).some((two) => overlap(one, two)))) continue
          at(touching, number).push(other)
          at(touching, other).push(number)
        }
      }
    }
  })
  return touching.map((list) => list.sort((a, b) => a - b))
}

/** `a/b` -> 'a/b', 'a', '' */
function ancestors(folder: string): string[] {
  const found = [folder]
  for (let end = folder.lastIndexOf('/'); end > 0; end = folder.lastIndexOf('/', end - 1)) found.push(folder.slice(0, end))
  if (folder !== '') found.push('')
  return found
}
