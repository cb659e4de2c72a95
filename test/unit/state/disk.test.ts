import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { Bench } from './support.ts'

const repository = path.resolve(import.meta.dirname, '../../..')
const script = ['--import', 'tsx', path.join(import.meta.dirname, 'hindered-writer.ts')]
/** A file system of its own for the process, gone with it. */
const mounted = (root: string, size: string): string[] => ['-Urm', 'sh', '-c', `mount -t tmpfs -o size=${size} tmpfs "$0" && exec "$@"`, root]
const mayMount = process.platform === 'linux' && spawnSync('unshare', ['-Urm', 'true']).status === 0

describe('a disk that takes nothing for a while', function () {
  this.timeout(120_000)
  const bench = new Bench()
  afterEach(() => bench.end())

  function assertHarmless(program: string, args: string[], meaning: RegExp): void {
    const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', cwd: repository })
    assert.equal(status, 0, stderr)
    const steps = new Map(stdout.trim().split('\n').map((line) => JSON.parse(line) as { step: string; result: unknown }).map(({ step, result }) => [step, result]))
    assert.deepEqual(steps.get('before'), { own: 0, others: 0, sqlite3: 'ok\n0\n1|1', files: ['devteam.db'] })
    for (const step of ['flush', 'complete', 'again']) {
      const { code, message } = steps.get(step) as { code: number; message: string }
      assert.equal(code, 4)
      assert.match(message, meaning)
    }
    assert.deepEqual(steps.get('hindered'), steps.get('before'), 'something changed, or was left')
    assert.equal(steps.get('retried'), 'done')
    // Ten events waited, and none was lost.
    assert.deepEqual(steps.get('after'), { own: 1, others: 1, sqlite3: 'ok\n1\n12|12', files: ['devteam.db'] })
  }

  it('because no file may be so large', function () {
    if (process.platform !== 'linux') this.skip()
    assertHarmless(process.execPath, [...script, bench.folder(), 'limit'], /^Can't write .*devteam\.db: it would become larger than a file may be here; raise the limit .*\(EFBIG\)/)
  })

  it('because it is full', function () {
    // Without the right to mount, the limit above stands for it.
    if (!mayMount) this.skip()
    const root = bench.folder()
    assertHarmless('unshare', [...mounted(root, '700k'), process.execPath, ...script, root, 'full'], /^Can't write .*devteam\.db: the disk is full; make room and try again \(ENOSPC\)/)
  })

  it('because it became read-only', function () {
    // Without the right to mount, a folder without the right to write stands for it, among the faults.
    if (!mayMount) this.skip()
    const root = bench.folder()
    assertHarmless('unshare', [...mounted(root, '2m'), process.execPath, ...script, root, 'readonly'], /^Can't write .*devteam\.db: the file system is read-only \(EROFS\)/)
  })
})
