import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compareIds, inIdOrder } from '../../../src/plan/natural.ts'

describe('The order of ids', () => {
  const sorted = (...ids: string[]): string[] => ids.sort(compareIds)

  it('is as people count', () => {
    assert.deepEqual(sorted('TASK-10', 'TASK-9', 'TASK-100', 'TASK-1'), ['TASK-1', 'TASK-9', 'TASK-10', 'TASK-100'])
    assert.deepEqual(sorted('T1.10', 'T1.9', 'T1', 'T10', 'T2'), ['T1', 'T1.9', 'T1.10', 'T2', 'T10'])
    assert.deepEqual(sorted('b', 'A', 'a', 'B', 'a1', 'A0'), ['A', 'a', 'A0', 'a1', 'B', 'b'])
    assert.deepEqual(sorted('T007b', 'T7a', 'T07', 'T7'), ['T07', 'T7', 'T7a', 'T007b'])
    assert.deepEqual(sorted('T100000000000000000000000000001', 'T100000000000000000000000000000', 'T99999999999999999999999999999'), ['T99999999999999999999999999999', 'T100000000000000000000000000000', 'T100000000000000000000000000001'])
    assert.deepEqual(sorted('T0a', 'T00', 'T0', 'T0-1'), ['T0', 'T00', 'T0-1', 'T0a'])
  })

  const id = fc.string({ unit: fc.constantFrom('0', '0', '1', '9', 'a', 'A', 'b', '-', '.', '_', 'é'), maxLength: 6 })

  it('puts any three ids in one order, and no two beside each other', () => {
    fc.assert(fc.property(id, id, id, (a, b, c) => {
      const [ab, ba, bc, ac] = [compareIds(a, b), compareIds(b, a), compareIds(b, c), compareIds(a, c)].map(Math.sign)
      assert.equal(ab, ba === 0 ? 0 : -(ba ?? 0))
      assert.equal(ab === 0, a === b)
      if (ab === -1 && bc === -1) assert.equal(ac, -1)
    }), { numRuns: 5_000 })
  })

  it('of a list is the same, whether its ids differ in one number alone or not', () => {
    const numbered = fc.tuple(fc.constantFrom('', 'T-', 'T', 'a1.'), fc.constantFrom('', '.json', 'x')).chain(([before, after]) => fc.array(fc.oneof(fc.nat(120).map(String), fc.constantFrom('007', '07', '10000000000000000', '')).map((number) => `${before}${number}${after}`)))
    fc.assert(fc.property(fc.oneof(numbered, fc.array(id)), (ids) => {
      assert.deepEqual(inIdOrder(ids, (each) => each), ids.toSorted(compareIds))
    }), { numRuns: 2_000 })
  })

  it('puts numbers by their value', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.bigInt({ min: 0n, max: 10n ** 20n }), (a, b) => {
      assert.equal(Math.sign(compareIds(`T${a}x`, `T${b}x`)), a < b ? -1 : a > b ? 1 : 0)
    }))
  })
})
