import { getOrMake } from '../at.ts'
import { isTaskId, type TaskId } from '../ids.ts'

/** Letters that end a word, then a number: TASK-018, T7, 12. Not bd-a1b2, whose digits count nothing. */
const numbered = /^((?:.*[^A-Za-z0-9])?[A-Za-z]*)(\d+)$/

interface Numbering { members: number; highest: number; width: number }

/**
 * The next `count` ids in the numbering that most of the ids have: after TASK-018 comes TASK-019, after T9 T10. The number is above all that are there, so
 * that the number of a removed task in the middle is not given to another one. Without a numbering: TASK-001. `taken` may name ids more than once.
 */
export function nextIds(taken: readonly string[], count: number): TaskId[] {
  const groups = new Map<string, Numbering>()
  for (const id of new Set(taken)) {
    const [, prefix, digits] = numbered.exec(id) ?? []
    if (prefix === undefined || digits === undefined || digits.length > 9) continue
    const group = getOrMake(groups, prefix, () => ({ members: 0, highest: -1, width: 1 }))
    group.members++
    if (Number(digits) > group.highest) [group.highest, group.width] = [Number(digits), digits.length]
  }
  const first: [string, Numbering] = ['TASK-', { members: 0, highest: 0, width: 3 }]
  const [prefix, { highest, width }] = [...groups].reduce((best, each) => (each[1].members > best[1].members ? each : best), first)
  const folded = new Set(taken.map((id) => id.toLowerCase()))
  const ids: TaskId[] = []
  for (let number = highest + 1; ids.length < count; number++) {
    const id = `${prefix}${String(number).padStart(width, '0')}`
    if (!isTaskId(id)) throw new Error(`${id} follows the ids that are there, and is not fit to be one`)
    if (!folded.has(id.toLowerCase())) ids.push(id)
  }
  return ids
}
