import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { UserError } from '../../../src/plan/errors.ts'
import { trackId } from '../../../src/plan/ids.ts'
import type { State } from '../../../src/state/state.ts'
import { Bench, sqlite3, widePlan } from './support.ts'

const worker = path.join(import.meta.dirname, 'worker.ts')

class Worker {
  readonly lines: string[] = []
  readonly child: ChildProcess
  errors = ''
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>

  constructor(root: string, track: string, options: { hold?: boolean; onLine?: (line: string, worker: Worker) => void } = {}) {
    this.child = spawn(process.execPath, ['--import', 'tsx', worker, root, track, ...options.hold === true ? ['hold'] : []], { stdio: ['ignore', 'pipe', 'pipe'] })
    const { stdout, stderr } = this.child
    assert.ok(stdout && stderr)
    stderr.on('data', (chunk: Buffer) => { this.errors += chunk.toString() })
    const lines = createInterface({ input: stdout })
    lines.on('line', (line) => { this.lines.push(line); options.onLine?.(line, this) })
    this.ended = Promise.all([once(this.child, 'close'), once(lines, 'close')]).then(() => ({ code: this.child.exitCode, signal: this.child.signalCode }))
  }

  acknowledged(): string[] { return this.lines.filter((line) => line.startsWith('done ')).map((line) => line.slice(5)) }
}

/** Every acknowledged task is completed in the file, with its event under the acknowledged id; and the file is sound. */
function assertKept(root: string, acknowledged: readonly string[]): void {
  const kept = new Set(sqlite3(root, "SELECT e.task_id || ' ' || e.id FROM events e JOIN tasks t ON t.id = e.task_id WHERE e.type = 'task.completed' AND t.status = 'completed' AND t.kind = 'task'").split('\n'))
  assert.deepEqual(acknowledged.filter((line) => !kept.has(line)), [])
  assert.equal(sqlite3(root, 'SELECT COUNT(*) = COALESCE(MAX(id), 0) FROM events'), '1', 'event ids have gaps')
  assert.equal(sqlite3(root, "SELECT COUNT(*) FROM (SELECT task_id FROM events WHERE type = 'task.completed' GROUP BY task_id HAVING COUNT(*) > 1)"), '0', 'a task was completed twice')
  assert.equal(sqlite3(root, 'PRAGMA integrity_check'), 'ok')
}

async function completedCount(state: State): Promise<number | undefined> { return (await state.snapshot())?.tasks.filter((row) => row.status === 'completed').length }

describe('several processes', () => {
  const bench = new Bench()
  const running: Worker[] = []
  const start = (...args: ConstructorParameters<typeof Worker>): Worker => {
    const started = new Worker(...args)
    running.push(started)
    return started
  }
  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await ended
    }
    await bench.end()
  })

  it('work at once, lose nothing that was acknowledged, and sqlite3 reads all the time', async () => {
    const { root, state } = await bench.planned(widePlan(4, 25))
    const workers = [1, 2, 3, 4].map((number) => start(root, trackId(number)))
    const over = Promise.all(workers.map(({ ended }) => ended))
    let [reads, going] = [0, true]
    void over.finally(() => { going = false })
    let last = 0
    while (going) {
      const { stdout } = await promisify(execFile)('sqlite3', [state.file, "PRAGMA quick_check; SELECT COUNT(*) FROM tasks WHERE kind = 'task' AND status = 'completed'"])
      const [check, count] = stdout.trim().split('\n')
      assert.equal(check, 'ok')
      assert.ok(Number(count) >= last, 'a commit was undone')
      last = Number(count)
      reads += 1
    }
    for (const { code } of await over) assert.equal(code, 0, workers.map(({ errors }) => errors).join('\n'))
    assert.ok(reads > 3)
    assertKept(root, workers.flatMap((one) => one.acknowledged()))
    assert.equal(workers.flatMap((one) => one.acknowledged()).length, 100)
    assert.equal(await completedCount(state), 100)
    assert.equal((await state.snapshot())?.costUsd?.toFixed(2), '1.00')
    assert.equal(sqlite3(root, "SELECT COUNT(*) FROM sessions WHERE status = 'completed' AND command LIKE 'implement%'"), '4')
    assert.deepEqual(fs.readdirSync(path.dirname(state.file)).sort(), ['backup', 'devteam.db'])
  })

  it('do not rob one that is stopped, and take over from it at once when it is dead', async () => {
    const { root, state, session } = await bench.planned(widePlan(1, 3))
    let held = (): void => undefined
    const ready = new Promise<void>((resolve) => { held = resolve })
    const holder = start(root, trackId(1), { hold: true, onLine: () => { held() } })
    await ready
    const { pid } = holder.child
    holder.child.kill('SIGSTOP')
    await assert.rejects(state.acquireTrack(trackId(1), session), (error) => error instanceof UserError && error.code === 'held' && error.message.includes(`process ${pid ?? 0} `))
    holder.child.kill('SIGKILL')
    await holder.ended
    await state.acquireTrack(trackId(1), session)
  })

  it('start a workspace together', async () => {
    const root = bench.folder()
    const states = await Promise.all(Array.from({ length: 8 }, () => bench.open(root)))
    const ids = await Promise.all(states.map((state) => state.startSession('plan', false)))
    assert.deepEqual(new Set((await states[0]?.sessions())?.map((row) => row.id)), new Set(ids))
  })
})
