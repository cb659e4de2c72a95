import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { splitTask } from '../../../src/plan/edit/split.ts'
import type { TaskChange } from '../../../src/plan/edit/edit.ts'
import { UserError } from '../../../src/plan/errors.ts'
import { tasksFolder } from '../../../src/plan/files/places.ts'
import { readTasks } from '../../../src/plan/files/read.ts'
import { saveTaskChanges } from '../../../src/plan/files/edit.ts'
import type { TaskId } from '../../../src/plan/ids.ts'
import { at } from '../../../src/plan/at.ts'
import type { Task } from '../../../src/plan/task.ts'
import { temporaryFolder, writeFiles } from '../../support/folders.ts'

const file = (id: string, dependencies: readonly string[] = []): string => `{ "id": "${id}",  "title": "${id}", "estimated_hours": 4,\r\n  "dependencies": ${JSON.stringify(dependencies)}, "owner": "ops" }\r\n`

/** A folder with tasks A <- B <- C, and everything in it as text. */
function project(): { root: string; folder: string; content: () => Record<string, string> } {
  const root = temporaryFolder('edit')
  writeFiles(root, Object.fromEntries([['A'], ['B', 'A'], ['C', 'B']].map(([id = '', ...on]) => [`${tasksFolder}/${id}.json`, file(id, on)])))
  const folder = path.join(root, tasksFolder)
  return { root, folder, content: () => Object.fromEntries(fs.readdirSync(folder).sort().map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')])) }
}
const split = (tasks: readonly Task[]): readonly TaskChange[] => splitTask(tasks, 'B', [{ title: 'One', hours: 1 }, { title: 'Two', hours: 3 }], { parallel: false, criteria: undefined, taken: [] }).changes
const refusal = (code: string, pattern: RegExp) => (error: unknown): boolean => { assert.ok(error instanceof UserError && error.code === code, String(error)); assert.match(error.message, pattern); return true }

describe('changes of several task files', () => {
  it('are all there, each with nothing else changed, and nothing beside them', async () => {
    const { root, content } = project()
    const before = content()
    await saveTaskChanges(root, split(await readTasks(root)), undefined)
    const after = content()
    assert.deepEqual(Object.keys(after), ['A.json', 'B.json', 'C.json', 'TASK-001.json'])
    assert.equal(after['A.json'], before['A.json'])
    assert.equal(after['C.json'], before['C.json']?.replace('["B"]', '["TASK-001"]'))
    assert.equal(after['B.json'], before['B.json']?.replace('"title": "B"', '"title": "One",  "description": "Part 1 of 2 of \\"B\\"."').replace('4', '1'))
  })

  // A, B and C change, D is made, E removed: one fault at each of these steps.
  for (const step of [1, 2, 3, 4]) {
    it(`are all taken back when rename ${step} fails`, async () => {
      const { root, folder, content } = project()
      writeFiles(root, { [`${tasksFolder}/E.json`]: file('E') })
      const before = content()
      const tasks = await readTasks(root)
      const changes: TaskChange[] = tasks.map((task) => (task.id === 'E' ? { before: task } : { before: task, after: { ...task, title: 'Other' } }))
      const first = at(tasks, 0)
      changes.splice(1, 0, { after: { ...first, id: 'D' as TaskId } })
      let count = 0
      const failing = (from: string, to: string): void => {
        if (++count === step) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
        fs.renameSync(from, to)
      }
      await assert.rejects(saveTaskChanges(root, changes, first, failing), refusal('input', /tasks\/[ABCE]\.json can't be written: EIO: i\/o error\. Nothing was changed/))
      assert.deepEqual(content(), before)
      assert.equal(fs.readdirSync(folder).length, 4)
      await saveTaskChanges(root, changes, first)
      assert.deepEqual(Object.keys(content()), ['A.json', 'B.json', 'C.json', 'D.json'])
    })
  }

  it('keep the rights of a file', async () => {
    const { root, folder } = project()
    fs.chmodSync(path.join(folder, 'B.json'), 0o600)
    await saveTaskChanges(root, split(await readTasks(root)), undefined)
    assert.equal(fs.statSync(path.join(folder, 'B.json')).mode & 0o777, 0o600)
  })

  it('are refused where a file changed since it was read', async () => {
    const { root, folder, content } = project()
    const changes = split(await readTasks(root))
    fs.writeFileSync(path.join(folder, 'C.json'), file('C', ['A', 'B']))
    const before = content()
    await assert.rejects(saveTaskChanges(root, changes, undefined), refusal('held', /C\.json was changed by another program/))
    assert.deepEqual(content(), before)
  })

  it('are refused where a new file is there by now', async () => {
    const { root, content } = project()
    const changes = split(await readTasks(root))
    writeFiles(root, { [`${tasksFolder}/TASK-001.json`]: file('TASK-001') })
    const before = content()
    await assert.rejects(saveTaskChanges(root, changes, undefined), refusal('held', /TASK-001\.json was made by another program/))
    assert.deepEqual(content(), before)
  })

  it('are refused where the folder leads out of the project, and leave no folder where they fail', async () => {
    const [root, outside] = [temporaryFolder('link'), temporaryFolder('outside')]
    const added: TaskChange = { after: at(await readTasks(project().root), 0) }
    fs.mkdirSync(path.join(root, 'docs'))
    fs.symlinkSync(outside, path.join(root, 'docs/planning'))
    await assert.rejects(saveTaskChanges(root, [added], undefined), refusal('input', /link that leads out/))
    assert.deepEqual(fs.readdirSync(outside), [])
    const other = temporaryFolder('file')
    writeFiles(other, { docs: 'a file' })
    await assert.rejects(saveTaskChanges(other, [added], undefined), refusal('input', /docs\/planning\/tasks can't be written/))
    assert.deepEqual(fs.readdirSync(other), ['docs'])
  })

  it('follow a link to a file in the folder', async () => {
    const { root, folder } = project()
    fs.mkdirSync(path.join(folder, 'old'))
    fs.renameSync(path.join(folder, 'B.json'), path.join(folder, 'old/B.json'))
    fs.symlinkSync('old/B.json', path.join(folder, 'B.json'))
    await saveTaskChanges(root, split(await readTasks(root)), undefined)
    assert.ok(fs.lstatSync(path.join(folder, 'B.json')).isSymbolicLink())
    assert.match(fs.readFileSync(path.join(folder, 'old/B.json'), 'utf8'), /"One"/)
    assert.deepEqual(fs.readdirSync(path.join(folder, 'old')), ['B.json'])
  })
})
