import assert from 'node:assert/strict'
import { finalVerdicts } from '../../../src/report/final-verdicts.ts'
import type { NewEvent, RecordedEvent } from '../../../src/state/event.ts'
import type { TrackId } from '../../../src/plan/ids.ts'

const recorded = (events: readonly NewEvent[]): RecordedEvent[] => events.map((event, index) => ({ ...event, id: index + 1, time: '2026-01-05T10:00:00.000Z', session: 's1' }))
const started: NewEvent = { type: 'project.started', data: { languages: [{ name: 'Python', files: 2, note: '' }] } }
const review = (kind: string, verdict: 'pass' | 'fail', track?: TrackId): NewEvent => ({ ...(track === undefined ? {} : { track }), type: 'review.completed', data: { review: kind, title: kind, verdict, note: '', checks: [], findings: [], simulated: true } })
const gate = (exitCode: number): NewEvent => ({ type: 'gate.completed', data: { gate: 'test', command: 'make test', exitCode, durationMs: 5, output: '' } })

describe('the verdicts of the final review', () => {
  it('are those of the newest one: a failed review that was repeated counts no more', () => {
    const first = [started, review('code:python', 'fail'), review('security', 'pass')]
    assert.deepEqual(finalVerdicts(recorded(first)).reviews, { code: false, security: true })
    assert.deepEqual(finalVerdicts(recorded([...first, started, review('code:python', 'pass')])), { reviews: { code: true }, gates: [], languages: ['Python'] })
  })
  it('fail where one language of several failed, or a gate on the whole project did', () => {
    assert.deepEqual(finalVerdicts(recorded([started, review('code:python', 'fail'), review('code:css', 'pass')])).reviews, { code: false })
    assert.deepEqual(finalVerdicts(recorded([started, gate(1), review('integration', 'pass')])), { reviews: { integration: false }, gates: ['test'], languages: ['Python'] })
  })
  it('are none before it, whatever the tracks came to', () => {
    assert.deepEqual(finalVerdicts(recorded([review('code', 'fail', '01' as TrackId), gate(1)])), { reviews: {}, gates: [], languages: [] })
  })
})
