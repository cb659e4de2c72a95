import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { devteam, ndjson, sampleProject, start, succeed } from '../../support/devteam.ts'
import { temporaryFolder } from '../../support/folders.ts'

const database = (folder: string): string => path.join(folder, '.devteam/devteam.db')
const sqlite3 = (folder: string, sql: string): string => execFileSync('sqlite3', [database(folder), sql], { encoding: 'utf8' }).trim()
const tables = ['meta', 'setting', 'track', 'sprint', 'task', 'dependency', 'session', 'finding', 'event']
const completedOf = (folder: string): string => sqlite3(folder, "SELECT group_concat(id) FROM (SELECT id FROM task WHERE status = 'completed' ORDER BY id)")
const rowsOf = (folder: string): string[] => tables.map((table) => sqlite3(folder, `SELECT * FROM ${table} ORDER BY 1, 2`))
/** All but the header, which has the time. */
const bodyOf = (file: string): string => fs.readFileSync(file, 'utf8').replace(/^.*\n/, '')
const listing = (folder: string): string[] => (fs.readdirSync(folder, { recursive: true }) as string[]).sort()

/** More events than stay in the live file, so that most are in archives. */
function addEvents(folder: string, count: number): void {
  sqlite3(folder, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO event (id, time, session_id, type, data) SELECT (SELECT MAX(id) FROM event) + i, '2026-01-01T00:00:00.000Z', 'x', 'gates.none', '{}' FROM n`)
}

describe('devteam export and import', function () {
  this.timeout(180_000)
  let done: string
  let exported: string
  before(async () => {
    done = await sampleProject({ planned: true })
    await succeed(done, ['implement', '--task', 'TASK-001'])
    // The next commit moves them.
    addEvents(done, 6_000)
    await succeed(done, ['implement', '--task', 'TASK-003'])
    assert.notEqual(sqlite3(done, 'SELECT COUNT(*) FROM archive'), '0')
    exported = path.join(done, 'state.ndjson')
    assert.match(await succeed(done, ['export', 'state.ndjson']), /18 tasks, 6\d{3} events\n.*taken out\.\nTask files and git are not in it/)
  })

  it('a state that is moved is the same, archived events included, and work goes on', async () => {
    const other = temporaryFolder('moved')
    fs.cpSync(path.join(done, 'docs'), path.join(other, 'docs'), { recursive: true })
    assert.match(await succeed(other, ['import', exported]), /Imported 18 tasks \(2 completed\) and 6\d{3} events[\s\S]*Task files and git are not in it/)
    const again = path.join(other, 'again.ndjson')
    const { rows } = JSON.parse(await succeed(other, ['export', again, '--json'])) as { rows: Record<string, number> }
    assert.equal(bodyOf(again), bodyOf(exported))
    assert.equal(rows['event'], Number(sqlite3(done, 'SELECT MAX(id) FROM event')))
    assert.equal(sqlite3(other, 'PRAGMA integrity_check'), 'ok')
    const all = ['SELECT id, status, tokens, cost_usd, commit_id, completed_at FROM task ORDER BY position', 'SELECT * FROM dependency ORDER BY 1, 2', 'SELECT * FROM sprint ORDER BY id', 'SELECT id, command, status, pid FROM session ORDER BY id', 'SELECT key, value FROM setting ORDER BY key']
    for (const sql of all) assert.equal(sqlite3(other, sql), sqlite3(done, sql))
    const ids = ndjson(await succeed(other, ['events', '--json', '--limit', '7000'])).length
    assert.equal(ids, rows['event'])
    await succeed(other, ['reset', '--task', 'TASK-003'])
    assert.equal(sqlite3(other, 'SELECT MAX(id) FROM event'), String(ids + 1))
  })

  it('goes to standard output alone, with the notes on stderr', async () => {
    const { code, out, err } = await devteam(done, ['export'])
    assert.equal(code, 0)
    assert.equal(out.replace(/^.*\n/, ''), bodyOf(exported))
    assert.match(err, /Task files and git are not in it/)
  })

  it('is refused where there is a plan, and with --replace the old state is kept', async () => {
    const other = await sampleProject({ planned: true })
    addEvents(other, 2_000)
    await succeed(other, ['reset', '--all'])
    const before = rowsOf(other)
    const archives = sqlite3(other, 'SELECT file FROM archive').split('\n')
    const refused = await devteam(other, ['import', exported])
    assert.equal(refused.code, 2)
    assert.match(refused.err, /There is a plan already: .*devteam\.db\..*--replace/)
    assert.deepEqual(rowsOf(other), before)
    const { backup, completed } = JSON.parse(await succeed(other, ['import', exported, '--replace', '--json'])) as { backup: string; completed: number }
    assert.equal(completed, 2)
    assert.equal(execFileSync('sqlite3', [path.join(backup, 'devteam.db'), 'SELECT COUNT(*) FROM task; PRAGMA integrity_check'], { encoding: 'utf8' }), '18\nok\n')
    assert.deepEqual(fs.readdirSync(path.join(backup, 'archive')), archives)
    assert.deepEqual(fs.readdirSync(path.join(other, '.devteam/archive')).sort(), sqlite3(other, 'SELECT file FROM archive ORDER BY first_id').split('\n'))
    const again = path.join(other, 'again.ndjson')
    await succeed(other, ['export', again])
    assert.equal(bodyOf(again), bodyOf(exported))
    assert.deepEqual(listing(path.join(other, '.devteam')).filter((name) => name.startsWith('import')), [])
  })

  it('what was in progress is pending again, who ran is interrupted, and leases stay behind', async () => {
    const folder = await sampleProject({ planned: true })
    const running = start(folder, ['implement', '--sprint', 'all', '01'])
    await running.until(/Task 1\/3/)
    const file = path.join(folder, 'running.ndjson')
    await succeed(folder, ['export', file])
    const held = await devteam(folder, ['import', exported, '--replace'])
    running.kill('SIGKILL')
    await running.ended
    assert.equal(held.code, 3)
    assert.match(held.err, /track:01 is held by process \d+ on /)
    const other = temporaryFolder('interrupted')
    const lines = ndjson(fs.readFileSync(file, 'utf8')).map((line) => line['table'])
    assert.ok(lines.includes('lease'))
    const out = await succeed(other, ['import', file])
    assert.match(out, /In progress there, pending again here: TASK-001\nSessions that ran there are interrupted: 1\n/)
    assert.equal(sqlite3(other, "SELECT (SELECT COUNT(*) FROM lease), (SELECT status FROM task WHERE id = 'TASK-001'), (SELECT COUNT(*) FROM session WHERE status = 'running')"), '0|pending|0')
  })

  it('no key, host name or folder of this machine leaves', async () => {
    const folder = await sampleProject({ planned: true })
    const host = os.hostname()
    const home = os.homedir()
    fs.writeFileSync(path.join(folder, '.env'), 'DATABASE_PASSWORD="correct-horse-battery"\nMODE=development\n')
    const text = [
      `process 12 on ${host}`, 'sk-ant-api03-abcdefghijkl', 'the-token-of-this-environment', 'correct-horse-battery', `${folder}/src/a.ts:3`, `${home}/notes.txt`, '/home/someone/x', 'C:\\Users\\Someone\\x', 'development', `${folder}-other`,
    ]
    const quote = (value: string): string => value.replaceAll("'", "''")
    sqlite3(folder, `UPDATE task SET reason = '${quote(text.join(' | '))}' WHERE id = 'TASK-001'; UPDATE event SET data = '${quote(JSON.stringify({ nested: [{ text: text.join('\n') }] }))}' WHERE id = 1`)
    const env = { MY_API_TOKEN: 'the-token-of-this-environment' }
    const { code, out, err } = await devteam(folder, ['export'], { env })
    assert.equal(code, 0, err)
    const exportedText = out.replaceAll(`${folder}-other`, '')
    for (const secret of ['abcdefghijkl', 'the-token-of-this', 'correct-horse', folder, 'someone', 'Someone']) assert.ok(!exportedText.includes(secret), secret)
    for (const line of ndjson(out)) assert.notEqual((line['row'] as { host?: string } | undefined)?.host, host)
    const reason = ndjson(out).flatMap(({ row }) => ((row as { id?: string } | undefined)?.id === 'TASK-001' ? [(row as { reason: string }).reason] : []))[0] ?? ''
    assert.match(reason, /^process 12 on host-\d+ \| \[redacted Anthropic key\] \| \[redacted\] \| \[redacted\] \| \.\/src\/a\.ts:3 \| ~\/notes\.txt \| \/home\/user\/x \| C:\\Users\\user\\x \| development \| /)
    // A second time there is nothing left to take out.
    const other = temporaryFolder('clean')
    const file = path.join(other, 'state.ndjson')
    fs.writeFileSync(file, out)
    await succeed(other, ['import', file])
    assert.equal((await succeed(other, ['export'])).replace(/^.*\n/, ''), out.replace(/^.*\n/, ''))
  })

  describe('a file with faults is refused with every one of them, and nothing is written', () => {
    const lines = (): string[] => fs.readFileSync(exported, 'utf8').trimEnd().split('\n')
    const edit = (line: string | undefined, change: (row: Record<string, unknown>) => void): string => {
      const parsed = JSON.parse(line ?? '') as { table: string; row: Record<string, unknown> }
      change(parsed.row)
      return JSON.stringify(parsed)
    }
    async function refused(content: string | Buffer, ...words: readonly RegExp[]): Promise<void> {
      const folder = temporaryFolder('refused')
      const file = path.join(folder, 'faulty.ndjson')
      fs.writeFileSync(file, content)
      const { code, err } = await devteam(folder, ['import', file])
      assert.equal(code, 2, err)
      for (const word of words) assert.match(err, word)
      assert.deepEqual(fs.readdirSync(folder), ['faulty.ndjson'])
    }

    it('many at once, each with its line', async () => {
      const all = lines()
      const at = (table: string, nth = 0): number => all.findIndex((line) => line.startsWith(`{"table":"${table}"`)) + nth
      const [task, dependency, event] = [at('task'), at('dependency'), at('event')]
      all[task] = edit(all[task], (row) => { row['status'] = 'half' })
      all[task + 1] = edit(all[task + 1], (row) => { row['track_id'] = '09'; row['extra'] = 1 })
      all[task + 2] = edit(all[task + 2], (row) => { row['track_id'] = '09' })
      all[dependency] = edit(all[dependency], (row) => { row['depends_on'] = 'TASK-999' })
      all[event + 7] = edit(all[event + 7], (row) => { row['id'] = 99_999 })
      all[event + 20] = '{"table":"event","row":'
      all[event + 30] = all[task + 5] ?? ''
      await refused(all.join('\n'),
        new RegExp(`problems, nothing was written`), new RegExp(`line ${task + 1}: task\\.status is "half"`), new RegExp(`line ${task + 2}: has "extra"`),
        new RegExp(`line ${task + 3}: task\\.track_id names "09", and there is no such track`), new RegExp(`line ${dependency + 1}: dependency\\.depends_on names "TASK-999"`),
        new RegExp(`line ${event + 8}: event\\.id is 99999 after 7`), new RegExp(`line ${event + 21}: is not \\{"table"`), new RegExp(`line ${event + 31}: is a row of task after rows of event`))
    })

    it('one that was cut off', async () => {
      const all = lines()
      await refused(all.slice(0, -5).join('\n'), /has \d+ rows of event and should have \d+: it was cut off/)
      await refused(all.slice(0, -5).join('\n').slice(0, -3), /is not \{"table"/, /cut off/)
    })

    it('one that DevTeam did not write, and an empty one', async () => {
      await refused('hello\n', /is not a state that `devteam export` wrote/)
      await refused('', /is not a state/)
      await refused(fs.readFileSync(database(done)), /is not a state/)
    })

    it('one of a newer DevTeam', async () => {
      const [header = '', ...rest] = lines()
      await refused([JSON.stringify({ ...JSON.parse(header) as object, version: 2 }), ...rest].join('\n'), /newer DevTeam \(format 2.*update DevTeam/)
      await refused([JSON.stringify({ ...JSON.parse(header) as object, schemaVersion: 99 }), ...rest].join('\n'), /newer DevTeam.*schema 99/)
    })

    it('one that is not there, and a folder', async () => {
      const folder = temporaryFolder('absent')
      for (const [name, words] of [['none.ndjson', /none\.ndjson can't be read \(ENOENT\)/], ['.', /is a folder/]] as const) {
        const { code, err } = await devteam(folder, ['import', name])
        assert.equal(code, 2)
        assert.match(err, words)
      }
      assert.deepEqual(fs.readdirSync(folder), [])
    })
  })

  it('kill -9 in the middle of an import leaves the old state or the new one, and recover removes the rest', async () => {
    const planned = await sampleProject({ planned: true })
    addEvents(planned, 2_000)
    await succeed(planned, ['reset', '--all'])
    const old = rowsOf(planned)
    const seen = { old: 0, new: 0 }
    for (let at = 1; at <= 71; at += 6.5) {
      const folder = temporaryFolder('killed')
      fs.cpSync(path.join(planned, '.devteam'), path.join(folder, '.devteam'), { recursive: true })
      const env = { NODE_OPTIONS: `--import ${path.resolve(import.meta.dirname, '../state/kill-inside.mjs')}`, KILL_AT: String(at), KILL_FROM: `${path.sep}import-` }
      const { signal, code } = await devteam(folder, ['import', exported, '--replace'], { env })
      assert.ok(signal === 'SIGKILL' || code === 0)
      const { code: recovered, out, err } = await devteam(folder, ['recover'])
      assert.equal(recovered, 0, out + err)
      const isOld = completedOf(folder) === ''
      seen[isOld ? 'old' : 'new'] += 1
      if (isOld) assert.deepEqual(rowsOf(folder), old)
      else assert.equal(completedOf(folder), 'TASK-001,TASK-003')
      assert.equal(String(ndjson(await succeed(folder, ['events', '--json'])).length), sqlite3(folder, 'SELECT MAX(id) FROM event'))
      assert.deepEqual(fs.readdirSync(path.join(folder, '.devteam')).filter((name) => /^(import|lock)|new$/.test(name)), [])
    }
    assert.ok(seen.old > 0 && seen.new > 0, JSON.stringify(seen))
  })

  it('without a plan there is nothing to export; where the file can\'t be written, no half one stays', async () => {
    const folder = temporaryFolder('bare')
    const bare = await devteam(folder, ['export', 'x.ndjson'])
    assert.deepEqual([bare.code, fs.readdirSync(folder)], [2, []])
    assert.match(bare.err, /no plan yet/)
    const nowhere = await devteam(done, ['export', 'no/such/folder/x.ndjson'])
    assert.equal(nowhere.code, 2)
    assert.match(nowhere.err, /x\.ndjson can't be written/)
  })

  it('a missing archive is told, and no file is written', async () => {
    const folder = temporaryFolder('lost')
    fs.cpSync(path.join(done, '.devteam'), path.join(folder, '.devteam'), { recursive: true })
    const [archive = ''] = sqlite3(folder, 'SELECT file FROM archive ORDER BY first_id').split('\n')
    fs.rmSync(path.join(folder, '.devteam/archive', archive))
    const { code, err } = await devteam(folder, ['export', 'x.ndjson'])
    assert.equal(code, 4)
    assert.match(err, /events-\d+\.db is missing/)
    assert.deepEqual(fs.readdirSync(folder), ['.devteam'])
  })
})
