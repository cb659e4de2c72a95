import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { examineState } from '../../../src/state/recovery/doctor.ts'
import type { Check } from '../../../src/state/recovery/doctor-folder.ts'
import { identifySelf } from '../../../src/state/process.ts'
import { devteam, sampleProject, start, succeed } from '../../support/devteam.ts'
import { temporaryFolder } from '../../support/folders.ts'

const database = (folder: string): string => path.join(folder, '.devteam/devteam.db')

describe('devteam doctor finds', function () {
  this.timeout(180_000)
  let planned: string
  before(async () => { planned = await sampleProject({ planned: true }) })
  function copy(): string {
    const folder = temporaryFolder('doctor')
    fs.cpSync(planned, folder, { recursive: true })
    return folder
  }
  async function doctor(folder: string): Promise<{ code: number | null; wrong: string[] }> {
    const { code, out } = await devteam(folder, ['doctor', '--json'])
    return { code, wrong: (JSON.parse(out) as { checks: Check[] }).checks.filter(({ state }) => state !== 'ok').map(({ state, name, says }) => `${state} ${name}: ${says}`) }
  }

  it('nothing where all is well, and changes nothing', async () => {
    const folder = copy()
    const before = fs.readFileSync(database(folder))
    assert.deepEqual(await doctor(folder), { code: 0, wrong: [] })
    assert.deepEqual(fs.readFileSync(database(folder)), before)
  })

  const faults: Readonly<Record<string, [(file: string) => void, RegExp]>> = {
    'one that is cut off': [(file) => { fs.truncateSync(file, 8_192) }, /is damaged: it has 8192 bytes.*devteam recover/],
    'an empty one': [(file) => { fs.truncateSync(file) }, /is missing, but .*devteam recover/],
    'a deleted one': [(file) => { fs.rmSync(file) }, /is missing, but .*backup.*devteam recover/],
    'a text': [(file) => { fs.writeFileSync(file, 'text') }, /is not an SQLite database.*devteam recover/],
    'one of another program': [(file) => { fs.rmSync(file); execFileSync('sqlite3', [file, 'CREATE TABLE a (b)']) }, /another program.*devteam recover/],
    'one of a newer DevTeam': [(file) => { execFileSync('sqlite3', [file, "UPDATE meta SET value = '99' WHERE key = 'schema_version'"]) }, /newer DevTeam.*update DevTeam/],
    'one with a journal beside it': [(file) => { fs.writeFileSync(`${file}-journal`, 'x') }, /-journal is there.*sqlite3/],
  }
  for (const [name, [damage, words]] of Object.entries(faults)) {
    it(`a database that can't be used: ${name}`, async () => {
      const folder = copy()
      damage(database(folder))
      const { code, wrong } = await doctor(folder)
      assert.equal(code, 4)
      assert.equal(wrong.length, 1)
      assert.match(wrong[0] ?? '', /^unusable database: /)
      assert.match(wrong[0] ?? '', words)
    })
  }

  it('an older copy that was put back', async () => {
    const folder = copy()
    const older = fs.readFileSync(database(folder))
    await succeed(folder, ['implement', '--task', 'TASK-001'])
    fs.writeFileSync(database(folder), older)
    const { code, wrong } = await doctor(folder)
    assert.equal(code, 1)
    assert.match(wrong.join('\n'), /^todo last good copy: .*devteam-last-good\.db of 20.* knows events up to \d+, and the database only up to \d+: an older copy of it was put back/)
    // The same from an archive alone.
    fs.rmSync(path.join(folder, '.devteam/backup/devteam-last-good.db'))
    const last = Number(execFileSync('sqlite3', [database(folder), 'SELECT MAX(id) FROM event'], { encoding: 'utf8' }))
    fs.mkdirSync(path.join(folder, '.devteam/archive'))
    execFileSync('sqlite3', [path.join(folder, '.devteam/archive/events-1.db'), `PRAGMA application_id = 1146508365; CREATE TABLE event (id INTEGER PRIMARY KEY); INSERT INTO event VALUES (${last + 7})`])
    assert.match((await doctor(folder)).wrong.join('\n'), new RegExp(`^todo archive: .*events-1\\.db knows events up to ${last + 7}, and the database only up to ${last}`))
  })

  it('what dead processes hold, and what they left', async () => {
    const folder = copy()
    const running = start(folder, ['implement', '--sprint', 'all', '01'])
    await running.until(/Task 1\//)
    running.kill('SIGKILL')
    await running.ended
    const { boot, host, namespace } = identifySelf()
    const token = `4194311.1.${boot}.${encodeURIComponent(host)}-${namespace}.0123456789ab`
    for (const name of ['lock', `lock-${token}`]) fs.mkdirSync(path.join(folder, '.devteam', name), { recursive: true })
    fs.writeFileSync(path.join(folder, '.devteam/lock', token), '')
    const { code, wrong } = await doctor(folder)
    assert.equal(code, 1)
    const text = wrong.join('\n')
    assert.match(text, /todo lock: left by process 4194311 .*which is dead: `devteam recover`/)
    assert.match(text, /todo leftovers: .*lock-4194311.*devteam recover/)
    assert.match(text, /todo leases: left by dead processes: track:01 by process \d+ .*devteam recover/)
    assert.match(text, /todo sessions: .*implement --sprint all 01 \(process \d+ on .*devteam recover/)
    await succeed(folder, ['recover'])
    assert.deepEqual(await doctor(folder), { code: 0, wrong: [] })
  })

  it('a holder of the lock that is stopped, or hangs', async () => {
    const folder = copy()
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    try {
      const pid = holder.pid ?? 0
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
      const { boot, host, namespace } = identifySelf()
      const name = path.join(folder, '.devteam/lock', `${pid}.${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}.${boot}.${encodeURIComponent(host)}-${namespace}.0123456789ab`)
      fs.mkdirSync(path.dirname(name))
      fs.writeFileSync(name, '')
      fs.utimesSync(name, 1_700_000_000, 1_700_000_000)
      assert.match((await doctor(folder)).wrong.join('\n'), new RegExp(`^todo lock: held by process ${pid} on .* since 2023-.*alive but hangs`))
      holder.kill('SIGSTOP')
      assert.match((await doctor(folder)).wrong.join('\n'), new RegExp(`^todo lock: held by process ${pid} on .*which is stopped.*kill -CONT ${pid}`))
    } finally {
      holder.kill('SIGKILL')
    }
  })

  it('a disk that is nearly full', async () => {
    const checks = await examineState(planned, undefined, () => 0, () => 7 * 1024 * 1024)
    assert.match(checks.filter(({ state }) => state !== 'ok').map(({ name, says }) => `${name}: ${says}`).join('\n'), /^space: 7 MB free on the disk of .*: make room/)
  })
})
