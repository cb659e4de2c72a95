import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { trackId } from '../../../src/plan/ids.ts'
import { examineState } from '../../../src/state/recovery/doctor.ts'
import { identifySelf } from '../../../src/state/process.ts'
import { Bench, deadProcess, roleEvent } from './support.ts'

describe('the examination of a state', () => {
  const bench = new Bench()
  afterEach(() => bench.end())
  const wrong = async (root: string): Promise<string[]> => (await examineState(root)).filter(({ state }) => state !== 'ok').map(({ name, state, says }) => `${state} ${name}: ${says}`)

  it('finds nothing in an empty folder and creates nothing, nor in a planned one', async () => {
    const root = bench.folder()
    assert.deepEqual(await wrong(root), [])
    assert.deepEqual(fs.readdirSync(root), [])
    const { root: planned } = await bench.planned()
    assert.deepEqual(await wrong(planned), [])
  })

  it('names leases of the dead, missing archives, foreign locks', async () => {
    const { root, state, session } = await bench.planned()
    const dead = await bench.open(root, { self: deadProcess(identifySelf()) })
    await dead.acquireTrack(trackId(1), session)
    for (let index = 0; index < 600; index++) state.recordEvent(session, roleEvent(undefined, 0.1))
    await state.flush()
    fs.rmSync(path.join(root, '.devteam/archive/events-1.db'))
    fs.mkdirSync(path.join(root, '.devteam/lock'))
    fs.writeFileSync(path.join(root, '.devteam/lock/stranger'), '')
    const found = (await wrong(root)).join('\n')
    fs.rmSync(path.join(root, '.devteam/lock'), { recursive: true })
    assert.match(found, /todo lock: .*stranger is not a lock/)
    assert.match(found, /todo leases: .*track:01 by process 4194311/)
    assert.match(found, /todo archive: .*events-1\.db is missing/)
  })

  it('warns of a network drive, and only of one', async function () {
    if (process.platform !== 'linux') this.skip()
    const { root } = await bench.planned()
    const fileSystem = async (type: number): Promise<string> => (await examineState(root, undefined, () => type)).filter(({ name }) => name === 'file system').map(({ state, says }) => `${state} ${says}`).join()
    for (const [type, name] of [[0x6969, 'NFS'], [0xff534d42, 'CIFS'], [0xff534d42 | 0, 'CIFS'], [0xfe534d42, 'SMB'], [0x01021997, '9P'], [0x00c36400, 'Ceph']] as const) {
      assert.equal(await fileSystem(type), `todo ${root} lies on ${name}, where commits of several machines can overlap: move the project to a local disk`)
    }
    // ext4, tmpfs, btrfs, overlay
    for (const type of [0xef53, 0x01021994, 0x9123683e, 0x794c7630]) assert.match(await fileSystem(type), /^ok /)
  })

  it('says of a damaged database, or a journal beside it, that it is unusable', async () => {
    const { root, state } = await bench.planned()
    fs.writeFileSync(`${state.file}-journal`, '')
    assert.match((await wrong(root)).join('\n'), /unusable database: .*-journal is there/)
    fs.rmSync(`${state.file}-journal`)
    fs.truncateSync(state.file, fs.statSync(state.file).size - 100)
    assert.match((await wrong(root)).join('\n'), /unusable database: .*is damaged/)
  })
})
