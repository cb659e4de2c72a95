import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { devteam, sampleProject, succeed } from '../../support/devteam.ts'
import { sqlite3 } from './support.ts'

describe('eight commands that start at once', function () {
  this.timeout(240_000)

  it('make one whole plan in a fresh workspace, each of them in a session of its own', async () => {
    const root = await sampleProject()
    assert.equal(fs.existsSync(path.join(root, '.devteam/devteam.db')), false)
    const ended = await Promise.all(Array.from({ length: 8 }, (_, index) => devteam(root, ['plan', String(1 + index % 3)])))
    for (const { code, err } of ended) assert.equal(code, 0, err)
    assert.equal(sqlite3(root, "PRAGMA integrity_check; SELECT COUNT(*), SUM(status = 'completed') FROM sessions; SELECT COUNT(*), MAX(id), COUNT(DISTINCT id) FROM events WHERE type = 'plan.saved'"), 'ok\n8|8\n8|8|8')
    const status = JSON.parse(await succeed(root, ['status', '--json'])) as { tasks: Record<string, number>; tracks: unknown[] }
    assert.equal(status.tasks['pending'], 18)
    // The plan is that of the last one, and of that one alone.
    assert.equal(String(status.tracks.length), sqlite3(root, "SELECT value FROM session_state WHERE key = 'parallel_tracks' LIMIT 1"))
    assert.deepEqual(fs.readdirSync(path.join(root, '.devteam')).filter((name) => /^(devteam\.db|lock)/.test(name)), ['devteam.db'])
  })
})
