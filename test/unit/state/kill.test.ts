import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { trackId } from '../../../src/plan/ids.ts'
import { bundled } from '../../support/bundled.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { assertWeathered, killStorm, operations } from '../../support/kill-storm.ts'
import { Bench, widePlan, work } from './support.ts'

describe('kill -9', function () {
  this.timeout(1_200_000)
  const bench = new Bench()
  afterEach(() => bench.end())

  it('200 times, mostly inside a file operation, loses nothing that was acknowledged, and does nothing twice', async () => {
    const worker = bundled(path.join(import.meta.dirname, '../../support/kill-worker.ts'), temporaryFolder('worker'))
    const { root } = await bench.planned(widePlan(3, 200))
    const weathered = await killStorm({ root, worker, writers: 3, kills: 200, seed: 20_261_124 })
    await assertWeathered(root, weathered)
    assert.ok(weathered.kills >= 200)
    assert.ok(weathered.acknowledged.length > 200, `only ${weathered.acknowledged.length} acknowledgements`)
    assert.ok(weathered.reads > 20, `only ${weathered.reads} reads`)
    // Every kind of operation that the lock and a commit make was hit, on both sides of it.
    for (const name of operations) {
      for (const when of ['before', 'after']) assert.ok(weathered.places.has(`${when} ${name}`), `nobody died ${when} ${name}: ${[...weathered.places.keys()].join(', ')}`)
    }

    // Whoever comes next goes on, and nothing of the dead is left.
    const next = await bench.open(root)
    const session = await next.startSession('implement', true)
    for (const track of [1, 2, 3]) {
      const lease = await next.acquireTrack(trackId(track), session)
      await next.retryFailed(lease) // the last of the dead may have failed one, and not come to try it again
      await work(next, lease)
    }
    assert.deepEqual(new Set((await next.snapshot())?.tasks.map((row) => row.status)), new Set(['completed']))
    await assertWeathered(root, weathered)
    assert.deepEqual((await next.sessions()).filter((row) => row.pid !== process.pid && row.status === 'running'), [])
    assert.deepEqual(fs.readdirSync(path.dirname(next.file)).filter((name) => name !== 'archive' && name !== 'backup'), ['devteam.db'])
  })
})
