import { allowedPatterns, placeFor, textOf, workOf, type Artifact } from './artifact.ts'
import { deliverable } from './artifacts.ts'
import { mend } from './mend.ts'
import { capital, midSentence, plain } from './naming.ts'
import { chance } from './random.ts'
import { edit, linesOf, read, write, type Call, type Request, type Script } from './script.ts'

/** What a developer's first attempt leaves out: named criteria, and by chance one more. */
export interface Luck {
  readonly seed: number
  readonly failureRate: number
  readonly firstAttemptMisses: Readonly<Record<string, readonly string[]>>
}

/** Writes the files of a task; on a retry reads them and adds what is missing. Without a task it mends what a review found. */
export function* implement(request: Request, luck: Luck): Script {
  if (request.subject.task === undefined) return yield* mend(request)
  const work = workOf(request)
  const patterns = allowedPatterns(request.prompt)
  const { summary, files: planned } = deliverable(work)
  const files = planned.flatMap((file) => { const path = placeFor(file.path, patterns); return path === undefined ? [] : [{ ...file, path }] })
  if (files.length === 0) return `Nothing written: none of the allowed patterns (${patterns.join(', ')}) takes a file of this task`
  const gaps = request.subject.gaps ?? []
  if (gaps.length === 0) {
    const left = leftOut(request, luck)
    const wanted = work.criteria.filter((criterion) => !left.has(criterion))
    yield writes(files, wanted)
    return `${summary} (${wanted.length})`
  }
  return yield* retry(files, work.criteria, gaps, summary)
}

const writes = (files: readonly Artifact[], criteria: readonly string[]): Call[] => {
  const needed = files.filter((file) => file.blocks.some((block) => criteria.includes(block.criterion)) || files.length === 1)
  return needed.map((file) => write(file.path, textOf(file, criteria)))
}

/** What the first attempt forgets: named criteria, and now and then one by chance. */
function leftOut(request: Request, luck: Luck): Set<string> {
  const { task, iteration = 1 } = request.subject
  if (task === undefined || iteration > 1) return new Set()
  const named = luck.firstAttemptMisses[task.id] ?? []
  const left = new Set(task.criteria.filter((criterion) => named.includes(criterion)))
  if (chance(luck.seed, 'fails', task.id) < luck.failureRate) {
    const unlucky = task.criteria[Math.floor(chance(luck.seed, 'criterion', task.id) * task.criteria.length)]
    if (unlucky !== undefined) left.add(unlucky)
  }
  return left
}

function* retry(files: readonly Artifact[], criteria: readonly string[], gaps: readonly string[], summary: string): Generator<readonly Call[], string, readonly { readonly text: string; readonly isError: boolean }[]> {
  const found = yield files.map((file) => read(file.path))
  const present = files.map((file, i) => { const lines = linesOf(found[i]); return file.blocks.filter((block) => has(lines, block.lines)) })
  const there = new Set(present.flat().map((block) => block.criterion))
  const named = criteria.filter((criterion) => gaps.some((gap) => gap.toLowerCase().includes(criterion.toLowerCase())))
  const missing = criteria.filter((criterion) => !there.has(criterion) || (named.includes(criterion) && !there.has(criterion)))
  if (missing.length === 0) { // what is asked for is there as far as a look can tell: write it anew
    yield writes(files, criteria)
    return `${summary} anew (${criteria.length})`
  }
  const calls = files.flatMap((file, i): Call[] => {
    const blocks = file.blocks.filter((block) => missing.includes(block.criterion))
    if (blocks.length === 0) return []
    const lines = linesOf(found[i])
    if (lines.length === 0) return [write(file.path, textOf(file, criteria))]
    // Each new block goes before the block, or the foot, that follows it in the whole file and is there already.
    return blocks.map((block) => {
      const after = [...file.blocks.slice(file.blocks.indexOf(block) + 1).filter((each) => present[i]?.includes(each)).map((each) => each.lines), file.foot].find((each) => each.length > 0)
      const anchor = after?.find((line) => line.trim() !== '')
      if (anchor !== undefined && lines.filter((line) => line === anchor).length === 1) return edit(file.path, `\n${anchor}\n`, `\n${trimmed(block.lines).join('\n')}\n\n${spacer(block.lines)}${anchor}\n`)
      const last = lines.at(-1) ?? ''
      return lines.filter((line) => line.includes(last)).length === 1 && last !== '' && blocks.length === 1 ? edit(file.path, last, `${last}\n\n${block.lines.join('\n')}`) : write(file.path, textOf(file, criteria))
    })
  })
  yield calls
  return `${missing.map((criterion, i) => (i === 0 ? capital(plain(criterion)) : midSentence(plain(criterion)))).join(', ')} added`
}

const trimmed = (lines: readonly string[]): readonly string[] => (lines[0] === '' ? lines.slice(1) : lines)
const spacer = (lines: readonly string[]): string => (lines[0] === '' ? '\n' : '')

const has = (lines: readonly string[], block: readonly string[]): boolean => {
  const first = block.find((line) => line.trim() !== '')
  return first !== undefined && lines.includes(first)
}
