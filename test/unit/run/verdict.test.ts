import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { checkVerdict } from '../../../src/run/verdict.ts'
import { temporaryFolder, writeFiles } from '../../support/folders.ts'

const gates = [{ name: 'test', command: 'npm test', exitCode: 0, durationMs: 1, output: '12 passing\n' }]
const file = (startLine: number, endLine: number, at = 'src/login.py') => ({ kind: 'file', path: at, startLine, endLine })
const root = (): string => {
  const folder = temporaryFolder('verdict')
  writeFiles(folder, { 'src/login.py': 'def login():\n    pass\n' })
  return folder
}
const answer = (criteria: unknown[], gap: string | null = null) => ({ criteria, gap })

describe('a verdict', () => {
  it('passes with evidence that is there', async () => {
    const verdict = await checkVerdict(answer([{ criterion: 'login', pass: true, evidence: [file(1, 2), { kind: 'gate', gate: 'test', quote: '12 passing' }] }]), ['login'], root(), gates)
    assert.equal(verdict.verdict, 'pass')
    assert.equal(verdict.gap, undefined)
  })
  const bad: [string, unknown[]][] = [
    ['no evidence', [{ criterion: 'login', pass: true, evidence: [] }]],
    ['lines that are not there', [{ criterion: 'login', pass: true, evidence: [file(1, 3)] }]],
    ['lines that run backwards', [{ criterion: 'login', pass: true, evidence: [file(2, 1)] }]],
    ['a file that is not there', [{ criterion: 'login', pass: true, evidence: [file(1, 1, 'src/none.py')] }]],
    ['a file outside', [{ criterion: 'login', pass: true, evidence: [file(1, 1, '../../../../etc/passwd')] }]],
    ['a quote that the gate never printed', [{ criterion: 'login', pass: true, evidence: [{ kind: 'gate', gate: 'test', quote: '13 passing' }] }]],
    ['a gate that does not exist', [{ criterion: 'login', pass: true, evidence: [{ kind: 'gate', gate: 'lint', quote: 'ok' }] }]],
    ['an answer twice', [{ criterion: 'login', pass: true, evidence: [file(1, 1)] }, { criterion: 'login', pass: true, evidence: [file(1, 1)] }]],
    ['another criterion instead', [{ criterion: 'logout', pass: true, evidence: [file(1, 1)] }]],
  ]
  for (const [name, criteria] of bad) {
    it(`fails with ${name}`, async () => {
      const verdict = await checkVerdict(answer(criteria), ['login'], root(), gates)
      assert.equal(verdict.verdict, 'fail')
      assert.ok(verdict.gap)
    })
  }
  it('fails where a link leads out of the directory', async () => {
    const folder = root()
    fs.symlinkSync('/etc/passwd', path.join(folder, 'src/link.py'))
    assert.equal((await checkVerdict(answer([{ criterion: 'login', pass: true, evidence: [file(1, 1, 'src/link.py')] }]), ['login'], folder, gates)).verdict, 'fail')
  })
  it('takes the gap that the validator names', async () => {
    const verdict = await checkVerdict(answer([{ criterion: 'login', pass: false, evidence: [] }], 'Missing login endpoint'), ['login'], root(), gates)
    assert.equal(verdict.gap, 'Missing login endpoint')
  })
  it('can not overrule a failed gate, and is nothing when it is no answer', async () => {
    const failed = [{ name: 'test', command: 'npm test', exitCode: 1, durationMs: 1, output: '' }]
    assert.equal((await checkVerdict(answer([{ criterion: 'login', pass: true, evidence: [file(1, 1)] }]), ['login'], root(), failed)).verdict, 'fail')
    for (const nonsense of [undefined, 'PASS', { verdict: 'pass' }]) assert.equal((await checkVerdict(nonsense, ['login'], root(), gates)).verdict, 'fail')
  })
})
