import assert from 'node:assert/strict'
import { UserError } from '../../../src/plan/errors.ts'
import { sprintId, trackId, type TrackId } from '../../../src/plan/ids.ts'
import type { Lease } from '../../../src/state/rows.ts'
import { identifySelf } from '../../../src/state/process.ts'
import { SqliteEngine } from '../../../src/state/sqlite.ts'
import type { State } from '../../../src/state/state.ts'
import { Bench, completedEvent, done, failed, failedEvent, makePlan, projectEvent, shopPlan, sprintEvent, task, tokens, trackEvent, work } from './support.ts'

describe('transitions', () => {
  const bench = new Bench()
  afterEach(() => bench.end())

  const statuses = async (state: State): Promise<Record<string, string>> => Object.fromEntries((await state.snapshot())?.tasks.map((row) => [row.id, row.status]) ?? [])
  const refused = (code: string, ...words: RegExp[]) => (error: unknown): boolean => {
    assert.ok(error instanceof UserError, String(error))
    assert.equal(error.code, code)
    for (const word of words) assert.match(error.message, word)
    return true
  }
  /** Track `number` under a lease. */
  async function begin(state: State, track: TrackId = trackId(1)): Promise<Lease> { return await state.acquireTrack(track, await state.startSession('implement', true)) }

  it('know no plan until one is saved', async () => {
    const state = await bench.open(bench.folder())
    assert.equal(await state.snapshot(), undefined)
    assert.deepEqual(await state.events(), [])
    const session = await state.startSession('plan', false)
    assert.equal(await state.snapshot(), undefined)
    await assert.rejects(state.acquireTrack(trackId(1), session), refused('input', /no plan yet/, /devteam plan/))
    assert.equal(await state.claimReview(session), undefined)
  })

  it('replace a plan that nobody began, under a new id', async () => {
    const { state, session } = await bench.planned()
    const before = await state.snapshot()
    const { plan, tasks, order } = makePlan([{ name: 'One', sprints: [[1, 2]] }], { 2: [1] })
    await state.savePlan(session, plan, tasks, order, { executor: 'simulated', parallel_tracks: '7' })
    const after = await state.snapshot()
    assert.notEqual(after?.planId, before?.planId)
    assert.deepEqual(after?.tasks.map((row) => [row.id, row.position, row.sprint, row.dependencies]), [[task(1), 1, 'SPRINT-001-01', []], [task(2), 2, 'SPRINT-001-01', [task(1)]]])
    assert.equal(after.settings['executor'], 'simulated')
    assert.equal(after.settings['parallel_tracks'], '7')
    assert.equal(after.settings['requested_tracks'], '1')
    assert.equal(after.lastEvent, 2)
  })

  it('keep a plan of which something is done or somebody holds a track', async () => {
    const { state, session } = await bench.planned()
    const again = shopPlan()
    const lease = await begin(state)
    await assert.rejects(state.savePlan(session, again.plan, again.tasks, again.order, {}), refused('held', /Track 01/, new RegExp(String(process.pid))))
    const claim = await state.claimTask(lease)
    assert.equal(claim.kind, 'claimed')
    await state.completeTask(lease, task(1), done, completedEvent({ id: task(1), track: trackId(1), sprint: sprintId(1, trackId(1)) }))
    await state.release(lease)
    await assert.rejects(state.savePlan(session, again.plan, again.tasks, again.order, {}), refused('input', /1 of 18 tasks completed/, /devteam reset --all/))
    assert.equal((await statuses(state))[task(1)], 'completed')
    assert.equal(await state.resetTasks({ all: true }, session), 1)
    await state.savePlan(session, again.plan, again.tasks, again.order, {})
  })

  it('write nothing of a plan that breaks off', async () => {
    const { state, session } = await bench.planned()
    const before = await state.snapshot()
    const { plan, tasks } = shopPlan()
    await assert.rejects(state.savePlan(session, plan, tasks, [], {}), /no place in the order/)
    const lost = tasks.map((each, i) => (i === 1 ? { ...each, dependencies: [task(99)] } : each))
    await assert.rejects(state.savePlan(session, plan, lost, shopPlan().order, {}), /depends on TASK-099, which is not in the plan/)
    assert.deepEqual(await state.snapshot(), before)
  })

  it('leave foreign keys on behind a plan that was replaced without them', async () => {
    const { state } = await bench.planned()
    const engine = new SqliteEngine({ file: state.file, self: identifySelf(), now: () => new Date() })
    try {
      const insert = (options?: { readonly bulk: boolean }): Promise<unknown> => engine.transaction((tx) => tx.all("INSERT INTO dependency (task_id, depends_on) VALUES ('TASK-098', 'TASK-099')"), options)
      await insert({ bulk: true })
      await engine.transaction((tx) => tx.all("DELETE FROM dependency WHERE task_id = 'TASK-098'"))
      await assert.rejects(insert(), /FOREIGN KEY/)
    } finally {
      await engine.close()
    }
  })

  it('claim in plan order what is ready, and say what the rest waits for', async () => {
    const { state } = await bench.planned()
    const lease = await begin(state, trackId(2))
    const first = await state.claimTask(lease)
    assert.ok(first.kind === 'claimed')
    assert.equal(first.task.id, task(2))
    assert.equal(first.task.status, 'in_progress')
    assert.equal(first.task.session, lease.session)
    assert.ok(first.task.startedAt !== undefined && first.task.simulated)
    // Again: the one in hand.
    assert.deepEqual(await state.claimTask(lease), first)
    await state.completeTask(lease, task(2), done, completedEvent(first.task))
    const ready = await state.claimTask(lease)
    assert.ok(ready.kind === 'claimed')
    assert.equal(ready.task.id, task(10), 'the only other one without dependencies')
    await state.completeTask(lease, task(10), done, completedEvent(ready.task))
    assert.deepEqual(await state.claimTask(lease), { kind: 'waiting', task: task(5), on: [{ task: task(4), track: '01', running: false }] })
    const backend = await begin(state, trackId(1))
    assert.deepEqual(await state.claimTask(lease), { kind: 'waiting', task: task(5), on: [{ task: task(4), track: '01', running: true }] })
    await work(state, backend, sprintId(1, trackId(1)))
    const next = await state.claimTask(lease, { task: task(5) })
    assert.ok(next.kind === 'claimed' && next.task.id === task(5))
    await assert.rejects(state.claimTask(lease, { task: 'TASK-099' as ReturnType<typeof task> }), refused('input', /TASK-099/))
  })

  it('wait for an earlier sprint of the own track without end: nobody does it', async () => {
    const { state } = await bench.planned()
    const lease = await begin(state, trackId(3))
    await work(state, lease, sprintId(2, trackId(3)))
    assert.deepEqual(await state.claimTask(lease, { sprint: sprintId(2, trackId(3)) }), { kind: 'waiting', task: task(11), on: [{ task: task(7), track: '03', running: false }] })
  })

  it('record what a completed task used, and answer the same when repeated', async () => {
    const { state } = await bench.planned()
    const lease = await begin(state)
    const claim = await state.claimTask(lease)
    assert.ok(claim.kind === 'claimed')
    const first = await state.completeTask(lease, task(1), { ...done, costUsd: undefined, commit: undefined }, completedEvent(claim.task))
    assert.deepEqual(await state.completeTask(lease, task(1), done, completedEvent(claim.task)), first)
    const row = (await state.snapshot())?.tasks.find(({ id }) => id === task(1))
    assert.ok(row)
    assert.deepEqual([row.status, row.iterations, row.model, row.durationMs, row.tokens, row.costUsd, row.commit, row.simulated], ['completed', 2, 'claude-sonnet', 1_500, 127, undefined, undefined, true])
    assert.equal((await state.events({ type: 'task.completed' })).length, 1)
    assert.equal(first.type === 'task.completed' ? first.data.tokens.input : 0, tokens.input)
    await assert.rejects(state.completeTask(lease, task(4), done, completedEvent(claim.task)), /TASK-004 can't be completed: it is pending/)
  })

  it('block what depends on a failed task in any track, and free it on a retry', async () => {
    const { state } = await bench.planned()
    const lease = await begin(state)
    await state.claimTask(lease)
    const row = { id: task(1), track: trackId(1), sprint: sprintId(1, trackId(1)) }
    const events = await state.failTask(lease, task(1), failed, failedEvent(row))
    assert.deepEqual(events.map((event) => [event.type, event.task]), [
      ['task.failed', task(1)], ...[4, 8, 12, 16, 5, 9, 13, 17].map((number) => ['task.blocked', task(number)]),
    ])
    assert.deepEqual(await state.failTask(lease, task(1), failed, failedEvent(row)), events.slice(0, 1))
    const blocked = await statuses(state)
    assert.deepEqual([blocked[task(1)], blocked[task(4)], blocked[task(17)], blocked[task(6)], blocked[task(2)]], ['failed', 'blocked', 'blocked', 'pending', 'pending'])
    assert.equal((await state.snapshot())?.tasks.find(({ id }) => id === task(17))?.reason, 'TASK-001 failed')
    assert.deepEqual(await work(state, lease), [task(6), task(18)])
    assert.deepEqual(await state.claimTask(lease), { kind: 'none' })

    // The frontend's own retry changes nothing: what blocks it lies in another track.
    const frontend = await begin(state, trackId(2))
    assert.deepEqual(await state.retryFailed(frontend), [])
    assert.deepEqual(await state.retryFailed(lease), [1, 4, 8, 12, 16].map(task))
    const again = await statuses(state)
    assert.ok(!Object.values(again).some((status) => status === 'failed' || status === 'blocked'))
    assert.deepEqual(await work(state, lease), [1, 4, 8, 12, 16].map(task))
  })

  it('put an interrupted task back', async () => {
    const { state } = await bench.planned()
    const lease = await begin(state)
    await state.claimTask(lease)
    await state.releaseTask(lease, task(1))
    await state.releaseTask(lease, task(1))
    const row = (await state.snapshot())?.tasks[0]
    assert.deepEqual([row?.status, row?.session, row?.startedAt, row?.simulated], ['pending', undefined, undefined, false])
  })

  it('give the final review to exactly one of the tracks that end last', async () => {
    const { root, state } = await bench.planned(makePlan([{ name: 'A', sprints: [[1]] }, { name: 'B', sprints: [[2]] }, { name: 'C', sprints: [[3]] }], {}))
    const others = [state, await bench.open(root), await bench.open(root)]
    const ended = await Promise.all(others.map(async (own, index) => {
      const track = trackId(index + 1)
      const lease = await begin(own, track)
      await work(own, lease)
      await own.completeSprint(lease, sprintId(1, track), [], sprintEvent(sprintId(1, track)))
      const first = await own.completeTrack(lease, (open) => trackEvent(track, open))
      return { first, again: await own.completeTrack(lease, (open) => trackEvent(track, open)) }
    }))
    assert.deepEqual(ended.map(({ first }) => first.othersOpen.length).sort(), [0, 1, 2])
    assert.equal(ended.filter(({ first }) => first.review !== undefined).length, 1)
    for (const { first, again } of ended) assert.deepEqual([again.recorded, again.review], [first.recorded, first.review])
    assert.equal((await state.events({ type: 'track.completed' })).length, 3)

    const review = ended.find(({ first }) => first.review !== undefined)?.first.review
    assert.ok(review)
    await assert.rejects(state.claimReview(await state.startSession('implement', true)), refused('held', /final review/))
    const finding = { review: 'security', finding: { severity: 'high', text: 'a secret in a file' } } as const
    const recorded = await state.completeProject(review, [finding], projectEvent)
    assert.deepEqual(await state.completeProject(review, [finding], projectEvent), recorded)
    assert.deepEqual((await state.findings()).map(({ severity, sprint }) => [severity, sprint]), [['high', undefined]])
  })

  it('refuse to complete what is not complete', async () => {
    const { state } = await bench.planned()
    const lease = await begin(state)
    await assert.rejects(state.completeSprint(lease, sprintId(1, trackId(1)), [], sprintEvent(sprintId(1, trackId(1)))), /TASK-001, TASK-004, TASK-008 not completed/)
    await assert.rejects(state.completeTrack(lease, (open) => trackEvent(trackId(1), open)), /not completed/)
  })

  it('set back a task, a track or all, with what is incomplete by it', async () => {
    const { state, session } = await bench.planned(makePlan([{ name: 'A', sprints: [[1, 2], [3]] }, { name: 'B', sprints: [[4]] }], { 2: [1] }))
    let review: Lease | undefined
    for (const [track, count] of [[trackId(1), 2], [trackId(2), 1]] as const) {
      const lease = await begin(state, track)
      await state.startTrack(lease, { type: 'track.started', track, data: { name: '', sprints: 1, tasks: 1, resumed: false } })
      for (let number = 1; number <= count; number++) {
        await work(state, lease, sprintId(number, track))
        await state.completeSprint(lease, sprintId(number, track), [], sprintEvent(sprintId(number, track)))
      }
      review = (await state.completeTrack(lease, (open) => trackEvent(track, open))).review
      await state.release(lease)
    }
    assert.ok(review)
    await assert.rejects(state.resetTasks({ task: task(2) }, session), refused('held', /final review/))
    await state.completeProject(review, [], projectEvent)

    assert.equal(await state.resetTasks({ task: task(2) }, session), 1)
    const one = await state.snapshot()
    assert.deepEqual(one?.sprints.map((sprint) => sprint.status), ['active', 'done', 'done'])
    assert.deepEqual(one.tracks.map((track) => [track.status, track.completedAt !== undefined]), [['in_progress', false], ['completed', true]])
    assert.equal(one.projectCompleted, false)
    assert.equal(await state.resetTasks({ task: task(2) }, session), 0)

    const lease = await begin(state, trackId(2))
    await assert.rejects(state.resetTasks({ track: trackId(2) }, session), refused('held', /Track 02/))
    assert.equal(await state.resetTasks({ track: trackId(1) }, session), 2)
    await state.release(lease)
    assert.equal(await state.resetTasks({ all: true }, session), 1)
    const all = await state.snapshot()
    assert.deepEqual([...all?.sprints.map((sprint) => sprint.status) ?? [], ...all?.tracks.map((track) => track.status) ?? []], ['planned', 'planned', 'planned', 'pending', 'pending'])
    assert.deepEqual((await state.events({ type: 'plan.reset' })).map((event) => event.data), [{ scope: 'TASK-002', tasks: 1 }, { scope: '01', tasks: 2 }, { scope: 'all', tasks: 1 }])
    await assert.rejects(state.resetTasks({ track: trackId(9) }, session), refused('input', /09/))
  })
})
