import fs from 'node:fs/promises'
import path from 'node:path'
import picomatch from 'picomatch'
import * as z from 'zod'
import type { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import type { BetaRunnableTool } from '@anthropic-ai/sdk/lib/tools/BetaRunnableTool'
import type { ExecutorEvent, ToolName } from './executor.ts'
import { FileAccessError, type FileAccess } from './file-access.ts'
import { lineMatcher } from './line-matcher.ts'

const skippedFolders = new Set(['.git', '.devteam', 'node_modules', '__pycache__', '.venv', 'dist', 'build', 'target', 'coverage'])
const mostLines = 2_000
const mostFiles = 1_000
const mostMatches = 200
const mostSearched = 5_000

export interface ToolContext {
  readonly access: FileAccess
  readonly onEvent: (event: ExecutorEvent) => void
  /** Called with every file that was written, relative to the directory. */
  readonly onWrite: (file: string) => void
  /** The SDK's own maker of tools, handed in so that the SDK is only loaded when a model is called. */
  readonly makeTool: typeof betaZodTool
}



/** The tools that a role may use, of those named. Each acts inside the directory only; a refusal is an error result that the model reads. */
export function makeTools(names: readonly ToolName[], context: ToolContext): BetaRunnableTool[] {
  const { access, makeTool } = context
  // Tool calls of one reply run at the same time: writes take turns, so that two edits of one file both land.
  let writes: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = writes.then(work)
    writes = next.catch(() => undefined) // the caller sees the failure; the next in line goes on
    return next
  }
  const define = <Shape extends z.ZodType>(name: ToolName, description: string, inputSchema: Shape, pathOf: (input: z.infer<Shape>) => string | undefined, work: (input: z.infer<Shape>) => Promise<{ result: string; detail: string }>) => makeTool({
    name, description, inputSchema,
    run: async (input: z.infer<Shape>) => {
      try {
        const { result, detail } = await work(input)
        context.onEvent({ type: 'tool', name, path: pathOf(input), ok: true, detail })
        return result
      } catch (error) {
        context.onEvent({ type: 'tool', name, path: pathOf(input), ok: false, detail: error instanceof Error ? error.message : String(error) })
        throw error
      }
    },
  })
  const file = z.string().min(1).describe('Path relative to the working directory, with /')

  const all: Record<ToolName, () => BetaRunnableTool> = {
    read_file: () => define('read_file', `Reads a text file. Every line comes with its number and a tab before it. At most ${mostLines} lines at once.`,
      z.object({ path: file, from_line: z.int().min(1).optional(), to_line: z.int().min(1).optional() }), (input) => input.path,
      async (input) => {
        const lines = linesOf(await access.read(input.path))
        const from = input.from_line ?? 1
        const to = Math.min(input.to_line ?? lines.length, lines.length, from + mostLines - 1)
        const shown = lines.slice(from - 1, to).map((line, i) => `${from + i}\t${line}`)
        const rest = to < lines.length ? [`[${lines.length - to} more lines: read from line ${to + 1}]`] : []
        return { result: lines.length === 0 ? '[the file is empty]' : from > lines.length ? `[the file has ${lines.length} lines]` : [...shown, ...rest].join('\n'), detail: `${shown.length} lines` }
      }),
    list_files: () => define('list_files', 'Lists the files below a folder, one a line, dependencies and build output left out.',
      z.object({ path: file.optional(), glob: z.string().optional().describe('Only files that match, e.g. **/*.py') }), (input) => input.path ?? '.',
      async (input) => {
        const { files, more } = await filesBelow(access, input.path ?? '.', input.glob, mostFiles)
        return { result: files.length === 0 ? '[no files]' : [...files, ...(more ? [`[more than ${mostFiles} files: name a folder or a glob]`] : [])].join('\n'), detail: `${files.length} files` }
      }),
    search_files: () => define('search_files', 'Searches file by file, line by line. Gives path:line: text. The pattern is a regular expression (RE2 syntax: no lookaround, no backreferences) without regard to case, or plain text with literal: true.',
      z.object({ pattern: z.string().min(1).max(1_000), path: file.optional(), glob: z.string().optional(), literal: z.boolean().optional() }), (input) => input.path ?? '.',
      async (input) => {
        const matches = await lineMatcher(input.pattern, input.literal ?? false)
        const { files } = await filesBelow(access, input.path ?? '.', input.glob, mostSearched)
        const found: string[] = []
        for (const each of files) {
          if (found.length > mostMatches) break
          const text = await access.read(each).catch(() => '') // binary and too large files have no lines to find
          linesOf(text).forEach((line, i) => { if (matches(line)) found.push(`${each}:${i + 1}: ${line.length > 300 ? `${line.slice(0, 300)}...` : line}`) })
        }
        const shown = found.slice(0, mostMatches)
        return { result: found.length === 0 ? '[no matches]' : [...shown, ...(found.length > mostMatches ? [`[more than ${mostMatches} matches: narrow the search]`] : [])].join('\n'), detail: `${shown.length} matches` }
      }),
    write_file: () => define('write_file', 'Writes a text file whole, making its folders. To change a part of a file that exists, use edit_file.',
      z.object({ path: file, content: z.string().max(1_000_000) }), (input) => input.path,
      async (input) => inTurn(async () => {
        const place = await access.write(input.path, input.content)
        context.onWrite(place.relative)
        return { result: `Wrote ${place.relative} (${linesOf(input.content).length} lines).`, detail: `${linesOf(input.content).length} lines` }
      })),
    edit_file: () => define('edit_file', 'Replaces one piece of text in a file. The old text must occur exactly once, without line numbers.',
      z.object({ path: file, old_text: z.string().min(1), new_text: z.string() }), (input) => input.path,
      async (input) => inTurn(async () => {
        const { place, line } = await access.edit(input.path, input.old_text, input.new_text)
        context.onWrite(place.relative)
        return { result: `Changed ${place.relative} from line ${line}.`, detail: `line ${line}` }
      })),
  }
  return [...new Set(names)].map((name) => all[name]())
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

/** Files below a folder in the order of their names, links left out: a link may lead outside. */
async function filesBelow(access: FileAccess, below: string, glob: string | undefined, limit: number): Promise<{ files: string[]; more: boolean }> {
  const matches = glob === undefined ? () => true : picomatch(glob, { dot: true })
  const start = await access.place(below)
  const stat = await fs.lstat(start.full).catch(() => undefined)
  if (stat === undefined) throw new FileAccessError(`There is no folder ${below}.`)
  if (stat.isFile()) return { files: [start.relative], more: false }
  const files: string[] = []
  const folders = [start]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = (await fs.readdir(folder.full, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
    const inner = []
    for (const entry of entries) {
      const place = { full: path.join(folder.full, entry.name), relative: folder.relative === '' ? entry.name : `${folder.relative}/${entry.name}` }
      if (entry.isDirectory()) { if (!skippedFolders.has(entry.name)) inner.push(place) } else if (entry.isFile() && (matches(place.relative) || matches(entry.name))) {
        if (files.length >= limit) return { files, more: true }
        files.push(place.relative)
      }
    }
    folders.push(...inner.reverse())
  }
  return { files, more: false }
}
