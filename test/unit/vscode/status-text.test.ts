import assert from 'node:assert/strict'
import type { DrawnPlan } from '../../../src/drawing/model.ts'
import type { Snapshot, TaskRow } from '../../../src/state/rows.ts'
import type { ProjectState } from '../../../src/vscode/project.ts'
import { statusText } from '../../../src/vscode/views/status-text.ts'

const planned = (statuses: readonly TaskRow['status'][], more: Partial<Snapshot> = {}): ProjectState => ({
  kind: 'planned', plan: {} as DrawnPlan, problem: undefined,
  snapshot: { planId: 'p', settings: {}, tracks: [], sprints: [], tasks: statuses.map((status) => ({ status }) as TaskRow), reviewLease: undefined, projectCompleted: false, costUsd: 0, simulated: false, lastEvent: 0, ...more },
})

describe('what the status bar says', () => {
  it('nothing before there is a plan', () => {
    assert.equal(statusText({ kind: 'loading' }), undefined)
    assert.equal(statusText({ kind: 'empty' }), undefined)
  })
  it('how far it is, what runs, what it cost', () => {
    assert.equal(statusText(planned(['pending', 'pending']))?.spoken, 'DevTeam 0/2 tasks')
    assert.equal(statusText(planned(['completed', 'in_progress', 'failed'], { costUsd: 0.42 }))?.spoken, 'DevTeam 1/3 tasks, 1 running, 1 failed, $0.42')
  })
  it('an unknown cost is unknown, not nothing, and a simulated one is said to be', () => {
    assert.match(statusText(planned(['completed'], { costUsd: undefined }))?.spoken ?? '', /cost unknown/)
    assert.match(statusText(planned(['completed'], { costUsd: 1, simulated: true }))?.text ?? '', /\$1\.00 \(simulated\)$/)
  })
  it('an error, with what is wrong for a screen reader', () => { assert.match(statusText({ kind: 'error', message: 'devteam.db is damaged' })?.spoken ?? '', /devteam\.db is damaged/) })
})
