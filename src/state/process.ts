import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'

/**
 * Names one process beyond doubt: a pid alone is reused. `start` is in clock ticks since boot on Linux, in seconds since 1970
 * elsewhere; `boot` and `namespace` are '0' where the system has no such thing.
 */
export interface ProcessIdentity { readonly pid: number; readonly start: string; readonly boot: string; readonly host: string; readonly namespace: string }

/** `elsewhere`: on another host or in another container, where its pid means nothing to us. */
export type Fate = 'alive' | 'dead' | 'elsewhere'

const linux = process.platform === 'linux'
/** A start time taken from the wall clock may be off by this much, in seconds, when the clock was set. */
const clockTolerance = 60

export function identifySelf(): ProcessIdentity {
  const start = linux ? statOf(process.pid)?.start : String(Math.round(Date.now() / 1000 - process.uptime()))
  return {
    pid: process.pid,
    start: start ?? '0',
    boot: linux ? fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().replaceAll('-', '') : '0',
    host: os.hostname(),
    namespace: linux ? fs.readlinkSync('/proc/self/ns/pid').replace(/\D/g, '') : '0',
  }
}

/** One column of text for the parts that only programs need. */
export const markOf = (identity: ProcessIdentity): string => `${identity.start}.${identity.boot}.${identity.namespace}`

/** Undoes `markOf`; a mark that is not ours gives a process that counts as elsewhere. */
export function fromMark(pid: number, host: string, mark: string): ProcessIdentity {
  const [start = '', boot = '', namespace = ''] = mark.split('.')
  return { pid, start, boot, host, namespace }
}

/**
 * Does that process still live? A stopped or slow one does. `thorough` also compares start times on systems where that takes a
 * child process (macOS about 10 ms, Windows about half a second), so it is for the moment before something is taken over.
 */
export function fateOf(other: ProcessIdentity, self: ProcessIdentity, thorough: boolean): Fate {
  if (other.host !== self.host) return 'elsewhere'
  if (other.boot !== self.boot) return 'dead'
  if (other.namespace !== self.namespace) return 'elsewhere'
  if (other.pid === self.pid && other.start === self.start) return 'alive'
  if (linux) {
    const found = statOf(other.pid)
    return found === undefined || found.state === 'Z' || found.state === 'X' || found.start !== other.start ? 'dead' : 'alive'
  }
  if (!exists(other.pid)) return 'dead'
  if (!thorough) return 'alive'
  const started = startedAt(other.pid)
  // Only a later start shows that the pid was given to another process.
  return started !== undefined && started > Number(other.start) + clockTolerance ? 'dead' : 'alive'
}

/** Is the process stopped, by SIGSTOP or a debugger? It lives, and does nothing until it is continued. false where the system does not say. */
export const isStopped = (pid: number): boolean => linux && /^[Tt]$/.test(statOf(pid)?.state ?? '')

/** State and start time of a process; proc(5): fields 3 and 22 of /proc/PID/stat, counted after the name in brackets. */
function statOf(pid: number): { readonly state: string; readonly start: string } | undefined {
  let text: string
  try {
    text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', start: fields[19] ?? '' }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Seconds since 1970; undefined where the system does not say, and then the process counts as alive. */
function startedAt(pid: number): number | undefined {
  const [command, args] = process.platform === 'win32'
    ? ['powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().ToString('o')`]] as const
    : ['ps', ['-o', 'lstart=', '-p', String(pid)]] as const
  try {
    const text = execFileSync(command, args, { encoding: 'utf8', timeout: 5_000, stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, LC_ALL: 'C' } })
    const time = Date.parse(text.trim())
    return Number.isNaN(time) ? undefined : time / 1000
  } catch {
    // Not knowing must never rob a living process.
    return undefined
  }
}
