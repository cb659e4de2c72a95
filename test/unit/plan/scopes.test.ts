import assert from 'node:assert/strict'
import fc from 'fast-check'
import picomatch from 'picomatch'
import { overlap, parseScope } from '../../../src/plan/schedule/glob-overlap.ts'
import { scopesOf } from '../../../src/plan/schedule/scopes.ts'
import { task } from './sample.ts'

const meet = (a: string, b: string): boolean => {
  const there = overlap(parseScope(a), parseScope(b))
  assert.equal(overlap(parseScope(b), parseScope(a)), there)
  return there
}

describe('scopes', () => {
  it('meet where one file matches both', () => {
    for (const [a, b] of [['src/**', 'src/a.ts'], ['**/*.ts', 'src/x/y.ts'], ['src/{a,b}/**', 'src/b/*'], ['src/auth', 'src/auth/**'], ['SRC/a.ts', 'src/**'], ['./src/a', 'src/a'], ['src/', 'src/q'], ['a*c', 'ab*'], ['src/+(a|b)/x', 'src/b/x'], ['src/[ab].ts', 'src/a.ts'], ['**/x', '**/y/**']] as const) {
      assert.ok(meet(a, b), `${a} and ${b}`)
    }
  })

  it('do not meet where none can', () => {
    for (const [a, b] of [['src/a/**', 'src/b/**'], ['src/{a,b}/**', 'src/c/*'], ['*.ts', 'a.js'], ['a/*', 'a/b/c'], ['a?', 'abc'], ['**/*.ts', 'docs/*.md'], ['src/a*', 'src/b*']] as const) {
      assert.ok(!meet(a, b), `${a} and ${b}`)
    }
  })

  it('meet wherever the matcher of the run says that a file is in both', () => {
    const segment = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '?', '{a,b}', '**', '[ab]', '!(b)', '+(a|b)')
    const pattern = fc.array(segment, { minLength: 1, maxLength: 4 }).map((list) => list.join('/'))
    const file = fc.array(fc.constantFrom('a', 'b', 'ab', 'ba'), { minLength: 1, maxLength: 4 }).map((list) => list.join('/'))
    fc.assert(fc.property(pattern, pattern, fc.array(file, { minLength: 20, maxLength: 20 }), (a, b, files) => {
      if (files.some((each) => picomatch.isMatch(each, a, { dot: true }) && picomatch.isMatch(each, b, { dot: true }))) assert.ok(meet(a, b), `${a} and ${b}`)
    }), { numRuns: 2000 })
  })

  it('find the same pairs as a comparison of all with all', () => {
    const patterns = fc.array(fc.constantFrom('src/**', 'src/a/**', 'src/a/x.ts', 'src/b/*.ts', 'docs/**', '**/*.ts', 'src/{a,b}/y', 'test/z'), { minLength: 1, maxLength: 2 })
    fc.assert(fc.property(fc.array(patterns, { minLength: 1, maxLength: 8 }), (lists) => {
      const tasks = lists.map((allowedPatterns, i) => task(i + 1, 1, [], { allowedPatterns }))
      const { classOf, touching } = scopesOf(tasks)
      lists.forEach((some, i) => {
        lists.forEach((others, j) => {
          assert.equal(touching[classOf[i] ?? -1]?.includes(classOf[j] ?? -1), some.some((a) => others.some((b) => overlap(parseScope(a), parseScope(b)))))
        })
      })
    }))
  })

  it('of tasks without patterns are unknown, not everything', () => {
    assert.deepEqual([...scopesOf([task(1, 1), task(2, 1, [], { allowedPatterns: ['**'] })]).classOf], [-1, 0])
  })

  it('are no way to make the planner hang', () => {
    assert.ok(meet(`src/${'{a,b}'.repeat(40)}/x`, 'src/y'))
    assert.ok(!meet(`${'*a'.repeat(300)}b`, `${'*a'.repeat(300)}c`))
  })
})
