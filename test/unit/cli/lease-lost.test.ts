import assert from 'node:assert/strict'
import { write, type Request, type Script } from '../../../src/agents/simulated/script.ts'
import { trackId } from '../../../src/plan/ids.ts'
import { identifySelf } from '../../../src/state/process.ts'
import { openState } from '../../../src/state/state.ts'
import { ndjson, start, succeed } from '../../support/devteam.ts'
import { git, temporaryFolder, writeFiles } from '../../support/folders.ts'
import { Barrier, ModelServer } from '../../support/model-server.ts'
import { read } from '../../support/scripted-agents.ts'

function* agent(request: Request): Script {
  if (request.subject.kind !== 'implement') return 'Nothing to do'
  yield [write('src/one.txt', 'one\n')]
  yield [write('src/one.txt', 'again\n'), write('src/two.txt', 'two\n')]
  return 'Wrote two files'
}

describe('a process that is silent for long', function () {
  this.timeout(120_000)

  it('and whose track another host took over, stops before its next write and says who has it', async () => {
    const folder = temporaryFolder('lease')
    writeFiles(folder, {
      '.devteam/config.json': JSON.stringify({ executor: 'anthropic', gates: [] }),
      'docs/planning/tasks/T-1.json': JSON.stringify({ id: 'T-1', title: 'Two files', component: 'general', estimated_hours: 2, dependencies: [], acceptance_criteria: ['they are there'] }),
    })
    await succeed(folder, ['plan', '1'])
    git(folder, 'init', '-q', '-b', 'main')
    git(folder, 'add', '-A')
    git(folder, 'commit', '-q', '-m', 'Planned')
    const between = new Barrier()
    const server = await ModelServer.start(agent, (request) => request.subject.kind === 'implement' && request.rounds.length === 1 ? between.wait() : undefined)
    const run = start(folder, ['implement', '--sprint', 'all', '01'], { env: server.env })
    try {
      await Promise.race([between.reached, run.ended.then(({ out, err }) => { throw new Error(`ended too early:\n${out}\n${err}`) })])
      run.kill('SIGSTOP')
      // By the clock of the other host, the last heartbeat is more than a minute ago.
      const other = await openState(folder, { self: { ...identifySelf(), host: 'another-host', pid: 4242 }, now: () => new Date(Date.now() + 61_000) })
      const session = await other.startSession('implement --sprint all 01', false)
      const lease = await other.acquireTrack(trackId(1), session)
      const claim = await other.claimTask(lease)
      assert.ok(claim.kind === 'claimed')
      run.kill('SIGCONT')
      between.open()
      const { code, err } = await run.ended
      assert.equal(code, 3, err)
      assert.match(err, /^Track 01 was taken over by another process while this one was silent \(a suspended machine, a stopped process\)\. Nothing more was written here\. Process 4242 on another-host holds it since \d{4}-.*: let it go on; `devteam status` shows how far it is\.\n$/)
      assert.equal(read(folder, 'src/one.txt'), 'one\n', 'it wrote after the lease was lost')
      assert.equal(read(folder, 'src/two.txt'), undefined, 'it wrote after the lease was lost')
      // The new holder's work is untouched, and the loser's session ended as failed.
      await other.heartbeat(lease)
      const snapshot = await other.snapshot()
      assert.deepEqual(snapshot?.tasks.map((task) => [task.status, task.session]), [['in_progress', session]])
      assert.deepEqual((await other.sessions()).slice(1).map((each) => each.status), ['failed', 'running'])
      await other.endSession(session, 'completed')
      await other.close()
      const errors = ndjson(await succeed(folder, ['events', '--json', '--type', 'error']))
      assert.equal(errors.length, 1)
      assert.match(String(errors[0]?.message), /taken over/)
    } finally {
      if (run.child.exitCode === null && run.child.signalCode === null) run.kill('SIGKILL')
      await server.stop()
    }
  })
})
