import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { trackId } from '../../../src/plan/ids.ts'
import { Bench, completedEvent, done, widePlan } from './support.ts'

interface Notice { readonly completed: number; readonly idle: number; readonly read: number; readonly at: number }

describe('the notice of commits in another process', function () {
  this.timeout(60_000)
  const bench = new Bench()
  let child: ChildProcess | undefined
  afterEach(async () => {
    child?.kill('SIGKILL')
    if (child !== undefined) await once(child, 'exit')
    child = undefined
    await bench.end()
  })

  it('comes for every commit; while nothing is committed, a few bytes are looked at and no more', async () => {
    const { root, state, session } = await bench.planned(widePlan(1, 8))
    child = spawn(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'notice-reader.ts'), root], { stdio: ['ignore', 'pipe', 'inherit'] })
    const notices: Notice[] = []
    let heard = (): void => undefined
    const { stdout } = child
    assert.ok(stdout)
    const lines = createInterface({ input: stdout })
    await once(lines, 'line')
    lines.on('line', (line) => {
      notices.push(JSON.parse(line) as Notice)
      heard()
    })
    const lease = await state.acquireTrack(trackId(1), session)
    const staleMs: number[] = []
    for (let count = 1; count <= 8; count++) {
      const claim = await state.claimTask(lease)
      assert.ok(claim.kind === 'claimed')
      await state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))
      const committed = Date.now()
      // The test ends by its time limit when it never comes.
      while ((notices.at(-1)?.completed ?? 0) < count) await new Promise<void>((resolve) => { heard = resolve })
      staleMs.push((notices.at(-1)?.at ?? NaN) - committed)
    }
    // Printed, not asserted: it depends on the machine.
    if (process.env['DEVTEAM_FIGURES'] !== undefined) process.stdout.write(`      seen after ${staleMs.sort((a, b) => a - b).join(', ')} ms\n`)
    const before = notices.length
    await sleep(2_500)
    assert.equal(notices.length, before, 'a notice without a commit')
    await state.heartbeat(lease)
    while (notices.length === before) await new Promise<void>((resolve) => { heard = resolve })
    const [last] = notices.slice(before)
    assert.ok(last !== undefined && last.read > 50_000, 'the reader did not read the new content')
    assert.ok(last.idle < 200, `${last.idle} bytes were read while nothing was committed`)
  })
})
