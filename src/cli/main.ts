import { CommanderError } from 'commander'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../plan/errors.ts'
import { programOf } from './program.ts'
import { printable, type Act, type CommonOptions, type Shell } from './shell.ts'
import { tuneEngine } from './tune-engine.ts'

/** Where this program lies: dist/cli when bundled, src/cli from source; media/ is two levels up in both. */
const here = path.dirname(fileURLToPath(import.meta.url))
const media = path.resolve(here, '../../media')

/** Builds the command line, runs one command and gives its exit code. Each command's code is loaded when it is called. */
async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(signal === 'SIGTERM' ? 143 : 130) // asked twice: now
      stop.abort(signal)
    })
  }
  let exitCode = 0
  const act: Act = async (options, run) => { exitCode = await run(shellOf(options, argv[0] ?? '', stop.signal)) }
  await programOf(act, version(), argv[0]).parseAsync([...argv], { from: 'user' })
  return exitCode
}

function shellOf(options: CommonOptions, command: string, signal: AbortSignal): Shell {
  const cwd = path.resolve(options.cwd ?? '.')
  if (!fs.statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw new UserError('usage', `There is no folder ${cwd}. Name an existing one with --cwd.`)
  const wasm = path.join(here, 'sql-wasm.wasm')
  const called = process.argv[1] ?? 'devteam'
  const program = path.basename(called) === 'devteam' ? 'devteam' : `node ${called}`
  return { cwd, env: process.env, media, program, wasm: fs.existsSync(wasm) ? wasm : undefined, tuneEngine: () => { tuneEngine(command) }, json: options.json ?? false, stdin: () => process.stdin, out: (text) => { process.stdout.write(options.json === true ? text : printable(text)) }, signal }
}

const version = (): string => (JSON.parse(fs.readFileSync(path.resolve(here, '../../package.json'), 'utf8')) as { version: string }).version

/** Says what went wrong, in the form that was asked for, and gives the exit code. */
function failed(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2 // commander has printed its message
  if (error instanceof UserError) {
    process.stderr.write(`${error.message}\n`)
    return error.exitCode
  }
  process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\nThis is a bug in DevTeam.\n`)
  return 1
}

// A reader that has enough (`devteam events | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
process.exitCode = 1 // until the end: a process that has nothing left to wait for has not done its work
void main(process.argv.slice(2)).catch(failed).then((code) => { process.exitCode = code })
