import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { removeTasks } from '../../../src/plan/edit/dependencies.ts'
import { addTask, editTask } from '../../../src/plan/edit/fields.ts'
import { nextIds } from '../../../src/plan/edit/id.ts'
import { parsePart, splitTask } from '../../../src/plan/edit/split.ts'
import { at } from '../../../src/plan/at.ts'
import { tasksFolder } from '../../../src/plan/files/places.ts'
import { readTasks } from '../../../src/plan/files/read.ts'
import { editTasks } from '../../../src/run/edit-tasks.ts'
import { temporaryFolder } from '../../support/folders.ts'

describe('edits of task files at the same time', () => {
  it('are all there in the end, in whatever order they come', async () => {
    const root = temporaryFolder('at-once')
    const add = (title: string) => editTasks(root, undefined, (tasks) => addTask(at(nextIds(tasks.map(({ id }) => id), 1), 0), { title }, 1))
    await add('First')
    const note = (text: string) => editTasks(root, undefined, (tasks) => editTask(tasks, 'TASK-001', { addCriteria: [text] }))
    await Promise.all(Array.from({ length: 8 }, (_, i) => [note(`criterion ${i}`), add(`Task ${i}`)]).flat())
    const tasks = await readTasks(root)
    assert.deepEqual(tasks.map(({ id }) => id), Array.from({ length: 9 }, (_, i) => `TASK-00${i + 1}`))
    assert.deepEqual(new Set(tasks.map(({ title }) => title)).size, 9)
    assert.equal(tasks[0]?.acceptanceCriteria.length, 8)
    assert.equal(fs.readdirSync(path.join(root, tasksFolder)).length, 9)
  })

  it('that divide a task and take it away leave nothing on what is gone', async () => {
    const root = temporaryFolder('divide')
    await editTasks(root, undefined, () => addTask('A' as never, { title: 'A' }, 8))
    await editTasks(root, undefined, () => addTask('B' as never, { title: 'B', dependencies: ['A'] }, 8))
    const ended = await Promise.allSettled([
      editTasks(root, undefined, (tasks) => splitTask(tasks, 'A', ['One', 'Two', 'Three'].map(parsePart), { parallel: true, criteria: undefined, taken: [] })),
      editTasks(root, undefined, (tasks) => removeTasks(tasks, ['A'], 'drop')),
    ])
    assert.ok(ended.some(({ status }) => status === 'fulfilled'))
    await readTasks(root)
  })
})
