import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { writeTasks } from '../../../src/plan/files/read.ts'
import type { TaskId, TrackId } from '../../../src/plan/ids.ts'
import { readConfig } from '../../../src/run/config.ts'
import { planProject } from '../../../src/run/plan-project.ts'
import { applyReplan, proposeReplan, type ReplanRequest } from '../../../src/run/replan-project.ts'
import { Bench, completedEvent, done } from '../state/support.ts'
import { shop, task } from '../plan/sample.ts'
import type { Task } from '../../../src/plan/task.ts'

const bench = new Bench()
afterEach(() => bench.end())

async function planned(tasks: readonly Task[], tracks: number): Promise<ReplanRequest> {
  const root = bench.folder()
  await writeTasks(root, tasks)
  const request = { root, state: await bench.open(root), config: await readConfig(root), allowIdleTracks: true }
  await planProject({ ...request, command: 'plan', tracks, signal: new AbortController().signal, onEvent: () => { /* not looked at */ } })
  return request
}
const rows = async ({ state }: ReplanRequest): Promise<unknown> => (await state.snapshot())?.tasks
const changed = (more: Partial<Task>, id = 'TASK-012'): Task[] => shop.map((each) => (each.id === id ? { ...each, ...more } : each))

describe('replanning the plan of a workspace', function () {
  this.timeout(120_000)

  it('writes nothing when the plan has changed since the proposal, and works from a new one', async () => {
    const request = await planned(shop, 3)
    await writeTasks(request.root, changed({ estimatedHours: 30 }))
    const stale = await proposeReplan(request)
    const other = await bench.open(request.root)
    const session = await other.startSession('implement', true)
    const lease = await other.acquireTrack('01' as TrackId, session)
    const claim = await other.claimTask(lease)
    assert.equal(claim.kind, 'claimed')
    await other.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
    await other.release(lease)
    const before = await rows(request)
    assert.equal(await applyReplan(request, stale), false)
    assert.deepEqual(await rows(request), before)
    assert.equal(await applyReplan(request, await proposeReplan(request)), true)
    assert.equal((await request.state.snapshot())?.tasks.find((row) => row.id === 'TASK-012')?.estimatedHours, 30)
  })

  it('does not take a proposal over that was made before a process began with a track', async () => {
    const request = await planned(shop, 3)
    await writeTasks(request.root, changed({ estimatedHours: 30 }))
    const stale = await proposeReplan(request)
    const other = await bench.open(request.root)
    await other.acquireTrack('01' as TrackId, await other.startSession('implement', true))
    assert.equal(await applyReplan(request, stale), false)
    await assert.rejects(proposeReplan(request), /TASK-012\.json has changed, and track 01 is being run by process \d+ on .* since .*stop it, then replan/s)
  })

  it('waits for the final review', async () => {
    const request = await planned(shop.slice(0, 1), 1)
    const session = await request.state.startSession('implement', true)
    const lease = await request.state.acquireTrack('01' as TrackId, session)
    const claim = await request.state.claimTask(lease)
    assert.equal(claim.kind, 'claimed')
    await request.state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
    await request.state.completeTrack(lease, (othersOpen) => ({ type: 'track.completed', track: '01' as TrackId, data: { name: '', iterations: 1, durationMs: 1, tokens: 1, tasks: 1, sprints: 1, quality: '', simulated: true, othersOpen } }))
    await assert.rejects(proposeReplan(request), /The final review is held by process \d+ on/)
  })

  it('knows the order of tasks in conflict from their dependencies, and a scope from another', async () => {
    const one = { component: 'a', allowedPatterns: ['src/app/**'] }
    const tasks = [task(1, 8, [], one), task(2, 8, [], { component: 'b', allowedPatterns: ['src/app/main.ts'] }), ...[3, 4, 5].map((n) => task(n, 8, [], { component: n === 3 ? 'a' : 'b' }))]
    const request = await planned(tasks, 2)
    const ordered = (await request.state.snapshot())?.tasks.filter((row) => row.dependencies.length > 0) ?? []
    assert.equal(ordered.length, 1, 'a conflict across tracks is kept by a dependency')
    assert.equal((await proposeReplan(request)).replan.changes, false)
    await writeTasks(request.root, tasks.map((each) => (each.id === 'TASK-002' ? { ...each, allowedPatterns: ['lib/**'] } : each)))
    const proposal = await proposeReplan(request)
    assert.deepEqual(proposal.replan.diff.changed, [{ task: 'TASK-002' as TaskId, changes: [{ field: 'scope', before: ['src/app/main.ts'], after: ['lib/**'] }] }])
    assert.equal(await applyReplan(request, proposal), true)
    assert.deepEqual((await request.state.snapshot())?.tasks.filter((row) => row.dependencies.length > 0), [])
    assert.equal((await proposeReplan(request)).replan.changes, false)
  })

  it('removes the files of sprints that are gone', async () => {
    const request = await planned(shop, 3)
    const { root } = request
    for (const id of ['TASK-005', 'TASK-009', 'TASK-013', 'TASK-017', 'TASK-010']) fs.rmSync(path.join(root, 'docs/planning/tasks', `${id}.json`))
    assert.equal(await applyReplan(request, await proposeReplan(request)), true)
    assert.deepEqual(fs.readdirSync(path.join(root, 'docs/sprints')).filter((name) => name.endsWith('-02.json')), ['SPRINT-001-02.json'])
    assert.deepEqual((await request.state.snapshot())?.sprints.filter((sprint) => sprint.track === '02').map((sprint) => sprint.id), ['SPRINT-001-02'])
  })
})
