import { spawn } from 'node:child_process'

export interface ProcessResult {
  /** null: it could not start, or was ended by a signal or the time limit. */
  readonly exitCode: number | null
  /** stdout and stderr as they came, capped to head and tail. */
  readonly output: string
  readonly durationMs: number
  /** Why there is no exit code. */
  readonly reason?: string
}

export interface ProcessOptions {
  readonly directory: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>
  /** Each end of the output keeps so many characters (default 8,000). */
  readonly keep?: number
}

const graceMs = 500
const termToKillMs = 3_000

/** What a gate may see of our environment: what tools need to be found and to speak, no keys. */
export function allowedEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const allowed = /^(PATH|PATHEXT|HOME|USERPROFILE|USER|LOGNAME|SHELL|TMPDIR|TEMP|TMP|LANG|LC_\w+|TZ|TERM|CI|NO_COLOR|SystemRoot|SystemDrive|ComSpec|windir|APPDATA|LOCALAPPDATA|ProgramData|ProgramFiles.*|JAVA_HOME|GOPATH|GOROOT|GOCACHE|CARGO_HOME|RUSTUP_HOME|VIRTUAL_ENV|NVM_DIR|NODE_EXTRA_CA_CERTS|XDG_\w+)$/i
  return Object.fromEntries(Object.entries(env).flatMap(([key, value]) => (value !== undefined && allowed.test(key) ? [[key, value]] : [])))
}

/**
 * Runs a shell command in its own process group to its end, its time limit or the abort, and never rejects. It settles on exit plus a
 * short grace, not on the end of its output: a child that escaped can hold that open for ever.
 */
export function runCommand(command: string, options: ProcessOptions): Promise<ProcessResult> {
  return new Promise((resolve) => {
    const started = performance.now()
    const output = new HeadAndTail(options.keep ?? 8_000)
    const child = spawn(command, { shell: true, cwd: options.directory, env: options.env, detached: process.platform !== 'win32', stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
    let reason: string | undefined
    let settled = false
    const killGroup = (signal: NodeJS.Signals): void => {
      if (child.pid === undefined) return
      try {
        if (process.platform === 'win32') child.kill(signal)
        else process.kill(-child.pid, signal)
      } catch { /* the group is gone already */ }
    }
    const end = (why: string): void => {
      reason ??= why
      killGroup('SIGTERM')
      setTimeout(() => killGroup('SIGKILL'), termToKillMs).unref()
    }
    const timer = setTimeout(() => end(`not finished after ${options.timeoutMs / 1000} s`), options.timeoutMs)
    const onAbort = (): void => end('stopped')
    if (options.signal.aborted) onAbort()
    options.signal.addEventListener('abort', onAbort, { once: true })
    const settle = (exitCode: number | null): void => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      options.signal.removeEventListener('abort', onAbort)
      killGroup('SIGKILL')
      child.stdout.destroy()
      child.stderr.destroy()
      resolve({ exitCode: reason === undefined ? exitCode : null, output: output.text(), durationMs: Math.round(performance.now() - started), ...(reason === undefined ? {} : { reason }) })
    }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => output.add(chunk))
    child.on('error', (error) => { reason ??= `it can't start: ${error.message}`; settle(null) })
    child.on('close', (code, signal) => { if (code === null) reason ??= `ended by ${signal ?? 'a signal'}`; settle(code) })
    child.on('exit', (code, signal) => setTimeout(() => { if (code === null) reason ??= `ended by ${signal ?? 'a signal'}`; settle(code) }, graceMs))
  })
}

/** Keeps the first and the last `keep` characters of a text of any length. */
class HeadAndTail {
  private head = ''
  private tail = ''
  private dropped = 0
  constructor(private readonly keep: number) {}
  add(chunk: string): void {
    const room = this.keep - this.head.length
    this.head += chunk.slice(0, Math.max(0, room))
    const rest = this.tail + chunk.slice(Math.max(0, room))
    this.dropped += Math.max(0, rest.length - this.keep)
    this.tail = rest.slice(-this.keep)
  }
  text(): string { return this.dropped === 0 ? this.head + this.tail : `${this.head}\n[${this.dropped} characters left out]\n${this.tail}` }
}
