import { hitsOf, linesOf, read, search, type Request } from './script.ts'
import type { Check, Finding, Look } from './review-report.ts'

const mostDocuments = 40

/** Interface documents against the routes in the code, tests against the modules, and what the merge left behind. */
export function* integrationChecks(request: Request, files: readonly string[]): Look {
  const [documents, prefixes, routes, tested, marks] = yield [
    search('"openapi"', { glob: 'docs/api/*.json', literal: true }), search('APIRouter\\(prefix="', { glob: '**/*.py' }), search('@router\\.(get|post|put|delete|patch)\\("', { glob: '**/*.py' }),
    search('^// Tests of ', { glob: 'tests/**' }), search('^(<{7}|>{7}) ', {}),
  ]
  const served = servedPaths(hitsOf(prefixes), hitsOf(routes))
  const papers = [...new Set(hitsOf(documents).map((hit) => hit.path))].slice(0, mostDocuments)
  const texts = papers.length === 0 ? [] : yield papers.map(read)
  const checks: Check[] = []
  const findings: Finding[] = []
  if (papers.length > 0 && served.size > 0) {
    const missing = papers.flatMap((file, i) => operationsIn(linesOf(texts[i]).join('\n')).filter((operation) => !served.has(operation)).map((operation): Finding => ({ severity: 'high', file, line: null, text: `No route serves ${operation}` })))
    checks.push({ name: 'API contracts match', pass: missing.length === 0 })
    findings.push(...missing)
  }
  const parts = new Set(files.map((file) => file.split('/')[0] ?? '').filter((part) => ['backend', 'frontend', 'infra'].includes(part)))
  if (parts.size > 0 && hitsOf(tested).length > 0) checks.push({ name: `Tests present (${new Set(hitsOf(tested).map((hit) => hit.path)).size} files)`, pass: true })
  const left = hitsOf(marks)
  checks.push({ name: 'No conflict marks', pass: left.length === 0 })
  findings.push(...left.map((hit): Finding => ({ severity: 'critical', file: hit.path, line: hit.line, text: 'A conflict mark' })))
  const gates = request.subject.gates ?? []
  if (gates.length > 0) checks.push({ name: 'All gates pass', pass: gates.every((gate) => gate.exitCode === 0) })
  return { checks, findings, clean: 'the parts fit', noted: 'the parts fit, with notes' }
}

interface Located { readonly path: string; readonly text: string }

function servedPaths(prefixes: readonly Located[], routes: readonly Located[]): Set<string> {
  const prefixOf = new Map(prefixes.map((hit) => [hit.path, /prefix="([^"]*)"/.exec(hit.text)?.[1] ?? '']))
  return new Set(routes.flatMap((hit) => { const found = /@router\.(\w+)\("([^"]*)"/.exec(hit.text); return found === null ? [] : [`${(found[1] ?? '').toUpperCase()} ${prefixOf.get(hit.path) ?? ''}${found[2] ?? ''}`] }))
}

function operationsIn(text: string): string[] {
  const document = JSON.parse(text) as { readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>> }
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
}
