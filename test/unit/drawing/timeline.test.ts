import assert from 'node:assert/strict'
import { actualOf } from '../../../src/drawing/actual.ts'
import { clockText, taskName, whatIfText } from '../../../src/drawing/describe.ts'
import type { DrawnPlan, DrawnTask } from '../../../src/drawing/model.ts'
import { darkPalette } from '../../../src/drawing/palette.ts'
import type { Scene } from '../../../src/drawing/shapes.ts'
import { averageWidth } from '../../../src/drawing/text-fit.ts'
import { timelineScene } from '../../../src/drawing/timeline.ts'
import { barBox, fitHours, timeline } from '../../../src/drawing/timeline-view.ts'
import type { TimelineView } from '../../../src/drawing/timeline-view.ts'
import { begin, madePlan, samplePlan } from '../../ui/graph-page/plans.ts'

const hour = 3_600_000
/** The sample where some tasks ran; times in hours from the first start. */
function worked(times: Readonly<Record<string, readonly [number, number | undefined]>>): DrawnPlan {
  const plan = samplePlan()
  const at = (hours: number) => new Date(begin + hours * hour).toISOString()
  return { ...plan, tasks: plan.tasks.map((task): DrawnTask => {
    const time = times[task.id]
    return time === undefined ? task : { ...task, status: time[1] === undefined ? 'running' : 'completed', startedAt: at(time[0]), completedAt: time[1] === undefined ? undefined : at(time[1]) }
  }) }
}
const view = (plan: DrawnPlan, more: Partial<TimelineView> = {}): TimelineView => ({ width: 1100, height: 600, pixelsPerHour: fitHours(plan, 1100), fromHour: 0, scroll: 0, palette: darkPalette, measure: averageWidth, actual: actualOf(plan, begin), ...more })
const texts = (scene: Scene) => scene.groups.flatMap((group) => group.shapes.flatMap((shape) => shape.kind === 'text' ? [shape.text] : []))

describe('actual times', () => {
  it('are drawn as measured where they are near the estimate', () => {
    const actual = actualOf(worked({ 'TASK-001': [0, 9], 'TASK-004': [9, undefined] }), begin + 12 * hour)
    assert.equal(actual.pace, 1)
    assert.deepEqual(actual.bars.get('TASK-001'), { start: 0, finish: 9, status: 'completed' })
    assert.deepEqual(actual.bars.get('TASK-004'), { start: 9, finish: 12, status: 'running' })
    assert.equal(actual.now, 12)
  })

  it('leave out the time in which nothing ran', () => {
    const actual = actualOf(worked({ 'TASK-001': [0, 8], 'TASK-004': [100, 108], 'TASK-002': [102, 106] }), begin + 200 * hour)
    assert.deepEqual(actual.bars.get('TASK-004'), { start: 8, finish: 16, status: 'completed' })
    assert.deepEqual(actual.bars.get('TASK-002'), { start: 10, finish: 14, status: 'completed' })
  })

  it('are scaled by one factor where agents are much faster than the estimate', () => {
    const actual = actualOf(worked({ 'TASK-001': [0, 0.8], 'TASK-004': [0.8, 1.6] }), begin)
    assert(Math.abs(actual.pace - 0.1) < 1e-9)
    assert(Math.abs((actual.bars.get('TASK-004')?.finish ?? 0) - 16) < 1e-9)
  })

  it('know no now before the start and after the end', () => {
    assert.equal(actualOf(samplePlan(), begin).now, undefined)
    assert.equal(actualOf(samplePlan('completed'), begin).now, undefined)
    assert.equal(actualOf({ ...samplePlan(), tasks: samplePlan().tasks.map((task) => ({ ...task, startedAt: 'never' })) }, begin).bars.size, 0)
  })
})

describe('timeline', () => {
  it('puts a bar for each task into its track\'s lane, apart from the others', () => {
    for (const plan of [samplePlan('running'), madePlan(200)]) {
      const scene = timelineScene(plan, view(plan))
      assert.deepEqual(scene.groups.flatMap((group) => group.task ?? []).sort(), plan.tasks.map((task) => task.id).sort())
      for (const track of plan.tracks) {
        const own = plan.tasks.filter((task) => task.track === track.id).sort((a, b) => a.start - b.start).map((task) => barBox(plan, task, view(plan)))
        own.forEach((box, index) => {
          const before = own[index - 1]
          assert(box !== undefined && (before === undefined || (before.y === box.y && before.x + before.width <= box.x + 0.01)))
        })
      }
    }
  })

  it('says both figures, tracks, sprints and hours', () => {
    const plan = samplePlan('running')
    const said = texts(timelineScene(plan, view(plan)))
    for (const text of ['critical path 42 h', 'finish 52 h', '01 Backend API', '2/7 done', 'SPRINT-001-01 · Foundation', '0 h', '48 h', 'TASK-016']) assert(said.includes(text), text)
  })

  it('draws only what is on the screen', () => {
    const plan = madePlan(200)
    const scene = timelineScene(plan, view(plan, { pixelsPerHour: 40, fromHour: 100 }))
    const drawn = scene.groups.flatMap((group) => group.task ?? [])
    assert(drawn.length > 5 && drawn.length < 60)
    assert.equal(scene.groups.filter((group) => group.task !== undefined).every((group) => group.clip !== undefined && group.clip.x === timeline.left), true)
  })

  it('marks late work in hours', () => {
    const plan = worked({ 'TASK-001': [0, 9.4], 'TASK-002': [0, 4] })
    assert(texts(timelineScene(plan, view(plan))).includes('+1.4 h'))
  })
})

describe('words', () => {
  it('name a task as a screen reader says it', () => {
    const plan = samplePlan('running')
    const task = plan.tasks.find((each) => each.id === 'TASK-008')
    assert(task !== undefined)
    assert.equal(taskName(task, plan, 2), 'TASK-008 Product catalog API, running, track 01 Backend API, 8 hours, critical, depends on 1, unblocks 2')
  })

  it('give the reason for the number of tracks', () => {
    const { recommended, why, own, finish, rest } = whatIfText(samplePlan())
    assert.equal(`${recommended}${why} ${own}${finish}${rest}`, '3 tracks recommended: a 4th would save 1 h (2 %), and no plan beats the 42 h critical path. This plan keeps components whole and takes 52 h on 3 tracks; balanced takes 43 h.')
    const flat = { ...samplePlan(), curve: [{ tracks: 3, hours: 42 }, { tracks: 4, hours: 42 }] }
    assert.match(whatIfText(flat).why, /a 4th would save nothing/)
    assert.match(whatIfText({ ...samplePlan(), recommendedTracks: 11, curve: [{ tracks: 11, hours: 50 }, { tracks: 12, hours: 45 }] }).why, /a 12th would save 5 h \(10 %\)/)
    assert.match(whatIfText({ ...samplePlan(), recommendedTracks: 8, curve: [{ tracks: 8, hours: 40 }, { tracks: 9, hours: 40 }, { tracks: 10, hours: 32 }] }).why, /a 9th would save nothing, though 10 tracks would take 32 h; no plan/)
    assert.match(whatIfText({ ...samplePlan(), curve: [] }).why, /no plan beats/)
  })

  it('tell durations', () => {
    assert.deepEqual([12, 900, 45_000, 90_000, 3_720_000].map(clockText), ['12 ms', '1 s', '45 s', '2 min', '1 h 02 min'])
  })
})
