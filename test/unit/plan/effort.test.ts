import assert from 'node:assert/strict'
import fc from 'fast-check'
import { effortAtStart, effortInTitle, readEffort, speaksOfEffort, withoutEffort } from '../../../src/plan/effort.ts'

const hoursOf = (text: string): unknown => { const effort = readEffort(text); return effort === undefined ? undefined : effort.range === undefined ? effort.hours : [effort.range.low, effort.hours, effort.range.high] }

describe('an effort', () => {
  for (const [text, hours] of [
    ['8h', 8], ['8 H', 8], ['1h 30m', 1.5], ['1h30m', 1.5], ['1h30', 1.5], ['1 hour and 30 minutes', 1.5], ['1:30 h', 1.5], ['1.5h', 1.5], ['1,5 h', 1.5], ['.5h', 0.5], ['90 minutes', 1.5], ['90m', 1.5], ['90 min', 1.5],
    ['2 weeks', 80], ['2w', 80], ['1 person-week', 40], ['2 days', 16], ['2d', 16], ['2 person days', 16], ['2 PD', 16], ['3 man-hours', 3], ['2 working days', 16], ['1 day, 4 hours', 12], ['1w 2d 3h', 59], ['2-day', 16],
    ['~4h', 4], ['about 4 hours', 4], ['est. 4h', 4], ['Estimate: 4h', 4], ['4h of work', 4], ['approx. 2 days', 16], ['half a day', 4], ['½ day', 4], ['1½ days', 12], ['two days', 16], ['an hour', 1], ['-1h', -1], ['0h', 0],
    ['3-5 hours', [3, 4, 5]], ['3 to 5 hours', [3, 4, 5]], ['3–5h', [3, 4, 5]], ['3 - 5 h', [3, 4, 5]], ['3h-5h', [3, 4, 5]], ['4h to 1d', [4, 6, 8]], ['1-2 days', [8, 12, 16]], ['2-3 person-days', [16, 20, 24]], ['1,5-2,5 h', [1.5, 2, 2.5]],
    ['30-90 min', [0.5, 1, 1.5]], ['between 3 and 5 hours', [3, 4, 5]], ['from 3 to 5 hours', [3, 4, 5]], ['~3-5h', [3, 4, 5]], ['4-4h', 4], ['one to two weeks', [40, 60, 80]],
  ] as const) it(`may be ${text}`, () => assert.deepEqual(hoursOf(text), hours))

  for (const text of ['', '8', '3-5', 'h', 'hours', '3D', '2M', 'up to 4 hours', '4h+', '2 months', '5-3 hours', '30m 1h', '1h 2h', '1,000 h', '4 hours a day', '2h design', 'some hours', '1-2h 30m', '3 and 5 hours', 'a month', '5 points', '100 hours a month', '8h8h', '1h and']) {
    it(`is not ${JSON.stringify(text)}`, () => assert.equal(hoursOf(text), undefined))
  }

  it('is a number alone, and in capitals, where a label says so', () => {
    assert.deepEqual(['8', '1,5', '3-5', '2D', '-1', '8.', '8:30', '5 points'].map((text) => readEffort(text, { labelled: true })?.hours), [8, 1.5, 4, 16, -1, 8, 8.5, undefined])
    assert.deepEqual([readEffort('Hours: 3-5')?.range, readEffort('effort 3')], [{ low: 3, high: 5 }, undefined])
  })
  it('tells whether days or weeks are in it', () => {
    assert.deepEqual(['8h', '90m', '1 man-hour', '2 days', '2d', '1w', '2 pd', '1d 4h', '1-2 days', '4h to 1d', '1d-20h', 'two days'].map((text) => readEffort(text)?.inDays), [false, false, false, true, true, true, true, true, true, true, true, true])
  })
  it('is known where it can\'t be read', () => {
    for (const text of ['up to 4 hours', '4h+', '2 months', 'a few days', 'couple of weeks', 'several hours', '1,000 h', '5-3 hours', 'half a year']) assert.equal(speaksOfEffort(text), true, text)
    for (const text of ['3D', '10MB', '5 points', 'low', 'the 5 hosts', 'hourly', '2 modes', 'v2']) assert.equal(speaksOfEffort(text), false, text)
  })
  it('may begin a line, if nothing after it changes it', () => {
    assert.deepEqual(['8 hours for the whole form, tests included', '2 days (8h each', '2 days, maybe more', '1,5 h (with tests)', '2 hours per page', '2h, 3h for tests', '4h or more', '5, maybe 6 points', '1 day, 4 hours'].map((text) => effortAtStart(text)?.hours), [8, undefined, 16, 1.5, undefined, undefined, undefined, undefined, 12])
    assert.deepEqual(['M (3-4h)', 'Medium (2-3 days)', '10 hours (2-3 days)', '45 minutes (Phase A) to 2 hours', '30 minutes to 1 hour', '1-3 days of fork work', '8 story points'].map((text) => effortAtStart(text)?.hours), [3.5, 20, undefined, undefined, 0.75, 16, undefined])
    assert.deepEqual([effortAtStart('8 (guess)', { labelled: true })?.hours, effortAtStart('8 (guess)')?.hours], [8, undefined])
  })
  for (const [title, rest, hours] of [
    ['Login (8h)', 'Login', 8], ['Login (1h 30m)', 'Login', 1.5], ['Login [~2 days]', 'Login', 16], ['Login - 4 hours', 'Login', 4], ['Login – 3–5h', 'Login', 4], ['Login - 3 - 5 hours', 'Login', 4], ['Login: 4h', 'Login', 4], ['Login, 1,5 h', 'Login', 1.5], ['Login -4h', 'Login', 4],
    ['Login (8h) for admins', 'Login for admins', 8], ['Login (backend, 8h)', 'Login (backend)', 8], ['Login (2h, depends on A, B)', 'Login (depends on A, B)', 2], ['Login (depends on 1,5h)', 'Login (depends on 1)', 5], ['Login (2h depends on A)', 'Login (depends on A)', 2],
    ['Login (1 day, 4 hours)', 'Login', 12], ['Login (Estimate: 4h)', 'Login', 4], ['Login (first) (2h)', 'Login (first)', 2], ['Login (90 minutes) - for admins', 'Login - for admins', 1.5], ['Login (two days)', 'Login', 16], ['Login (-1h)', 'Login', -1], ['Login—3h', 'Login', 3], ['Login 3—5h', 'Login 3—5h', undefined],
    ['Viewer (3D)', 'Viewer (3D)', undefined], ['Cut the 100 hours a month', 'Cut the 100 hours a month', undefined], ['(8h)', '(8h)', undefined],
  ] as const) it(`is in the title ${JSON.stringify(title)}`, () => { const found = effortInTitle(title); assert.deepEqual([found.title, found.effort?.hours], [rest, hours]) })
  it('is told where a title has one that can\'t be read, or one that goes on from it', () => {
    assert.deepEqual(['Login (up to 4 hours)', 'Login - 2 months', 'Login 4h', 'Login (2h design, 3h code)', 'Viewer (3D)', 'Cut the 100 hours a month', 'Login - shows who came in on the last 24 hours of each month', 'Login (8h)'].map((title) => effortInTitle(title).unread), ['up to 4 hours', '2 months', '4h', '2h design, 3h code', undefined, undefined, undefined, undefined])
  })
  it('is taken off a list', () => assert.deepEqual(['A, 4h', 'A, B; ~1.5 hours', '1,5h', 'Task 2 4h', 'Login, 2 days', 'A, B', 'Top 10 hours'].map(withoutEffort), ['A', 'A, B', '1', 'Task 2', 'Login', 'A, B', 'Top']))
  it('is read of any text, and of long ones', () => {
    const words = fc.array(fc.constantFrom('1', '2.5', '1,5', 'h', 'd', 'to', '-', '–', '(', ')', ',', ' ', 'days', 'half a', 'depends on', ':', '~', 'm'), { maxLength: 14 }).map((all) => all.join(''))
    fc.assert(fc.property(fc.oneof(words, fc.string()), (text) => {
      const { title, effort } = effortInTitle(text)
      assert.ok(effort === undefined ? title === text : Number.isFinite(effort.hours) && title !== '')
      const { range, hours } = readEffort(text) ?? { hours: 0 }
      if (range !== undefined) assert.ok(range.low < hours && hours < range.high)
    }), { numRuns: 2_000 })
    for (const long of ['('.repeat(50_000), '1h '.repeat(50_000), ', 1'.repeat(50_000), `a${' '.repeat(50_000)}b`]) assert.ok(effortInTitle(long.slice(0, 2_000)).title.length > 0)
  })
})
