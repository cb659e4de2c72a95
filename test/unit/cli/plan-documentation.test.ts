import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { exportFormats } from '../../../src/plan/export/exported.ts'
import { sampleProject, succeed } from '../../support/devteam.ts'
import { assertConsole } from '../../support/documentation.ts'

const documentation = fs.readFileSync(path.resolve(import.meta.dirname, '../../../docs/plans.md'), 'utf8')

describe('docs/plans.md', function () {
  this.timeout(120_000)

  it('shows commands with what they print', async () => { assert.ok(await assertConsole(await sampleProject(), documentation) >= 1) })

  it('names every key of the JSON and every format', async () => {
    const folder = await sampleProject()
    const plan = JSON.parse(await succeed(folder, ['plan', '3', '--json'])) as Record<string, unknown> & { tracks: Record<string, unknown>[]; schedule: Record<string, unknown>[] }
    for (const key of [...Object.keys(plan), 'idleHours', 'waits', 'sprints', ...Object.keys(plan.schedule[0] ?? {}).filter((each) => each !== 'task')]) assert.match(documentation, new RegExp(`\`${key}\``), key)
    for (const format of exportFormats) assert.match(documentation, new RegExp(`^\\| \`${format}\` \\|`, 'm'))
  })
})
