import { edit, linesOf, read, type Call, type Request, type Result } from './script.ts'

/** What can be put right in a line by itself: the fault, and what stands there instead. */
const remedies: readonly (readonly [RegExp, (line: string) => string])[] = [
  [/shell=True/, (line) => line.replace('shell=True', 'shell=False')],
  [/verify=False/, (line) => line.replace('verify=False', 'verify=True')],
  [/rejectUnauthorized:\s*false/, (line) => line.replace(/rejectUnauthorized:\s*false/, 'rejectUnauthorized: true')],
  [/\beval\(/, (line) => line.replace(/\beval\(/, 'JSON.parse(')],
]

/** Mends the lines that the findings of a review name, `high: src/a.py:12 ...`. Says so where it can't. */
export function* mend(request: Request): Generator<readonly Call[], string, readonly Result[]> {
  const places = (request.subject.gaps ?? []).flatMap((gap) => {
    const found = /^\w+: (\S+?):(\d+) /.exec(gap)
    return found === null ? [] : [{ path: found[1] ?? '', line: Number(found[2]) }]
  })
  if (places.length === 0) return 'Nothing mended: the findings name no line'
  const files = [...new Set(places.map((place) => place.path))]
  const texts = yield files.map((file) => read(file))
  const calls = places.flatMap(({ path, line }): Call[] => {
    const lines = linesOf(texts[files.indexOf(path)])
    const text = lines[line - 1]
    const remedy = text === undefined ? undefined : remedies.find(([pattern]) => pattern.test(text))
    return text === undefined || remedy === undefined || lines.filter((each) => each.includes(text)).length > 1 ? [] : [edit(path, text, remedy[1](text))]
  })
  if (calls.length === 0) return `Nothing mended: ${places.length} findings need a person`
  yield calls
  return `${calls.length} of ${places.length} findings mended`
}
