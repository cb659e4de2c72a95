import assert from 'node:assert/strict'
import { sprintId, trackId } from '../../../src/plan/ids.ts'
import { Bench, projectEvent, roleEvent, sprintEvent, sqlite3, task, trackEvent, work } from './support.ts'

describe('a whole project in the state', () => {
  const bench = new Bench()
  afterEach(() => bench.end())

  it('is completed track by track, and sqlite3 prints what the guide shows', async () => {
    const { root, state, session } = await bench.planned()
    await state.endSession(session, 'completed')
    const order: string[] = []
    let review
    // The backend first: tasks of the frontend depend on it.
    for (const [track, sprints] of [[trackId(1), 2], [trackId(2), 2], [trackId(3), 2]] as const) {
      const own = await state.startSession(`implement --sprint all ${track}`, true)
      const lease = await state.acquireTrack(track, own)
      await state.startTrack(lease, { type: 'track.started', track, data: { name: '', sprints, tasks: 1, resumed: false } })
      for (let number = 1; number <= sprints; number++) {
        const sprint = sprintId(number, track)
        await state.startSprint(lease, sprint, { type: 'sprint.started', track, sprint, data: { name: '', tasks: 1 } })
        order.push(...await work(state, lease, sprint))
        await state.completeSprint(lease, sprint, [{ review: 'code:python', finding: { severity: 'low', file: 'a.py', line: 3, text: 'a longer name' } }], sprintEvent(sprint))
      }
      const ended = await state.completeTrack(lease, (othersOpen) => trackEvent(track, othersOpen))
      assert.deepEqual(ended.othersOpen, [trackId(2), trackId(3)].slice(Number(track) - 1))
      assert.equal(ended.review !== undefined, track === '03')
      review = ended.review
      await state.release(lease)
      if (review === undefined) await state.endSession(own, 'completed')
    }
    assert.ok(review)
    state.recordEvent(review.session, roleEvent(undefined, 0.5))
    await state.completeProject(review, [], projectEvent)
    await state.endSession(review.session, 'completed')

    assert.deepEqual(order, [1, 4, 8, 12, 16, 6, 18, 2, 5, 9, 13, 17, 10, 3, 7, 11, 15, 14].map(task))
    assert.equal(sqlite3(root, 'SELECT status, COUNT(*) as count FROM tasks GROUP BY status;'), 'completed|18\ndone|6')
    assert.deepEqual(sqlite3(root, "SELECT id, status, tasks_completed, tasks_total FROM tasks WHERE id LIKE 'SPRINT-%';").split('\n').sort(), [
      'SPRINT-001-01|done|3|3', 'SPRINT-001-02|done|3|3', 'SPRINT-001-03|done|2|2', 'SPRINT-002-01|done|4|4', 'SPRINT-002-02|done|3|3', 'SPRINT-002-03|done|3|3',
    ])
    assert.match(sqlite3(root, 'SELECT * FROM v_sprint_progress ORDER BY id LIMIT 1;'), /^SPRINT-001-01\|Foundation\|01\|done\|3\|3\|100\|12\.0$/)
    const settings = sqlite3(root, 'SELECT key, value FROM session_state WHERE session_id = ( SELECT id FROM sessions ORDER BY started_at DESC LIMIT 1 );').split('\n')
    for (const line of ['parallel_tracks|3', 'tasks_completed|18', 'session_tasks_completed|5', 'session_tasks_cost_usd|1.25']) assert.ok(settings.includes(line), `${line} in ${settings.join(', ')}`)
    assert.equal(sqlite3(root, "SELECT status, COUNT(*) FROM sessions GROUP BY status;"), 'completed|4')
    assert.equal(sqlite3(root, "SELECT SUM(iterations) FROM tasks WHERE id NOT LIKE 'SPRINT-%';"), '36')
    assert.equal(sqlite3(root, 'SELECT COUNT(*) = MAX(id), COUNT(*) FROM events;'), `1|${1 + 3 + 6 + 18 + 6 + 3 + 1 + 1}`)
    assert.equal(sqlite3(root, 'PRAGMA integrity_check;'), 'ok')

    const snapshot = await state.snapshot()
    assert.ok(snapshot)
    assert.equal(snapshot.projectCompleted, true)
    assert.equal(snapshot.simulated, true)
    assert.equal(snapshot.costUsd, 0.5)
    assert.deepEqual(snapshot.tracks.map((track) => [track.status, track.lease]), [['completed', undefined], ['completed', undefined], ['completed', undefined]])
    assert.equal(snapshot.reviewLease, undefined)
    assert.equal((await state.findings()).length, 6)
    assert.equal(await state.claimReview(review.session), undefined)
  })

  it('is another process\'s at once, and nobody can write to it by hand', async () => {
    const { root, state } = await bench.planned()
    const other = await bench.open(root)
    const before = await other.snapshot()
    assert.equal(before?.tasks.length, 18)
    assert.deepEqual(before.tasks.find((row) => row.id === task(13))?.dependencies, [task(12), task(9)])
    const session = await state.startSession('implement', true)
    const lease = await state.acquireTrack(trackId(3), session)
    await work(state, lease, sprintId(1, trackId(3)))
    const after = await other.snapshot()
    assert.deepEqual(after?.tasks.filter((row) => row.status === 'completed').map((row) => row.id), [task(3), task(7)])
    assert.equal(after.tracks[2]?.lease?.pid, process.pid)
    assert.throws(() => sqlite3(root, "UPDATE tasks SET status = 'completed'"), /cannot modify tasks because it is a view/)
  })
})
