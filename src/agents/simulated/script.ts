import type { BriefSubject, ToolName } from '../executor.ts'

/** A tool call that the scripted model makes, and what came back. */
export interface Call { readonly name: ToolName; readonly input: Readonly<Record<string, unknown>> }
export interface Result { readonly text: string; readonly isError: boolean }

/** What the scripted model knows: what stands in the request, and nothing else. */
export interface Request {
  /** From the system prompt. */
  readonly role: string
  readonly subject: BriefSubject
  /** The whole first message. */
  readonly prompt: string
  /** JSON schema of the answer, where one is asked for. */
  readonly schema: Readonly<Record<string, unknown>> | undefined
  /** The results of the calls so far, reply by reply. */
  readonly rounds: readonly (readonly Result[])[]
}

/** The course of one conversation: each `yield` is a reply with tool calls, the end is the final text. */
export type Script = Generator<readonly Call[], string, readonly Result[]>

export type Step = { readonly kind: 'calls'; readonly calls: readonly Call[] } | { readonly kind: 'final'; readonly text: string }

/**
 * The next reply. A request holds the whole conversation, so the script runs from its start over the results that are there; the model keeps
 * nothing between requests.
 */
export function nextStep(script: Script, rounds: readonly (readonly Result[])[]): Step {
  let state = script.next([])
  for (const results of rounds) {
    if (state.done === true) break
    state = script.next(results)
  }
  return state.done === true ? { kind: 'final', text: state.value } : { kind: 'calls', calls: state.value }
}

export const read = (path: string): Call => ({ name: 'read_file', input: { path } })
export const write = (path: string, content: string): Call => ({ name: 'write_file', input: { path, content } })
export const edit = (path: string, oldText: string, newText: string): Call => ({ name: 'edit_file', input: { path, old_text: oldText, new_text: newText } })
export const search = (pattern: string, more: { glob?: string; path?: string; literal?: boolean } = {}): Call => ({ name: 'search_files', input: { pattern, ...more } })

/** Lines as `read_file` gave them, line 1 first. */
export const linesOf = (result: Result | undefined): string[] => (result === undefined || result.isError || result.text.startsWith('[') ? [] : result.text.split('\n').flatMap((line) => {
  const tab = line.indexOf('\t')
  return tab > 0 && /^\d+$/.test(line.slice(0, tab)) ? [line.slice(tab + 1)] : []
}))

export interface Hit { readonly path: string; readonly line: number; readonly text: string }
/** Matches as `search_files` gave them. */
export const hitsOf = (result: Result | undefined): Hit[] => (result === undefined || result.isError ? [] : result.text.split('\n').flatMap((line) => {
  const found = /^(.+?):(\d+): (.*)$/.exec(line)
  return found === null ? [] : [{ path: found[1] ?? '', line: Number(found[2]), text: found[3] ?? '' }]
}))

/** The task of a brief that must have one. */
export function taskOf(request: Request): NonNullable<BriefSubject['task']> {
  if (request.subject.task === undefined) throw new Error(`The brief of ${request.role} has no task`)
  return request.subject.task
}

export const isTest = (file: string): boolean => /(?:^|\/)tests?\//.test(file) || /\.(?:test|spec)\.[a-z]+$/.test(file)
const isDesign = (file: string): boolean => /^docs\/(?:api|design|planning|sprints|sprint-notes)\//.test(file)
export const isCode = (file: string): boolean => !isTest(file) && !isDesign(file)
