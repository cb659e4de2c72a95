import type { Imported } from '../../../src/plan/import/imported.ts'

/** Each task's id with what it waits for: `b: a`. */
export const orderOf = ({ tasks }: Imported): string[] => tasks.map((task) => `${task.id}: ${[...task.dependencies].sort().join(' ')}`.trim())

/** Pairs of tasks of which one must come before the other, directly or through others. */
export function orderedPairs({ tasks }: Imported): string[] {
  const byId = new Map(tasks.map((task) => [task.id, task.dependencies]))
  return tasks.flatMap((task) => {
    const before = new Set<string>()
    const open = [...task.dependencies]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (!before.has(next)) open.push(...byId.get(next) ?? [])
      before.add(next)
    }
    return [...before].sort().map((id) => `${id}<${task.id}`)
  })
}

export const inOne = (warnings: readonly string[], pattern: RegExp): boolean => warnings.filter((warning) => pattern.test(warning)).length === 1
