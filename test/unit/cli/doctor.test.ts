import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { doctorCommand } from '../../../src/cli/commands/doctor.ts'
import type { Check } from '../../../src/state/recovery/doctor-folder.ts'
import { temporaryFolder, writeFiles } from '../../support/folders.ts'

async function doctor(cwd: string): Promise<{ code: number; checks: Check[] }> {
  let out = ''
  const code = await doctorCommand({ cwd, env: {}, media: '', program: 'devteam', wasm: undefined, tuneEngine: () => { /* nothing to gain */ }, json: true, stdin: () => process.stdin, out: (text) => { out += text }, signal: new AbortController().signal })
  return { code, checks: (JSON.parse(out) as { checks: Check[] }).checks }
}

describe('devteam doctor', () => {
  it('ends with 0 when all is well, 1 when something is to do, 4 when the database is unusable, and writes nothing', async () => {
    const folder = temporaryFolder('doctor')
    const bare = await doctor(folder)
    assert.equal(bare.code, 1)
    assert.match(bare.checks.find(({ state }) => state === 'todo')?.says ?? '', /ANTHROPIC_API_KEY/)
    assert.deepEqual(fs.readdirSync(folder), [])
    writeFiles(folder, { '.devteam/config.json': '{ "executor": "simulated" }' })
    const well = await doctor(folder)
    assert.deepEqual([well.code, well.checks.filter(({ state }) => state !== 'ok')], [0, []])
    writeFiles(folder, { '.devteam/devteam.db': 'no database' })
    assert.equal((await doctor(folder)).code, 4)
    assert.deepEqual(fs.readdirSync(path.join(folder, '.devteam')).sort(), ['config.json', 'devteam.db'])
  })
})
