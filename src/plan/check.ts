import { shortestCycles } from './graph/cycles.ts'
import { idWayOut, isTaskId } from './ids.ts'
import type { Problem } from './problem.ts'
import type { Task } from './task.ts'

const longestHours = 1_000_000
/** So many dependencies are compared with each other sooner than put into a set. */
const few = 20

/** How a task is called in the messages. Asked only where there is one. */
type Where = (task: Task) => string

/**
 * Everything that keeps these tasks from being planned: ids, hours, dependencies, cycles. `where` names a
 * task's file, where it has one.
 */
export function checkTasks(tasks: readonly Task[], where: Where = (task) => task.id): Problem[] {
  const problems: Problem[] = []
  const byId = new Map<string, Task>()
  const folded = new Map<string, Task>()
  for (const task of tasks) {
    if (!isTaskId(task.id)) problems.push({ where: where(task), field: 'id', what: `${JSON.stringify(task.id)} is not fit to be an id, which is also a file name`, wayOut: idWayOut })
    const key = task.id.toLowerCase()
    const twin = folded.get(key)
    if (twin === undefined) {
      folded.set(key, task)
      byId.set(task.id, task)
    } else if (byId.has(task.id)) problems.push({ where: where(task), field: 'id', what: `${task.id} is there twice`, wayOut: 'Give each task an id of its own' })
    else problems.push({ where: where(task), field: 'id', what: `${task.id} differs from ${twin.id} in upper and lower case only, which is one file on many disks`, wayOut: 'Rename one of them' })
    checkHours(task, where, problems)
    checkScope(task, where, problems)
  }
  for (const task of tasks) checkDependencies(task, where, byId, folded, problems)
  if (!areInOrder(tasks)) problems.push(...cycleProblems(byId, where))
  return problems
}

/** A long way round is cut in the middle. */
const longestCycle = 30
const cycleText = (ids: readonly string[]): string => (ids.length <= longestCycle ? ids : [...ids.slice(0, longestCycle / 2), `... ${ids.length - longestCycle} more ...`, ...ids.slice(-longestCycle / 2)]).join(' -> ')

/** Each task names only tasks before it, as in plans that were written from the start to the end: there is no cycle, then. */
function areInOrder(tasks: readonly Task[]): boolean {
  const before = new Set<string>()
  for (const { id, dependencies } of tasks) {
    if (!dependencies.every((other) => before.has(other))) return false
    before.add(id)
  }
  return true
}

function cycleProblems(byId: ReadonlyMap<string, Task>, where: Where): Problem[] {
  const known = new Map([...byId.values()].map((task) => [task.id as string, task.dependencies.filter((id) => byId.has(id) && id !== task.id)]))
  return shortestCycles(known).map((cycle) => {
    const first = byId.get(cycle[0] ?? '')
    return { where: first === undefined ? 'dependencies' : where(first), field: 'dependencies', what: `form a cycle, each waits for the next: ${cycleText([...cycle, ...cycle.slice(0, 1)])}`, wayOut: 'Remove one of these dependencies' }
  })
}

function checkHours(task: Task, where: Where, problems: Problem[]): void {
  const { estimatedHours, estimate } = task
  if (!Number.isFinite(estimatedHours) || estimatedHours <= 0 || estimatedHours > longestHours) {
    problems.push({ where: where(task), field: 'estimated_hours', what: `is ${estimatedHours}`, wayOut: `Give a number of hours above 0 and at most ${longestHours}` })
  }
  if (estimate === undefined) return
  const sound = Number.isFinite(estimate.high) && estimate.low > 0 && estimate.low <= estimate.high
  if (!sound) problems.push({ where: where(task), field: 'estimate', what: `goes from ${estimate.low} to ${estimate.high}`, wayOut: 'Give a low and a high number of hours above 0, the low one first' })
  else if (estimatedHours < estimate.low || estimatedHours > estimate.high) problems.push({ where: where(task), field: 'estimate', what: `goes from ${estimate.low} to ${estimate.high}, and the likely estimated_hours, ${estimatedHours}, lies outside`, wayOut: 'Give a low, a likely and a high number of hours, each at least the one before' })
}

/** Files are compared with patterns by their path from the project's folder: such a pattern would match none of them. */
const leadsOut = /^!*(?:[/\\~]|[A-Za-z]:)|(?:^!*|[/\\])\.\.(?:[/\\]|$)/

function checkScope(task: Task, where: Where, problems: Problem[]): void {
  for (const pattern of task.allowedPatterns) {
    if (leadsOut.test(pattern)) problems.push({ where: where(task), field: 'scope', what: `has the pattern ${JSON.stringify(pattern)}, which leads out of the project`, wayOut: 'Write it from the folder of the project, such as "src/**"' })
  }
}

function checkDependencies(task: Task, where: Where, byId: ReadonlyMap<string, Task>, folded: ReadonlyMap<string, Task>, problems: Problem[]): void {
  const { dependencies } = task
  const seen = dependencies.length > few ? new Set<string>() : undefined
  for (const [i, id] of dependencies.entries()) {
    if (seen === undefined ? dependencies.indexOf(id) < i : seen.has(id)) problems.push({ where: where(task), field: 'dependencies', what: `names ${id} twice`, wayOut: 'Name it once' })
    else if (id === task.id) problems.push({ where: where(task), field: 'dependencies', what: `names the task itself, ${id}`, wayOut: 'Remove it' })
    else if (!byId.has(id)) {
      const near = folded.get(id.toLowerCase())
      problems.push({ where: where(task), field: 'dependencies', what: `names ${JSON.stringify(id)}, and there is no such task`, wayOut: near === undefined ? 'Name a task that is there, or remove it' : `Write ${near.id}, or remove it` })
    }
    seen?.add(id)
  }
}
