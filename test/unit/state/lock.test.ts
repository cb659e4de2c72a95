import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { UserError } from '../../../src/plan/errors.ts'
import { FolderLock } from '../../../src/state/lock.ts'
import { fateOf, fromMark, identifySelf, markOf, type ProcessIdentity } from '../../../src/state/process.ts'
import { Bench, deadProcess } from './support.ts'

describe('the lock', () => {
  const bench = new Bench()
  afterEach(() => bench.end())
  const self = identifySelf()

  it('is held by one at a time, and nothing of it is left', async () => {
    const folder = bench.folder()
    let [inside, most, count] = [0, 0, 0]
    await Promise.all(Array.from({ length: 6 }, async () => {
      const lock = new FolderLock(folder, self)
      for (let round = 0; round < 10; round++) {
        const release = await lock.acquire()
        inside += 1
        most = Math.max(most, inside)
        await new Promise((resolve) => setImmediate(resolve))
        count += 1
        inside -= 1
        release()
      }
    }))
    assert.deepEqual([most, count, fs.readdirSync(folder)], [1, 60, []])
  })

  it('of a dead holder is taken over by one of many', async () => {
    for (let round = 0; round < 20; round++) {
      const folder = bench.folder()
      await new FolderLock(folder, deadProcess(self)).acquire()
      let [inside, count] = [0, 0]
      await Promise.all(Array.from({ length: 5 }, async () => {
        const release = await new FolderLock(folder, self).acquire()
        assert.equal(inside++, 0)
        await new Promise((resolve) => setImmediate(resolve))
        inside -= 1
        count += 1
        release()
      }))
      assert.equal(count, 5)
    }
  })

  it('of a living holder is not robbed: who waits in vain hears its name', async () => {
    const folder = bench.folder()
    const release = await new FolderLock(folder, self).acquire()
    await assert.rejects(new FolderLock(folder, self, 30).acquire(), (error) => {
      assert.ok(error instanceof UserError)
      assert.equal(error.exitCode, 3)
      assert.match(error.message, new RegExp(`process ${process.pid} on ${self.host} since \\d{4}-`))
      return true
    })
    assert.equal(fs.readdirSync(folder).length, 1, 'who gave up left something')
    release()
  })

  it('of another host or container is never robbed', async () => {
    for (const other of [{ ...deadProcess(self), host: 'a.b-c_d' }, { ...deadProcess(self), namespace: '42' }]) {
      const folder = bench.folder()
      await new FolderLock(folder, other).acquire()
      await assert.rejects(new FolderLock(folder, self, 30).acquire(), (error) => error instanceof UserError && error.message.includes(`process ${other.pid} on ${other.host} `) && error.message.includes(path.join(folder, 'lock')))
    }
  })

  it('blocked by a foreign file says which', async () => {
    const folder = bench.folder()
    fs.mkdirSync(path.join(folder, 'lock'))
    fs.writeFileSync(path.join(folder, 'lock', 'notes.txt'), '')
    await assert.rejects(new FolderLock(folder, self, 30).acquire(), /notes\.txt is not a lock of DevTeam/)
  })

  it('takes an empty folder, and sweeps what the dead left while they waited, not the living', async () => {
    const folder = bench.folder()
    fs.mkdirSync(path.join(folder, 'lock'))
    const lock = new FolderLock(folder, self)
    ;(await lock.acquire())()
    const waiting = (identity: ProcessIdentity): string => `lock-${identity.pid}.${identity.start}.${identity.boot}.${identity.host}-${identity.namespace}.abc123`
    for (const identity of [self, deadProcess(self), { ...self, host: 'other', pid: 1 }]) fs.mkdirSync(path.join(folder, waiting(identity)))
    fs.mkdirSync(path.join(folder, 'lock-something'))
    lock.sweep()
    assert.deepEqual(fs.readdirSync(folder).sort(), ['lock-something', waiting(self), waiting({ ...self, host: 'other', pid: 1 })].sort())
  })
})

describe('a process', () => {
  const self = identifySelf()

  it('lives while it runs or is stopped, and is dead afterwards', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' })
    assert.ok(child.pid !== undefined)
    // Its start as the system tells it, like a process tells its own.
    const start = process.platform === 'linux' ? fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '' : String(Math.round(Date.now() / 1000))
    const other = { ...self, pid: child.pid, start }
    assert.equal(fateOf(other, self, true), 'alive')
    child.kill('SIGSTOP')
    assert.equal(fateOf(other, self, true), 'alive')
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.equal(fateOf(other, self, true), 'dead')
  })

  it('is not the one that has its number now, nor one before the last boot', () => {
    assert.equal(fateOf(self, self, true), 'alive')
    if (process.platform === 'linux') assert.equal(fateOf({ ...self, start: '1' }, self, false), 'dead')
    assert.equal(fateOf({ ...self, boot: 'another' }, self, false), 'dead')
    assert.equal(fateOf({ ...self, host: 'another', boot: 'another' }, self, false), 'elsewhere')
  })

  it('has a mark that reads back', () => {
    fc.assert(fc.property(fc.nat(), fc.stringMatching(/^\d{1,12}$/), fc.stringMatching(/^[0-9a-f]{1,32}$/), fc.string({ minLength: 1 }), fc.stringMatching(/^\d{1,10}$/), (pid, start, boot, host, namespace) => {
      const identity: ProcessIdentity = { pid, start, boot, host, namespace }
      assert.deepEqual(fromMark(pid, host, markOf(identity)), identity)
    }))
  })
})
