import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { devteam, ndjson, sampleProject, start, succeed } from '../../support/devteam.ts'
import { git, temporaryFolder } from '../../support/folders.ts'
import { assertGolden, masked } from '../../support/golden.ts'

const sqlite = (folder: string, query: string): string => execFileSync('sqlite3', ['.devteam/devteam.db', query], { cwd: folder, encoding: 'utf8' }).trim()
const quick = { millisecondsPerHour: 0, failureRate: 0 }
const implement = (track: string): string[] => ['implement', '--sprint', 'all', track]
const latestState = 'SELECT key, value FROM session_state WHERE session_id = (SELECT id FROM sessions ORDER BY started_at DESC LIMIT 1)'

describe('devteam implement', function () {
  this.timeout(240_000)

  it('runs the three tracks one after another: transcript, commits, database, report', async () => {
    const folder = await sampleProject({ planned: true, simulation: quick })
    const first = await succeed(folder, implement('01'))
    assertGolden('track-01.txt', masked(first))
    assert.match(first, /FAIL - Missing password reset endpoint[\s\S]*Re-attempting with sonnet\.\.\.[\s\S]*PASS \(100% criteria met\)[\s\S]*TASK-004 complete \(2 iterations/)
    assert.match(first, /Next: Wait for other tracks/)
    await succeed(folder, implement('02'))
    const last = await succeed(folder, implement('3')) // a track's number will do
    assertGolden('final-review.txt', masked(last.slice(last.indexOf('All tracks complete!'))))
    assert.equal(sqlite(folder, 'SELECT status, COUNT(*) FROM tasks GROUP BY status'), 'completed|18\ndone|6')
    assert.equal(sqlite(folder, "SELECT id, status, tasks_completed, tasks_total FROM tasks WHERE id LIKE 'SPRINT-%'").split('\n').length, 6)
    assert.match(sqlite(folder, latestState), /^parallel_tracks\|3$/m)
    const commits = sqlite(folder, "SELECT id, commit_id FROM task ORDER BY id").split('\n').map((line) => line.split('|'))
    for (const [id = '', commit = ''] of commits) assert.match(git(folder, 'log', '-1', '--format=%B', commit), new RegExp(`^${id}: [\\s\\S]*DevTeam-Task: ${id}`))
    assert.match(fs.readFileSync(path.join(folder, 'docs/project-completion-report.md'), 'utf8'), /\*\*simulated\*\*[\s\S]*18 of 18 completed/)
    assert.equal(git(folder, 'status', '--porcelain', '--', 'backend', 'frontend', 'infra', 'tests').trim(), '')

    for (const args of [['implement', '--sprint', 'all'], implement('02'), ['implement', '--task', 'TASK-001'], ['implement', '--sprint', 'SPRINT-001-01']]) {
      const again = await succeed(folder, args)
      assert.match(again, /nothing to do/)
      assert.ok(!again.includes('Launching'))
    }
    const report = JSON.parse(await succeed(folder, ['report', '--json'])) as { tasksCompleted: number; completed: boolean }
    assert.deepEqual([report.tasksCompleted, report.completed], [18, true])
  })

  it('goes from one sentence to a completed project in a repository of one\'s own', async () => {
    const folder = temporaryFolder('own')
    git(folder, 'init', '-q', '-b', 'main')
    await succeed(folder, ['init'])
    await succeed(folder, ['plan', '--describe', 'A time tracker: people log hours, managers approve them, reports as CSV', '--executor', 'simulated'])
    const text = await succeed(folder, ['implement', '--sprint', 'all', '--executor', 'simulated'])
    assert.match(text, /No gates: nothing is built, linted or tested[\s\S]*PROJECT COMPLETION SUCCESSFUL/)
    assert.equal(sqlite(folder, "SELECT COUNT(*) FROM tasks WHERE kind = 'task' AND status <> 'completed'"), '0')
  })

  it('says in a dry run what would be done, and does nothing', async () => {
    const folder = await sampleProject({ planned: true })
    const before = sqlite(folder, 'SELECT COUNT(*) FROM events')
    const text = await succeed(folder, ['implement', '--sprint', 'all', '01', '--dry-run'])
    assert.match(text, /^7 tasks would be worked on:[\s\S]*SPRINT-001-01\n {2}TASK-001 - Database schema design: database:designer \(Sonnet\), database:developer-python \(Sonnet\)[\s\S]*Gates after every attempt: lint[\s\S]*Nothing was changed/)
    assert.equal(sqlite(folder, 'SELECT COUNT(*) FROM events'), before)
    assert.equal((JSON.parse(await succeed(folder, ['implement', '--task', 'TASK-004', '--dry-run', '--json'])) as { tasks: unknown[] }).tasks.length, 1)
    const prd = path.join(folder, 'docs/planning/PROJECT_PRD.json')
    fs.writeFileSync(prd, JSON.stringify({ ...JSON.parse(fs.readFileSync(prd, 'utf8')) as object, technology: ['Go'] }))
    await succeed(folder, ['task', 'edit', 'TASK-004', '--no-agent'])
    assert.match(await succeed(folder, ['implement', '--task', 'TASK-004', '--dry-run']), /backend:api-developer-go \(Sonnet\)/, 'in the language of the project, as a run would')
  })

  it('really lacks the password reset before the retry, and has it after', async () => {
    const folder = await sampleProject({ planned: true, simulation: quick })
    await succeed(folder, ['implement', '--task', 'TASK-001'])
    await succeed(folder, ['implement', '--task', 'TASK-004'])
    const events = ndjson(await succeed(folder, ['events', '--json', '--task', 'TASK-004']))
    const verdicts = events.filter((event) => event.type === 'validation.completed')
    assert.deepEqual(verdicts.map((event) => [event.verdict, event.gap]), [['fail', 'Missing password reset endpoint'], ['pass', null]])
    const evidence = (verdicts[1]?.criteria as { criterion: string; evidence: { path: string; startLine: number; endLine: number }[] }[]).find((each) => each.criterion === 'Password reset endpoint')?.evidence[0]
    assert.ok(evidence)
    const lines = fs.readFileSync(path.join(folder, evidence.path), 'utf8').split('\n').slice(evidence.startLine - 1, evidence.endLine).join('\n')
    assert.match(lines, /reset/i)
    const completed = events.find((event) => event.type === 'task.completed')
    for (const key of ['iterations', 'model', 'durationMs', 'tokens', 'costUsd', 'commit', 'simulated']) assert.ok(completed !== undefined && key in completed, key)
    assert.equal(completed?.simulated, true)
  })

  it('lets three terminals work at once and reviews the project exactly once', async () => {
    const folder = await sampleProject({ planned: true, simulation: { failureRate: 0.2, millisecondsPerHour: 10 } })
    const ended = await Promise.all(['01', '02', '03'].map((track) => devteam(folder, implement(track))))
    for (const each of ended) assert.equal(each.code, 0, each.err)
    assert.equal(ended.filter((each) => each.out.includes('PROJECT COMPLETION SUCCESSFUL')).length, 1)
    assert.equal(ended.filter((each) => each.out.includes('Next: Wait for other tracks')).length, 2)
    const events = ndjson(await succeed(folder, ['events', '--json']))
    const done = events.filter((event) => event.type === 'task.completed').map((event) => event.task)
    assert.equal(new Set(done).size, 18)
    assert.equal(done.length, 18)
    const spans = ['01', '02', '03'].map((track) => events.filter((event) => event.track === track && event.type === 'task.started').map((event) => Date.parse(String(event.time))))
    assert.ok(Math.max(...spans.map((times) => Math.min(...times))) < Math.min(...spans.map((times) => Math.max(...times))), 'they did not overlap')
    assert.equal(sqlite(folder, 'PRAGMA integrity_check'), 'ok')
    const status = JSON.parse(await succeed(folder, ['status', '--json'])) as { tasks: { completed: number }; tracks: { lease: unknown }[]; simulated: boolean }
    assert.equal(status.tasks.completed, 18)
    assert.ok(status.simulated && status.tracks.every((track) => track.lease === null))
  })

  it('runs all tracks in one process as NDJSON, with nothing else on standard output', async () => {
    const folder = await sampleProject({ planned: true, simulation: quick })
    const { code, out } = await devteam(folder, ['implement', '--sprint', 'all', '--json'])
    assert.equal(code, 0)
    const lines = ndjson(out)
    assert.ok(lines.every((line) => typeof line.time === 'string' && typeof line.session === 'string' && typeof line.type === 'string'))
    assert.equal(lines.filter((line) => line.type === 'task.completed').length, 18)
    assert.equal(lines.filter((line) => line.type === 'project.completed').length, 1)
    const logged = ndjson(await succeed(folder, ['events', '--json'])).filter((event) => event.session === lines[0]?.session)
    assert.deepEqual(new Set(lines.map((line) => JSON.stringify(line))), new Set(logged.map((line) => JSON.stringify(line))))
  })
})

describe('resume', function () {
  this.timeout(480_000)

  it('goes on after kill -9 as the transcript of the resume says', async () => {
    const folder = await sampleProject({ planned: true, simulation: { ...quick, millisecondsPerHour: 20 } })
    const first = start(folder, implement('01'))
    await first.until(/State updated: TASK-012 marked as completed/)
    first.kill('SIGKILL')
    await first.ended
    const second = await succeed(folder, implement('01'))
    assertGolden('resume.txt', masked(second.slice(0, second.indexOf('Task 3/4'))))
    const done = ndjson(await succeed(folder, ['events', '--json', '--type', 'task.completed'])).map((event) => event.task)
    assert.deepEqual(done, ['TASK-001', 'TASK-004', 'TASK-008', 'TASK-012', 'TASK-016', 'TASK-006', 'TASK-018'])
  })

  it('keeps everything and does nothing twice, wherever kill -9 hits', async () => {
    const folder = await sampleProject({ planned: true, simulation: { ...quick, millisecondsPerHour: 10 } })
    let kills = 0
    for (let code: number | null = null; code !== 0;) {
      const run = start(folder, ['implement', '--sprint', 'all', '--json'])
      // Killed at a certain line of its output and a little later, so that a slow machine comes as far as a quick one.
      const lines = 8 + (kills * 37) % 150
      const wait = (kills * 13) % 40
      if (kills < 10) void run.until(new RegExp(`^(?:.*\\n){${lines}}`)).then(() => setTimeout(() => { if (run.child.exitCode === null && run.child.signalCode === null) { kills += 1; run.kill('SIGKILL') } }, wait), () => undefined)
      code = (await run.ended).code
      assert.equal(sqlite(folder, 'PRAGMA integrity_check'), 'ok')
    }
    assert.ok(kills >= 3, `only ${kills} kills`)
    const events = ndjson(await succeed(folder, ['events', '--json']))
    const done = events.filter((event) => event.type === 'task.completed').map((event) => String(event.task))
    assert.equal(done.length, 18, `${done.length} completions`)
    assert.equal(new Set(done).size, 18)
    assert.equal(events.filter((event) => event.type === 'project.completed').length, 1)
    assert.equal(git(folder, 'status', '--porcelain', '--', 'backend', 'frontend', 'infra', 'tests', 'docs/project-completion-report.md'), '', 'something half is left')
    for (const id of new Set(done)) {
      const at = events.findIndex((event) => event.type === 'task.completed' && event.task === id)
      assert.ok(!events.slice(at).some((event) => event.type === 'task.started' && event.task === id), `${id} was started again`)
      assert.equal(git(folder, 'log', '--oneline', `--grep=DevTeam-Task: ${id}`).trim().split('\n').length, 1, `${id} has more than one commit`)
    }
  })

  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
    it(`ends with ${code} on ${signal}, says how to resume, and resumes`, async () => {
      const folder = await sampleProject({ planned: true, simulation: { ...quick, millisecondsPerHour: 40 } })
      const run = start(folder, implement('03'))
      await run.until(/State updated: TASK-003/)
      process.kill(run.child.pid ?? 0, signal)
      const ended = await run.ended
      assert.equal(ended.code, code, ended.err)
      assert.match(ended.out, /Resume with: devteam implement --sprint all 03/)
      assert.equal(sqlite(folder, "SELECT status FROM sessions ORDER BY started_at DESC LIMIT 1"), 'interrupted')
      assert.equal(sqlite(folder, "SELECT COUNT(*) FROM tasks WHERE status = 'in_progress'"), '0')
      assert.match(await succeed(folder, implement('03')), /TRACK 3 COMPLETE/)
    })
  }

  it('refuses a track that a living process holds, naming it', async () => {
    const folder = await sampleProject({ planned: true, simulation: { ...quick, millisecondsPerHour: 200 } })
    const run = start(folder, implement('01'))
    await run.until(/Task 1\/3/)
    const second = await devteam(folder, implement('01'))
    assert.equal(second.code, 3)
    assert.match(second.err, new RegExp(`\\b${run.child.pid}\\b`))
    run.kill('SIGKILL')
    await run.ended
  })
})
