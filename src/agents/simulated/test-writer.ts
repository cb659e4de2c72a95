import path from 'node:path/posix'
import { allowedPatterns, placeFor, workOf } from './artifact.ts'
import { kebab, plain } from './naming.ts'
import { hitsOf, isCode, linesOf, read, search, write, type Request, type Script } from './script.ts'

/** How a definition looks, by the end of a file's name. The first group is its name. */
const definitions: Readonly<Record<string, RegExp>> = {
  py: /^(?:async )?(?:def|class) ([A-Za-z]\w*)/, ts: /^export (?:async )?(?:function|class) (\w+)/, tsx: /^export (?:async )?(?:function|class) (\w+)/, js: /^export (?:async )?(?:function|class) (\w+)/, mjs: /^export (?:async )?(?:function|class) (\w+)/,
  go: /^func ([A-Z]\w*)/, rs: /^pub fn (\w+)/, java: /^\s+public [\w<>]+ (\w+)\(/, cs: /^\s+public [\w<>]+ (\w+)\(/, rb: /^\s+def (?:self\.)?(\w+)/, php: /^\s+public function (\w+)/,
}
const mostFiles = 12

interface Tested { readonly file: string; readonly definitions: readonly { readonly name: string; readonly line: string }[] }

/** Writes tests, in Node's own test runner, of what the files really define. */
export function* writeTests(request: Request): Script {
  const work = workOf(request)
  let files = (request.subject.changedFiles ?? []).filter((file) => isCode(file) && definitionsOf(file) !== undefined).slice(0, mostFiles)
  if (files.length === 0) { // git knows of no change yet: the files name what they are for
    const hits = yield [search(work.id, { literal: true }), ...work.criteria.map((criterion) => search(criterion, { literal: true }))]
    files = [...new Set(hits.flatMap(hitsOf).map((hit) => hit.path))].filter((file) => isCode(file) && definitionsOf(file) !== undefined).slice(0, mostFiles)
  }
  if (files.length === 0) return 'No tests written: there is no code of this task to test'
  const texts = yield files.map(read)
  const tested = files.map((file, i): Tested => ({ file, definitions: linesOf(texts[i]).flatMap((line) => { const name = definitionsOf(file)?.exec(line)?.[1]; return name === undefined ? [] : [{ name, line: line.trimEnd() }] }) }))
    .filter((each) => each.definitions.length > 0)
  const target = placeFor(`tests/${kebab(work.title)}.test.mjs`, allowedPatterns(request.prompt))
  if (target === undefined || tested.length === 0) return target === undefined ? 'No tests written: the task allows no file for them' : 'No tests written: the files define nothing to test'
  const { text, count } = testFile(work.id, work.title, target, tested)
  yield [write(target, text)]
  return `Unit tests written (${count} ${count === 1 ? 'test' : 'tests'})`
}

const definitionsOf = (file: string): RegExp | undefined => { const end = file.split('.').at(-1) ?? ''; return Object.hasOwn(definitions, end) ? definitions[end] : undefined }

function testFile(id: string, title: string, target: string, tested: readonly Tested[]): { text: string; count: number } {
  const tests = tested.flatMap(({ file, definitions: found }) => {
    const address = JSON.stringify(path.relative(path.dirname(target), file))
    return [
      ...found.map(({ name, line }) => [
        `test(${JSON.stringify(`${id}: ${file} defines ${name}`)}, () => {`, `  const lines = linesOf(${address})`, `  const at = lines.indexOf(${JSON.stringify(line)})`,
        '  assert.notEqual(at, -1, \'the definition is gone\')', '  assert.ok(lines.slice(at + 1, at + 4).some((line) => /\\S/.test(line)), \'nothing is in it\')', '})',
      ]),
      [`test(${JSON.stringify(`${id}: ${file} is whole`)}, () => {`, `  const lines = linesOf(${address})`, '  assert.equal(lines.at(-1), \'\', \'no newline at its end\')', `  assert.ok(lines.every((line) => !/^(<{7}|>{7}) /.test(line)), 'a conflict mark')`, '})'],
    ]
  })
  const head = [`// Tests of ${id}: ${plain(title)}`, 'import assert from \'node:assert/strict\'', 'import fs from \'node:fs\'', 'import test from \'node:test\'', '', 'const linesOf = (file) => fs.readFileSync(new URL(file, import.meta.url), \'utf8\').split(\'\\n\')']
  return { text: `${[head, ...tests].map((part) => part.join('\n')).join('\n\n')}\n`, count: tests.length }
}
