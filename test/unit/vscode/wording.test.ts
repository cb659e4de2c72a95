import assert from 'node:assert/strict'
import type { SprintId, TaskId, TrackId } from '../../../src/plan/ids.ts'
import type { RecordedEvent } from '../../../src/state/event.ts'
import type { SprintRow, TaskRow, TrackRow } from '../../../src/state/rows.ts'
import { eventWording, sessionWording, sprintWording, taskWording, trackWording } from '../../../src/vscode/views/wording.ts'

const task = (id: string, more: Partial<TaskRow> = {}): TaskRow => ({
  id: id as TaskId, title: `Work of ${id}`, component: 'backend', track: '01' as TrackId, sprint: 'SPRINT-001-01' as SprintId, position: 0, estimatedHours: 8, status: 'pending', reason: undefined, session: undefined, iterations: 0, model: undefined,
  startedAt: undefined, completedAt: undefined, durationMs: undefined, tokens: undefined, costUsd: undefined, commit: undefined, simulated: false, dependencies: [], ...more,
})
const around = (tasks: readonly TaskRow[], critical: readonly string[] = []) => ({ tasks, critical: new Set(critical), pid: 100 })
const timeOf = (iso: string): string => iso.slice(11, 16)

describe('how the rows of the trees read', () => {
  it('a pending task names what it waits for, and only what is still open', () => {
    const tasks = [task('TASK-001', { status: 'completed' }), task('TASK-002'), task('TASK-003', { dependencies: ['TASK-001', 'TASK-002'] as TaskId[] })]
    const row = taskWording(tasks[2] ?? task('TASK-000'), around(tasks, ['TASK-003']))
    assert.equal(row.label, 'TASK-003 Work of TASK-003')
    assert.equal(row.description, '8 h · critical · waits for TASK-002')
    assert.equal(row.accessible, 'TASK-003 Work of TASK-003, pending, 8 hours, critical, waits for TASK-002')
  })

  it('every status has a word and a shape of its own', () => {
    const statuses = ['pending', 'in_progress', 'completed', 'failed', 'blocked'] as const
    const rows = statuses.map((status) => taskWording(task('TASK-001', { status }), around([])))
    assert.deepEqual(rows.map((row) => row.accessible.split(', ')[1]), ['pending', 'running', 'completed', 'failed', 'blocked'])
    assert.equal(new Set(rows.map((row) => row.icon[0])).size, statuses.length)
  })

  it('a failed task says why, a simulated one that it is', () => {
    const row = taskWording(task('TASK-001', { status: 'failed', reason: 'gate test failed', iterations: 10, estimatedHours: 1, simulated: true }), around([]))
    assert.equal(row.description, '1 h · 10 iterations · gate test failed')
    assert.equal(row.accessible, 'TASK-001 Work of TASK-001, failed, 1 hour, 10 iterations, gate test failed, simulated')
  })

  it('sprints and tracks count their own tasks', () => {
    const tasks = [task('TASK-001', { status: 'completed' }), task('TASK-002', { estimatedHours: 0.5 }), task('TASK-003', { track: '02' as TrackId, sprint: 'SPRINT-001-02' as SprintId })]
    const sprint: SprintRow = { id: 'SPRINT-001-01' as SprintId, name: 'Foundation', goal: '', track: '01' as TrackId, number: 1, status: 'active', startedAt: undefined, completedAt: undefined }
    assert.deepEqual([sprintWording(sprint, around(tasks)).label, sprintWording(sprint, around(tasks)).description], ['SPRINT-001-01 Foundation', '1/2 · 8.5 h'])
    const track: TrackRow = { id: '01' as TrackId, name: 'Backend', status: 'in_progress', completedAt: undefined, lease: undefined }
    assert.equal(trackWording(track, around(tasks)).accessible, 'Track 01 Backend, running, 1 of 2 tasks completed, 8.5 hours')
  })

  it('a track names the process that works on it, unless that is this one or dead', () => {
    const held = (pid: number, alive: boolean): string => trackWording({ id: '01' as TrackId, name: 'Backend', status: 'in_progress', completedAt: undefined, lease: { pid, host: 'here', since: '', alive } }, around([task('TASK-001')])).description
    assert.deepEqual([held(7, true), held(100, true), held(7, false)], ['0/1 · 8 h · in process 7', '0/1 · 8 h', '0/1 · 8 h'])
  })

  it('track colours go round after six', () => {
    const color = (id: string): string | undefined => trackWording({ id: id as TrackId, name: '', status: 'pending', completedAt: undefined, lease: undefined }, around([])).icon[1]
    assert.deepEqual(['01', '06', '07', '13'].map(color), ['devteam.track1', 'devteam.track6', 'devteam.track1', 'devteam.track1'])
  })

  it('sessions and events say what, how and when', () => {
    assert.equal(sessionWording({ id: 's', command: 'plan 3', status: 'interrupted', startedAt: '2026-01-05T10:24:00.000Z', endedAt: undefined, host: 'h', pid: 1, simulated: true }, timeOf).accessible, 'plan 3, interrupted, started 10:24, simulated')
    const event = (more: object): RecordedEvent => ({ id: 1, time: '2026-01-05T10:24:00.000Z', session: 's', task: 'TASK-004', ...more } as RecordedEvent)
    const text = (more: object): string => { const row = eventWording(event(more), timeOf); return `${row.label} | ${row.description}` }
    assert.equal(text({ type: 'validation.completed', data: { verdict: 'fail', criteria: [], gap: 'no password reset', simulated: false } }), 'TASK-004 validation failed | no password reset · 10:24')
    assert.equal(text({ type: 'gate.completed', data: { gate: 'test', command: 'npm test', exitCode: null, durationMs: 1, output: '', reason: 'not found' } }), 'TASK-004 gate test | not found · 10:24')
    assert.equal(text({ type: 'role.started', role: 'backend:api-designer', model: 'm-1', data: {} }), 'TASK-004 api-designer started | m-1 · 10:24')
    assert.equal(text({ type: 'scope.checked', data: { files: [], outside: [] } }), 'TASK-004 scope checked | 10:24')
  })
})
