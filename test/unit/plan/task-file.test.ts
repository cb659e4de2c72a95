import assert from 'node:assert/strict'
import fc from 'fast-check'
import { taskFile } from '../../../src/plan/schema.ts'
import { isUsualTaskFile, taskOf } from '../../../src/plan/task-file.ts'

const usual = {
  id: 'TASK-001', title: 'Login', description: '', feature_ref: 'F001', component: 'backend', task_type: 'api', estimated_hours: 8, hours_guessed: false, dependencies: ['TASK-000'], acceptance_criteria: ['It works'],
  scope: { allowed_patterns: ['src/**'], note: 'ours' }, estimate: { low: 4, high: 12 }, priority: 'high', suggested_agent: 'backend:api-developer-python', owner: 'somebody',
}
/** What may stand in the place of any value: much of it is allowed in one place and not in another. */
const junk = fc.oneof(
  fc.constantFrom<unknown>('', ' ', 'high', 'TASK-002', 'CON', 'a..b', ' padded', 'padded\u00a0', 'a.lock', 0, -0, -1, 1e6, 1_000_000.5, 0.001, true, false, null, [], {}, [''], [' '], ['x', 1], [null], [[]], { allowed_patterns: [] }, { allowed_patterns: [''] },
    { allowed_patterns: 'src' }, { allowed_patterns: null }, { low: 1, high: 2 }, { low: 1 }, { low: 2, high: 1 }, { low: '1', high: 2 }, { low: 0, high: 2 }, ['a', 'a ']),
  fc.jsonValue({ maxDepth: 2 }),
)
const mutated = fc.tuple(fc.subarray(Object.keys(usual)), fc.dictionary(fc.constantFrom(...Object.keys(usual)), junk, { maxKeys: 2, noNullPrototype: true }))
  .map(([gone, put]): unknown => ({ ...Object.fromEntries(Object.entries(usual).filter(([key]) => !gone.includes(key) || ['id', 'title', 'estimated_hours'].includes(key))), ...put }))

describe('a task of a file', () => {
  it('has a title and a component of one line, without what a terminal obeys', () => {
    const { title, component } = taskOf({ id: 'A', title: 'Two\r\nlines \u001b[2J\u009b1m and\u2028more', component: 'back\tend', estimated_hours: 1 } as never)
    assert.deepEqual([title, component], ['Two lines [2J 1m and more', 'back end'])
  })
})

describe('the usual task file', () => {
  it('is taken as it is by the schema', () => {
    let taken = 0
    fc.assert(fc.property(fc.oneof({ weight: 9, arbitrary: mutated }, { weight: 1, arbitrary: fc.jsonValue() }), (value) => {
      if (!isUsualTaskFile(value)) return
      taken++
      assert.deepEqual(taskFile.parse(value), value)
    }), { numRuns: 5_000 })
    assert.ok(taken > 500, `only ${taken} of the files were usual ones`)
  })
  it('is any file that the schema takes as it is', () => {
    fc.assert(fc.property(mutated, (value) => {
      const parsed = taskFile.safeParse(value)
      if (!parsed.success) return
      try { assert.deepEqual(parsed.data, value) } catch { return } // zod took blanks away
      assert.ok(isUsualTaskFile(value))
    }), { numRuns: 5_000 })
  })
})
