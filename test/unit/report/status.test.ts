import assert from 'node:assert/strict'
import { statusText } from '../../../src/report/status.ts'
import type { Snapshot } from '../../../src/state/rows.ts'
import { project } from '../../support/scripted-agents.ts'

describe('the status', () => {
  it('says what a sprint waits for whose tasks are all completed', async () => {
    const at = await project([{ id: 'A-1', component: 'backend', hours: 4 }, { id: 'A-2', component: 'backend', hours: 3, dependencies: ['A-1'] }], { tracks: 1 })
    const planned = await at.state.snapshot()
    await at.state.close()
    assert.ok(planned)
    const after = (completed: number, status: string): string => statusText({ ...planned, tasks: planned.tasks.map((task, i) => (i < completed ? { ...task, status: 'completed' } : task)), sprints: planned.sprints.map((sprint) => ({ ...sprint, status })) as Snapshot['sprints'] }, 0)
    assert.match(after(1, 'planned'), /SPRINT-001 Foundation: 1\/2, planned/)
    assert.match(after(2, 'planned'), /SPRINT-001 Foundation: 2\/2, its review is to come/)
    assert.match(after(2, 'done'), /SPRINT-001 Foundation: 2\/2, done/)
  })
})
