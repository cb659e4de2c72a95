import assert from 'node:assert/strict'
import type { SprintId, TaskId, TrackId } from '../../../src/plan/ids.ts'
import { cost, duration, money } from '../../../src/report/format.ts'
import { TranscriptPrinter } from '../../../src/report/transcript-printer.ts'
import type { SpokenEvent } from '../../../src/report/transcript.ts'
import type { NewEvent } from '../../../src/state/event.ts'

const place = (track: string) => ({ track: track as TrackId, sprint: `SPRINT-001-${track}` as SprintId })
const said = (event: NewEvent): SpokenEvent => ({ ...event, time: '2026-01-05T10:00:00.000Z', session: 's1' })
const started = (track: string, name: string): SpokenEvent => said({ track: track as TrackId, type: 'track.started', data: { name, sprints: 1, tasks: 1, resumed: false } })
const task = (track: string, id: string): SpokenEvent[] => {
  const at = { ...place(track), task: id as TaskId }
  return [
    said({ ...at, type: 'task.started', data: { title: 'A task', number: 1, of: 1 } }),
    said({ ...at, role: 'backend:developer', tier: 'sonnet', type: 'role.started', data: { kind: 'implement', simulated: true, retry: false } }),
    said({ ...at, role: 'backend:developer', tier: 'sonnet', type: 'role.completed', data: { kind: 'implement', summary: 'Done', files: [], durationMs: 5, tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 }, costUsd: 0.01, simulated: true } }),
    said({ ...at, tier: 'sonnet', type: 'task.completed', data: { title: 'A task', iterations: 1, durationMs: 65_000, tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 }, costUsd: 0.01, commit: 'abc', simulated: true } }),
  ]
}

describe('transcript', () => {
  it('prints one track line by line', () => {
    let text = ''
    const printer = new TranscriptPrinter(1, (more) => { text += more })
    printer.event(started('01', 'Backend API'))
    assert.equal(text, 'Track 1 (Backend API) - 1 sprint to execute\n\n')
    for (const event of task('01', 'TASK-001')) printer.event(event)
    assert.equal(text.slice(text.indexOf('Task 1/1')), [
      'Task 1/1: TASK-001 - A task', '  Launching backend:developer (Sonnet, simulated)...', '  ✅ Done', '',
      '  TASK-001 complete (1 iteration, sonnet, 65 s, simulated)', '  State updated: TASK-001 marked as completed', '', '',
    ].join('\n'))
  })
  it('never mixes the lines of tracks that run at once', () => {
    let text = ''
    const printer = new TranscriptPrinter(2, (more) => { text += more })
    const [a, b] = [task('01', 'TASK-001'), task('02', 'TASK-002')]
    printer.event(started('01', 'Backend API'))
    printer.event(started('02', 'Frontend'))
    for (let i = 0; i < a.length; i += 1) for (const event of [a[i], b[i]]) if (event !== undefined) printer.event(event)
    const first = text.slice(text.indexOf('── Track 1'), text.indexOf('── Track 2'))
    const second = text.slice(text.indexOf('── Track 2'))
    assert.match(first, /Track 1 \(Backend API\)[\s\S]*TASK-001[\s\S]*State updated: TASK-001/)
    assert.ok(!first.includes('TASK-002') && !second.includes('TASK-001'))
  })
})

describe('figures', () => {
  it('come in the unit a person would choose', () => {
    assert.deepEqual([420, 12_000, 62 * 60_000, 150 * 60_000].map(duration), ['0.4 s', '12 s', '62 min', '2.5 hours'])
    assert.deepEqual([0, 1.2, 0.0042, undefined].map(money), ['~$0.00', '~$1.20', '~$0.0042', 'unknown'])
    assert.equal(cost(1, true), '~$1.00 (simulated)')
  })
})
