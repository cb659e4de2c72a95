import { parseDocument } from 'yaml'
import { refuse, type Problem } from '../problem.ts'
import { importedOf, unusedKeys, type Draft, type Imported, type ImportFile } from './imported.ts'
import { priorityOf } from './priority.ts'

const tool = 'Backlog.md'
/** It ends where Backlog.md ends it: at the first line that begins with dashes, whatever follows them. */
const frontMatter = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---/
const used = ['id', 'title', 'status', 'priority', 'dependencies', 'labels', 'milestone']

/** The files of a backlog: those directly in `tasks/` and `completed/`, and `config.yml`. */
export interface BacklogFiles { readonly tasks: readonly ImportFile[]; readonly completed: readonly ImportFile[]; readonly config: ImportFile | undefined }

/** Is this a task of Backlog.md: Markdown whose front matter has an id and a title? */
export function isBacklogTask(text: string): boolean {
  const matter = frontMatter.exec(text)?.[1] ?? ''
  return /^id:/m.test(matter) && /^title:/m.test(matter)
}

/** `backlog/`. Throws UserError('input') that names the file. */
export function readBacklog({ tasks, completed, config }: BacklogFiles, source: string): Imported {
  const warnings: string[] = []
  const problems: Problem[] = []
  const statuses = config === undefined ? [] : textsOf(yaml(config.path, config.text, problems).statuses)
  const doneStates = new Set(['done', ...statuses.slice(-1).map((status) => status.toLowerCase())])
  const records: Readonly<Record<string, unknown>>[] = []
  const read = (file: ImportFile, isCompleted: boolean): Draft[] => {
    const parts = frontMatter.exec(file.text)
    if (parts === null) {
      warnings.push(`${file.path} has no front matter, it was left out`)
      return []
    }
    const record = yaml(file.path, parts[1] ?? '', problems, 1)
    records.push(record)
    return [draftOf(file.path, record, file.text.slice(parts[0].length), (state) => isCompleted || doneStates.has(state.toLowerCase()), warnings)]
  }
  const drafts = [...tasks.flatMap((file) => read(file, false)), ...completed.flatMap((file) => read(file, true))]
  refuse(problems)
  warnings.push(...unusedKeys(tool, records, used))
  return importedOf({ tool, drafts, warnings, defaults: 'high 8 h, medium or none 4 h, low 2 h', sameId: (id) => id.toLowerCase() }, source)
}

/** The folder that a `backlog.config.yml` beside it names. */
export const backlogFolder = (config: ImportFile): string => textOf(yaml(config.path, config.text, []).backlog_directory)

/** YAML as texts alone: an id such as 4.10 is no number. `before`: lines of the file above it. */
function yaml(path: string, text: string, problems: Problem[], before = 0): Record<string, unknown> {
  const plain = valueOf(text)
  // Names with an @, titles with a colon or a star are written without quotes by hand, and Backlog.md takes them.
  const read = plain.error === undefined ? plain : valueOf(text.split('\n').map(quoted).join('\n'))
  if (read.error !== undefined) problems.push({ where: `${path}, line ${read.line + before}`, what: `has YAML that can't be read: ${read.error}`, wayOut: 'Mend it there' })
  return typeof read.value === 'object' && read.value !== null && !Array.isArray(read.value) ? { ...read.value } : {}
}

function valueOf(text: string): { readonly value?: unknown; readonly error?: string; readonly line: number } {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'error' })
  const [error] = document.errors
  if (error !== undefined) return { error: error.message.replace(/(?: at line \d+, column \d+)?:?(?:\n[\s\S]*)?$/, ''), line: error.linePos?.[0].line ?? 1 }
  try { return { value: document.toJS(), line: 1 } } catch (thrown) {
    if (thrown instanceof ReferenceError) return { error: thrown.message, line: 1 }
    throw thrown
  }
}

function quoted(line: string): string {
  const [, start, value] = /^(\s*-\s+|\s*[\w-]+:\s+)(.*?)\s*$/.exec(line) ?? []
  if (start === undefined || value === undefined || value === '' || /^(?:["'>|]|\[[^\]]*$|\{[^}]*$)/.test(value)) return line
  if (/^\[.*\]$/.test(value)) return start + value.replace(/@[^\s,\]]+/g, (name) => JSON.stringify(name))
  return start + JSON.stringify(value)
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(textOf) : textOf(value).split(',').map((text) => text.trim())).filter((text) => text !== '')

function draftOf(path: string, record: Readonly<Record<string, unknown>>, body: string, isDone: (state: string) => boolean, warnings: string[]): Draft {
  const stem = (path.split('/').at(-1) ?? path).replace(/\.md$/i, '')
  const id = textOf(record.id) === '' ? (/^\S+/.exec(stem)?.[0] ?? stem) : textOf(record.id)
  if (textOf(record.id) === '') warnings.push(`${path} names no id; ${id} was taken from its name`)
  const priority = priorityOf(textOf(record.priority), path, warnings)
  const { criteria, rest } = criteriaOf(body)
  const labels = textsOf(record.labels)
  const milestone = textOf(record.milestone)
  const description = [rest, ...(labels.length === 0 ? [] : [`Labels: ${labels.join(', ')}`]), ...(milestone === '' ? [] : [`Milestone: ${milestone}`])].filter((text) => text !== '').join('\n\n')
  return {
    id, where: path, title: textOf(record.title) === '' ? stem : textOf(record.title), description, signs: { labels, texts: [textOf(record.title), rest] }, acceptanceCriteria: criteria, priority,
    dependencies: textsOf(record.dependencies), completed: isDone(textOf(record.status)), hours: { value: { high: 8, medium: 4, low: 2 }[priority], guessed: true },
  }
}

/** The items of the section "Acceptance Criteria", and the text without it and without the marks of sections. */
function criteriaOf(body: string): { criteria: string[]; rest: string } {
  const criteria: string[] = []
  const rest: string[] = []
  let isInside = false
  for (const line of body.replace(/<!--[\s\S]*?-->/g, '').split(/\r?\n/)) {
    const title = /^##\s+(.*?)\s*$/.exec(line)?.[1]
    if (title !== undefined) isInside = /^acceptance criteria\b/i.test(title)
    const text = /^\s*[-*+]\s+(?:\[[ xX]\]\s*)?(?:#\d+\s+)?(.*)$/.exec(line)?.[1]
    if (isInside && title !== undefined) continue
    if (isInside && text !== undefined && text !== '') criteria.push(text)
    else if (isInside && line.trim() !== '' && criteria.length > 0) criteria.push(`${criteria.pop() ?? ''} ${line.trim()}`)
    else rest.push(line)
  }
  return { criteria, rest: rest.join('\n').replace(/\n{3,}/g, '\n\n').trim() }
}
