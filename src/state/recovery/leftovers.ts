import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../plan/errors.ts'
import { backupFolder } from './backups.ts'
import { archiveFolder } from '../archive.ts'
import { ownerOf } from '../lock.ts'
import { fateOf, type ProcessIdentity } from '../process.ts'
import type { Step } from './repair.ts'

/** A copy in `backup` is written without the lock; one that is older than so many milliseconds is nobody's any more. */
const copyTakesMs = 60_000

/** The token in the lock of `folder`; undefined: it is free. It is held for milliseconds, and may go at any moment. */
export function lockToken(folder: string): string | undefined {
  try {
    return fs.readdirSync(path.join(folder, 'lock'))[0]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Frees the lock of `folder` from a dead process, with `force` from one of another host or container too; never from a process that lives here. Throws UserError `held` when it needs `force`.
 */
export function clearLock(folder: string, self: ProcessIdentity, force: boolean): Step[] {
  const token = lockToken(folder)
  if (token === undefined) return []
  const held = path.join(folder, 'lock', token)
  const owner = ownerOf(token)
  const since = fs.statSync(held, { throwIfNoEntry: false })?.mtime.toISOString() ?? 'a moment ago'
  const who = owner === undefined ? `${held}, which is no lock of DevTeam,` : `process ${owner.pid} on ${owner.host} since ${since}`
  const fate = owner === undefined ? 'elsewhere' : fateOf(owner, self, true)
  if (fate === 'alive') return []
  if (fate === 'elsewhere' && !force) {
    throw new UserError('held', `The state in ${folder} is locked by ${who}${owner === undefined ? '' : ', another host or container, where nobody here can see whether it lives'}. If nothing runs there any more: \`devteam recover --force\`.`)
  }
  // Its own name: a process that takes the lock meanwhile has another.
  fs.rmSync(held, { force: true, recursive: true })
  return [{ did: 'repaired', what: 'lock', says: `the lock of ${who} is removed${fate === 'dead' ? ': that process is dead' : ', as --force says'}` }]
}

/** What processes left that died while they waited for the lock, wrote a file, or imported. */
export function leftovers(file: string, self: ProcessIdentity, force: boolean, now: Date): string[] {
  const folder = path.dirname(file)
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : []
  const tokens = names.filter((name) => {
    const owner = ownerOf(/^(?:lock|import)-(.+)$/.exec(name)?.[1] ?? '')
    if (owner === undefined) return false
    const fate = fateOf(owner, self, true)
    return fate === 'dead' || (fate === 'elsewhere' && force)
  })
  const partial = names.filter((name) => /^devteam\.db(\.redo)?\.new$/.test(name))
  return [
    ...[...tokens, ...partial].map((name) => path.join(folder, name)),
    ...inside(archiveFolder(file)).filter((name) => name.endsWith('.new')),
    ...inside(backupFolder(file)).filter((name) => /(\.new|\.db\.\d+)$/.test(name) && now.getTime() - (fs.statSync(name, { throwIfNoEntry: false })?.mtimeMs ?? now.getTime()) > copyTakesMs),
  ]
}

/** Removes the leftovers; the caller holds the lock, so that no `.new` is one that is being written. */
export function clearLeftovers(file: string, self: ProcessIdentity, force: boolean, now: Date): Step[] {
  return leftovers(file, self, force, now).map((name): Step => {
    fs.rmSync(name, { recursive: true, force: true })
    return { did: 'repaired', what: 'leftover', says: `${name} of a process that ended in the middle is removed` }
  })
}

const inside = (folder: string): string[] => (fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => path.join(folder, name)) : [])
