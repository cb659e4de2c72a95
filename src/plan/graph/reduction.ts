import { near } from '../at.ts'
import { TaskSets } from './task-sets.ts'

/** From so many dependencies a task on, most follow from others. */
const many = 3
/** The sets of a larger plan take too much memory. */
const mostTasks = 10_000

/** Do most dependencies follow from others, so that leaving them out is worth its time? */
export function isDense(predecessors: readonly (readonly number[])[]): boolean {
  return predecessors.length <= mostTasks && predecessors.reduce((sum, list) => sum + list.length, 0) > many * predecessors.length
}

/**
 * The dependencies that follow from no others (transitive reduction, Aho, Garey and Ullman 1972): a schedule that keeps them keeps all. `order` is
 * topological. O(dependencies * n / 32).
 */
export function reduced(predecessors: readonly (readonly number[])[], order: Int32Array): number[][] {
  const ancestors = new TaskSets(order.length)
  const lean: number[][] = predecessors.map(() => [])
  for (const task of order) {
    const before = near(predecessors, task)
    for (const other of before) if (!ancestors.has(task, other)) ancestors.addAll(task, other)
    lean[task] = before.filter((other) => !ancestors.has(task, other))
    for (const other of before) ancestors.add(task, other)
  }
  return lean
}
