import { languageOf } from '../languages.ts'
import { midSentence } from './naming.ts'
import { hitsOf, isCode, linesOf, read, search, taskOf, type Call, type Request, type Result, type Script } from './script.ts'

type FileEvidence = { readonly kind: 'file'; readonly path: string; readonly startLine: number; readonly endLine: number }
const mostFiles = 30

/** Looks for each criterion in the files that were changed, then in the whole tree, and says where it is met. */
export function* validate(request: Request): Script {
  const { criteria } = taskOf(request)
  const changed = request.subject.changedFiles ?? []
  const files = changed.filter(isCode).slice(0, mostFiles)
  const texts = new Map<string, readonly string[]>()
  if (files.length > 0) yield* look(files, texts)
  let found = new Map(criteria.map((criterion) => [criterion, evidenceFor(criterion, texts, criteria)]))
  const open = criteria.filter((criterion) => found.get(criterion) === undefined)
  if (open.length > 0) { // the work of an earlier task may meet it
    const hits = yield open.map((criterion) => search(criterion, { literal: true }))
    const elsewhere = [...new Set(hits.flatMap(hitsOf).map((hit) => hit.path))].filter((path) => isCode(path) && !texts.has(path) && (languageOf(path) !== undefined || path.startsWith('infra/'))).slice(0, mostFiles)
    if (elsewhere.length > 0) {
      yield* look(elsewhere, texts)
      found = new Map(criteria.map((criterion) => [criterion, evidenceFor(criterion, texts, criteria)]))
    }
  }
  const failed = request.subject.gates?.filter((gate) => gate.exitCode !== 0) ?? []
  const missing = criteria.filter((criterion) => found.get(criterion) === undefined)
  const gaps = [...(missing.length > 0 ? [`Missing ${missing.map(midSentence).join(', ')}`] : []), ...failed.map((gate) => `Gate ${gate.name} fails`)]
  return JSON.stringify({
    criteria: criteria.map((criterion) => { const evidence = found.get(criterion); return { criterion, pass: evidence !== undefined, evidence: evidence === undefined ? [] : [evidence] } }),
    gap: gaps.length === 0 ? null : gaps.join('; '),
  })
}

function* look(files: readonly string[], texts: Map<string, readonly string[]>): Generator<readonly Call[], void, readonly Result[]> {
  const results = yield files.map(read)
  files.forEach((file, i) => texts.set(file, linesOf(results[i])))
}

/** The lines that meet a criterion: where it is named, to where the next one is named. A name that nothing follows is no evidence. */
function evidenceFor(criterion: string, texts: ReadonlyMap<string, readonly string[]>, criteria: readonly string[]): FileEvidence | undefined {
  const owner = (line: string): string | undefined => longestNamed(line.toLowerCase(), criteria)
  for (const [path, lines] of texts) {
    const named = lines.findIndex((line) => owner(line) === criterion)
    if (named < 0) continue
    const next = lines.findIndex((line, i) => i > named && ![undefined, criterion].includes(owner(line)))
    let end = next < 0 ? lines.length : next
    const start = definitionBefore(lines, named)
    if (next >= 0) end = definitionBefore(lines, next)
    while (end > named + 1 && (lines[end - 1] ?? '').trim() === '') end -= 1
    if (lines.slice(named + 1, end).some((line) => line.trim() !== '' && !isComment(line))) return { kind: 'file', path, startLine: start + 1, endLine: end }
  }
  return undefined
}

/** The criterion that a line names; of two that it holds, as `Errors of reports` holds `Reports`, the longer one. */
function longestNamed(line: string, criteria: readonly string[]): string | undefined {
  const named = criteria.filter((each) => line.includes(each.toLowerCase().replaceAll(/["'`\\]/g, '')))
  return named.sort((a, b) => b.length - a.length)[0]
}

/** A docstring stands inside of its definition: the block begins some lines before it. */
function definitionBefore(lines: readonly string[], named: number): number {
  let start = named
  while (start > 0 && (lines[start - 1] ?? '').trim() !== '' && named - start < 3 && !isComment(lines[named] ?? '')) start -= 1
  return start
}

const isComment = (line: string): boolean => /^\s*(?:#(?!!)|\/\/|\/\*|\*|--|"""|<!--)/.test(line) && !/^\s*"""/.test(line)
