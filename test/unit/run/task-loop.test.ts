import assert from 'node:assert/strict'
import { ExecutorError } from '../../../src/agents/executor.ts'
import { UserError } from '../../../src/plan/errors.ts'
import type { TrackId } from '../../../src/plan/ids.ts'
import { openState } from '../../../src/state/state.ts'
import { git } from '../../support/folders.ts'
import { diligent, honestVerdict, project, read, run, type Script } from '../../support/scripted-agents.ts'

const kindOf = (events: readonly { type: string }[], type: string): number => events.filter((event) => event.type === type).length

describe('the task loop', () => {
  it('does every task once, commits it, reviews the sprint and the project', async () => {
    const at = await project([{ id: 'T-1' }, { id: 'T-2', dependencies: ['T-1'] }])
    const { outcome, events } = await run(at, diligent)
    assert.equal(outcome.result, 'completed')
    assert.equal(outcome.figures?.tasksCompleted, 2)
    assert.deepEqual(events.filter((event) => event.type === 'task.completed').map((event) => event.task), ['T-1', 'T-2'])
    assert.match(git(at.root, 'log', '--format=%s'), /Project completion report[\s\S]*T-2: Task T-2[\s\S]*T-1: Task T-1/)
    await at.close()
  })

  it('gives the named gap to the next iteration, escalates after two failures, and gives up', async () => {
    const at = await project([{ id: 'T-1' }, { id: 'T-2', dependencies: ['T-1'] }, { id: 'T-3' }], { config: { maxIterations: 4 } })
    const gaps: (readonly string[])[] = []
    const tiers: string[] = []
    const script: Script = (brief, directory) => {
      if (brief.subject.task?.id !== 'T-1') return diligent(brief, directory)
      if (brief.subject.kind === 'validate') return { answer: { criteria: [{ criterion: 'it is there', pass: false, evidence: [] }], gap: `Gap ${brief.subject.iteration}` } }
      if (brief.subject.kind === 'implement') { gaps.push(brief.subject.gaps ?? []); tiers.push(brief.tier) }
      return { files: { 'src/t1.ts': `// ${brief.subject.iteration}\n` } }
    }
    const { outcome, events } = await run(at, script)
    assert.equal(outcome.result, 'incomplete')
    assert.deepEqual(gaps, [[], ['Gap 1'], ['Gap 2'], ['Gap 3']])
    assert.deepEqual(tiers, ['sonnet', 'sonnet', 'opus', 'opus'])
    assert.deepEqual(outcome.open.map((task) => [task.id, task.status]), [['T-1', 'failed'], ['T-2', 'blocked']])
    assert.deepEqual(events.filter((event) => event.type === 'task.completed').map((event) => event.task), ['T-3'])
    assert.equal(read(at.root, 'src/t1.ts'), undefined, 'the directory is back at the base of the task')
    assert.match(git(at.root, 'for-each-ref', '--format=%(refname)'), /refs\/devteam\/.*\/T-1/)
    // The next run tries again, and what depended on it goes on.
    const again = await run(at, diligent)
    assert.equal(again.outcome.result, 'completed')
    assert.deepEqual(again.events.filter((event) => event.type === 'task.completed').map((event) => event.task), ['T-1', 'T-2'])
    await at.close()
  })

  it('puts back what lies outside the scope and counts it as a failed iteration', async () => {
    const at = await project([{ id: 'T-1', patterns: ['src/**'] }])
    let attempt = 0
    const script: Script = (brief, directory) => {
      if (brief.subject.kind !== 'implement') return brief.subject.kind === 'test' ? { files: {} } : diligent(brief, directory)
      attempt += 1
      return { files: attempt === 1 ? { 'README.md': 'overwritten\n', 'src/a.ts': 'a\n' } : { 'src/a.ts': 'b\n' } }
    }
    const { events } = await run(at, script)
    const checks = events.flatMap((event) => (event.type === 'scope.checked' ? [event.data.outside] : []))
    assert.deepEqual(checks, [['README.md'], []])
    assert.equal(read(at.root, 'README.md'), '# A project\n')
    assert.equal(events.find((event) => event.type === 'task.completed')?.data.iterations, 2)
    await at.close()
  })

  it('fails an iteration in which nothing was changed, and one whose gate fails', async () => {
    const at = await project([{ id: 'T-1' }], { config: { gates: [{ name: 'check', command: 'test -f src/good.ts' }] } })
    let attempt = 0
    const script: Script = (brief, directory) => {
      if (brief.subject.kind === 'test') return {}
      if (brief.subject.kind !== 'implement') return diligent(brief, directory)
      attempt += 1
      return { files: attempt === 1 ? {} : attempt === 2 ? { 'src/bad.ts': 'x\n' } : { 'src/good.ts': 'x\n' } }
    }
    const { outcome, events } = await run(at, script)
    assert.equal(outcome.result, 'completed')
    assert.equal(events.find((event) => event.type === 'task.completed')?.data.iterations, 3)
    assert.equal(kindOf(events.filter((event) => event.task === 'T-1'), 'validation.completed'), 1, 'no verdict where a gate has failed')
    await at.close()
  })

  it('does not take PASS without evidence', async () => {
    const at = await project([{ id: 'T-1' }], { config: { maxIterations: 2 } })
    const { outcome } = await run(at, (brief, directory) => (brief.subject.kind === 'validate'
      ? { text: 'PASS, all criteria are met', answer: { criteria: [{ criterion: 'it is there', pass: true, evidence: [{ kind: 'file', path: 'src/invented.ts', startLine: 1, endLine: 9 }] }], gap: null } }
      : diligent(brief, directory)))
    assert.equal(outcome.result, 'incomplete')
    assert.match(outcome.open[0]?.reason ?? '', /no file src\/invented\.ts/)
    await at.close()
  })

  it('stops at the budget of a task and of a run', async () => {
    const at = await project([{ id: 'T-1' }], { config: { budgets: { maxCostUsdPerTask: 0.05 } } })
    const never: Script = (brief, directory) => (brief.subject.kind === 'validate' ? { answer: { criteria: [], gap: 'no' } } : diligent(brief, directory))
    const { outcome, events } = await run(at, never)
    assert.equal(outcome.result, 'incomplete')
    assert.equal(kindOf(events, 'budget.exceeded'), 1)
    await at.close()
    const other = await project([{ id: 'T-1' }, { id: 'T-2' }], { config: { budgets: { maxCostUsdPerRun: 0.02 } } })
    await assert.rejects(run(other, diligent), /budget of this run/)
    const rows = (await other.state.snapshot())?.tasks ?? []
    assert.ok(rows.every((task) => task.status !== 'in_progress'))
    await other.close()
  })

  it('mends what a review finds, at most twice', async () => {
    const at = await project([{ id: 'T-1', component: 'backend' }])
    let reviews = 0
    const script: Script = (brief, directory) => {
      if (brief.subject.kind === 'review' && brief.subject.review === 'security') {
        reviews += 1
        return { answer: { verdict: reviews < 3 ? 'fail' : 'pass', note: '', checks: [], findings: reviews < 3 ? [{ severity: 'high', file: 'src/a.py', line: 1, text: 'a secret' }] : [] } }
      }
      return diligent(brief, directory)
    }
    const { events } = await run(at, script, { selection: { kind: 'sprint', sprint: 'SPRINT-001' } })
    assert.equal(events.filter((event) => event.type === 'review.completed' && event.data.review === 'security' && event.sprint !== undefined).length, 3)
    assert.equal(kindOf(events, 'sprint.completed'), 1)
    await at.close()
  })
})

describe('tracks', () => {
  it('wait for each other and wake up', async () => {
    const at = await project([{ id: 'A-1', component: 'backend' }, { id: 'A-2', component: 'backend', dependencies: ['A-1'] }, { id: 'B-1', component: 'frontend', dependencies: ['A-1'] }, { id: 'B-2', component: 'frontend', dependencies: ['B-1'] }], { tracks: 2 })
    const { outcome, events } = await run(at, async (brief, directory) => { await new Promise((resolve) => setTimeout(resolve, 20)); return diligent(brief, directory) })
    assert.equal(outcome.result, 'completed')
    assert.equal(kindOf(events, 'task.waiting'), 1)
    const at1 = events.findIndex((event) => event.type === 'task.completed' && event.task === 'A-1')
    assert.ok(events.findIndex((event) => event.type === 'task.started' && event.task === 'B-1') > at1)
    await at.close()
  })

  it('say which track to start, and do not wait when told so', async () => {
    const at = await project([{ id: 'A-1', component: 'backend' }, { id: 'B-1', component: 'frontend', dependencies: ['A-1'] }], { tracks: 2 })
    const plan = await at.state.snapshot()
    const waiting = plan?.tasks.find((task) => task.id === 'B-1')?.track ?? ''
    const other = plan?.tasks.find((task) => task.id === 'A-1')?.track ?? ''
    await assert.rejects(run(at, diligent, { selection: { kind: 'track', track: waiting }, noWait: true }), new RegExp(`devteam implement --sprint all ${other}`))
    await at.close()
  })

  it('begin all or none: nothing is started where another process holds one', async () => {
    const at = await project([{ id: 'A-1', component: 'backend' }, { id: 'B-1', component: 'frontend' }], { tracks: 2 })
    const other = await openState(at.root)
    const lease = await other.acquireTrack('02' as TrackId, await other.startSession('implement --sprint all 02', true))
    await assert.rejects(run(at, () => { throw new Error('no agent may be called') }), (error) => error instanceof UserError && error.exitCode === 3 && error.message.includes(String(process.pid)))
    assert.ok((await at.state.snapshot())?.tracks.every((track) => track.id === '02' || track.lease === undefined))
    await other.release(lease)
    await other.close()
    assert.equal((await run(at, diligent)).outcome.result, 'completed')
    await at.close()
  })

  it('stop where the model can not be reached; what it used counts, and the next run goes on', async () => {
    const at = await project([{ id: 'T-1' }])
    await assert.rejects(run(at, (brief, directory) => {
      if (brief.subject.kind === 'validate') throw new ExecutorError('the API answers 529.', { input: 7, output: 0, cacheRead: 0, cacheWrite: 0 }, 0.5)
      return diligent(brief, directory)
    }), /broke off: the API answers 529\. What is completed is kept/)
    assert.ok(((await at.state.snapshot())?.costUsd ?? 0) > 0.5)
    const { events } = await run(at, diligent)
    assert.equal(events.find((event) => event.type === 'task.completed')?.data.iterations, 1, 'a broken connection is no iteration')
    await at.close()
  })

  it('are interrupted without a task left in progress', async () => {
    const at = await project([{ id: 'T-1' }, { id: 'T-2' }])
    const stop = new AbortController()
    const { outcome } = await run(at, (brief, directory) => { if (brief.subject.task?.id === 'T-2') stop.abort('SIGINT'); return diligent(brief, directory) }, { signal: stop.signal })
    assert.equal(outcome.result, 'interrupted')
    assert.deepEqual((await at.state.snapshot())?.tasks.map((task) => task.status), ['completed', 'pending'])
    assert.equal((await at.state.sessions()).at(-1)?.status, 'interrupted')
    assert.equal((await run(at, diligent)).outcome.result, 'completed')
    await at.close()
  })

  it('take over a commit that the database did not hear of', async () => {
    const at = await project([{ id: 'T-1' }])
    const real = at.state.completeTask.bind(at.state)
    Object.assign(at.state, { completeTask: () => Promise.reject(new Error('the machine went down here')) })
    await assert.rejects(run(at, diligent), /went down/)
    Object.assign(at.state, { completeTask: real })
    const { events } = await run(at, (brief, directory) => { assert.notEqual(brief.subject.kind, 'implement'); return brief.subject.kind === 'validate' ? honestVerdict(brief) : diligent(brief, directory) })
    assert.equal(kindOf(events, 'task.completed'), 1)
    assert.equal(git(at.root, 'log', '--oneline', '--grep=DevTeam-Task: T-1').trim().split('\n').length, 1)
    await at.close()
  })
})

describe('tasks that may touch the same files', () => {
  it('never run at once, on whatever tracks they are', async () => {
    const at = await project([{ id: 'A-1', component: 'backend', patterns: ['shared/**'], hours: 4 }, { id: 'A-2', component: 'backend', hours: 8 }, { id: 'B-1', component: 'frontend', patterns: ['shared/x/**'], hours: 4 }, { id: 'B-2', component: 'frontend', hours: 8 }], { tracks: 2 })
    const at_ = new Map<string, [number, number]>()
    let clock = 0
    await run(at, async (brief, directory) => {
      const id = brief.subject.task?.id
      if (id !== undefined) at_.set(id, [at_.get(id)?.[0] ?? (clock += 1), clock += 1])
      await new Promise((resolve) => setTimeout(resolve, 10))
      const deed = await diligent(brief, directory)
      return id === 'A-1' || id === 'B-1' ? { ...deed, ...(deed.files === undefined ? {} : { files: { [`shared/x/${id}.ts`]: `// ${id} ${brief.subject.kind}\n` } }) } : deed
    })
    const [a, b] = [at_.get('A-1'), at_.get('B-1')]
    assert.ok(a !== undefined && b !== undefined)
    assert.ok(a[1] < b[0] || b[1] < a[0], `${a.join('-')} and ${b.join('-')} overlap`)
    await at.close()
  })
})
