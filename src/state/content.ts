import fs from 'node:fs'
import { databaseError, header } from './faults.ts'
import { redoOf } from './replace.ts'

/** A whole database, and the file that held it. `identity` names this content among all that stand in that place in time. */
export interface Content { readonly file: string; readonly bytes: Buffer; readonly identity: string }

/** What `identify` says where there is no file. */
export const absent = 'absent'

/** A commit in place takes milliseconds, so whoever is in the way for so many readings is another program. */
const readings = 100

/**
 * Reads the database at `file`; 'unchanged' when it is the one that is `known`, undefined where it is absent or empty. A commit that
 * could not be a rename overwrites the file: while its `.redo` exists, that is the truth, and a reading that it may have disturbed is
 * done again. It writes the counter last, so one that began and ended meanwhile shows too.
 */
export function load(file: string, known: string | undefined): Content | 'unchanged' | undefined {
  for (let reading = 0; reading < readings; reading++) {
    const redo = read(redoOf(file), known)
    if (redo !== undefined && redo !== 'disturbed') return redo
    const found = read(file, known)
    if (found !== 'disturbed' && !fs.existsSync(redoOf(file))) return found
  }
  throw databaseError(`${file} changes while it is read: another program writes it. Try again once that has ended.`)
}

/** Names what stands at `file`, as `load` does, without reading more than its counter. */
export function identify(file: string): string {
  const redo = nameAt(redoOf(file))
  return redo === absent ? nameAt(file) : redo
}

/** The content of `stats`, which is that of commit number `counter`. Two files may share inode, size and time, but not the counter. */
export const nameOf = (stats: fs.BigIntStats, counter: number): string => `${stats.ino}.${stats.size}.${stats.mtimeNs}.${counter}`

/** Reads through one handle, so that a replacement in between harms nothing. */
function read(file: string, known: string | undefined): Content | 'unchanged' | 'disturbed' | undefined {
  const handle = openToRead(file)
  if (handle === undefined) return undefined
  try {
    const stats = fs.fstatSync(handle, { bigint: true })
    if (stats.size === 0n) return undefined
    const identity = nameOf(stats, counterIn(handle))
    if (identity === known) return 'unchanged'
    const bytes = Buffer.alloc(Number(stats.size))
    for (let done = 0; done < bytes.length;) {
      const count = fs.readSync(handle, bytes, done, bytes.length - done, done)
      if (count === 0) return 'disturbed'
      done += count
    }
    return nameOf(fs.fstatSync(handle, { bigint: true }), counterIn(handle)) === identity ? { file, bytes, identity } : 'disturbed'
  } finally {
    fs.closeSync(handle)
  }
}

function openToRead(file: string): number | undefined {
  try {
    return fs.openSync(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function nameAt(file: string): string {
  try {
    const handle = fs.openSync(file, 'r')
    try {
      return nameOf(fs.fstatSync(handle, { bigint: true }), counterIn(handle))
    } finally {
      fs.closeSync(handle)
    }
  } catch (error) {
    // What can't be opened is told by the next read; here it is only another content.
    const code = (error as NodeJS.ErrnoException).code
    return code === 'ENOENT' || code === undefined ? absent : code
  }
}

/** The commit counter in the header of the file at `file`; 0 where there is no whole header. */
export function counterOf(file: string): number {
  const handle = openToRead(file)
  if (handle === undefined) return 0
  try {
    return fs.fstatSync(handle).size >= header.size ? counterIn(handle) : 0
  } finally {
    fs.closeSync(handle)
  }
}

function counterIn(handle: number): number {
  const bytes = Buffer.alloc(4)
  fs.readSync(handle, bytes, 0, 4, header.userVersion)
  return bytes.readUInt32BE()
}
