import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sprintId, type SprintId, type TaskId, trackId, type TrackId } from '../../../src/plan/ids.ts'
import type { Plan, PlannedTrack } from '../../../src/plan/plan.ts'
import type { Task } from '../../../src/plan/task.ts'
import type { NewEvent } from '../../../src/state/event.ts'
import type { ProcessIdentity } from '../../../src/state/process.ts'
import type { Lease, TaskRow } from '../../../src/state/rows.ts'
import { openState, type State, type StateOptions } from '../../../src/state/state.ts'

export const task = (number: number): TaskId => `TASK-${String(number).padStart(3, '0')}` as TaskId

/** The e-commerce platform: tasks of a sprint, sprints of a track, and what each task depends on. */
const shop = [
  { name: 'Backend API', sprints: [[1, 4, 8], [12, 16, 6, 18]] },
  { name: 'Frontend', sprints: [[2, 5, 9], [13, 17, 10]] },
  { name: 'Infrastructure', sprints: [[3, 7], [11, 15, 14]] },
]
const shopDependencies: Readonly<Record<number, readonly number[]>> = { 4: [1], 8: [4], 12: [8], 16: [12], 5: [2, 4], 9: [5], 13: [9, 12], 17: [13], 7: [3], 11: [7], 15: [11] }

export interface SavedPlan { readonly plan: Plan; readonly tasks: readonly Task[]; readonly order: readonly TaskId[] }

export const shopPlan = (): SavedPlan => makePlan(shop, shopDependencies)

/** `count` tasks without dependencies on each of some tracks, one sprint a track. */
export function widePlan(tracks: number, count: number): SavedPlan {
  return makePlan(Array.from({ length: tracks }, (_, track) => ({ name: `Track ${track + 1}`, sprints: [Array.from({ length: count }, (__, index) => track * count + index + 1)] })), {})
}

export function makePlan(layout: readonly { readonly name: string; readonly sprints: readonly (readonly number[])[] }[], dependencies: Readonly<Record<number, readonly number[]>>): SavedPlan {
  const tracks = layout.map(({ name, sprints }, index): PlannedTrack => {
    const id = trackId(index + 1)
    return {
      id,
      name,
      component: name.toLowerCase(),
      tasks: sprints.flat().map(task),
      hours: sprints.flat().length * 4,
      sprints: sprints.map((numbers, at) => ({ id: sprintId(at + 1, id), number: at + 1, name: at === 0 ? 'Foundation' : 'Advanced Features', goal: '', tasks: numbers.map(task), hours: numbers.length * 4 })),
    }
  })
  const numbers = topological(layout.flatMap(({ sprints }) => sprints.flat()), dependencies)
  const tasks = numbers.map((number): Task => ({
    id: task(number), title: `Work ${number}`, description: '', component: 'backend', estimatedHours: 4, dependencies: (dependencies[number] ?? []).map(task), acceptanceCriteria: [], allowedPatterns: [], priority: 'medium',
  }))
  const plan: Plan = {
    tasks: tasks.length, totalHours: tasks.length * 4, chains: [], independent: { tasks: [], hours: 0 }, criticalPath: { tasks: [], hours: 0 }, width: tracks.length, widthTasks: [], maxTracks: tracks.length,
    requestedTracks: tracks.length, usedTracks: tracks.length, recommendedTracks: tracks.length, strategy: 'component', curve: [], tracks, schedule: [], makespanHours: 0, lowerBoundHours: 0, optimal: true,
    timeSavedPercent: 0, crossTrackDependencies: [], conflicts: [], warnings: [],
  }
  return { plan, tasks, order: numbers.map(task) }
}

/** Keeps the given order as far as the dependencies allow it. */
function topological(numbers: readonly number[], dependencies: Readonly<Record<number, readonly number[]>>): number[] {
  const done = new Set<number>()
  const left = [...numbers]
  while (left.length > 0) {
    const ready = left.findIndex((number) => (dependencies[number] ?? []).every((other) => done.has(other)))
    const [next] = left.splice(ready, ready < 0 ? 0 : 1)
    if (next === undefined) throw new Error('the dependencies of a test form a circle')
    done.add(next)
  }
  return [...done]
}

/** Workspaces and states that end with the test that made them. */
export class Bench {
  readonly #open: State[] = []
  readonly #folders: string[] = []

  folder(): string {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'devteam-state-'))
    this.#folders.push(folder)
    return folder
  }

  async open(root: string, options?: StateOptions): Promise<State> {
    const state = await openState(root, options)
    this.#open.push(state)
    return state
  }

  /** A state with a plan and a session that made it. */
  async planned(saved: SavedPlan = shopPlan(), options?: StateOptions): Promise<{ root: string; state: State; session: string }> {
    const root = this.folder()
    const state = await this.open(root, options)
    const session = await state.startSession('plan', true)
    await state.savePlan(session, saved.plan, saved.tasks, saved.order, {})
    return { root, state, session }
  }

  async end(): Promise<void> {
    for (const state of this.#open.splice(0)) await state.close()
    for (const folder of this.#folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true })
  }
}

export const tokens = { input: 100, output: 20, cacheRead: 3, cacheWrite: 4 }
export const done = { iterations: 2, model: 'claude-sonnet', durationMs: 1_500, tokens, costUsd: 0.25, commit: 'abc123', simulated: true }

export function completedEvent(row: Pick<TaskRow, 'id' | 'track' | 'sprint'>): NewEvent {
  return { type: 'task.completed', track: row.track, sprint: row.sprint, task: row.id, model: done.model, data: { title: row.id, iterations: 2, durationMs: 1_500, tokens, costUsd: 0.25, commit: 'abc123', simulated: true } }
}

export const failed = { reason: 'the gate test failed', iterations: 10, model: 'claude-opus', durationMs: 9_000, tokens, costUsd: 1.5, simulated: true }

export function failedEvent(row: Pick<TaskRow, 'id' | 'track' | 'sprint'>): NewEvent {
  return { type: 'task.failed', track: row.track, sprint: row.sprint, task: row.id, data: { title: row.id, reason: failed.reason, iterations: 10, durationMs: 9_000, tokens, costUsd: 1.5, simulated: true } }
}

export function roleEvent(id: TaskId | undefined, costUsd: number | undefined, summary = 'done'): NewEvent {
  return { type: 'role.completed', task: id, role: 'backend:api-designer', tier: 'sonnet', data: { kind: 'implement', summary, files: [], durationMs: 1, tokens, costUsd, simulated: true } }
}

export const sprintEvent = (sprint: SprintId): NewEvent => ({
  type: 'sprint.completed', sprint, data: { name: 'Foundation', iterations: 1, durationMs: 1, tokens: 1, costUsd: 1, tasksCompleted: 1, tasksTotal: 1, simulated: true },
})

export const trackEvent = (track: TrackId, othersOpen: readonly TrackId[]): NewEvent => ({
  type: 'track.completed', track, data: { name: 'Backend', iterations: 1, durationMs: 1, tokens: 1, costUsd: 1, tasks: 1, sprints: 1, quality: '', simulated: true, othersOpen },
})

export const projectEvent: NewEvent = { type: 'project.completed', data: { iterations: 1, durationMs: 1, tokens: 1, costUsd: 1, report: '', figures: {}, simulated: true } }

/** Completes every task that can be claimed; gives their ids in order. */
export async function work(state: State, lease: Lease, sprint?: SprintId): Promise<TaskId[]> {
  const ids: TaskId[] = []
  for (;;) {
    const claim = await state.claimTask(lease, { sprint })
    if (claim.kind !== 'claimed') return ids
    await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
    ids.push(claim.task.id)
  }
}

/** What the sqlite3 program prints. */
export function sqlite3(root: string, sql: string): string {
  return execFileSync('sqlite3', [path.join(root, '.devteam', 'devteam.db'), sql], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

/** A process that ended: a pid that no system gives out, and this system's own boot. */
export const deadProcess = (self: ProcessIdentity): ProcessIdentity => ({ ...self, pid: 2 ** 22 + 7, start: '1' })
