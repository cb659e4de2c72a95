import type { DrawnPlan, DrawnStatus, DrawnTask } from '../../../src/drawing/model.ts'

interface Seed { readonly id: string; readonly title: string; readonly component: string; readonly hours: number; readonly track: string; readonly sprint: string; readonly dependencies: readonly string[] }

const tracks = [['01', 'Backend API'], ['02', 'Frontend'], ['03', 'Infrastructure'], ['04', 'Mobile'], ['05', 'Data'], ['06', 'Search'], ['07', 'Reports']] as const

/** The sample project: id number, title, hours, track, sprint on the track, id number of what it depends on. */
const sample: readonly (readonly [number, string, number, string, number, number])[] = [
  [1, 'Database schema design', 8, '01', 1, 0], [4, 'User authentication API', 8, '01', 1, 1], [8, 'Product catalog API', 8, '01', 1, 4],
  [12, 'Shopping cart API', 8, '01', 2, 8], [16, 'Payment integration API', 10, '01', 2, 12], [6, 'Email notification service', 4, '01', 2, 0], [18, 'Admin dashboard API', 6, '01', 2, 0],
  [2, 'React project setup', 4, '02', 1, 0], [5, 'Login/registration UI', 8, '02', 1, 2], [9, 'Product catalog UI', 8, '02', 1, 5],
  [13, 'Shopping cart UI', 10, '02', 2, 9], [17, 'Checkout flow UI', 8, '02', 2, 13], [10, 'Admin dashboard UI', 6, '02', 2, 0],
  [3, 'Docker containers', 6, '03', 1, 0], [7, 'CI/CD pipeline', 6, '03', 1, 3], [11, 'Kubernetes manifests', 8, '03', 2, 7], [15, 'Monitoring setup', 8, '03', 2, 11], [14, 'Database backups', 4, '03', 2, 0],
]
const task = (number: number) => `TASK-${String(number).padStart(3, '0')}`

/** `running`: six done, two running, one failed, one blocked. */
export type SampleState = 'planned' | 'running' | 'completed'

export function samplePlan(state: SampleState = 'planned'): DrawnPlan {
  const seeds = sample.map(([number, title, hours, track, sprint, after]): Seed => ({
    id: task(number), title, component: track === '01' ? 'backend' : track === '02' ? 'frontend' : 'infrastructure', hours, track,
    sprint: `SPRINT-00${sprint}-${track}`, dependencies: after === 0 ? [] : [task(after)],
  }))
  return planOf('E-commerce platform', seeds, (id) => state === 'planned' ? 'pending' : state === 'completed' ? 'completed' : runningState[id] ?? 'pending', [128, 66, 43, 42])
}
const runningState: Readonly<Record<string, DrawnStatus>> = {
  'TASK-001': 'completed', 'TASK-002': 'completed', 'TASK-003': 'completed', 'TASK-004': 'completed', 'TASK-005': 'completed', 'TASK-007': 'completed',
  'TASK-008': 'running', 'TASK-009': 'running', 'TASK-011': 'failed', 'TASK-015': 'blocked',
}

/** A plan of `count` tasks that is the same at every call: mostly near dependencies, a few to other features, some tasks with none. */
export function madePlan(count: number, trackCount = 5): DrawnPlan {
  const random = generator(count)
  const words = ['Order', 'Invoice', 'Customer', 'Stock', 'Delivery', 'Voucher', 'Review', 'Search', 'Price', 'Return']
  const kinds = ['schema', 'service', 'API', 'list view', 'detail page with history', 'import', 'export', 'permissions', 'metrics', 'background job for reconciliation']
  const seeds: Seed[] = []
  for (let number = 1; number <= count; number += 1) {
    const dependencies = new Set<string>()
    if (number > 4 && random() > 0.14) {
      const wanted = 1 + Number(random() < 0.4)
      for (let each = 0; each < wanted; each += 1) {
        const back = random() < 0.12 ? 1 + Math.floor(random() * (number - 1)) : 1 + Math.floor(random() * Math.min(number - 1, 14))
        dependencies.add(task(number - back))
      }
    }
    const track = tracks[Math.floor(number * 7 / 13) % Math.min(trackCount, tracks.length)] ?? tracks[0]
    seeds.push({ id: task(number), title: `${words[Math.floor(random() * words.length)] ?? ''} ${kinds[Math.floor(random() * kinds.length)] ?? ''}`, component: track[1].toLowerCase(), hours: 2 + Math.floor(random() * 9), track: track[0], sprint: `SPRINT-${String(1 + Math.floor(number / 60)).padStart(3, '0')}-${track[0]}`, dependencies: [...dependencies] })
  }
  const done = Math.floor(count * 0.45)
  return planOf('Shop platform', seeds, (id) => { const number = Number(id.slice(5)); return number < done ? 'completed' : number === done ? 'failed' : number < done + 4 ? 'running' : number === done + 6 ? 'blocked' : 'pending' }, undefined)
}

/** A small linear congruential generator (Numerical Recipes): numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 2 ** 32 }
}

function planOf(name: string, seeds: readonly Seed[], statusOf: (id: string) => DrawnStatus, curve: readonly number[] | undefined): DrawnPlan {
  const byId = new Map(seeds.map((seed) => [seed.id, seed]))
  const earliest = new Map<string, number>()
  const after = (id: string): number => {
    const known = earliest.get(id)
    if (known !== undefined) return known
    const value = Math.max(0, ...(byId.get(id)?.dependencies ?? []).map((each) => after(each) + (byId.get(each)?.hours ?? 0)))
    earliest.set(id, value)
    return value
  }
  seeds.forEach((seed) => after(seed.id))
  const end = (seed: Seed) => (earliest.get(seed.id) ?? 0) + seed.hours
  const length = Math.max(0, ...seeds.map(end))
  /** When the last task that waits for this one ends. */
  const latest = new Map<string, number>()
  const followers = new Map<string, Seed[]>(seeds.map((seed) => [seed.id, []]))
  for (const seed of seeds) for (const id of seed.dependencies) followers.get(id)?.push(seed)
  const latestEnd = (seed: Seed): number => {
    const known = latest.get(seed.id) ?? Math.max(end(seed), ...(followers.get(seed.id) ?? []).map(latestEnd))
    latest.set(seed.id, known)
    return known
  }
  const path = new Set<string>()
  for (let at = seeds.find((seed) => end(seed) === length); at !== undefined;) {
    path.add(at.id)
    const start: number = earliest.get(at.id) ?? 0
    at = at.dependencies.map((id) => byId.get(id)).find((seed) => seed !== undefined && end(seed) === start)
  }
  const free = new Map<string, number>()
  const finish = new Map<string, number>()
  const placed: DrawnTask[] = seeds.map((seed, index) => {
    const start = Math.max(free.get(seed.track) ?? 0, ...seed.dependencies.map((id) => finish.get(id) ?? 0))
    free.set(seed.track, start + seed.hours)
    finish.set(seed.id, start + seed.hours)
    return drawnTask(seed, index, statusOf(seed.id), start, path.has(seed.id), path.has(seed.id) ? 0 : length - latestEnd(seed))
  })
  const used = [...new Set(seeds.map((seed) => seed.track))].sort()
  const total = seeds.reduce((sum, seed) => sum + seed.hours, 0)
  return {
    name,
    tasks: placed,
    tracks: used.map((id) => {
      const own = seeds.filter((seed) => seed.track === id)
      const sprints = [...new Set(own.map((seed) => seed.sprint))].sort()
      return {
        id, name: tracks.find(([each]) => each === id)?.[1] ?? id, hours: own.reduce((sum, seed) => sum + seed.hours, 0),
        sprints: sprints.map((sprint, index) => ({ id: sprint, name: index === 0 ? 'Foundation' : id === '03' ? 'Production Ready' : 'Advanced Features', number: index + 1, hours: own.filter((seed) => seed.sprint === sprint).reduce((sum, seed) => sum + seed.hours, 0), status: 'planned' })),
      }
    }),
    criticalPathHours: length,
    makespanHours: Math.max(0, ...finish.values()),
    usedTracks: used.length,
    recommendedTracks: Math.min(used.length, 5),
    strategy: 'component',
    curve: (curve ?? Array.from({ length: used.length + 1 }, (_, index) => Math.max(length, Math.ceil(total / (index + 1))))).map((hours, index) => ({ tracks: index + 1, hours })),
    simulated: true,
  }
}

export const begin = Date.UTC(2026, 8, 1, 8)
export const pace = 0.06
function drawnTask(seed: Seed, index: number, status: DrawnStatus, start: number, critical: boolean, slack: number): DrawnTask {
  const worked = status === 'completed' || status === 'failed'
  const started = worked || status === 'running'
  const at = (hours: number) => new Date(begin + hours * pace * 3_600_000).toISOString()
  return {
    id: seed.id, title: seed.title, component: seed.component, hours: seed.hours, status, track: seed.track, sprint: seed.sprint, dependencies: seed.dependencies,
    start, finish: start + seed.hours, slack, critical,
    criteria: [`${seed.title} works as described`, 'Full-text search', 'Paging and sorting'].map((text, number) => ({ text, met: status === 'completed' ? true : status === 'running' ? number < 2 || undefined : status === 'failed' ? number === 0 : undefined, evidence: worked && number === 0 ? 'src/catalog.ts:12-40' : undefined })),
    iterations: started ? 1 + index % 3 : 0, model: started ? 'claude-sonnet-5-5' : undefined, costUsd: worked ? 0.04 + index * 0.01 : undefined,
    durationMs: worked ? Math.round(seed.hours * (0.9 + (index % 4) * 0.08) * pace * 3_600_000) : undefined,
    startedAt: started ? at(start) : undefined, completedAt: worked ? at(start + seed.hours * (0.9 + (index % 4) * 0.08)) : undefined,
    reason: status === 'failed' ? 'lint failed after 5 iterations: 2 errors in k8s/service.yaml' : status === 'blocked' ? 'waits for TASK-011, which failed' : undefined,
  }
}
