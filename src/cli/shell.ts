import { UserError } from '../plan/errors.ts'

/** What a command sees of the world. Built once in main.ts. */
export interface Shell {
  /** Where the user stands: an absolute path. */
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** media/ of this installation. */
  readonly media: string
  /** How this command is called here: `devteam`, or `node .../devteam.cjs` where it is not on the PATH. */
  readonly program: string
  /** sql.js's WebAssembly beside the bundle; undefined when run from source. */
  readonly wasm: string | undefined
  /** Fits V8 to the command. To be called when its code is loaded: modules of Node that come later are compiled without their cache, in four times the time. */
  readonly tuneEngine: () => void
  readonly json: boolean
  /** Asked for only by what reads it: Node makes it then, from modules that it loads for it. */
  readonly stdin: () => NodeJS.ReadStream
  readonly out: (text: string) => void
  readonly signal: AbortSignal
}

/** Options that every command takes. */
export interface CommonOptions { readonly cwd?: string; readonly json?: boolean }

/** Runs one command with what it sees of the world, and keeps its exit code. */
export type Act = (options: CommonOptions, run: (shell: Shell) => Promise<number>) => Promise<void>

/** Without what a terminal obeys: titles and texts come from people, models and other tools. Line ends and tabs stay. */
export const printable = (text: string): string => text.replaceAll(/[\0-\x08\x0B\f\x0E-\x1F\x7F-\x9F]/g, '')

/** One JSON object on standard output. */
export const printJson = (shell: Shell, value: unknown): void => shell.out(`${JSON.stringify(value)}\n`)

const mostOfAnything = 999_999

/** `3` -> 3; anything that is no whole number from 1 to 999,999 is wrong use. */
export function wholeNumber(text: string, what: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(value >= 1 && value <= mostOfAnything)) throw new UserError('usage', `${what} must be a whole number from 1 to ${mostOfAnything}, not "${text}".`)
  return value
}
