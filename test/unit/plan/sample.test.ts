import assert from 'node:assert/strict'
import { makePlan } from '../../../src/plan/make-plan.ts'
import { planOrder } from '../../../src/plan/schedule/order.ts'
import { sprintFiles } from '../../../src/plan/sprints/sprint-files.ts'
import { options, shop, simulate } from './sample.ts'

const short = (ids: readonly string[]): string => ids.map((id) => id.slice('TASK-'.length)).join(' ')

describe('the plan of the e-commerce platform', () => {
  const plan = makePlan(shop, options({ tracks: 3 }))

  it('finds chains, critical path, width and curve', () => {
    assert.deepEqual(plan.chains.map((chain) => [chain.name, short(chain.tasks), chain.hours]), [['Backend', '001 004 008 012 016', 42], ['Frontend', '002 005 009 013 017', 38], ['Infrastructure', '003 007 011 015', 28]])
    assert.deepEqual([short(plan.independent.tasks), plan.independent.hours], ['006 010 014 018', 20])
    assert.deepEqual([short(plan.criticalPath.tasks), plan.criticalPath.hours], ['001 004 008 012 016', 42])
    assert.equal(plan.width, 7)
    assert.deepEqual(plan.curve.map(({ tracks, hours }) => [tracks, hours]), [[1, 128], [2, 64], [3, 44], [4, 42]])
    assert.deepEqual([plan.tasks, plan.totalHours, plan.maxTracks, plan.recommendedTracks, plan.usedTracks], [18, 128, 3, 3, 3])
  })

  it('keeps components whole: three tracks, six sprints', () => {
    assert.deepEqual(plan.tracks.map((track) => [track.id, track.name, track.hours, track.sprints.map((sprint) => `${sprint.id} ${sprint.name} ${sprint.hours}: ${short(sprint.tasks)}`)]), [
      ['01', 'Backend API', 52, ['SPRINT-001-01 Foundation 24: 001 004 008', 'SPRINT-002-01 Advanced Features 28: 012 016 006 018']],
      ['02', 'Frontend', 44, ['SPRINT-001-02 Foundation 20: 002 005 009', 'SPRINT-002-02 Advanced Features 24: 013 017 010']],
      ['03', 'Infrastructure', 32, ['SPRINT-001-03 Foundation 12: 003 007', 'SPRINT-002-03 Production Ready 20: 011 015 014']],
    ])
    assert.deepEqual([plan.makespanHours, plan.lowerBoundHours, plan.optimal, plan.timeSavedPercent], [52, 44, false, 59])
    assert.deepEqual([plan.crossTrackDependencies, plan.conflicts, plan.warnings], [[], [], []])
    assert.equal(simulate(plan, shop), 52)
  })

  it('takes 44 hours, proven optimal, when balanced', () => {
    const balanced = makePlan(shop, options({ tracks: 3, strategy: 'balanced' }))
    assert.deepEqual([balanced.makespanHours, balanced.lowerBoundHours, balanced.optimal], [44, 44, true])
    assert.equal(simulate(balanced, shop), 44)
  })

  it('uses no more tracks than help, and says so', () => {
    const clamped = makePlan(shop, options({ tracks: 5 }))
    assert.deepEqual([clamped.requestedTracks, clamped.usedTracks, clamped.warnings], [5, 3, ['Requested 5 tracks, but max possible is 3. Using 3 tracks.']])
    assert.deepEqual(clamped.tracks, plan.tracks)
    const idle = makePlan(shop, options({ tracks: 5, allowIdleTracks: true }))
    assert.deepEqual([idle.usedTracks, idle.tracks.length, idle.warnings], [5, 5, []])
  })

  it('goes through one component after another on a single track, and numbers its sprints without a track', () => {
    const single = makePlan(shop, options({ tracks: 1 }))
    assert.deepEqual(single.tracks.map((track) => short(track.tasks)), ['001 004 008 012 016 006 018 002 005 009 013 017 010 003 007 011 015 014'])
    assert.deepEqual(single.tracks[0]?.sprints.map((sprint) => `${sprint.id} ${sprint.name}`), ['SPRINT-001 Foundation', 'SPRINT-002 Core Features', 'SPRINT-003 Advanced Features', 'SPRINT-004 Polish'])
  })

  it('orders all tasks so that every dependency and every track is followed', () => {
    const order = planOrder(plan, shop)
    const place = new Map(order.map((id, i) => [id, i]))
    for (const { id, dependencies } of shop) for (const before of dependencies) assert.ok((place.get(before) ?? Infinity) < (place.get(id) ?? -1))
    for (const track of plan.tracks) assert.deepEqual(order.filter((id) => track.tasks.includes(id)), track.tasks)
  })

  it('names slack and the one critical path in the schedule', () => {
    const places = new Map<string, (typeof plan.schedule)[number]>(plan.schedule.map((place) => [place.task, place]))
    assert.deepEqual(plan.schedule.filter((place) => place.critical).map((place) => place.task), plan.criticalPath.tasks)
    assert.deepEqual(['TASK-001', 'TASK-002', 'TASK-003', 'TASK-006'].map((id) => places.get(id)?.slack), [0, 4, 14, 38])
    assert.deepEqual([places.get('TASK-012')?.start, places.get('TASK-012')?.finish], [24, 32])
  })

  it('writes sprints with the sprints they need', () => {
    assert.deepEqual(sprintFiles(plan, shop).map((file) => [file.id, file.track, file.sprint_number, file.duration_hours, file.dependencies]), [
      ['SPRINT-001-01', '01', 1, 24, []], ['SPRINT-002-01', '01', 2, 28, ['SPRINT-001-01']],
      ['SPRINT-001-02', '02', 1, 20, []], ['SPRINT-002-02', '02', 2, 24, ['SPRINT-001-02']],
      ['SPRINT-001-03', '03', 1, 12, []], ['SPRINT-002-03', '03', 2, 20, ['SPRINT-001-03']],
    ])
  })
})
