import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../src/plan/errors.ts'
import { configJsonSchema, schema } from '../../../src/run/config-schema.ts'
import { readConfig } from '../../../src/run/config.ts'
import { temporaryFolder, writeFiles } from '../../support/folders.ts'

const withConfig = (text: string): string => {
  const root = temporaryFolder('config')
  writeFiles(root, { '.devteam/config.json': text })
  return root
}
const problem = async (text: string): Promise<string> => {
  try { await readConfig(withConfig(text)) } catch (error) {
    assert.ok(error instanceof UserError)
    assert.equal(error.exitCode, 2)
    return error.message
  }
  throw new Error('no problem was found')
}

describe('configuration', () => {
  it('has defaults where there is no file', async () => {
    const config = await readConfig(temporaryFolder('config'))
    assert.equal(config.maxIterations, 10)
    assert.equal(config.gates, undefined)
    assert.equal(config.simulation.millisecondsPerHour, 20)
  })
  it('has the same defaults without a file and with an empty one', async () => {
    assert.deepEqual(await readConfig(temporaryFolder('config')), schema.parse({}))
    assert.deepEqual(await readConfig(withConfig('{}')), schema.parse({}))
  })
  it('names an unknown key with the nearest known one', async () => {
    const message = await problem('{ "maxIteration": 3, "simulation": { "sed": 1 }, "gates": [{ "name": "a", "comand": "b" }] }')
    assert.match(message, /maxIteration: unknown key\. Did you mean "maxIterations"\?/)
    assert.match(message, /simulation\.sed: unknown key\. Did you mean "seed"\?/)
    assert.match(message, /gates\.0\.comand: unknown key\. Did you mean "command"\?/)
  })
  it('has a published JSON schema that says the same (UPDATE_GOLDEN=1 writes it)', () => {
    const file = path.resolve(import.meta.dirname, '../../../media/config.schema.json')
    const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`
    if (process.env.UPDATE_GOLDEN === '1') fs.writeFileSync(file, text)
    assert.equal(fs.readFileSync(file, 'utf8'), text)
  })
  it('names every wrong value at once', async () => {
    const message = await problem('{ "maxIterations": 0, "executor": "magic", "budgets": { "maxCostUsdPerRun": -1 } }')
    for (const key of ['maxIterations', 'executor', 'budgets.maxCostUsdPerRun']) assert.ok(message.includes(key), `${key} in ${message}`)
  })
  it('says what is wrong with broken JSON, and takes a byte order mark', async () => {
    assert.match(await problem('{ "executor": '), /\.devteam\/config\.json is not JSON/)
    assert.equal((await readConfig(withConfig('\uFEFF{ "executor": "simulated" }'))).executor, 'simulated')
  })
})
