import { isUtf8 } from 'node:buffer'
import fs from 'node:fs'
import path from 'node:path'
import { parse } from '@humanwhocodes/momoa'
import type * as z from 'zod'
import { idWayOut } from '../ids.ts'
import type { Problem } from '../problem.ts'
import { repeatedKeys } from './repeated-keys.ts'

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] }

/** Node makes an object like this one for each file that is read as 'utf8'. */
const asText = { encoding: 'utf8', flag: 'r' } as const

/** `isPlainFile`: no link, no pipe, as the caller knows from the folder's entries; else it is looked up. */
type Reader = (name: string, isPlainFile?: boolean) => Read<unknown> | undefined

const bad = (where: string, what: string, wayOut: string): Read<unknown> => ({ ok: false, problems: [{ where, what, wayOut }] })

/** A file below `root` as JSON; undefined where there is none. `name`: its path from root with `/`. Links that lead out of root are refused. */
// eslint-disable-next-line @typescript-eslint/require-await -- errors of the disk reject
export async function readJson(root: string, name: string): Promise<Read<unknown> | undefined> {
  return jsonReader(root, path.posix.dirname(name))(path.posix.basename(name))
}

/**
 * Reads files of one folder below `root` as `readJson` does. The folder is looked at once. Waits for the disk: of thousands of small files, most of the
 * time would go into promises.
 */
export function jsonReader(root: string, folder: string): Reader {
  const place = path.join(root, folder)
  let realFolder: string | undefined
  return (base, isPlainFile = false) => {
    const name = `${folder}/${base}`
    const file = `${place}${path.sep}${base}`
    let text: string
    try {
      if (realFolder === undefined) {
        const found = fs.realpathSync(place)
        if (!isInside(fs.realpathSync(root), found)) return bad(folder, `is a link that leads out of ${root}`, 'Put the folder itself there')
        realFolder = found
      }
      if (!isPlainFile) {
        if (fs.lstatSync(file).isSymbolicLink() && !isInside(realFolder, fs.realpathSync(file))) return bad(name, 'is a link that leads out of its folder', 'Put the file itself there')
        const found = fs.statSync(file)
        if (!found.isFile() && !found.isDirectory()) return bad(name, 'is a pipe, a socket or a device', 'Put a file there') // reading one may never end
      }
      const read = fs.readFileSync(file, asText)
      if (read.includes('\uFFFD') && !isUtf8(fs.readFileSync(file))) return bad(name, 'is not UTF-8 text', 'Save it as UTF-8')
      text = read.startsWith('\uFEFF') ? read.slice(1) : read
    } catch (error) {
      return unreadable(name, file, error as NodeJS.ErrnoException)
    }
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      return bad(name, `is not JSON: ${syntaxError(text, error as Error)}`, 'Mend it there')
    }
    const repeated = repeatedKeys(text, value)
    if (repeated.length === 0) return { ok: true, value }
    return { ok: false, problems: repeated.map(({ key, first, again }) => ({ where: name, what: `line ${again.line}, column ${again.column}: has ${JSON.stringify(key)} again, which is in line ${first.line} already`, wayOut: 'Leave one of them' })) }
  }
}

function unreadable(name: string, file: string, { code, message }: NodeJS.ErrnoException): Read<unknown> | undefined {
  if (code === 'ENOENT' && fs.lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined
  if (code === 'ENOENT') return bad(name, 'is a link to a file that is not there', 'Put the file itself there')
  if (code === 'ELOOP') return bad(name, 'is a link to itself', 'Put the file itself there')
  if (code === 'EISDIR') return bad(name, 'is a folder', 'Move it away')
  return bad(name, `can't be read: ${message}`, 'Make it readable')
}

/** Where and why a text is not JSON. The parser of the platform does not always say where; momoa does. */
export function syntaxError(text: string, error: Error): string {
  if (text.trim() === '') return 'line 1, column 1: the file is empty'
  try {
    parse(text)
  } catch (located) {
    const { line, column, message } = located as Error & { line?: number; column?: number }
    if (line !== undefined && column !== undefined) return `line ${line}, column ${column}: ${message.replace(/\s*\(\d+:\d+\)$/, '').replace(/\.$/, '')}`
  }
  const position = Number(/position (\d+)/.exec(error.message)?.[1] ?? 0)
  const before = text.slice(0, position).split('\n')
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}: ${error.message.replace(/\.$/, '')}`
}

export const isInside = (folder: string, file: string): boolean => {
  const relative = path.relative(folder, file)
  return relative !== '' && !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..'
}

/** What zod found wrong, a problem for each field. The issues carry the values (`reportInput`). */
export function zodProblems(name: string, error: z.ZodError): Problem[] {
  return error.issues.map((issue) => {
    const field = issue.path.map(String).join('.')
    const wayOut = wayOuts[field] ?? wayOuts[String(issue.path[0])]
    return { where: name, ...(field === '' ? {} : { field }), what: whatOf(issue, wayOut !== undefined), wayOut: wayOut ?? 'See the format of the file in the documentation' }
  })
}

/** `isSaid`: the way out says what may stand there. */
function whatOf(issue: z.core.$ZodIssue, isSaid: boolean): string {
  if (issue.input === undefined) return 'is missing'
  const value = typeof issue.input === 'number' ? String(issue.input) : JSON.stringify(issue.input)
  const shown = value.length > 60 ? `${value.slice(0, 60)}...` : value
  if (issue.code === 'custom') return `is ${shown}, which ${issue.message}`
  return isSaid ? `is ${shown}` : `is ${shown}, which won't do (${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)})`
}

const wayOuts: Readonly<Record<string, string>> = {
  id: idWayOut,
  title: 'Give a title of a few words',
  estimated_hours: 'Give a number of hours above 0 and at most 1000000, without quotes, such as 8',
  dependencies: 'Give a list of task ids, such as ["TASK-001"], or []',
  acceptance_criteria: 'Give a list of texts, or []',
  scope: 'Give {"allowed_patterns": ["backend/auth/**"]}, or leave it out',
  estimate: 'Give {"low": 5, "high": 14} in hours, or leave it out',
  priority: 'Use "high", "medium" or "low"',
  component: 'Name a part of the project, such as "backend"',
  project: 'Name the project',
  requirements: 'Give {"must_have": [{"id": "F001", "description": "..."}], "should_have": []}',
}
