/** Names for cheap, standard and strong; a data file maps a tier to a model id and prices. */
export type Tier = 'haiku' | 'sonnet' | 'opus'

/** Tokens, as the provider counted them. */
export interface Tokens { readonly input: number; readonly output: number; readonly cacheRead: number; readonly cacheWrite: number }

/** A tool that a role may use: names are our own tools' names. */
export type ToolName = 'read_file' | 'list_files' | 'search_files' | 'write_file' | 'edit_file'

/** An agent definition: a Markdown file with front matter in media/roles. */
export interface Role {
  /** `backend:api-developer-python` */
  readonly name: string
  readonly description: string
  readonly tier: Tier
  readonly tools: readonly ToolName[]
  readonly components: readonly string[]
  readonly languages: readonly string[]
  readonly stage: 'plan' | 'design' | 'implement' | 'test' | 'validate' | 'review' | 'document'
  /** The body of the file: the system prompt. */
  readonly instructions: string
}

/** What one role is asked to do. */
export interface Brief {
  readonly role: Role
  readonly tier: Tier
  /** The model id of the tier, `claude-sonnet-5-5`. */
  readonly model: string
  /** What the work is: user-visible Markdown with labelled data blocks. */
  readonly prompt: string
  /** The same facts for programs (a scripted model, tests): never read by a real model except through `prompt`. */
  readonly subject: BriefSubject
  /** JSON schema of the final answer; undefined: prose. */
  readonly outputSchema?: Readonly<Record<string, unknown>>
}

/** The stage of the work and its data. It is embedded in `prompt` as a labelled JSON block `<brief>...</brief>`. */
export interface BriefSubject {
  readonly kind: 'prd' | 'tasks' | 'design' | 'implement' | 'test' | 'validate' | 'review' | 'document'
  readonly task?: { readonly id: string; readonly title: string; readonly component: string; readonly hours: number; readonly criteria: readonly string[] }
  readonly iteration?: number
  /** Named gaps of the iteration before. */
  readonly gaps?: readonly string[]
  /** Files changed by the task so far, relative to the directory, with `/`. */
  readonly changedFiles?: readonly string[]
  readonly gates?: readonly { readonly name: string; readonly exitCode: number | null; readonly output: string }[]
  /** What a review looks at: `code:python`, `security`, `performance`, `integration`, `documentation`. */
  readonly review?: string
  readonly files?: readonly string[]
  /** The description or outline that a PRD or tasks are made from. */
  readonly source?: string
  readonly prd?: unknown
}

export type ExecutorEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool'; readonly name: ToolName; readonly path: string | undefined; readonly ok: boolean; readonly detail: string }
  | { readonly type: 'usage'; readonly tokens: Tokens; readonly costUsd: number | undefined }

export interface ExecutorResult {
  /** The role's last words: one line of summary is its first line. */
  readonly text: string
  /** The parsed final answer where `outputSchema` was given and the answer is JSON; not yet validated. */
  readonly answer?: unknown
  readonly tokens: Tokens
  /** undefined: unknown (a model without a known price). */
  readonly costUsd: number | undefined
  readonly model: string
  readonly durationMs: number
  /** Files that its tools wrote, relative to the directory, with `/`, sorted. */
  readonly filesWritten: readonly string[]
}

/**
 * Awaited before every write of a file (relative to the directory, with `/`), so that whoever goes on after a crash knows what may be half.
 * `temporary`: the file beside it that takes the text first. When it rejects, nothing is written.
 */
export type BeforeWrite = (file: string, temporary: string) => Promise<void>

/** What carries out one role's work on one task in one directory. */
export interface Executor {
  readonly name: 'simulated' | 'anthropic' | 'acp' | 'vscode-lm'
  readonly simulated: boolean
  /**
   * Works until the role's final answer. Every tool call acts inside `directory` only. Rejects with an AbortError when `signal`
   * aborts, with an ExecutorError when the model can't be reached or answers nonsense (the attempt's usage is in `error.tokens`).
   */
  run(brief: Brief, directory: string, signal: AbortSignal, onEvent: (event: ExecutorEvent) => void, beforeWrite?: BeforeWrite): Promise<ExecutorResult>
}

/**
 * Why an executor gave up. `unreachable`: overload, rate limit, drops, after all retries; later it may work. `configuration`: key, model or request
 * is refused; every task would meet the same. `answer`: the model refused, was cut off, or gave no usable answer to this brief.
 */
export type ExecutorFault = 'unreachable' | 'configuration' | 'answer'

/** The model could not be reached, refused, or broke off: not the task's fault. What was used until then counts. */
export class ExecutorError extends Error {
  override readonly name = 'ExecutorError'
  readonly fault: ExecutorFault
  constructor(message: string, readonly tokens: Tokens, readonly costUsd: number | undefined, options?: ErrorOptions & { readonly fault?: ExecutorFault }) {
    super(message, options)
    this.fault = options?.fault ?? 'unreachable'
  }
}
