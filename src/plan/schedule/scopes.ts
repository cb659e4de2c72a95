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
    const patterns = [...new Set(allowedPatterns)].sort()
    return getOrMake(numbers, JSON.stringify(patterns), () => scopes.push(patterns.map((pattern) => getOrMake(parsed, pattern, () => parseScope(pattern)))) - 1)
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
  const byFolder = new Map<string, Set<number>>()
  const foldersOf = (scopes: readonly Scope[]): string[] => scopes.flatMap((scope) => scope.alternatives.map((segments) => literalFolders(segments).join('/')))
  classes.forEach((scopes, number) => { for (const folder of foldersOf(scopes)) getOrMake(byFolder, folder, () => new Set()).add(number) })
  const touching = classes.map((_, number) => new Set([number]))
  classes.forEach((scopes, number) => {
    for (const other of new Set(foldersOf(scopes).flatMap(ancestors).flatMap((folder) => [...byFolder.get(folder) ?? []]))) {
      if (at(touching, number).has(other) || !scopes.some((one) => at(classes, other).some((two) => overlap(one, two)))) continue
      at(touching, number).add(other)
      at(touching, other).add(number)
    }
  })
  return touching.map((set) => [...set].sort((a, b) => a - b))
}

/** `a/b` -> '', 'a', 'a/b' */
function ancestors(folder: string): string[] {
  const segments = folder === '' ? [] : folder.split('/')
  return ['', ...segments.map((_, i) => segments.slice(0, i + 1).join('/'))]
}
