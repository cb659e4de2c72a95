import fs from 'node:fs/promises'
import path from 'node:path'
import { parse } from '@humanwhocodes/momoa'
import type { z } from 'zod'
import type { Problem } from './problem.ts'

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] }

/** A file below `root` as JSON; undefined where there is none. `name`: its path from root with `/`. Links that lead out of root are refused. */
export async function readJson(root: string, name: string): Promise<Read<unknown> | undefined> {
  const bad = (what: string, wayOut: string): Read<unknown> => ({ ok: false, problems: [{ where: name, what, wayOut }] })
  let bytes: Buffer
  try {
    const real = await fs.realpath(path.join(root, name))
    const folder = await fs.realpath(path.join(root, path.posix.dirname(name)))
    if (!isInside(await fs.realpath(root), folder)) return bad(`is in a folder that is a link out of ${root}`, 'Put the folder itself there')
    if (!isInside(folder, real)) return bad('is a link that leads out of its folder', 'Put the file itself there')
    bytes = await fs.readFile(real)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' && !(await fs.lstat(path.join(root, name)).then(() => true, () => false))) return undefined
    if (code === 'ENOENT') return bad('is a link to a file that is not there', 'Put the file itself there')
    if (code === 'ELOOP') return bad('is a link to itself', 'Put the file itself there')
    if (code === 'EISDIR') return bad('is a folder', 'Move it away')
    return bad(`can't be read: ${(error as Error).message}`, 'Make it readable')
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes) // drops a byte order mark
  } catch {
    return bad('is not UTF-8 text', 'Save it as UTF-8')
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch (error) {
    return bad(`is not JSON: ${syntaxError(text, error as Error)}`, 'Mend it there')
  }
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
    return { where: name, ...(field === '' ? {} : { field }), what: whatOf(issue), wayOut: wayOuts[field] ?? wayOuts[String(issue.path[0])] ?? 'See the format of the file in the documentation' }
  })
}

function whatOf(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined) return 'is missing'
  const value = JSON.stringify(issue.input)
  const shown = value.length > 60 ? `${value.slice(0, 60)}...` : value
  return issue.code === 'custom' ? `is ${shown}, which ${issue.message}` : `is ${shown}, which won't do (${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)})`
}

const wayOuts: Readonly<Record<string, string>> = {
  id: 'Use letters, digits, "-", "_" and ".", at most 64 characters, such as "TASK-001"',
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
