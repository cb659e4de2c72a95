import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../src/plan/errors.ts'
import { identifySelf } from '../../../src/state/process.ts'
import { Bench, sqlite3, widePlan } from './support.ts'

describe('a process that hangs in a commit', () => {
  const bench = new Bench()
  let child: ChildProcess | undefined
  afterEach(async () => {
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await bench.end()
  })

  /** Resolves when the system says that the process is stopped. */
  async function stopped(pid: number): Promise<void> {
    while (!/\) T /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  it('is waited for and named, never robbed; reading goes on; it goes on itself where it was', async function () {
    this.timeout(120_000)
    if (process.platform !== 'linux') this.skip()
    const { root, state } = await bench.planned(widePlan(1, 5))
    const preload = ['stop-inside.mjs'].flatMap((name) => ['--import', path.join(import.meta.dirname, name)])
    child = spawn(process.execPath, [...preload, '--import', 'tsx', path.join(import.meta.dirname, 'worker.ts'), root, '01'], { env: { ...process.env, STOP_FROM: '4' }, stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => { out += text })
    const ended = once(child, 'close')
    const pid = child.pid ?? 0
    await stopped(pid)
    const before = sqlite3(root, 'PRAGMA user_version')
    const hasty = await bench.open(root, { patienceMs: 300 })
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(hasty.startSession('implement', true), (error) => {
        assert.ok(error instanceof UserError)
        assert.equal(error.exitCode, 3)
        assert.match(error.message, new RegExp(`is locked by process ${pid} on ${identifySelf().host} since \\d{4}-\\d\\d-\\d\\dT.*end it`))
        return true
      })
    }
    assert.equal((await hasty.snapshot())?.tasks.length, 5)
    assert.equal(sqlite3(root, 'PRAGMA user_version; PRAGMA integrity_check'), `${before}\nok`)
    // Who has more patience gets its turn.
    const patient = state.startSession('implement', true)
    child.kill('SIGCONT')
    await patient
    assert.deepEqual(await ended, [0, null])
    assert.match(out, /end\n$/)
    assert.equal((await hasty.snapshot())?.tasks.filter(({ status }) => status === 'completed').length, 5)
    await hasty.startSession('implement', true)
    await Promise.all([state.close(), hasty.close()])
    assert.deepEqual(fs.readdirSync(path.join(root, '.devteam')).filter((name) => /^(devteam\.db|lock)/.test(name)), ['devteam.db'])
  })
})
