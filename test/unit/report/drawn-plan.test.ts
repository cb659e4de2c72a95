import assert from 'node:assert/strict'
import { readTasks } from '../../../src/plan/files/read.ts'
import { drawnPlan } from '../../../src/report/drawn-plan.ts'
import { diligent, project, run } from '../../support/scripted-agents.ts'

describe('the plan to be drawn', () => {
  it('has the numbers of the plan, the criteria with their evidence, and the status', async () => {
    const at = await project([{ id: 'A-1', component: 'backend', hours: 4 }, { id: 'A-2', component: 'backend', hours: 3, dependencies: ['A-1'] }, { id: 'B-1', component: 'frontend', hours: 2, dependencies: ['A-1'] }], { tracks: 2 })
    const planned = await at.state.snapshot()
    assert.ok(planned)
    const before = drawnPlan(planned, await readTasks(at.root), [])
    assert.deepEqual(before.tasks.map((task) => [task.id, task.start, task.finish, task.slack, task.critical]), [['A-1', 0, 4, 0, true], ['A-2', 4, 7, 0, true], ['B-1', 4, 6, 1, false]])
    assert.deepEqual([before.criticalPathHours, before.makespanHours, before.usedTracks], [7, 7, 2])
    assert.deepEqual(before.curve[0], { tracks: 1, hours: 9 })
    assert.deepEqual(before.tasks[0]?.criteria, [{ text: 'it is there', met: undefined, evidence: undefined }])
    await run(at, diligent)
    const done = await at.state.snapshot()
    assert.ok(done)
    const after = drawnPlan(done, await readTasks(at.root), await at.state.events({ type: 'validation.completed' }))
    assert.ok(after.tasks.every((task) => task.status === 'completed' && task.criteria[0]?.met === true && /^src\/.*:1$/.test(task.criteria[0].evidence ?? '')))
    assert.deepEqual(after.tasks.map((task) => task.start), before.tasks.map((task) => task.start))
    await at.close()
  })
})
