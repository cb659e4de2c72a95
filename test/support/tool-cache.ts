import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Where the tests keep what they need to run and what is no part of the project: a VS Code, a browser. `DEVTEAM_TEST_CACHE` names another folder. */
export const toolCache = (): string => path.resolve(process.env.DEVTEAM_TEST_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'devteam-tests'))

/**
 * The folder of a tool in the cache, made by `make` the first time. `version` is part of its name, so another version is another folder. It is made
 * under another name and renamed when complete: what is there is whole, and of two processes that make it at once the second takes the first's.
 */
export async function cachedTool(name: string, version: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = path.join(toolCache(), `${name}-${version}`)
  if (fs.existsSync(folder)) return folder
  fs.mkdirSync(toolCache(), { recursive: true })
  sweep(name)
  const draft = path.join(toolCache(), `.${name}.${process.pid}.${randomUUID().slice(0, 8)}`)
  fs.mkdirSync(draft)
  try {
    await make(draft)
    fs.renameSync(draft, folder)
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true })
    if (!fs.existsSync(folder)) throw error // else another process was faster
  }
  return folder
}

/** Removes what a killed process of this machine has left half made. */
function sweep(name: string): void {
  for (const entry of fs.readdirSync(toolCache())) {
    const pid = entry.startsWith(`.${name}.`) ? Number(entry.split('.')[2]) : NaN
    if (Number.isInteger(pid) && !isAlive(pid)) fs.rmSync(path.join(toolCache(), entry), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) { return (error as NodeJS.ErrnoException).code === 'EPERM' }
}

/** Puts packages from npm into a folder. Their install scripts do not run. */
export async function npmInstall(folder: string, packages: Readonly<Record<string, string>>): Promise<void> {
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages }))
  await npm(folder, 'install', '--ignore-scripts')
}

/** Runs npm; rejects with the end of what it said. */
export async function npm(folder: string, ...args: string[]): Promise<void> {
  // The settings of an npm that runs the tests (`npm test`) are about this project, not about that folder.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_(package|lifecycle|command|execpath|node_execpath|config_(local_prefix|prefix|global_prefix))/.test(key)))
  const child = spawn('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { said += text })
  const code = await new Promise<number | null>((resolve, reject) => { child.on('error', reject).on('close', resolve) })
  if (code !== 0) throw new Error(`npm ${args.join(' ')} in ${folder}: exit ${code}\n${said.slice(-2000)}`)
}
