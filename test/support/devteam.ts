import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { git, temporaryFolder } from './folders.ts'

const program = path.resolve(import.meta.dirname, '../../dist/cli/devteam.cjs')
if (!fs.existsSync(program)) throw new Error(`${program} is missing: run \`npm run build\` first`)

/** Not the user's: what V8 compiled is kept there. */
const caches = temporaryFolder('caches')

export interface Ended { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly out: string; readonly err: string }

/** A running `devteam`: what it has printed so far, and its end. */
export class Running {
  out = ''
  err = ''
  readonly ended: Promise<Ended>
  private watchers: { pattern: RegExp; resolve: () => void }[] = []

  constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => { this.out += text; this.look() })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => { this.err += text })
    this.ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, out: this.out, err: this.err })))
  }

  /** Resolves when the output has the pattern; rejects when the program ends without. */
  async until(pattern: RegExp): Promise<void> {
    const seen = new Promise<void>((resolve) => this.watchers.push({ pattern, resolve }))
    this.look()
    await Promise.race([seen, this.ended.then(({ out, err }) => { if (!pattern.test(out)) throw new Error(`ended without ${String(pattern)}:\n${out}\n${err}`) })])
  }

  /** Ends it and everything it has started. */
  kill(signal: NodeJS.Signals): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, signal)
  }

  private look(): void { for (const { pattern, resolve } of this.watchers) if (pattern.test(this.out)) resolve() }
}

/** Starts `devteam` in a folder, as the leader of a process group of its own. */
export function start(folder: string, args: readonly string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}): Running {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder, detached: true, stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(ANTHROPIC_|DEVTEAM_|GIT_)/.test(key))), NO_COLOR: '1', XDG_CACHE_HOME: caches, ...options.env },
  })
  if (options.input !== undefined) child.stdin?.end(options.input)
  return new Running(child)
}

export const devteam = (folder: string, args: readonly string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Ended> => start(folder, args, options).ended

/** The sample project in a fresh repository, planned on three tracks where `planned`. */
export async function sampleProject(options: { planned?: boolean; simulation?: Readonly<Record<string, unknown>> } = {}): Promise<string> {
  const folder = temporaryFolder('sample')
  await succeed(folder, ['init', '--sample'])
  if (options.simulation !== undefined) {
    const file = path.join(folder, '.devteam/config.json')
    const config = JSON.parse(fs.readFileSync(file, 'utf8')) as { simulation: Record<string, unknown> }
    fs.writeFileSync(file, JSON.stringify({ ...config, simulation: { ...config.simulation, ...options.simulation } }))
  }
  git(folder, 'init', '-q', '-b', 'main')
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', 'The sample')
  if (options.planned === true) await succeed(folder, ['plan', '3'])
  return folder
}

export async function succeed(folder: string, args: readonly string[]): Promise<string> {
  const { code, out, err } = await devteam(folder, args)
  if (code !== 0) throw new Error(`devteam ${args.join(' ')}: exit ${code}\n${out}\n${err}`)
  return out
}

/** The lines of an NDJSON output. */
export const ndjson = (text: string): Record<string, unknown>[] => text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>)
