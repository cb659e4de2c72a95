import assert from 'node:assert/strict'
import fc from 'fast-check'
import { repeatedKeys } from '../../../src/plan/files/repeated-keys.ts'

describe('repeated keys of a JSON text', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '"', ':', ' ', '\\', '{', ',', 'é'), maxLength: 4 })
  /** A text as JSON has it, some letters as numbers. */
  const written = (content: string, asNumbers: boolean): string => (asNumbers ? `"${Array.from(content, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"` : JSON.stringify(content))
  const member = fc.record({ key: text, keyAsNumbers: fc.boolean(), value: text, valueAsNumbers: fc.boolean(), before: fc.constantFrom('', ' ', '\n'), after: fc.constantFrom('', ' ') })
  const object = fc.array(member, { maxLength: 5 })

  it('are found exactly where there are some, whatever texts and spaces are around', () => {
    fc.assert(fc.property(object, object, (outer, inner) => {
      const textOf = (members: typeof outer, more: string): string => `{${[...members.map(({ key, keyAsNumbers, value, valueAsNumbers, before, after }) => `${written(key, keyAsNumbers)}${before}:${after}${written(value, valueAsNumbers)}`), more].filter((each) => each !== '').join(',')}}`
      const whole = textOf(outer, `"more": [${textOf(inner, '')}]`)
      const repeatedIn = (members: typeof outer): number => members.length - new Set(members.map(({ key }) => key)).size
      assert.equal(repeatedKeys(whole, JSON.parse(whole)).length, repeatedIn(outer) + repeatedIn(inner), whole)
    }), { numRuns: 3_000 })
  })
})
