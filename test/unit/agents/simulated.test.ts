import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import type { BriefSubject, ExecutorEvent, ExecutorResult, Role } from '../../../src/agents/executor.ts'
import { modelIds } from '../../../src/agents/models.ts'
import type { Roles } from '../../../src/agents/roles.ts'
import { createSimulatedExecutor, type SimulationOptions } from '../../../src/agents/simulated/executor.ts'
import { briefFor, Workspace } from './support/workspace.ts'

type Task = NonNullable<BriefSubject['task']>
interface Verdict { readonly criteria: readonly { readonly criterion: string; readonly pass: boolean; readonly evidence: readonly { readonly path: string; readonly startLine: number; readonly endLine: number }[] }[]; readonly gap: string | null }
interface Review { readonly verdict: string; readonly note: string; readonly checks: readonly { readonly name: string; readonly pass: boolean }[]; readonly findings: readonly { readonly severity: string; readonly file: string | null; readonly line: number | null }[] }

const authentication: Task = { id: 'TASK-004', title: 'User authentication API', component: 'backend', hours: 8, criteria: ['Login endpoint', 'Register endpoint', 'Password reset endpoint'] }
const misses = { 'TASK-004': ['Password reset endpoint'] }
const base: SimulationOptions = { seed: 1, failureRate: 0, millisecondsPerHour: 0, models: modelIds, delay: () => Promise.resolve() }
const routes = 'backend/user_authentication_api/routes.py'

describe('the simulated executor', () => {
  let workspace: Workspace
  let roles: Roles
  beforeEach(async () => { workspace = new Workspace(); roles = await workspace.roles() })
  afterEach(() => workspace.remove())

  const work = (role: Role, subject: BriefSubject, options: Partial<SimulationOptions> = {}, more: { outputSchema?: Record<string, unknown>; intro?: string; signal?: AbortSignal; onEvent?: (event: ExecutorEvent) => void } = {}): Promise<ExecutorResult> =>
    createSimulatedExecutor({ ...base, ...options }).run(briefFor(role, subject, { ...(more.outputSchema === undefined ? {} : { outputSchema: more.outputSchema }), ...(more.intro === undefined ? {} : { intro: more.intro }) }), workspace.root, more.signal ?? new AbortController().signal, more.onEvent ?? (() => undefined))

  const validate = async (task: Task, changedFiles: readonly string[], gates: NonNullable<BriefSubject['gates']> = []): Promise<Verdict> =>
    (await work(roles.validator, { kind: 'validate', task, changedFiles, gates }, {}, { outputSchema: { type: 'object' } })).answer as Verdict

  const review = async (kind: string, files: readonly string[]): Promise<Review> => (await work(roles.securityAuditor, { kind: 'review', review: kind, files }, {}, { outputSchema: { type: 'object' } })).answer as Review

  it('does a task as the sample tells it: forgets, is found out, mends, passes', async () => {
    const said: string[] = []
    const files = new Set<string>()
    for (const role of roles.forTask(authentication)) {
      assert.ok(role.stage === 'design' || role.stage === 'implement' || role.stage === 'test')
      const result = await work(role, { kind: role.stage, task: authentication, iteration: 1, changedFiles: [...files] }, { firstAttemptMisses: misses })
      said.push(result.text)
      for (const file of result.filesWritten) files.add(file)
    }
    assert.deepEqual(said, ['API specification created (OpenAPI 3.0, 3 operations)', 'FastAPI endpoints implemented (2)', 'Unit tests written (6 tests)'])
    assert.ok(!workspace.read(routes).includes('Password reset endpoint'))

    const first = await validate(authentication, [...files])
    assert.equal(first.gap, 'Missing password reset endpoint')
    assert.deepEqual(first.criteria.map((each) => each.pass), [true, true, false])

    const developer = roles.get('backend:api-developer-python')
    const retry = await work(developer, { kind: 'implement', task: authentication, iteration: 2, gaps: [first.gap], changedFiles: [...files] }, { firstAttemptMisses: misses })
    assert.deepEqual([retry.text, retry.filesWritten], ['Password reset endpoint added', [routes]])

    const second = await validate(authentication, [...files])
    assert.equal(second.gap, null)
    const lines = workspace.read(routes).split('\n')
    for (const { criterion, pass, evidence } of second.criteria) {
      assert.ok(pass)
      const [found] = evidence
      assert.ok(found)
      assert.equal(found.path, routes)
      const block = lines.slice(found.startLine - 1, found.endLine)
      assert.match(block[0] ?? '', /^@router\./)
      assert.ok(block.some((line) => line.includes(criterion)))
      assert.notEqual(block.at(-1)?.trim(), '')
    }
    const spans = second.criteria.flatMap((each) => each.evidence).sort((a, b) => a.startLine - b.startLine)
    spans.forEach((span, i) => assert.ok(i === 0 || span.startLine > (spans[i - 1]?.endLine ?? 0)))
  })

  it('writes tests that pass on the code, and fail without it', async () => {
    await work(roles.get('backend:api-developer-python'), { kind: 'implement', task: authentication, iteration: 1 })
    await work(roles.get('quality:test-writer'), { kind: 'test', task: authentication, iteration: 1, changedFiles: [routes] })
    const test = workspace.path('tests/user-authentication-api.test.mjs')
    const env = { PATH: process.env.PATH ?? '' }
    execFileSync(process.execPath, [test], { stdio: 'pipe', env })
    fs.writeFileSync(workspace.path(routes), workspace.read(routes).replace('def login_endpoint', 'def other'))
    assert.throws(() => execFileSync(process.execPath, [test], { stdio: 'pipe', env }))
  })

  it('mends a gap in the middle of a file, and only there', async () => {
    const developer = roles.get('backend:api-developer-python')
    await work(developer, { kind: 'implement', task: authentication, iteration: 1 })
    const whole = workspace.read(routes)
    workspace.write(routes, '')
    await work(developer, { kind: 'implement', task: authentication, iteration: 1 }, { firstAttemptMisses: { 'TASK-004': ['Login endpoint'] } })
    assert.equal((await validate(authentication, [routes])).gap, 'Missing login endpoint')
    await work(developer, { kind: 'implement', task: authentication, iteration: 2, gaps: ['Missing login endpoint'] })
    assert.equal(workspace.read(routes), whole)
  })

  const criteria = ['Alpha check', 'Beta list', 'Gamma update']
  const everyone = ['backend:api-developer-python', 'backend:api-developer-go', 'backend:api-developer-rust', 'backend:api-developer-java', 'backend:api-developer-csharp', 'backend:api-developer-ruby', 'backend:api-developer-php', 'backend:api-developer-typescript', 'frontend:developer-typescript', 'database:developer-python', 'database:developer-sql', 'infrastructure:developer-docker', 'infrastructure:developer-kubernetes', 'infrastructure:developer-pipeline', 'infrastructure:developer-shell', 'infrastructure:developer-yaml', 'general:developer', 'documentation:author', 'quality:test-developer']
  for (const name of everyone) {
    it(`${name}: what is left out is found missing, what is mended passes`, async () => {
      const task: Task = { id: 'TASK-007', title: 'Some work', component: 'any', hours: 2, criteria }
      for (const missing of criteria) {
        const first = await work(roles.get(name), { kind: 'implement', task, iteration: 1 }, { firstAttemptMisses: { 'TASK-007': [missing] } })
        const verdict = await validate(task, first.filesWritten)
        assert.deepEqual(verdict.criteria.filter((each) => !each.pass).map((each) => each.criterion), [missing])
        const retry = await work(roles.get(name), { kind: 'implement', task, iteration: 2, gaps: [verdict.gap ?? ''], changedFiles: first.filesWritten })
        const files = [...new Set([...first.filesWritten, ...retry.filesWritten])]
        assert.deepEqual(await validate(task, files).then((each) => each.gap), null)
        for (const file of files) { assert.ok(workspace.read(file).endsWith('\n')); fs.rmSync(workspace.path(file)) }
      }
    })
  }

  it('is not taken in by a comment, or by the name in a test or a plan', async () => {
    workspace.write('src/a.py', '# Login endpoint\n# passes, says the author\n')
    workspace.write('tests/a.test.mjs', '// Login endpoint\nok()\n')
    workspace.write('docs/planning/x.json', '{ "a": "Login endpoint",\n"b": 1 }\n')
    const verdict = await validate({ ...authentication, criteria: ['Login endpoint'] }, ['src/a.py', 'tests/a.test.mjs', 'docs/planning/x.json'])
    assert.equal(verdict.gap, 'Missing login endpoint')
  })

  it('names a failed gate', async () => {
    workspace.write('a.py', '# X thing\nx = 1\n')
    const verdict = await validate({ ...authentication, criteria: ['X thing'] }, ['a.py'], [{ name: 'lint', exitCode: 1, output: 'bad' }])
    assert.deepEqual([verdict.criteria[0]?.pass, verdict.gap], [true, 'Gate lint fails'])
  })

  it('fails a first attempt as often as it is told, the same for the same seed', async () => {
    const developer = roles.get('general:developer')
    const failing = async (seed: number): Promise<string> => {
      let failed = ''
      for (let i = 0; i < 40; i += 1) {
        const task: Task = { id: `TASK-${i}`, title: `Work ${i}`, component: 'general', hours: 1, criteria: ['First part', 'Second part'] }
        failed += (await work(developer, { kind: 'implement', task, iteration: 1 }, { seed, failureRate: 0.3 })).text.includes('(1)') ? '1' : '0'
      }
      return failed
    }
    const [one, again, two] = [await failing(1), await failing(1), await failing(2)]
    assert.equal(one, again)
    assert.notEqual(one, two)
    const count = one.split('1').length - 1
    assert.ok(count >= 4 && count <= 22, `${count} of 40`)
  })

  it('gives the same files, words and usage for the same request', async () => {
    const once = await work(roles.get('backend:api-developer-python'), { kind: 'implement', task: authentication, iteration: 1 })
    const text = workspace.read(routes)
    const twice = await work(roles.get('backend:api-developer-python'), { kind: 'implement', task: authentication, iteration: 1 })
    assert.deepEqual([twice.text, twice.tokens, twice.costUsd], [once.text, once.tokens, once.costUsd])
    assert.equal(workspace.read(routes), text)
    assert.ok((once.costUsd ?? 0) > 0 && (once.costUsd ?? 1) < 1)
  })

  it('writes only where the task allows', async () => {
    const allowed = 'Only these files may change: services/auth/**, checks/*.mjs'
    const code = await work(roles.get('backend:api-developer-python'), { kind: 'implement', task: authentication, iteration: 1 }, {}, { intro: allowed })
    const tests = await work(roles.get('quality:test-writer'), { kind: 'test', task: authentication, iteration: 1, changedFiles: code.filesWritten }, {}, { intro: allowed })
    assert.deepEqual([code.filesWritten, tests.filesWritten], [['services/auth/routes.py'], ['services/auth/user-authentication-api.test.mjs']])
    execFileSync(process.execPath, [workspace.path(tests.filesWritten[0] ?? '')], { stdio: 'pipe', env: { PATH: process.env.PATH ?? '' } })
  })

  it('takes its share of the hours, and stops within a wait', async () => {
    const waits: number[] = []
    await work(roles.get('general:developer'), { kind: 'implement', task: authentication, iteration: 1 }, { millisecondsPerHour: 100, delay: (milliseconds) => { waits.push(milliseconds); return Promise.resolve() } })
    assert.equal(waits.reduce((sum, each) => sum + each, 0), 0.5 * 8 * 100)
    const stop = new AbortController()
    fs.rmSync(workspace.path('src'), { recursive: true })
    const waiting = { seed: 1, failureRate: 0, models: modelIds }
    const running = createSimulatedExecutor({ ...waiting, millisecondsPerHour: 3_600_000 }).run(briefFor(roles.get('general:developer'), { kind: 'implement', task: authentication, iteration: 1 }), workspace.root, stop.signal, () => undefined)
    setImmediate(() => stop.abort())
    await assert.rejects(running, { name: 'AbortError' })
    assert.deepEqual(fs.readdirSync(workspace.root), [])
  })

  it('keeps names of other scripts and long names apart', async () => {
    const task: Task = { id: 'TASK-009', title: '商品の検索', component: 'general', hours: 1, criteria: ['一覧を出す', '検索する'] }
    const result = await work(roles.get('general:developer'), { kind: 'implement', task, iteration: 1 })
    assert.equal((await validate(task, result.filesWritten)).gap, null)
    const other = await work(roles.get('general:developer'), { kind: 'implement', task: { ...task, title: '注文の一覧' }, iteration: 1 })
    assert.notDeepEqual(result.filesWritten, other.filesWritten)
  })

  it('is marked as simulated', () => {
    const executor = createSimulatedExecutor(base)
    assert.deepEqual([executor.name, executor.simulated], ['simulated', true])
  })

  describe('reviews', () => {
    it('pass clean code, and say what they looked for', async () => {
      const code = await work(roles.get('backend:api-developer-python'), { kind: 'implement', task: authentication, iteration: 1 })
      const security = await review('security', code.filesWritten)
      assert.equal(security.verdict, 'pass')
      assert.deepEqual(security.checks.filter((check) => !check.pass), [])
      assert.ok(security.checks.some((check) => check.name === 'Passwords are hashed'))
      assert.equal((await review('code:python', code.filesWritten)).verdict, 'pass')
      assert.equal((await review('performance', code.filesWritten)).verdict, 'pass')
    })

    it('fail on a secret and on a shell, with file and line', async () => {
      workspace.write('src/a.py', `import subprocess\npassword = "${'s3cret'.repeat(3)}"\nsubprocess.run(name, shell=True)\n`)
      const security = await review('security', ['src/a.py'])
      assert.deepEqual([security.verdict, security.findings.map((each) => [each.severity, each.file, each.line])], ['fail', [['critical', 'src/a.py', 2], ['high', 'src/a.py', 3]]])
      assert.deepEqual(security.checks.filter((check) => !check.pass).map((check) => check.name), ['No secrets in code', 'No shell injection'])
    })

    it('see nested loops and queries in loops', async () => {
      workspace.write('src/a.py', 'for a in xs:\n    for b in ys:\n        pass\nfor c in xs:\n    session.execute(c)\n')
      const performance = await review('performance', ['src/a.py'])
      assert.deepEqual(performance.findings.map((each) => each.line), [2, 5])
      assert.equal(performance.verdict, 'pass')
    })

    it('hold interface documents against the routes', async () => {
      await work(roles.get('backend:api-designer'), { kind: 'design', task: authentication, iteration: 1 })
      const code = await work(roles.get('backend:api-developer-python'), { kind: 'implement', task: authentication, iteration: 1 }, { firstAttemptMisses: misses })
      assert.equal((await review('integration', code.filesWritten)).verdict, 'fail')
      await work(roles.get('backend:api-developer-python'), { kind: 'implement', task: authentication, iteration: 2, gaps: ['Missing password reset endpoint'] })
      assert.equal((await review('integration', code.filesWritten)).verdict, 'pass')
    })

    it('see what the documentation lacks, and what a sprint adds to it', async () => {
      workspace.write('README.md', '# X\n')
      const before = await review('documentation', ['README.md'])
      assert.deepEqual(before.checks.map((check) => check.pass), [false, false])
      const code = await work(roles.get('infrastructure:developer-docker'), { kind: 'implement', task: { ...authentication, criteria: ['API image'] }, iteration: 1 })
      const written = await work(roles.documentation, { kind: 'document', review: 'SPRINT-001-03', files: code.filesWritten })
      assert.deepEqual([written.text, written.filesWritten], ['Deployment guide updated, sprint notes written', ['docs/deployment/SPRINT-001-03.md', 'docs/sprint-notes/SPRINT-001-03.md']])
      const after = await review('documentation', ['README.md', ...code.filesWritten])
      assert.deepEqual(after.checks.filter((check) => check.pass).map((check) => check.name), ['Architecture diagrams', 'Deployment guide'])
    })

    it('mend what they can when they are asked to', async () => {
      workspace.write('src/a.py', 'subprocess.run(name, shell=True)\n')
      const mended = await work(roles.fixer(['src/a.py']), { kind: 'implement', iteration: 2, gaps: ['high: src/a.py:1 A command goes through a shell'] })
      assert.deepEqual([mended.text, workspace.read('src/a.py')], ['1 of 1 findings mended', 'subprocess.run(name, shell=False)\n'])
    })
  })
})
