import assert from 'node:assert/strict'
import fs from 'node:fs'
import { trackId } from '../../../src/plan/ids.ts'
import { Bench, shopPlan } from './support.ts'

describe('the notice of commits', () => {
  const bench = new Bench()
  afterEach(() => bench.end())

  it('comes for a first plan in a folder that was not there, for every later commit, and for a loss', async () => {
    const root = bench.folder()
    const reader = await bench.open(root)
    let told = (): void => undefined
    let calls = 0
    const stop = reader.onCommit(() => { calls += 1; told() })
    const next = async (act: () => Promise<unknown>): Promise<void> => {
      const notice = new Promise<void>((resolve) => { told = resolve })
      await act()
      await notice
    }
    const writer = await bench.open(root)
    const { plan, tasks, order } = shopPlan()
    let session = ''
    await next(async () => { session = await writer.startSession('plan', false) })
    await next(() => writer.savePlan(session, plan, tasks, order, {}))
    assert.equal((await reader.snapshot())?.tasks.length, 18)
    await next(() => writer.acquireTrack(trackId(1), session))
    assert.equal((await reader.snapshot())?.tracks[0]?.lease?.pid, process.pid)
    await next(() => { fs.rmSync(reader.file); return Promise.resolve() })
    await assert.rejects(reader.snapshot(), /was deleted/)
    stop()
    const before = calls
    fs.writeFileSync(reader.file, '')
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(calls, before, 'called after it was ended')
  })

  it('comes in the process that commits, once a commit', async () => {
    const { state, session } = await bench.planned()
    let calls = 0
    const stop = state.onCommit(() => { calls += 1 })
    const lease = await state.acquireTrack(trackId(1), session)
    await state.release(lease)
    await new Promise((resolve) => setTimeout(resolve, 50))
    stop()
    assert.equal(calls, 2)
  })
})
