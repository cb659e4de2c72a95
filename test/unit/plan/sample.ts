import type { TaskId } from '../../../src/plan/ids.ts'
import type { Plan, PlanOptions } from '../../../src/plan/plan.ts'
import type { Task } from '../../../src/plan/task.ts'

const id = (number: number): TaskId => `TASK-${String(number).padStart(3, '0')}` as TaskId

export function task(number: number, hours: number, dependencies: readonly number[] = [], more: Partial<Task> = {}): Task {
  return {
    id: id(number), title: `Task ${number}`, description: '', component: 'general', estimatedHours: hours, dependencies: dependencies.map(id), acceptanceCriteria: [], allowedPatterns: [],
    priority: 'medium', ...more,
  }
}

const parts: readonly [component: string, tasks: readonly (readonly [number, number, string])[], independent: readonly (readonly [number, number, string])[]][] = [
  ['backend', [[1, 8, 'Database schema design'], [4, 8, 'User authentication API'], [8, 8, 'Product catalog API'], [12, 8, 'Shopping cart API'], [16, 10, 'Payment integration API']], [[6, 4, 'Email notification service'], [18, 6, 'Admin dashboard API']]],
  ['frontend', [[2, 4, 'React project setup'], [5, 8, 'Login/registration UI'], [9, 8, 'Product catalog UI'], [13, 10, 'Shopping cart UI'], [17, 8, 'Checkout flow UI']], [[10, 6, 'Admin dashboard UI']]],
  ['infrastructure', [[3, 6, 'Docker containers'], [7, 6, 'CI/CD pipeline'], [11, 8, 'Kubernetes manifests'], [15, 8, 'Monitoring setup']], [[14, 4, 'Database backups']]],
]

/** The e-commerce platform: three chains and four independent tasks. */
export const shop: readonly Task[] = parts.flatMap(([component, chain, independent]) => [
  ...chain.map(([number, hours, title], i) => task(number, hours, i === 0 ? [] : [chain[i - 1]?.[0] ?? 0], { title, component })),
  ...independent.map(([number, hours, title]) => task(number, hours, [], { title, component })),
]).sort((a, b) => a.id.localeCompare(b.id))

export const options = (more: Partial<PlanOptions> = {}): PlanOptions => ({ strategy: 'component', sprintHours: 40, allowIdleTracks: false, ...more })

/** Runs the tracks, each strictly in its order, waiting for dependencies; undefined where they wait for each other for ever. */
export function simulate(plan: Plan, tasks: readonly Task[]): number | undefined {
  const byId = new Map(tasks.map((each) => [each.id, each]))
  const finish = new Map<TaskId, number>()
  const queues = plan.tracks.map((track) => ({ left: [...track.tasks], free: 0 }))
  for (let moved = true; moved;) {
    moved = false
    for (const queue of queues) {
      for (let next = queue.left[0]; next !== undefined; next = queue.left[0]) {
        const dependencies = byId.get(next)?.dependencies ?? []
        const known = dependencies.map((other) => finish.get(other))
        if (known.includes(undefined)) break
        queue.free = Math.max(queue.free, ...known.map((time) => time ?? 0)) + (byId.get(next)?.estimatedHours ?? 0)
        finish.set(next, queue.free)
        queue.left.shift()
        moved = true
      }
    }
  }
  return queues.some((queue) => queue.left.length > 0) ? undefined : Math.max(...queues.map((queue) => queue.free))
}
