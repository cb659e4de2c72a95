import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { identifySelf } from '../../../src/state/process.ts'
import { devteam, sampleProject, start, succeed } from '../../support/devteam.ts'
import { temporaryFolder } from '../../support/folders.ts'

const database = (folder: string): string => path.join(folder, '.devteam/devteam.db')
const sqlite3 = (folder: string, sql: string): string => execFileSync('sqlite3', [database(folder), sql], { encoding: 'utf8' }).trim()
const copyOf = (folder: string): string => path.join(folder, '.devteam/backup/devteam-last-good.db')
const completed = (folder: string): string => sqlite3(folder, "SELECT group_concat(id) FROM (SELECT id FROM task WHERE status = 'completed' ORDER BY id)")
const aside = (folder: string): string[] => fs.readdirSync(path.join(folder, '.devteam')).filter((name) => name.includes('.damaged-'))

interface Report { steps: { did: string; what: string; says: string }[]; nothingToDo: boolean; completed: number; restoredFrom: string | null; committedAfter: string[]; lastGood: string | null }

async function recover(folder: string, ...args: string[]): Promise<{ code: number | null; err: string; report: Report }> {
  const { code, out, err } = await devteam(folder, ['recover', '--json', ...args])
  return { code, err, report: JSON.parse(out) as Report }
}

/** The name of a lock or waiting process; a pid that no system gives out is dead. */
function token(change: Partial<ReturnType<typeof identifySelf>> = {}): string {
  const { pid, start, boot, host, namespace } = { ...identifySelf(), pid: 2 ** 22 + 7, start: '1', ...change }
  return `${pid}.${start}.${boot}.${encodeURIComponent(host)}-${namespace}.0123456789ab`
}

function lock(folder: string, name: string): void {
  fs.mkdirSync(path.join(folder, '.devteam/lock'))
  fs.writeFileSync(path.join(folder, '.devteam/lock', name), '')
}

describe('devteam recover', function () {
  this.timeout(240_000)
  /** TASK-001 and TASK-003 are completed; the last good copy knows of TASK-001 only. */
  let worked: string
  before(async () => {
    worked = await sampleProject({ planned: true })
    await succeed(worked, ['implement', '--task', 'TASK-001'])
    const older = fs.readFileSync(copyOf(worked))
    await succeed(worked, ['implement', '--task', 'TASK-003'])
    assert.equal(completed(worked), 'TASK-001,TASK-003')
    fs.writeFileSync(copyOf(worked), older)
  })
  function copy(): string {
    const folder = temporaryFolder('recover')
    fs.cpSync(worked, folder, { recursive: true })
    return folder
  }

  it('with nothing to do says so, in an empty folder too, and changes nothing', async () => {
    const folder = copy()
    const before = fs.readFileSync(database(folder))
    const { code, out } = await devteam(folder, ['recover'])
    assert.equal(code, 0)
    assert.match(out, /^Nothing to repair: the database is whole, .*\n2 of 18 tasks completed; last good copy: 20\d\d-/)
    assert.deepEqual(fs.readFileSync(database(folder)), before)
    const empty = temporaryFolder('empty')
    assert.match(await succeed(empty, ['recover']), /Nothing to repair: there is no state here/)
    assert.deepEqual(fs.readdirSync(empty), [])
  })

  describe('a damaged database is kept aside, and', () => {
    async function restored(damage: (file: string, bytes: Buffer) => void): Promise<Report> {
      const folder = copy()
      const file = database(folder)
      damage(file, fs.readFileSync(file))
      const damaged = fs.existsSync(file) ? fs.readFileSync(file) : undefined
      assert.equal((await devteam(folder, ['status'])).code, 4)
      const { code, report, err } = await recover(folder)
      assert.equal(code, 0, err)
      assert.equal(sqlite3(folder, 'PRAGMA integrity_check'), 'ok')
      if (damaged !== undefined && damaged.length > 0) assert.deepEqual(aside(folder).map((name) => fs.readFileSync(path.join(folder, '.devteam', name))), [damaged])
      assert.equal((await devteam(folder, ['status'])).code, 0)
      assert.equal((await recover(folder)).report.nothingToDo, true)
      return report
    }

    it('the last good copy is put back for one that is no database; git tells what was completed after it', async () => {
      const report = await restored((file) => { fs.writeFileSync(file, 'hello\n'.repeat(1_000)) })
      assert.deepEqual([report.completed, report.committedAfter], [1, ['TASK-003']])
      assert.ok(report.restoredFrom)
      assert.match(report.steps[0]?.says ?? '', /kept as .*damaged-.*the copy of 20\d\d.* is put back from .*devteam-last-good\.db: 1 of 18 tasks are completed in it, and what was recorded after it is lost/)
    })

    it('so for one that is deleted or empty', async () => {
      for (const damage of [(file: string) => { fs.rmSync(file) }, (file: string) => { fs.truncateSync(file) }]) {
        const folder = copy()
        damage(database(folder))
        const { code, report } = await recover(folder)
        assert.equal(code, 0)
        assert.match(report.steps[0]?.says ?? '', /is (missing|empty); the copy of /)
        assert.equal(completed(folder), 'TASK-001')
        assert.deepEqual(aside(folder), [])
      }
    })

    it('so for the database of another program', async () => {
      await restored((file) => {
        fs.rmSync(file)
        execFileSync('sqlite3', [file, 'CREATE TABLE recipe (id TEXT); INSERT INTO recipe VALUES (1)'])
      })
    })

    it('so for one whose tables don\'t read', async () => {
      const report = await restored((file, bytes) => { fs.writeFileSync(file, Buffer.concat([bytes.subarray(0, 8_192), Buffer.alloc(bytes.length - 8_192, 0xab)])) })
      assert.equal(report.completed, 1)
    })

    it('where only indexes or the newest events are damaged, nothing else is lost', async () => {
      const pageOf = (name: string): number => Number(sqlite3(worked, `SELECT rootpage FROM sqlite_schema WHERE name = '${name}'`))
      for (const [name, words] of [['task_by_sprint', /nothing is lost/], ['event_by_task', /nothing is lost/], ['event', /events after \d+ are lost, nothing else/]] as const) {
        const folder = copy()
        const bytes = fs.readFileSync(database(folder))
        bytes.fill(0xab, (pageOf(name) - 1) * 4_096, pageOf(name) * 4_096)
        fs.writeFileSync(database(folder), bytes)
        const { code, report, err } = await recover(folder)
        assert.equal(code, 0, err)
        assert.match(report.steps[0]?.says ?? '', words)
        assert.deepEqual([report.completed, report.restoredFrom, aside(folder).length], [2, null, 1])
        assert.equal(completed(folder), 'TASK-001,TASK-003')
        assert.equal(sqlite3(folder, 'PRAGMA integrity_check'), 'ok')
        assert.equal(sqlite3(folder, 'SELECT COUNT(*) = COALESCE(MAX(id), 0) FROM event'), '1')
        await succeed(folder, ['reset', '--task', 'TASK-003'])
      }
    })

    it('so for one that was cut off behind its tables', async () => {
      const folder = copy()
      sqlite3(folder, "INSERT INTO event SELECT (SELECT MAX(id) FROM event) + 1, time, session_id, 'error', NULL, NULL, NULL, NULL, NULL, NULL, NULL, json_object('message', hex(zeroblob(20000))) FROM event WHERE id = 1")
      fs.truncateSync(database(folder), fs.statSync(database(folder)).size - 4_096)
      const { report } = await recover(folder)
      assert.match(report.steps[0]?.says ?? '', /events after \d+ are lost, nothing else/)
      assert.equal(completed(folder), 'TASK-001,TASK-003')
    })

    it('without any good copy nothing is changed, and the ways out are named', async () => {
      const folder = copy()
      fs.writeFileSync(copyOf(folder), 'bad')
      fs.writeFileSync(database(folder), 'bad too')
      const { code, err } = await devteam(folder, ['recover'])
      assert.equal(code, 4)
      assert.match(err, /not an SQLite database.*no good copy in .*backup.*devteam import FILE --replace.*devteam plan/)
      assert.equal(fs.readFileSync(database(folder), 'utf8'), 'bad too')
      assert.deepEqual(aside(folder), [])
    })
  })

  it('a database of a newer DevTeam, and one with a journal beside it, are left as they are', async () => {
    const folder = copy()
    sqlite3(folder, "UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    const newer = await devteam(folder, ['recover'])
    assert.deepEqual([newer.code, /update DevTeam/.test(newer.err)], [4, true])
    const other = copy()
    fs.writeFileSync(`${database(other)}-journal`, 'x')
    const journal = await devteam(other, ['recover'])
    assert.deepEqual([journal.code, /-journal is there.*sqlite3/.test(journal.err)], [4, true])
  })

  it('a damaged database never takes the place of the good copy', async () => {
    const folder = copy()
    const before = fs.readFileSync(copyOf(folder))
    fs.truncateSync(database(folder), 8_192)
    assert.equal((await devteam(folder, ['reset', '--all'])).code, 4)
    assert.deepEqual(fs.readFileSync(copyOf(folder)), before)
  })

  it('the lock of a dead process is removed, of another host only with --force, of a living one never', async () => {
    const dead = copy()
    lock(dead, token())
    const { code, report } = await recover(dead)
    assert.deepEqual([code, report.steps.map(({ what }) => what)], [0, ['lock']])
    assert.match(report.steps[0]?.says ?? '', /process 4194311 on .* since 20.*that process is dead/)
    const elsewhere = copy()
    lock(elsewhere, token({ host: 'far-away' }))
    const refused = await devteam(elsewhere, ['recover'])
    assert.equal(refused.code, 3)
    assert.match(refused.err, /process 4194311 on far-away since 20.*devteam recover --force/)
    assert.match((await recover(elsewhere, '--force')).report.steps[0]?.says ?? '', /far-away since .* is removed, as --force says/)
    assert.equal(fs.existsSync(path.join(elsewhere, '.devteam/lock')), false)
    const stranger = copy()
    lock(stranger, 'stranger')
    assert.equal((await devteam(stranger, ['recover'])).code, 3)
    assert.equal((await recover(stranger, '--force')).code, 0)
    const living = copy()
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    try {
      const stat = fs.readFileSync(`/proc/${holder.pid ?? 0}/stat`, 'utf8')
      lock(living, token({ pid: holder.pid ?? 0, start: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '' }))
      const held = await devteam(living, ['recover', '--force'])
      assert.equal(held.code, 3)
      assert.match(held.err, new RegExp(`process ${holder.pid ?? 0} on .* since 20`))
    } finally {
      holder.kill()
    }
  })

  it('what dead processes left is removed; what may be of a living one stays', async () => {
    const folder = copy()
    const inState = (name: string): string => path.join(folder, '.devteam', name)
    const [mine, theirs] = [`lock-${token()}`, `lock-${token({ host: 'far-away' })}`]
    for (const name of [mine, theirs, `import-${token()}`]) fs.mkdirSync(inState(name))
    fs.mkdirSync(inState('archive'), { recursive: true })
    for (const name of ['devteam.db.new', 'archive/events-1.db.new', 'backup/devteam-last-good.db.77', 'backup/devteam-last-good.db.78']) fs.writeFileSync(inState(name), 'half')
    fs.utimesSync(inState('backup/devteam-last-good.db.77'), 1, 1)
    const { report } = await recover(folder)
    assert.equal(report.steps.filter(({ what }) => what === 'leftover').length, 5)
    assert.deepEqual(fs.readdirSync(inState('.')).filter((name) => !name.startsWith('.git')).sort(), ['archive', 'backup', 'config.json', 'devteam.db', theirs])
    assert.deepEqual(fs.readdirSync(inState('backup')), ['devteam-last-good.db', 'devteam-last-good.db.78'])
    await recover(folder, '--force')
    assert.equal(fs.existsSync(inState(theirs)), false)
  })

  it('a commit that was hindered is finished; where its content is damaged, the file before it stays', async () => {
    const folder = copy()
    const [whole, redo] = [fs.readFileSync(database(folder)), `${database(folder)}.redo`]
    fs.writeFileSync(redo, whole)
    fs.writeFileSync(database(folder), whole.subarray(0, 5_000))
    assert.match((await recover(folder)).report.steps.map(({ says }) => says).join(), /hindered is finished$/)
    assert.equal(completed(folder), 'TASK-001,TASK-003')
    fs.writeFileSync(redo, whole.subarray(0, 5_000))
    assert.match((await recover(folder)).report.steps.map(({ says }) => says).join(), /\.redo is damaged and is now .*: its commit is lost/)
    assert.equal(completed(folder), 'TASK-001,TASK-003')
    assert.deepEqual([fs.existsSync(redo), aside(folder).length], [false, 1])
  })

  it('after kill -9 leases end, tasks in hand are pending, sessions interrupted; a living process keeps its own', async () => {
    const folder = await sampleProject({ planned: true })
    const [killed, living] = [start(folder, ['implement', '--sprint', 'all', '01']), start(folder, ['implement', '--sprint', 'all', '03'])]
    await Promise.all([killed.until(/Task 1\//), living.until(/Task 1\//)])
    killed.kill('SIGKILL')
    await killed.ended
    // Stopped, so that it is where it is; and alive. Not within a commit, whose lock the repair would wait for in vain.
    const lock = path.join(folder, '.devteam/lock')
    const isCommitting = (): boolean => fs.existsSync(lock) && fs.readdirSync(lock).some((name) => name.startsWith(`${living.child.pid}.`))
    living.kill('SIGSTOP')
    while (isCommitting()) {
      living.kill('SIGCONT')
      await new Promise((resolve) => { setTimeout(resolve, 20) })
      living.kill('SIGSTOP')
    }
    try {
      const { code, report, err } = await recover(folder)
      assert.equal(code, 0, err)
      const steps = report.steps.filter(({ what }) => what !== 'lock') // left by a kill within a commit
      assert.deepEqual(steps.map(({ did, what }) => `${did} ${what}`), ['repaired lease', 'repaired session'])
      assert.match(steps[0]?.says ?? '', /^track:01 of process \d+ on .* since 20.* is ended, TASK-001 pending again$/)
      assert.equal(sqlite3(folder, "SELECT group_concat(name) FROM lease"), 'track:03')
      assert.equal(sqlite3(folder, "SELECT status FROM task WHERE id = 'TASK-001'"), 'pending')
      assert.equal(sqlite3(folder, "SELECT COUNT(*) FROM session WHERE status = 'running'"), '1')
    } finally {
      living.kill('SIGCONT')
      living.kill('SIGTERM')
      await living.ended
    }
  })

  it('leases and sessions of another host end with --force', async () => {
    const folder = copy()
    const now = new Date().toISOString()
    sqlite3(folder, `INSERT INTO session VALUES ('s-far', 'implement --sprint all 02', 'running', '${now}', NULL, 'far-away', 77, '1.2.3', 1); INSERT INTO lease VALUES ('track:02', 't', 's-far', 'far-away', 77, '1.2.3', '${now}', '${now}');
      UPDATE task SET status = 'in_progress', session_id = 's-far' WHERE id = 'TASK-002'`)
    const first = await devteam(folder, ['recover'])
    assert.equal(first.code, 0)
    assert.match(first.out, /! lease: track:02 is held by process 77 on far-away.*devteam recover --force/)
    const { report } = await recover(folder, '--force')
    assert.deepEqual(report.steps.map(({ what, says }) => `${what} ${/far-away/.test(says)}`), ['lease true', 'session true'])
    assert.equal(sqlite3(folder, "SELECT (SELECT COUNT(*) FROM lease), (SELECT status FROM task WHERE id = 'TASK-002'), (SELECT status FROM session WHERE id = 's-far')"), '0|pending|interrupted')
  })

  it('rows that contradict each other are put right where there is one right answer, and told where not', async () => {
    const folder = copy()
    sqlite3(folder, `UPDATE sprint SET status = 'done', completed_at = started_at WHERE id = 'SPRINT-001-01'; UPDATE track SET status = 'completed' WHERE id = '02'; UPDATE task SET status = 'in_progress' WHERE id = 'TASK-002';
      UPDATE task SET status = 'blocked', reason = 'x' WHERE id = 'TASK-005'; INSERT INTO meta VALUES ('project_completed_at', '2026-01-01T00:00:00.000Z')`)
    const { code, report } = await recover(folder)
    assert.equal(code, 0)
    assert.deepEqual(report.steps.map(({ did, what }) => `${did} ${what}`), ['repaired task', 'repaired sprint', 'repaired track', 'repaired project', 'repaired task'])
    assert.equal(sqlite3(folder, "SELECT (SELECT status FROM sprint WHERE id = 'SPRINT-001-01'), (SELECT status FROM track WHERE id = '02'), (SELECT group_concat(DISTINCT status) FROM task WHERE id IN ('TASK-002', 'TASK-005'))"), 'active|in_progress|pending')
    assert.equal((await recover(folder)).report.nothingToDo, true)
    sqlite3(folder, "INSERT INTO dependency VALUES ('TASK-001', 'TASK-777'); DELETE FROM event WHERE id = 3")
    const left = await recover(folder)
    assert.equal(left.code, 1)
    assert.match(left.report.steps.map(({ did, says }) => `${did} ${says}`).join('\n'), /found a row of dependency names a row of task that is not there.*\nfound 1 of the live events are not there/)
  })
})
