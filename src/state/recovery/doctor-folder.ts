import fs from 'node:fs'
import path from 'node:path'
import { leftovers, lockToken } from './leftovers.ts'
import { ownerOf } from '../lock.ts'
import { fateOf, isStopped, type ProcessIdentity } from '../process.ts'

/** `todo`: something to do, with the way out in `says`. `unusable`: no command works until it is done. */
export interface Check { readonly name: string; readonly state: 'ok' | 'todo' | 'unusable'; readonly says: string }

/** statfs(2): the types of file systems on which renames and locks of several hosts are not to be trusted. */
const networkTypes: Readonly<Record<number, string>> = { 0x6969: 'NFS', 0xff534d42: 'CIFS', 0xfe534d42: 'SMB', 0x517b: 'SMB', 0x01021997: '9P', 0x5346414f: 'AFS', 0x00c36400: 'Ceph' }

/** With less room than this, in bytes, commits, archives and copies of the database may soon fail. */
const leastFree = 50 * 1024 * 1024
/** A commit holds the lock for milliseconds; longer than so many milliseconds is no commit. */
const heldLongMs = 5_000

export function checkFolder(root: string): Check {
  const folder = [path.join(root, '.devteam'), root].find((one) => fs.existsSync(one)) ?? root
  try {
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK)
    return { name: 'folder', state: 'ok', says: `${folder} can be written` }
  } catch (error) {
    return { name: 'folder', state: 'todo', says: `${folder} can't be written (${(error as NodeJS.ErrnoException).code ?? ''}): check its rights; until then only status and reports work` }
  }
}

export function checkFileSystem(root: string, typeOf: (folder: string) => number): Check {
  // Some of them are beyond 2^31 and come out negative where the field is signed.
  const network = process.platform === 'linux' ? networkTypes[typeOf(root) >>> 0] : root.startsWith('\\\\') ? 'a network share' : undefined
  if (network === undefined) return { name: 'file system', state: 'ok', says: 'no network file system was recognised' }
  return { name: 'file system', state: 'todo', says: `${root} lies on ${network}, where commits of several machines can overlap: move the project to a local disk` }
}

/** `bytesFree`: what a user without rights may still write. */
export function checkSpace(root: string, bytesFree: (folder: string) => number): Check {
  const free = bytesFree(root)
  const says = `${Math.floor(free / 1024 / 1024)} MB free`
  return free >= leastFree ? { name: 'space', state: 'ok', says } : { name: 'space', state: 'todo', says: `${says} on the disk of ${root}: make room, or commits will be refused` }
}

export function checkLock(file: string, self: ProcessIdentity, now: Date): Check {
  const folder = path.dirname(file)
  const token = fs.existsSync(folder) ? lockToken(folder) : undefined
  if (token === undefined) return { name: 'lock', state: 'ok', says: 'free' }
  const held = path.join(folder, 'lock', token)
  const owner = ownerOf(token)
  if (owner === undefined) return { name: 'lock', state: 'todo', says: `${held} is not a lock of DevTeam: if no DevTeam runs here, \`devteam recover --force\` removes it` }
  const since = fs.statSync(held, { throwIfNoEntry: false })?.mtime ?? now
  const who = `process ${owner.pid} on ${owner.host} since ${since.toISOString()}`
  switch (fateOf(owner, self, true)) {
    case 'alive':
      if (isStopped(owner.pid)) return { name: 'lock', state: 'todo', says: `held by ${who}, which is stopped: let it go on with \`kill -CONT ${owner.pid}\`, or end it` }
      if (now.getTime() - since.getTime() > heldLongMs) return { name: 'lock', state: 'todo', says: `held by ${who}, which is alive but hangs, since a commit takes milliseconds: look at it, or end it` }
      return { name: 'lock', state: 'ok', says: `held by ${who}, which is alive` }
    case 'dead': return { name: 'lock', state: 'todo', says: `left by ${who}, which is dead: \`devteam recover\` removes it, and the next command that writes does too` }
    case 'elsewhere': return { name: 'lock', state: 'todo', says: `held by ${who}: if that host or container is gone, \`devteam recover --force\` removes it` }
  }
}

export function checkLeftovers(file: string, self: ProcessIdentity, now: Date): Check {
  // While somebody holds the lock, a .new may be one that is being written.
  const busy = fs.existsSync(path.dirname(file)) && lockToken(path.dirname(file)) !== undefined
  const left = leftovers(file, self, false, now).filter((name) => !busy || !name.endsWith('.new'))
  if (left.length === 0) return { name: 'leftovers', state: 'ok', says: 'none' }
  return { name: 'leftovers', state: 'todo', says: `${left.join(', ')}: left by processes that ended in the middle, and harmless; \`devteam recover\` removes them` }
}
