import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { edit, write, type Request, type Script } from '../../../src/agents/simulated/script.ts'
import { ndjson, start, succeed } from '../../support/devteam.ts'
import { git, temporaryFolder, writeFiles } from '../../support/folders.ts'
import { Barrier, ModelServer } from '../../support/model-server.ts'
import { read } from '../../support/scripted-agents.ts'

const killer = pathToFileURL(path.join(import.meta.dirname, '../state/kill-inside.mjs')).href
const sqlite = (folder: string, query: string): string => execFileSync('sqlite3', ['.devteam/devteam.db', query], { cwd: folder, encoding: 'utf8' }).trim()
const before = 'first line\nsecond line\n'

/** Changes a file that was there, then makes one, then says so. Everything else is found good. */
function* agent(request: Request): Script {
  const { kind, task } = request.subject
  switch (kind) {
    case 'implement':
      yield [edit('src/app.txt', 'second', `${task?.id ?? 'mended'} did`)]
      yield [write(`src/made-${task?.id ?? 'mending'}.txt`, 'new\n')]
      return 'Changed one file and made another'
    case 'validate': return JSON.stringify({ criteria: task?.criteria.map((criterion) => ({ criterion, pass: true, evidence: [{ kind: 'file', path: 'src/app.txt', startLine: 2, endLine: 2 }] })), gap: null })
    case 'review': return JSON.stringify({ verdict: 'pass', note: '', checks: [], findings: [] })
    case 'document':
      yield [write('docs/notes.md', 'what was done\n')]
      return 'Notes are up to date'
    default: return 'Nothing to do'
  }
}

/** One task of the general component, planned and committed; git only where `repository`. */
async function project(repository: boolean): Promise<string> {
  const folder = temporaryFolder('kill')
  writeFiles(folder, {
    'src/app.txt': before, '.devteam/config.json': JSON.stringify({ executor: 'anthropic', gates: [] }),
    'docs/planning/tasks/T-1.json': JSON.stringify({ id: 'T-1', title: 'Say it', component: 'general', estimated_hours: 2, dependencies: [], acceptance_criteria: ['it is said'] }),
  })
  await succeed(folder, ['plan', '1'])
  if (repository) {
    git(folder, 'init', '-q', '-b', 'main')
    git(folder, 'add', '-A')
    git(folder, 'commit', '-q', '-m', 'Planned')
  }
  return folder
}

const implement = ['implement', '--sprint', 'all']
const isSecond = (kind: Request['subject']['kind']) => (request: Request): boolean => request.subject.kind === kind && request.rounds.length === 1

/** Kills a run at one moment, and runs again to the end; gives what the work tree was when the killed kind of work began again. */
async function killAndResume(folder: string, kind: Request['subject']['kind'], how: { killer?: NodeJS.ProcessEnv; script?: (request: Request) => Script }): Promise<{ left: Record<string, string | undefined>; again: Record<string, string | undefined> }> {
  const barrier = new Barrier()
  let [killed, again] = [false, undefined as Record<string, string | undefined> | undefined]
  const tree = (): Record<string, string | undefined> => ({ app: read(folder, 'src/app.txt'), made: read(folder, 'src/made-T-1.txt'), notes: read(folder, 'docs/notes.md') })
  const server = await ModelServer.start(how.script ?? agent, (request) => {
    if (killed && request.subject.kind === kind && request.rounds.length === 0) again ??= tree()
    return !killed && how.killer === undefined && isSecond(kind)(request) ? barrier.wait() : undefined
  })
  try {
    const first = start(folder, implement, { env: { ...server.env, ...(how.killer === undefined ? {} : { NODE_OPTIONS: `--import=${killer}`, ...how.killer }) } })
    if (how.killer === undefined) {
      await Promise.race([barrier.reached, first.ended.then(({ out, err }) => { throw new Error(`ended too early:\n${out}\n${err}`) })])
      first.kill('SIGKILL')
    }
    const ended = await first.ended
    assert.equal(ended.signal, 'SIGKILL', `${ended.out}\n${ended.err}`)
    killed = true
    const left = tree()
    const second = await start(folder, implement, { env: server.env }).ended
    assert.equal(second.code, 0, `${second.out}\n${second.err}`)
    assert.ok(again)
    return { left, again }
  } finally {
    await server.stop()
  }
}

function assertWhole(folder: string): void {
  assert.equal(read(folder, 'src/app.txt'), 'first line\nT-1 did line\n')
  assert.equal(read(folder, 'src/made-T-1.txt'), 'new\n')
  assert.deepEqual(fs.readdirSync(path.join(folder, 'src')).sort(), ['app.txt', 'made-T-1.txt'], 'something half is left')
  assert.equal(sqlite(folder, "SELECT COUNT(*) FROM events WHERE type = 'task.completed'"), '1')
  assert.equal(sqlite(folder, 'PRAGMA integrity_check'), 'ok')
}

describe('work that kill -9 ends', function () {
  this.timeout(240_000)

  it('in the middle of a role is put back before the next attempt, new files too, and nothing is done twice', async () => {
    const folder = await project(true)
    const { left, again } = await killAndResume(folder, 'implement', {})
    assert.equal(left.app, 'first line\nT-1 did line\n', 'it was killed before the first write')
    assert.deepEqual(again, { app: before, made: undefined, notes: undefined })
    assertWhole(folder)
    assert.equal(git(folder, 'status', '--porcelain'), '')
    assert.equal(git(folder, 'log', '--format=%s', '--grep=DevTeam-Task: T-1').trim(), 'T-1: Say it')
    const settled = ndjson(await succeed(folder, ['events', '--json', '--type', 'work.settled', '--task', 'T-1']))
    assert.deepEqual(settled.map((event) => [event.outcome, event.files]), [['put back', ['src/app.txt']]])
  })

  for (const [name, killing] of [
    ['after half of the text is in its temporary file', { KILL_NAME: 'writeFile', KILL_PATH: '/src/.', KILL_AT: '2.5' }],
    ['before a written file gets its name', { KILL_NAME: 'rename', KILL_PATH: '/src/.', KILL_AT: '2' }],
  ] as const) {
    it(`${name} leaves nothing`, async () => {
      const folder = await project(true)
      const { left, again } = await killAndResume(folder, 'implement', { killer: killing })
      assert.deepEqual([left.app, left.made], ['first line\nT-1 did line\n', undefined])
      assert.deepEqual(again, { app: before, made: undefined, notes: undefined })
      assertWhole(folder)
      assert.equal(git(folder, 'status', '--porcelain'), '')
    })
  }

  it('leaves what a person has changed elsewhere as it is', async () => {
    const folder = await project(true)
    writeFiles(folder, { 'mine.txt': 'mine\n' })
    await killAndResume(folder, 'implement', {})
    assert.equal(git(folder, 'status', '--porcelain'), '?? mine.txt\n')
    assert.equal(read(folder, 'mine.txt'), 'mine\n')
  })

  for (const [name, killing] of [
    // The diff for the validator removes its index and that one's lock; the third to be removed is the commit's, when the branch has moved.
    ['the commit and the database', { KILL_NAME: 'rm', KILL_PATH: 'devteam-index', KILL_AT: '3' }],
    ['the commit and the index, whose lock it has', { KILL_NAME: 'rename', KILL_PATH: 'devteam-index', KILL_AT: '1' }],
  ] as const) {
    it(`between ${name} is taken over, and the index is whole`, async () => {
      const folder = await project(true)
      const { again } = await killAndResume(folder, 'document', { killer: killing })
      assert.equal(again.app, 'first line\nT-1 did line\n')
      assertWhole(folder)
      assert.equal(git(folder, 'status', '--porcelain'), '')
      assert.equal(git(folder, 'log', '--format=%s', '--grep=DevTeam-Task: T-1').trim(), 'T-1: Say it')
      assert.ok(!fs.existsSync(path.join(folder, '.git/index.lock')))
    })
  }

  it('while a review is mended is put back too', async () => {
    const folder = await project(true)
    // The security auditor finds something as long as nobody mended it. The mending is an implement brief without a task.
    const mending = new Barrier()
    let [killed, mended] = [false, undefined as string | undefined]
    function* script(request: Request): Script {
      if (request.subject.review !== 'security' || read(folder, 'src/made-mending.txt') !== undefined) return yield* agent(request)
      return JSON.stringify({ verdict: 'fail', note: '', checks: [], findings: [{ severity: 'high', file: 'src/app.txt', line: 1, text: 'not safe' }] })
    }
    const isMending = (request: Request): boolean => request.subject.kind === 'implement' && request.subject.task === undefined
    const server = await ModelServer.start(function* (request: Request): Script {
      if (!isMending(request)) return yield* script(request)
      yield [edit('src/app.txt', 'first', 'safe')]
      yield [write('src/made-mending.txt', 'new\n')]
      return 'Mended'
    }, (request) => {
      if (killed && isMending(request) && request.rounds.length === 0) mended ??= read(folder, 'src/app.txt')
      return !killed && isMending(request) && request.rounds.length === 1 ? mending.wait() : undefined
    })
    try {
      const first = start(folder, implement, { env: server.env })
      await Promise.race([mending.reached, first.ended.then(({ out, err }) => { throw new Error(`ended too early:\n${out}\n${err}`) })])
      first.kill('SIGKILL')
      await first.ended
      killed = true
      assert.equal(read(folder, 'src/app.txt'), 'safe line\nT-1 did line\n')
      const second = await start(folder, implement, { env: server.env }).ended
      assert.equal(second.code, 0, second.err)
    } finally {
      await server.stop()
    }
    assert.equal(mended, 'first line\nT-1 did line\n')
    assert.equal(read(folder, 'src/app.txt'), 'safe line\nT-1 did line\n')
    assert.equal(git(folder, 'status', '--porcelain'), '')
  })

  it('is put back in a folder without git as well, from a copy', async () => {
    const folder = await project(false)
    const { again } = await killAndResume(folder, 'implement', {})
    assert.deepEqual(again, { app: before, made: undefined, notes: undefined })
    assertWhole(folder)
    assert.deepEqual(fs.readdirSync(path.join(folder, '.devteam/originals')), [], 'copies are left')
  })
})
