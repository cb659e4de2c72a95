import assert from 'node:assert/strict'
import fc from 'fast-check'
import { editJson } from '../../../src/plan/edit/json.ts'
import { editTaskText, newTaskText } from '../../../src/plan/edit/text.ts'
import type { TaskId } from '../../../src/plan/ids.ts'
import { taskFile } from '../../../src/plan/schema.ts'
import { taskKeys, taskOf } from '../../../src/plan/task-file.ts'
import type { Task } from '../../../src/plan/task.ts'

const read = (text: string): Task => taskOf(taskFile.parse(JSON.parse(text.replace(/^\uFEFF/, ''))))
const word = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text.trim() !== '' && text.trim() === text)
const words = fc.uniqueArray(word, { maxLength: 4 })
const hours = fc.integer({ min: 1, max: 400 }).map((n) => n / 4)

/** Keys of a task file, and some that are not ours. */
const keys = {
  id: fc.constant('TASK-001'), title: word, description: word, feature_ref: word, component: word, estimated_hours: hours, dependencies: words, acceptance_criteria: words,
  scope: fc.record({ allowed_patterns: words.filter((list) => list.length > 0), note: word }, { noNullPrototype: true, requiredKeys: ['allowed_patterns'] }),
  estimate: fc.record({ low: hours, high: hours }, { noNullPrototype: true }), priority: fc.constantFrom('high', 'medium', 'low'), suggested_agent: word,
  owner: word, links: fc.array(fc.record({ url: word })), 'x-score': fc.double({ noNaN: true, noDefaultInfinity: true }),
}
const record = (present: readonly (keyof typeof keys)[] = []) => fc.record(keys, { noNullPrototype: true, requiredKeys: ['id', 'title', 'estimated_hours', ...present] })

/** The ways in which people and programs set JSON; the order of keys is any. */
const layout = fc.record({ indent: fc.constantFrom(0, 2, 4, '\t'), crlf: fc.boolean(), mark: fc.boolean(), end: fc.constantFrom('', '\n', '\n\n'), inline: fc.boolean() })
const fileOf = (present: readonly (keyof typeof keys)[] = []): fc.Arbitrary<string> => (
  record(present).chain((value) => fc.tuple(fc.shuffledSubarray(Object.entries(value), { minLength: Object.keys(value).length }), layout)).map(([entries, { indent, crlf, mark, end, inline }]) => {
    // Lists within a line, as people write them by hand.
    const text = inline && indent !== 0 ? `{\n${entries.map(([key, each]) => `  ${JSON.stringify(key)}: ${lineOf(each)}`).join(',\n')}\n}` : JSON.stringify(Object.fromEntries(entries), null, indent)
    return (mark ? '\uFEFF' : '') + (text + end).replace(/\n/g, crlf ? '\r\n' : '\n')
  }))
const file = fileOf()
const lineOf = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(lineOf).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return Object.keys(value).length === 0 ? '{}' : `{ ${Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${lineOf(each)}`).join(', ')} }`
}

const edits = fc.record({
  title: word, description: word, component: word, estimatedHours: hours, dependencies: words.map((list) => list as TaskId[]), acceptanceCriteria: words, allowedPatterns: words,
  priority: fc.constantFrom('high', 'medium', 'low'), featureRef: word, suggestedAgent: word, estimate: fc.record({ low: hours, high: hours }, { noNullPrototype: true }),
}, { requiredKeys: [] })

describe('the text of a task file', () => {
  it('says after an edit what the edited task says, and keeps the keys of others', () => {
    fc.assert(fc.property(file, edits, (text, edit) => {
      const before = read(text)
      const after = { ...before, ...edit }
      const edited = editTaskText(text, before, after)
      assert.deepEqual(taskKeys(read(edited)), taskKeys(after))
      const others = (each: string): unknown[] => { const { owner, links, 'x-score': score } = JSON.parse(each.replace(/^\uFEFF/, '')) as Record<string, unknown>; return [owner, links, score] }
      assert.deepEqual(others(edited), others(text))
    }), { numRuns: 500 })
  })

  // A list that was emptied and a key that was removed come back in the usual setting, which need not be the old one: they are left out here.
  it('is the same, byte for byte, after an edit that is taken back', () => {
    fc.assert(fc.property(fileOf(['description', 'component', 'dependencies', 'acceptance_criteria', 'priority']), edits, (text, edit) => {
      const before = read(text)
      const after = { ...before, ...Object.fromEntries(Object.entries(edit).filter(([, value]) => !Array.isArray(value) || value.length > 0)) }
      assert.equal(editTaskText(editTaskText(text, before, after), after, before), text)
    }), { numRuns: 1000 })
  })

  it('changes only the lines that it has to', () => {
    fc.assert(fc.property(file, word, (text, title) => {
      const before = read(text)
      const lines = editTaskText(text, before, { ...before, title }).split('\n')
      const old = text.split('\n')
      assert.equal(lines.length, old.length)
      assert.ok(lines.filter((line, i) => line !== old[i]).length <= 1)
    }))
  })

  it('of a new task is set as its neighbour is', () => {
    fc.assert(fc.property(file, record(), (text, fresh) => {
      const task = taskOf(taskFile.parse(fresh))
      const made = newTaskText(task, text)
      assert.deepEqual(JSON.parse(made), JSON.parse(JSON.stringify(taskKeys(task))))
      assert.equal(/(\s*)$/.exec(made)?.[1], /(\s*)$/.exec(text)?.[1])
      assert.equal(made.trimEnd().includes('\n'), text.trimEnd().includes('\n'))
    }))
    const task = read('{"id": "A", "title": "t", "estimated_hours": 1, "dependencies": ["B", "C"]}')
    assert.equal(newTaskText(task, undefined), `${JSON.stringify(taskKeys(task), null, 2)}\n`)
    assert.match(newTaskText(task, '{\r\n\t"id": "B",\r\n\t"dependencies": ["X"]\r\n}\r\n'), /^\{\r\n\t"id": "A",\r\n[\s\S]*\t"dependencies": \["B", "C"\],\r\n[\s\S]*\}\r\n$/)
  })
})

describe('editing JSON', () => {
  const cases: readonly [string, string, readonly string[], unknown, string][] = [
    ['an item at the end of a list over several lines', '{\n  "a": [\n    "x"\n  ]\n}', ['a'], ['x', 'y'], '{\n  "a": [\n    "x",\n    "y"\n  ]\n}'],
    ['an item of a list within a line', '{"a": [ "x", "y" ]}', ['a'], ['x', 'z', 'y'], '{"a": [ "x", "z", "y" ]}'],
    ['the first item', '{"a":["x","y"]}', ['a'], ['y'], '{"a":["y"]}'],
    ['all items at once', '{"a": ["x","y"]}', ['a'], ['1', '2', '3'], '{"a": ["1","2","3"]}'],
    ['an item whose text is written otherwise stays', '{"a": ["\\u00e9", "x"]}', ['a'], ['é', 'y'], '{"a": ["\\u00e9", "y"]}'],
    ['an item of an empty list, over several lines as the file', '{\n  "a": []\n}', ['a'], ['x'], '{\n  "a": [\n    "x"\n  ]\n}'],
    ['an item of an empty list, within a line as other lists', '{\n  "b": ["z"],\n  "a": []\n}', ['a'], ['x'], '{\n  "b": ["z"],\n  "a": ["x"]\n}'],
    ['a list emptied', '{\n  "a": [\n    "x"\n  ]\n}', ['a'], [], '{\n  "a": []\n}'],
    ['a new key in its place', '{\n  "a": 1,\n  "c": 3\n}', ['b'], 2, '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}'],
    ['a new key before all others', '{ "b": 1 }', ['a'], 2, '{ "a": 2, "b": 1 }'],
    ['a new key behind a line of several', '{"x": 1, "b": 2}', ['c'], [1], '{"x": 1, "b": 2, "c": [1]}'],
    ['a nested key', '{\n\t"b": {\n\t\t"x": 1\n\t}\n}', ['b', 'y'], 2, '{\n\t"b": {\n\t\t"x": 1,\n\t\t"y": 2\n\t}\n}'],
    ['a nested key of an object that is not there', '{\n  "a": 1\n}', ['b', 'c'], ['x'], '{\n  "a": 1,\n  "b": {\n    "c": [\n      "x"\n    ]\n  }\n}'],
    ['the last of two keys of one name', '{"a": 1, "a": 2}', ['a'], 3, '{"a": 1, "a": 3}'],
    ['a key removed', '{\n  "a": 1,\n  "b": 2\n}', ['b'], undefined, '{\n  "a": 1\n}'],
    ['the first key removed', '{"a": 1, "b": 2}', ['a'], undefined, '{"b": 2}'],
    ['the only key removed', '{ "a": 1 }', ['a'], undefined, '{}'],
    ['a key that is not there removed', '{ "a": 1 }', ['b', 'c'], undefined, '{ "a": 1 }'],
  ]
  for (const [name, text, [first = '', ...rest], value, expected] of cases) {
    it(name, () => {
      assert.equal(editJson(text, [{ path: [first, ...rest], value }], ['a', 'b', 'c']), expected)
      assert.equal(editJson(`\uFEFF${text.replaceAll('\n', '\r\n')}\r\n`, [{ path: [first, ...rest], value }], ['a', 'b', 'c']), `\uFEFF${expected.replaceAll('\n', '\r\n')}\r\n`)
    })
  }
})
