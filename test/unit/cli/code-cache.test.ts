import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { devteam, sampleProject } from '../../support/devteam.ts'
import { temporaryFolder } from '../../support/folders.ts'

describe('what V8 compiled of the command line', () => {
  let folder: string
  before(async function () {
    this.timeout(60_000)
    folder = await sampleProject({ planned: true })
  })

  /** Every run must say the same, whatever is kept. */
  async function run(env: NodeJS.ProcessEnv): Promise<void> {
    const { code, out, err } = await devteam(folder, ['status'], { env })
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, /18 tasks/)
  }
  const kept = (caches: string): string[] => fs.readdirSync(caches, { recursive: true, encoding: 'utf8' }).map((name) => path.join(caches, name)).filter((name) => fs.statSync(name).isFile()).sort()
  /** A file that was made anew has another inode: it is renamed into place. */
  const identities = (caches: string): string[] => kept(caches).map((file) => `${file} ${fs.statSync(file).ino} ${fs.statSync(file).mtimeMs}`)

  it('is kept for the next run of the same command, for nobody else', async () => {
    const caches = temporaryFolder('caches')
    await run({ XDG_CACHE_HOME: caches })
    const first = identities(caches)
    assert.deepEqual(kept(caches).flatMap((file) => /^status-(?:look|main)/.exec(path.basename(file)) ?? []), ['status-look', 'status-main'])
    if (process.platform !== 'win32') for (const file of kept(caches)) assert.equal(fs.statSync(file).mode & 0o077, 0, file)
    await run({ XDG_CACHE_HOME: caches })
    assert.deepEqual(identities(caches), first)
    assert.equal((await devteam(folder, ['events'], { env: { XDG_CACHE_HOME: caches } })).code, 0)
    assert.ok(kept(caches).some((file) => path.basename(file).startsWith('events-')))
    assert.deepEqual(identities(caches).filter((each) => first.includes(each)), first)
  })

  it('is made anew where it is damaged', async () => {
    const caches = temporaryFolder('caches')
    await run({ XDG_CACHE_HOME: caches })
    for (const [i, file] of kept(caches).entries()) fs.writeFileSync(file, i % 2 === 0 ? 'nonsense' : fs.readFileSync(file).subarray(0, 5_000))
    const damaged = identities(caches)
    await run({ XDG_CACHE_HOME: caches })
    assert.deepEqual(identities(caches).filter((each) => damaged.includes(each)), [])
  })

  it('is not taken from another user', async function () {
    if (process.getuid?.() !== 0) return this.skip()
    const caches = temporaryFolder('caches')
    await run({ XDG_CACHE_HOME: caches })
    for (const file of kept(caches)) fs.chownSync(file, 12_345, 12_345)
    await run({ XDG_CACHE_HOME: caches })
    for (const file of kept(caches)) assert.equal(fs.statSync(file).uid, 0)
  })

  it('of versions that nobody has used for a month goes', async () => {
    const caches = temporaryFolder('caches')
    await run({ XDG_CACHE_HOME: caches })
    const [some = ''] = kept(caches)
    const [old, recent] = ['status-look-0000.cjs', 'status-look-1111.cjs'].map((name) => path.join(path.dirname(some), name)) as [string, string]
    fs.writeFileSync(old, '')
    fs.writeFileSync(recent, '')
    fs.utimesSync(old, new Date(), new Date(Date.now() - 31 * 24 * 3_600_000))
    fs.rmSync(some)
    await run({ XDG_CACHE_HOME: caches })
    assert.deepEqual([some, old, recent].map((file) => fs.existsSync(file)), [true, false, true])
  })

  it('is kept nowhere where that is not wanted, or not possible', async () => {
    const caches = temporaryFolder('caches')
    await run({ XDG_CACHE_HOME: caches, NODE_DISABLE_COMPILE_CACHE: '1' })
    assert.deepEqual(kept(caches), [])
    const file = path.join(caches, 'file')
    fs.writeFileSync(file, '')
    await run({ XDG_CACHE_HOME: file })
    await run({ XDG_CACHE_HOME: undefined, HOME: undefined, LOCALAPPDATA: undefined })
    assert.deepEqual(kept(caches), [file])
  })
})
