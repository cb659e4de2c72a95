import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../plan/errors.ts'
import { fateOf, type ProcessIdentity } from './process.ts'
import { randomId } from './random-id.ts'

/** Looking whether a holder lives costs a system call or more: not at every poll. Milliseconds. */
const checkEveryMs = 50
const gone: readonly string[] = ['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'EBUSY']

/**
 * A lock between processes: the folder `lock` with one empty file whose name is the holder's token. A folder is renamed onto it
 * only while it is absent or empty, so exactly one of many gets it. A dead holder is taken over by unlinking the file with *its*
 * name: who comes late finds that name gone and harms nobody.
 */
export class FolderLock {
  readonly #folder: string
  readonly #self: ProcessIdentity
  readonly #patienceMs: number

  /** `patienceMs`: how long one and the same holder is waited for. */
  constructor(folder: string, self: ProcessIdentity, patienceMs = 10_000) {
    this.#folder = folder
    this.#self = self
    this.#patienceMs = patienceMs
  }

  /** Waits for the lock and returns the function that releases it. Throws UserError `held` when one holder keeps it too long. */
  async acquire(): Promise<() => void> {
    const token = tokenOf(this.#self)
    const mine = path.join(this.#folder, `lock-${token}`)
    fs.mkdirSync(mine)
    try {
      fs.closeSync(fs.openSync(path.join(mine, token), 'wx'))
      await this.#wait(mine)
    } catch (error) {
      fs.rmSync(mine, { recursive: true, force: true })
      throw error
    }
    return () => { this.#drop(token) }
  }

  /** Removes what processes left that were killed while they waited. */
  sweep(): void {
    for (const name of fs.readdirSync(this.#folder)) {
      const owner = name.startsWith('lock-') ? ownerOf(name.slice(5)) : undefined
      if (owner !== undefined && fateOf(owner, this.#self, true) === 'dead') fs.rmSync(path.join(this.#folder, name), { recursive: true, force: true })
    }
  }

  async #wait(mine: string): Promise<void> {
    const lock = path.join(this.#folder, 'lock')
    let holder: string | undefined
    let since = performance.now()
    let checked = -Infinity
    for (let refusal = this.#take(mine, lock); refusal !== undefined; refusal = this.#take(mine, lock)) {
      const now = performance.now()
      const found = this.#holder(lock)
      if (found !== holder) [holder, since, checked] = [found, now, -Infinity]
      if (holder !== undefined && now - checked >= checkEveryMs) {
        checked = now
        const owner = ownerOf(holder)
        // Where a start time costs a child process, only a lock that is held for long is worth it: one is held for milliseconds.
        if (owner !== undefined && fateOf(owner, this.#self, now - since > 2_000) === 'dead') {
          this.#drop(holder)
          continue
        }
      }
      if (now - since > this.#patienceMs) throw holder === undefined ? refusal : this.#held(lock, holder)
      await sleep(1 + Math.random() * 4)
    }
  }

  /** Gives undefined when the lock is ours, else why not. */
  #take(mine: string, lock: string): Error | undefined {
    try {
      fs.renameSync(mine, lock)
      return undefined
    } catch (error) {
      // Windows says EPERM for any folder in the way. But a folder of ours that is gone will never succeed.
      if (!(error instanceof Error) || !isOneOf(error, gone) || !fs.existsSync(mine)) throw error
      return error
    }
  }

  /** The token in the lock. Windows renames nothing onto an empty folder, so one that a killed process left is removed here. */
  #holder(lock: string): string | undefined {
    try {
      const [token] = fs.readdirSync(lock)
      if (token === undefined) fs.rmdirSync(lock)
      return token
    } catch (error) {
      if (!isOneOf(error, gone)) throw error
      return undefined
    }
  }

  #drop(token: string): void {
    const lock = path.join(this.#folder, 'lock')
    for (const step of [() => { fs.unlinkSync(path.join(lock, token)) }, () => { fs.rmdirSync(lock) }]) {
      try {
        step()
      } catch (error) {
        // Another process was quicker, or holds the lock already.
        if (!isOneOf(error, gone)) throw error
      }
    }
  }

  #held(lock: string, token: string): UserError {
    const owner = ownerOf(token)
    if (owner === undefined) return new UserError('held', `${path.join(lock, token)} is not a lock of DevTeam and keeps the state locked: remove it if no DevTeam runs here.`)
    const since = fs.statSync(path.join(lock, token), { throwIfNoEntry: false })?.mtime.toISOString() ?? 'a moment ago'
    return new UserError('held', `The state in ${this.#folder} is locked by process ${owner.pid} on ${owner.host} since ${since}: let it go on (it may be stopped) or end it. If that host is gone, remove ${lock}.`)
  }
}

/** `<pid>.<start>.<boot>.<host>-<namespace>.<random>`: it must be a file name on every system. */
export function tokenOf(self: ProcessIdentity): string {
  return `${self.pid}.${self.start}.${self.boot}.${encodeURIComponent(self.host)}-${self.namespace}.${randomId().slice(-12)}`
}

/** Whose token that is; undefined: not one of ours. */
export function ownerOf(token: string): ProcessIdentity | undefined {
  const match = /^(\d+)\.(\d+)\.(\w+)\.(.+)-(\d+)\.[0-9a-f]+$/.exec(token)
  if (match === null) return undefined
  const [, pid = '', start = '', boot = '', host = '', namespace = ''] = match
  return { pid: Number(pid), start, boot, host: decodeURIComponent(host), namespace }
}

const isOneOf = (error: unknown, codes: readonly string[]): boolean => codes.includes((error as NodeJS.ErrnoException).code ?? '')
