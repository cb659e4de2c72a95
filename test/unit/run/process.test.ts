import assert from 'node:assert/strict'
import { allowedEnvironment, runCommand } from '../../../src/run/process.ts'
import { temporaryFolder } from '../../support/folders.ts'

const node = JSON.stringify(process.execPath)
const run = (command: string, timeoutMs = 30_000, signal = new AbortController().signal, keep?: number) =>
  runCommand(command, { directory: temporaryFolder('process'), timeoutMs, signal, env: allowedEnvironment(process.env), ...(keep === undefined ? {} : { keep }) })

describe('running a command', () => {
  it('gives exit code and output', async () => {
    const result = await run(`${node} -e "console.log('out'); console.error('err'); process.exit(3)"`)
    assert.equal(result.exitCode, 3)
    assert.match(result.output, /out/)
    assert.match(result.output, /err/)
  })
  it('is a failure with a reason when it can not start or runs out of time', async () => {
    assert.notEqual((await run('there-is-no-such-program-here')).exitCode, 0)
    const late = await run(`${node} -e "setInterval(() => {}, 1000)"`, 300)
    assert.equal(late.exitCode, null)
    assert.match(late.reason ?? '', /not finished after 0\.3 s/)
  })
  it('stops at the abort, children too', async () => {
    const stop = new AbortController()
    const going = run(`${node} -e "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }); setInterval(() => {}, 1000)"`, 60_000, stop.signal)
    setTimeout(() => stop.abort(), 300)
    assert.equal((await going).reason, 'stopped')
  })
  it('does not wait for a child that holds the output open', async () => {
    const result = await run(`${node} -e "require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], { stdio: 'inherit', detached: true }).unref(); console.log('done')"`, 60_000)
    assert.equal(result.exitCode, 0)
    assert.match(result.output, /done/)
  })
  it('keeps head and tail of a flood', async () => {
    const result = await run(`${node} -e "console.log('first'); for (let i = 0; i < 20000; i++) console.log('line ' + i); console.log('last')"`, 60_000, undefined, 500)
    assert.ok(result.output.length < 1_200)
    assert.match(result.output, /^first/)
    assert.match(result.output, /last\n$/)
    assert.match(result.output, /characters left out/)
  })
  it('hands on no keys', () => {
    const env = allowedEnvironment({ PATH: '/bin', ANTHROPIC_API_KEY: 'secret', GITHUB_TOKEN: 'secret', LC_ALL: 'C' })
    assert.deepEqual(env, { PATH: '/bin', LC_ALL: 'C' })
  })
})
