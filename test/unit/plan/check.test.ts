import assert from 'node:assert/strict'
import fc from 'fast-check'
import * as z from 'zod'
import { checkTasks } from '../../../src/plan/check.ts'
import { shortestCycles } from '../../../src/plan/graph/cycles.ts'
import { UserError } from '../../../src/plan/errors.ts'
import { parsePrd, parseTasks, prdJsonSchema, tasksJsonSchema } from '../../../src/plan/answers.ts'
import { shop, task } from './sample.ts'

describe('checks of tasks', () => {
  it('find nothing wrong with the sample', () => assert.deepEqual(checkTasks(shop), []))

  it('find ids that are there twice, or fit no file', () => {
    assert.match(checkTasks([task(1, 1), task(1, 1)]).map((each) => each.what).join(), /there twice/)
    assert.match(checkTasks([{ ...task(1, 1), id: 'a/b' as typeof shop[number]['id'] }]).map((each) => each.what).join(), /not fit/)
  })

  it('find scopes that no file of the project can be in', () => {
    const wrong = ['/etc/**', '../x', 'src/../../x', '!/etc', 'C:/x', '\\\\host\\x', '~/x', '..']
    const found = checkTasks([task(1, 1, [], { allowedPatterns: [...wrong, 'src/**', './src/a', '!src/b', '**/..x/y', 'a..b/c', '**', '{a,b}/c'] })])
    assert.deepEqual(found.map(({ what }) => what.replace(/^has the pattern (.*), which leads out of the project$/, (_, pattern: string) => JSON.parse(pattern) as string)), wrong)
    assert.match(found[0]?.wayOut ?? '', /from the folder of the project/)
  })

  it('find a cycle through 100,000 tasks', () => {
    const tasks = Array.from({ length: 100_000 }, (_, i) => task(i + 1, 1, [i === 0 ? 100_000 : i]))
    const [problem, ...others] = checkTasks(tasks)
    assert.deepEqual(others, [])
    assert.match(problem?.what ?? '', /form a cycle, each waits for the next: TASK-\d+ -> .* -> \.\.\. 99971 more \.\.\. -> .*$/)
    assert.ok((problem?.what.length ?? 0) < 600)
  })
})

describe('shortest cycles', () => {
  it('are cycles, and as short as a search of all paths finds, one for each knot', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.nat({ max: 6 }), { maxLength: 3 }), { minLength: 1, maxLength: 7 }), (raw) => {
      const edges = new Map(raw.map((list, i) => [String(i), [...new Set(list.filter((to) => to < raw.length && to !== i))].map(String)]))
      const cycles = shortestCycles(edges)
      for (const cycle of cycles) cycle.forEach((id, i) => assert.ok(edges.get(id)?.includes(cycle[(i + 1) % cycle.length] ?? '')))
      let shortest = Infinity
      const walk = (start: string, at: string, seen: readonly string[]): void => {
        for (const to of edges.get(at) ?? []) {
          if (to === start) shortest = Math.min(shortest, seen.length)
          else if (!seen.includes(to)) walk(start, to, [...seen, to])
        }
      }
      for (const id of edges.keys()) walk(id, id, [id])
      assert.equal(Math.min(Infinity, ...cycles.map((cycle) => cycle.length)), shortest)
    }), { numRuns: 500 })
  })
})

describe("a model's answer", () => {
  const answer = { id: 'TASK-001', title: 't', description: 'd', component: 'backend', estimated_hours: 4, dependencies: [], acceptance_criteria: ['a'], priority: 'high' }
  it('becomes tasks, as a list or in an object', () => {
    assert.deepEqual(parseTasks({ tasks: [answer] }), parseTasks([answer]))
    assert.equal(parseTasks([answer])[0]?.component, 'backend')
  })
  it('is refused where it can not be planned', () => {
    assert.throws(() => parseTasks({ tasks: [{ ...answer, dependencies: ['TASK-002'] }] }), UserError)
    assert.throws(() => parseTasks({ tasks: [] }), z.ZodError)
    assert.throws(() => parseTasks('x'), z.ZodError)
    assert.throws(() => parsePrd({}), z.ZodError)
  })
  it('is asked for as closed objects', () => {
    for (const schema of [prdJsonSchema(), tasksJsonSchema()]) assert.deepEqual([schema.type, schema.additionalProperties], ['object', false])
  })
})
