import assert from 'node:assert/strict'
import fc from 'fast-check'
import { checkTasks } from '../../../src/plan/check.ts'
import { dependTask, removeTasks } from '../../../src/plan/edit/dependencies.ts'
import { editTask } from '../../../src/plan/edit/fields.ts'
import { nextIds } from '../../../src/plan/edit/id.ts'
import { parsePart, splitTask, type SplitOptions } from '../../../src/plan/edit/split.ts'
import { applyChanges, type TaskEdit } from '../../../src/plan/edit/edit.ts'
import type { TaskId } from '../../../src/plan/ids.ts'
import { problemText } from '../../../src/plan/problem.ts'
import type { Task } from '../../../src/plan/task.ts'

const task = (id: string, dependencies: readonly string[] = [], more: Partial<Task> = {}): Task => (
  { id: id as TaskId, title: `Title ${id}`, description: '', component: 'general', estimatedHours: 8, dependencies: dependencies as TaskId[], acceptanceCriteria: [], allowedPatterns: [], priority: 'medium', ...more })
const edges = (tasks: readonly Task[], { changes, problems }: TaskEdit): Record<string, readonly string[]> => {
  assert.deepEqual(problems, [])
  return Object.fromEntries(applyChanges(tasks, changes).map(({ id, dependencies }) => [id, dependencies]))
}
const told = (edit: TaskEdit): string => { assert.deepEqual(edit.changes, []); return edit.problems.map(problemText).join('\n') }

/** A plan without cycles: each task may depend on those before it. */
const plan = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 1, maxLength: 12 }).map((lists) => (
  lists.map((list, i) => task(`T-${i}`, [...new Set(list.map((n) => n % Math.max(1, i)))].slice(0, i === 0 ? 0 : 4).map((n) => `T-${n}`)))))

/** Who must be done before whom, through any number of tasks. */
function closure(tasks: readonly Task[]): Set<string> {
  const byId = new Map<string, Task>(tasks.map((each) => [each.id, each]))
  const pairs = new Set<string>()
  const walk = (from: string, id: string): void => { for (const before of byId.get(id)?.dependencies ?? []) { if (!pairs.has(`${before}<${from}`)) { pairs.add(`${before}<${from}`); walk(from, before) } } }
  for (const { id } of tasks) walk(id, id)
  return pairs
}

describe('the next id', () => {
  const cases: readonly [readonly string[], number, readonly string[]][] = [
    [[], 2, ['TASK-001', 'TASK-002']], [['TASK-001', 'TASK-018'], 1, ['TASK-019']], [['TASK-001', 'TASK-999'], 1, ['TASK-1000']], [['T9', 'T2'], 2, ['T10', 'T11']], [['1', '2'], 1, ['3']],
    [['DB-1', 'API-07', 'API-08'], 1, ['API-09']], [['bd-a1b2', 'bd-c3d4'], 1, ['TASK-001']], [['setup', 'TASK-001'], 1, ['TASK-002']], [['v1.2', 'v1.3'], 1, ['v1.4']], [['task-001', 'TASK-001', 'TASK-003'], 1, ['TASK-004']],
    [['TASK-1', 'TASK-2', 'task-3', 'task-3'], 1, ['TASK-4']],
  ]
  for (const [taken, count, expected] of cases) it(`after ${taken.join(', ') || 'none'} is ${expected.join(', ')}`, () => assert.deepEqual(nextIds(taken, count), expected))
})

describe('an edit of dependencies', () => {
  const tasks = [task('A'), task('B', ['A']), task('C', ['B']), task('D', ['B', 'A'])]

  it('adds and takes away', () => {
    assert.deepEqual(edges(tasks, dependTask(tasks, 'D', ['C'], ['B'])).D, ['A', 'C'])
    assert.deepEqual(dependTask(tasks, 'B', ['A'], []).changes, [])
  })
  it('takes away what is no task, and names every id that is none', () => {
    const broken = [...tasks, task('E', ['gone'])]
    assert.deepEqual(edges(broken, dependTask(broken, 'E', [], ['gone'])).E, [])
    assert.equal(told(dependTask(tasks, 'b2', ['x', 'a'], ['y'])), 'b2: is no task. `devteam task list` names them all.\nx: is no task. `devteam task list` names them all.\na: is no task. Write A.\ny: is no task. `devteam task list` names them all.')
    assert.match(told(dependTask(tasks, 'D', ['A'], ['A'])), /by --on and by --not-on/)
  })
  it('removes nothing that others need', () => {
    assert.equal(told(removeTasks(tasks, ['B'], 'refuse')), 'B: can\'t be removed: C and D depend on it. Use --reconnect to let them depend on A instead, or --drop to remove the dependency.')
    assert.deepEqual(Object.keys(edges(tasks, removeTasks(tasks, ['C', 'D', 'B'], 'refuse'))), ['A'])
  })
  it('reconnects or drops', () => {
    assert.deepEqual(edges(tasks, removeTasks(tasks, ['B'], 'reconnect')), { A: [], C: ['A'], D: ['A'] })
    assert.deepEqual(edges(tasks, removeTasks(tasks, ['B'], 'drop')), { A: [], C: [], D: ['A'] })
    assert.deepEqual(removeTasks(tasks, ['B'], 'reconnect').notes, ['C does not depend on B any more, but on A.', 'D does not depend on B any more.'])
  })
  it('reconnects so that the order of what stays is the same', () => {
    fc.assert(fc.property(plan, fc.array(fc.nat(11), { minLength: 1, maxLength: 5 }), (all, numbers) => {
      const gone = new Set(numbers.map((n) => `T-${n % all.length}`))
      const after = applyChanges(all, removeTasks(all, [...gone], 'reconnect').changes)
      assert.deepEqual(checkTasks(after), [])
      assert.deepEqual([...closure(after)].sort(), [...closure(all)].filter((pair) => pair.split('<').every((id) => !gone.has(id))).sort())
    }))
  })
  it('of an id goes through all files', () => {
    assert.deepEqual(edges(tasks, editTask(tasks, 'A', { id: 'Z' })), { B: ['Z'], C: ['B'], D: ['B', 'Z'], Z: [] })
  })
})

describe('a split', () => {
  const whole = task('B', ['A'], { title: 'Auth', description: 'All of it.', acceptanceCriteria: ['login', 'register', 'reset'], allowedPatterns: ['auth/**'], estimate: { low: 4, high: 16 }, suggestedAgent: 'x:y' })
  const tasks = [task('A'), whole, task('C', ['B']), task('D', ['A', 'B'])]
  const split = (parts: readonly string[], options: Partial<SplitOptions> = {}): TaskEdit => splitTask(tasks, 'B', parts.map(parsePart), { parallel: false, criteria: undefined, taken: [], ...options })

  it('reads titles with and without hours', () => {
    assert.deepEqual(['API:5', 'API: the rest : 2.5h', 'API', ' API: v2 ', ':3'].map(parsePart), [
      { title: 'API', hours: 5 }, { title: 'API: the rest', hours: 2.5 }, { title: 'API', hours: undefined }, { title: 'API: v2', hours: undefined }, { title: ':3', hours: undefined }])
  })
  it('puts the parts in sequence', () => {
    const edit = split(['Login:5', 'Reset:3'])
    assert.deepEqual(edges(tasks, edit), { A: [], B: ['A'], C: ['TASK-001'], D: ['A', 'TASK-001'], 'TASK-001': ['B'] })
    const [first, second] = edit.changes.map(({ after }) => after)
    assert.deepEqual(first, { ...whole, title: 'Login', description: 'Part 1 of 2 of "Auth". All of it.', estimatedHours: 5, acceptanceCriteria: [], estimate: { low: 2.5, high: 10 } })
    assert.deepEqual([second?.acceptanceCriteria, second?.allowedPatterns, second?.estimate, second?.suggestedAgent], [whole.acceptanceCriteria, ['auth/**'], { low: 1.5, high: 6 }, 'x:y'])
    assert.deepEqual(edit.notes, ['C and D depend on TASK-001 now.', 'B has no acceptance criteria: `devteam task edit B --criterion "..."`.'])
  })
  it('puts the parts side by side', () => {
    assert.deepEqual(edges(tasks, split(['Login:5', 'Reset:3'], { parallel: true, criteria: [[1, 2], [3]] })), { A: [], B: ['A'], C: ['B', 'TASK-001'], D: ['A', 'B', 'TASK-001'], 'TASK-001': ['A'] })
    assert.match(told(split(['Login', 'Reset'], { parallel: true })), /1 login; 2 register; 3 reset.*--criteria 1,2 3\./)
  })
  it('shares the hours that nobody gave, and says where the sum is another', () => {
    const hours = (parts: readonly string[]): (number | undefined)[] => split(parts).changes.slice(0, parts.length).map(({ after }) => after?.estimatedHours)
    assert.deepEqual(hours(['a', 'b']), [4, 4])
    assert.deepEqual(hours(['a', 'b', 'c']), [2.5, 2.5, 3])
    assert.deepEqual(hours(['a:1', 'b', 'c:6']), [1, 1, 6])
    assert.deepEqual(split(['a:1', 'b:2']).notes[0], 'The parts have 3 h together; B had 8 h.')
    assert.match(told(split(['a:8', 'b'])), /nothing is left/)
  })
  it('keeps the hours within low and high, however they are rounded', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 2, maxLength: 4 }), (thousandths) => {
      const sure = [task('B', [], { estimate: { low: 8, high: 8 } })]
      const edit = splitTask(sure, 'B', thousandths.map((n) => ({ title: 'Part', hours: n / 1000 })), { parallel: false, criteria: undefined, taken: [] })
      assert.deepEqual(checkTasks(applyChanges(sure, edit.changes)), [])
    }))
  })
  it('loses no criterion and invents none', () => {
    assert.match(told(split(['a', 'b'], { criteria: [[1], [2]] })), /acceptance_criteria 3 would be lost/)
    assert.match(told(split(['a', 'b'], { criteria: [[1, 2], [3, 4]] })), /have no 4/)
    assert.match(told(split(['a', 'b'], { criteria: [[1, 2, 3]] })), /given to 1 parts, and there are 2/)
  })
  it('names all that is wrong with the parts', () => {
    assert.match(told(split(['', 'b:0'])), /part 1 of B: title is empty[\s\S]*part 2 of B: hours are 0/)
    assert.match(told(split(['a'])), /one part/)
  })
  it('keeps the order among all other tasks, and gives no id of the database', () => {
    fc.assert(fc.property(plan, fc.nat(11), fc.boolean(), fc.integer({ min: 2, max: 4 }), (all, number, parallel, count) => {
      const id = `T-${number % all.length}`
      const edit = splitTask(all, id, Array.from({ length: count }, (_, i) => ({ title: `Part ${i}`, hours: undefined })), { parallel, criteria: undefined, taken: ['T-12'] })
      const after = applyChanges(all, edit.changes)
      assert.deepEqual(checkTasks(after), [])
      assert.equal(after.some((each) => (each.id as string) === 'T-12' && !all.some((old) => old.id === each.id)), false)
      assert.equal(after.length, all.length + count - 1)
      const total = (list: readonly Task[]): number => list.reduce((sum, each) => sum + each.estimatedHours, 0)
      assert.ok(Math.abs(total(after) - total(all)) < 1e-9)
      // Every part stands where the whole stood.
      const old = closure(all)
      const fresh = closure(after)
      for (const pair of old) for (const part of edit.changes.slice(0, count).map((change) => change.after?.id ?? '')) assert.ok(fresh.has(pair.split('<').map((each) => (each === id ? part : each)).join('<')), `${pair} for ${part}`)
    }))
  })
})

describe('hours that are guesses', () => {
  const guess = task('A', [], { hoursGuessed: true })
  const marks = ({ changes }: TaskEdit): (boolean | undefined)[] => applyChanges([guess], changes).map((each) => each.hoursGuessed)

  it('stay guesses until somebody gives hours', () => {
    assert.deepEqual(marks(editTask([guess], 'A', { title: 'Another' })), [true])
    assert.deepEqual(marks(editTask([guess], 'A', { hours: 3 })), [undefined])
    assert.deepEqual(marks(splitTask([guess], 'A', [{ title: 'One', hours: 3 }, { title: 'Two', hours: undefined }], { parallel: false, criteria: undefined, taken: [] })), [undefined, true])
  })
})
