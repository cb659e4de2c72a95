import { documentationChecks } from './review-documentation.ts'
import { integrationChecks } from './review-integration.ts'
import type { Check, Finding, Look } from './review-report.ts'
import { hitsOf, isTest, search, type Call, type Hit, type Request, type Result, type Script } from './script.ts'

/** A review by looking: what was not looked for is not in the answer. */
export function* review(request: Request): Script {
  const files = request.subject.files ?? []
  const kind = request.subject.review ?? 'code:any'
  const report = yield* kind.startsWith('code:') ? codeChecks(kind.slice('code:'.length), files)
    : kind === 'security' ? securityChecks(files) : kind === 'performance' ? performanceChecks(files) : kind === 'integration' ? integrationChecks(request, files) : documentationChecks(files)
  const severe = report.findings.some((finding) => finding.severity === 'critical' || finding.severity === 'high')
  return JSON.stringify({
    verdict: severe ? 'fail' : 'pass', note: report.findings.length === 0 ? report.clean : severe ? `${report.findings.length} findings` : report.noted,
    checks: report.checks, findings: report.findings,
  })
}

/** A pattern that is a fault wherever it stands in code. */
interface Rule { readonly check: string; readonly pattern: string; readonly severity: Finding['severity']; readonly text: string; readonly tests?: boolean }

function* byRules(rules: readonly Rule[], files: readonly string[], glob: string | undefined): Generator<readonly Call[], { checks: Check[]; findings: Finding[] }, readonly Result[]> {
  const results = yield rules.map((rule) => search(rule.pattern, glob === undefined ? {} : { glob }))
  const checks = new Map<string, boolean>()
  const findings = rules.flatMap((rule, i) => {
    const hits = within(hitsOf(results[i]), files).filter((hit) => !hit.path.endsWith('.md') && (rule.tests === true || !isTest(hit.path)))
    checks.set(rule.check, (checks.get(rule.check) ?? true) && hits.length === 0)
    return hits.map((hit): Finding => ({ severity: rule.severity, file: hit.path, line: hit.line, text: rule.text }))
  })
  return { checks: [...checks].map(([name, pass]) => ({ name, pass })), findings }
}

const within = (hits: readonly Hit[], files: readonly string[]): Hit[] => { const wanted = new Set(files); return files.length === 0 ? [...hits] : hits.filter((hit) => wanted.has(hit.path)) }

const leftovers: Rule = { check: 'No leftovers', pattern: '\\b(TODO|FIXME|XXX)\\b', severity: 'low', text: 'A leftover note: do it or drop it' }
const longLines: Rule = { check: 'Lines of readable length', pattern: '.{161,}', severity: 'info', text: 'A line of more than 160 characters' }
const codeRules: Readonly<Record<string, { readonly glob: string; readonly rules: readonly Rule[] }>> = {
  python: { glob: '**/*.py', rules: [leftovers, longLines, { check: 'No bare except', pattern: '^\\s*except\\s*:', severity: 'medium', text: 'A bare except hides every fault' }, { check: 'No debug output', pattern: '^\\s*print\\(', severity: 'low', text: 'Debug output' }] },
  typescript: { glob: '**/*.{ts,tsx,mts,cts}', rules: [leftovers, longLines, { check: 'No any', pattern: '(:\\s*any\\b|\\bas any\\b)', severity: 'low', text: '`any` turns the type check off' }, { check: 'No silenced compiler', pattern: '@ts-(ignore|nocheck)', severity: 'medium', text: 'The compiler is silenced' }] },
  javascript: { glob: '**/*.{js,jsx,mjs,cjs}', rules: [leftovers, longLines, { check: 'No var', pattern: '^\\s*var\\s', severity: 'low', text: '`var` instead of const or let' }] },
  shell: { glob: '**/*.{sh,bash,zsh}', rules: [leftovers, longLines, { check: 'No eval', pattern: '^\\s*eval\\s', severity: 'high', text: '`eval` runs what a variable holds' }, { check: 'No removal by variable', pattern: 'rm -rf? "?\\$\\w+"?/?\\s*$', severity: 'medium', text: 'rm on a variable that may be empty' }] },
}

function* codeChecks(language: string, files: readonly string[]): Look {
  const known = Object.hasOwn(codeRules, language) ? codeRules[language] : undefined
  const { checks, findings } = yield* byRules(known?.rules ?? [leftovers, longLines], files, known?.glob)
  return { checks, findings, clean: 'no findings', noted: 'minor improvements suggested' }
}

const securityRules: readonly Rule[] = [
  { check: 'No secrets in code', pattern: '(\\[redacted|-----BEGIN [A-Z ]*PRIVATE KEY|(password|passwd|secret|api_?key|token)["\']?\\s*[:=]\\s*["\'][A-Za-z0-9+/_-]{12,}["\'])', severity: 'critical', text: 'A secret stands in the code: take it out and revoke it' },
  { check: 'No code from data', pattern: '(\\beval\\(|new Function\\(|\\bexec\\(\\s*[a-z_]+\\s*\\)|pickle\\.loads)', severity: 'high', text: 'Code is made from data' },
  { check: 'No shell injection', pattern: '(shell=True|os\\.system\\()', severity: 'high', text: 'A command goes through a shell' },
  { check: 'No SQL or HTML from strings', pattern: '(execute\\(\\s*f["\']|dangerouslySetInnerHTML|innerHTML\\s*=)', severity: 'high', text: 'SQL or HTML is built from strings' },
  { check: 'Certificates are checked', pattern: '(verify\\s*=\\s*False|rejectUnauthorized:\\s*false|curl .*(-k|--insecure)\\b)', severity: 'high', text: 'Certificates are not checked' },
]

function* securityChecks(files: readonly string[]): Look {
  const { checks, findings } = yield* byRules(securityRules, files, undefined)
  const [logins, hashes, limits] = yield [search('def \\w*login|function \\w*login', { glob: '**/*.{py,ts,js,go,rb,php}' }), search('scrypt|bcrypt|argon2|pbkdf2', {}), search('limit_rate\\(|rate_?limit', {})]
  const login = within(hitsOf(logins), files).find((hit) => !isTest(hit.path) && !/tsx?$/.test(hit.path))
  if (login === undefined) return { checks, findings, clean: 'no vulnerabilities', noted: 'minor findings noted' }
  const same = (result: Result | undefined): boolean => hitsOf(result).some((hit) => hit.path.split('/').slice(0, -1).join('/') === login.path.split('/').slice(0, -1).join('/'))
  const hashed = same(hashes)
  const limited = same(limits)
  return {
    checks: [...checks, { name: 'Passwords are hashed', pass: hashed }, { name: 'Sign-in attempts are limited', pass: limited }],
    findings: [...findings, ...(hashed ? [] : [{ severity: 'high' as const, file: login.path, line: login.line, text: 'No password hashing beside this sign-in' }]), ...(limited ? [] : [{ severity: 'medium' as const, file: login.path, line: login.line, text: 'Sign-in attempts are not limited' }])],
    clean: 'no vulnerabilities', noted: 'minor findings noted',
  }
}

function* performanceChecks(files: readonly string[]): Look {
  const [loops, queries, models, indexes, lists] = yield [
    search('^\\s*(async )?for\\s.*(:|\\{)\\s*$', { glob: '**/*.{py,ts,tsx,js,mjs,go,rs,java,cs,php}' }), search('(\\.(execute|query|scalars?)\\(|\\bfetch\\(|requests\\.(get|post)\\()', { glob: '**/*.{py,ts,tsx,js,mjs,go,rb,php}' }),
    search('(mapped_column|Column)\\(', { glob: '**/*.py' }), search('index=True|Index\\(|CREATE INDEX', {}), search('-> list\\[', { glob: '**/*.py' }),
  ]
  const inLoop = (hit: Hit, loop: Hit): boolean => hit.path === loop.path && hit.line > loop.line && hit.line - loop.line <= 4 && indent(hit) > indent(loop)
  const all = within(hitsOf(loops), files).filter((hit) => !isTest(hit.path))
  const nested = all.filter((hit) => all.some((outer) => inLoop(hit, outer)))
  const repeated = within(hitsOf(queries), files).filter((hit) => all.some((loop) => inLoop(hit, loop)))
  const tables = within(hitsOf(models), files)
  const unbounded = within(hitsOf(lists), files).filter((hit) => !isTest(hit.path) && !hit.text.includes('limit'))
  const unindexed = tables.length > 0 && within(hitsOf(indexes), files).length === 0
  return {
    checks: [
      { name: 'No nested loops over the same data', pass: nested.length === 0 }, { name: 'No N+1 queries detected', pass: repeated.length === 0 },
      ...(tables.length === 0 ? [] : [{ name: 'Database indexes present', pass: !unindexed }]), ...(within(hitsOf(lists), files).length === 0 ? [] : [{ name: 'Lists are paged', pass: unbounded.length === 0 }]),
    ],
    findings: [
      ...nested.map((hit): Finding => ({ severity: 'low', file: hit.path, line: hit.line, text: 'A loop in a loop: is there an index that saves it?' })), ...repeated.map((hit): Finding => ({ severity: 'medium', file: hit.path, line: hit.line, text: 'A query or request for each turn of a loop' })),
      ...(unindexed ? [{ severity: 'low' as const, file: tables[0]?.path ?? null, line: tables[0]?.line ?? null, text: 'No column has an index' }] : []), ...unbounded.map((hit): Finding => ({ severity: 'low', file: hit.path, line: hit.line, text: 'A list without a limit' })),
    ],
    clean: 'nothing to optimize found', noted: 'optimizations documented',
  }
}

const indent = (hit: Hit): number => /^\s*/.exec(hit.text)?.[0].length ?? 0
