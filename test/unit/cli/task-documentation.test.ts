import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { readTasks } from '../../../src/plan/files/read.ts'
import { taskFileKeys } from '../../../src/plan/task-file.ts'
import { sampleProject } from '../../support/devteam.ts'
import { assertConsole, blocks } from '../../support/documentation.ts'
import { temporaryFolder, writeFiles } from '../../support/folders.ts'

const documentation = fs.readFileSync(path.resolve(import.meta.dirname, '../../../docs/tasks.md'), 'utf8')

describe('docs/tasks.md', function () {
  this.timeout(120_000)

  it('shows commands with what they print', async () => {
    const folder = await sampleProject()
    assert.ok(await assertConsole(folder, documentation) >= 8)
    await readTasks(folder)
  })

  it('shows a file that is read as it says, and a row for each key', async () => {
    const folder = temporaryFolder('format')
    const [file = ''] = blocks(documentation, 'json')
    const { dependencies, ...rest } = JSON.parse(file) as Record<string, unknown>
    writeFiles(folder, { 'docs/planning/tasks/TASK-004.json': file, 'docs/planning/tasks/TASK-001.json': '{"id": "TASK-001", "title": "Schema", "estimated_hours": 1}' })
    const [, task] = await readTasks(folder)
    assert.deepEqual([task?.dependencies, task?.allowedPatterns, task?.estimate], [dependencies, ['backend/auth/**', 'tests/auth/**'], { low: 5, high: 14 }])
    assert.deepEqual(['dependencies', ...Object.keys(rest)].sort(), [...taskFileKeys].sort())
    for (const key of taskFileKeys) assert.match(documentation, new RegExp(`^\\| \`${key}[.\`]`, 'm'))
  })
})
