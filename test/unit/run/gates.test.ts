import assert from 'node:assert/strict'
import { detectGates, runGates } from '../../../src/run/gates.ts'
import { outsideScope } from '../../../src/run/scope.ts'
import { temporaryFolder, writeFiles } from '../../support/folders.ts'

describe('gates', () => {
  it('are detected from the files of a project', async () => {
    const root = temporaryFolder('gates')
    assert.deepEqual(await detectGates(root), [])
    writeFiles(root, { 'package.json': '{ "scripts": { "test": "mocha", "lint": "eslint ." } }', 'go.mod': 'module x\n' })
    assert.deepEqual((await detectGates(root)).map((gate) => gate.command), ['npm run --silent lint', 'npm run --silent test', 'go build ./... && go vet ./... && go test ./...'])
    writeFiles(root, { 'package.json': '{ "scripts": { "test": "echo \\"Error: no test specified\\" && exit 1" } }' })
    assert.deepEqual((await detectGates(root)).map((gate) => gate.name), ['go'])
  })
  it('all run even when one fails, and one that can not start is a failure', async () => {
    const gates = [{ name: 'a', command: 'exit 2', timeoutSeconds: 10 }, { name: 'b', command: 'no-such-program', timeoutSeconds: 10 }, { name: 'c', command: 'echo fine', timeoutSeconds: 10 }]
    const results = await runGates(gates, temporaryFolder('gates'), new AbortController().signal, () => undefined)
    assert.deepEqual(results.map((gate) => gate.exitCode === 0), [false, false, true])
    assert.match(results[2]?.output ?? '', /fine/)
  })
})

describe('scope', () => {
  it('lets a task change what its patterns allow', () => {
    assert.deepEqual(outsideScope(['backend/auth/a.py', 'backend/auth/.env', 'backend/cart.py', 'tests/auth/x/y.py'], ['backend/auth/**', 'tests/auth/**']), ['backend/cart.py'])
    assert.deepEqual(outsideScope(['anything'], []), [])
  })
})
