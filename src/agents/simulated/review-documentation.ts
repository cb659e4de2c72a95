import { hitsOf, linesOf, read, search } from './script.ts'
import type { Check, Finding, Look } from './review-report.ts'

/** Is there what a reader needs: what it is, how its interfaces look, how it is built, how it is deployed? */
export function* documentationChecks(files: readonly string[]): Look {
  const readme = files.find((file) => /^readme(?:\.md)?$/i.test(file)) ?? 'README.md'
  const [text, documents, diagrams, guides] = yield [read(readme), search('openapi', { path: 'docs', literal: true }), search('```mermaid', { path: 'docs', literal: true }), search('^# .*deploy', { path: 'docs' })]
  const lines = linesOf(text)
  const complete = lines.length >= 5 && lines.some((line) => /^#\s/.test(line))
  const seen: { readonly name: string; readonly pass: boolean; readonly lack: string; readonly needed: boolean }[] = [
    { name: complete ? 'README complete' : 'README', pass: complete, lack: 'The README says too little: what it is, how to start, how to test', needed: true },
    { name: 'API documentation (OpenAPI)', pass: hitsOf(documents).length > 0, lack: 'No interface document in docs', needed: files.some((file) => file.startsWith('backend/')) },
    { name: 'Architecture diagrams', pass: hitsOf(diagrams).length > 0, lack: 'No diagram in docs', needed: true },
    { name: 'Deployment guide', pass: hitsOf(guides).length > 0, lack: 'No guide to deployment in docs', needed: files.some((file) => file.startsWith('infra/')) },
  ]
  const asked = seen.filter((each) => each.needed)
  return {
    checks: asked.map(({ name, pass }): Check => ({ name, pass })), findings: asked.filter((each) => !each.pass).map((each): Finding => ({ severity: 'low', file: null, line: null, text: each.lack })),
    clean: 'complete', noted: 'gaps noted',
  }
}
