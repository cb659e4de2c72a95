import assert from 'node:assert/strict'
import fc from 'fast-check'
import picomatch from 'picomatch'
import { makePlan } from '../../../src/plan/make-plan.ts'
import { overlap, parseScope } from '../../../src/plan/schedule/glob-overlap.ts'
import { conflictOrder, planOrder } from '../../../src/plan/schedule/order.ts'
import { scopesOf } from '../../../src/plan/schedule/scopes.ts'
import type { Task } from '../../../src/plan/task.ts'
import { options, task } from './sample.ts'

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

describe('conflicts', () => {
  const raw = fc.array(fc.record({ before: fc.array(fc.nat(), { maxLength: 2 }), patterns: fc.subarray(['src/**', 'src/a/**', 'src/b/**', 'src/*/x.ts', 'src/c/x.ts', 'docs/**', '**/y.md'], { maxLength: 2 }) }), { minLength: 1, maxLength: 40 })
  const tasksOf = (list: readonly { before: readonly number[]; patterns: string[] }[]): Task[] => list.map(({ before, patterns }, i) => task(i + 1, 1 + (i % 5), i === 0 ? [] : [...new Set(before.map((n) => (n % i) + 1))], { component: ['a', 'b'][i % 2] ?? '', allowedPatterns: patterns }))

  it('hold each two tasks with scopes that meet which no dependency orders, and no others', () => {
    fc.assert(fc.property(raw, (list) => {
      const tasks = tasksOf(list)
      const { conflicts } = makePlan(tasks, options({ tracks: 3, allowIdleTracks: true }))
      const ordered = reachable(tasks)
      for (const [i, one] of tasks.entries()) {
        const partners = tasks.filter((other, j) => i !== j && ordered.get(one.id)?.has(other.id) !== true && ordered.get(other.id)?.has(one.id) !== true && one.allowedPatterns.some((a) => other.allowedPatterns.some((b) => overlap(parseScope(a), parseScope(b)))))
        for (const partner of partners) assert.ok(conflicts.some((conflict) => conflict.tasks.includes(one.id) && conflict.tasks.includes(partner.id)), `${one.id} and ${partner.id}`)
        if (partners.length === 0) assert.ok(conflicts.every((conflict) => !conflict.tasks.includes(one.id)))
      }
    }), { numRuns: 200 })
  })

  it('of a scope that many others touch stay short, and order each two all the same', () => {
    const tasks = Array.from({ length: 300 }, (_, i) => task(i + 1, 1 + (i % 3), [], { component: ['a', 'b', 'c'][i % 3] ?? '', allowedPatterns: [i % 2 === 0 ? 'src/**' : `src/part-${i}/**`] }))
    const plan = makePlan(tasks, options({ tracks: 3, allowIdleTracks: true }))
    assert.ok(plan.conflicts.reduce((sum, each) => sum + each.tasks.length, 0) < 1_000)
    const order = planOrder(plan, tasks)
    const run = conflictOrder(plan, tasks)
    // What a run keeps: dependencies, conflicts across tracks, and the order in each track.
    const before = new Map(run.map((each) => [each.id, new Set(each.dependencies)]))
    for (const track of plan.tracks) track.tasks.forEach((id, i) => { const previous = track.tasks[i - 1]; if (previous !== undefined) before.get(id)?.add(previous) })
    const all = reachable(tasks.map((each) => ({ ...each, dependencies: [...before.get(each.id) ?? []] })))
    const broad = tasks.filter((_, i) => i % 2 === 0)
    for (const [i, one] of order.entries()) for (const other of order.slice(i + 1)) if (broad.some((each) => each.id === one || each.id === other)) assert.ok(all.get(other)?.has(one), `${one} before ${other}`)
  })

  it('of thousands of tasks with one broad scope among their own are one entry', () => {
    const tasks = Array.from({ length: 4_000 }, (_, i) => task(i + 1, 1, [], { allowedPatterns: ['src/**', `src/part-${i}/**`] }))
    const { conflicts } = makePlan(tasks, options())
    assert.deepEqual(conflicts.map((each) => [each.tasks.length, each.patterns, each.resolved]), [[4_000, ['src/**'], 'same track']])
  })
})

/** For each task all those that it waits for. */
function reachable(tasks: readonly Task[]): Map<Task['id'], Set<Task['id']>> {
  const byId = new Map(tasks.map((each) => [each.id, each]))
  const found = new Map<Task['id'], Set<Task['id']>>()
  const visit = (id: Task['id']): Set<Task['id']> => {
    const known = found.get(id)
    if (known !== undefined) return known
    const all = new Set<Task['id']>()
    for (const before of byId.get(id)?.dependencies ?? []) {
      all.add(before)
      for (const each of visit(before)) all.add(each)
    }
    found.set(id, all)
    return all
  }
  for (const { id } of tasks) visit(id)
  return found
}
