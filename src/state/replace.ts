import fs from 'node:fs'
import path from 'node:path'
import { checkHeader, header } from './faults.ts'

/** Pauses before a refused rename is tried again, in milliseconds: scanners and viewers on Windows hold a file for moments. */
const pauses = [5, 10, 20, 40]

type Rename = (from: string, to: string) => void

/**
 * Puts `bytes` in the place of `file` so that a reader at any moment sees the old or the new content, and it lasts a power cut once
 * this returns: write and fsync `<file>.new`, rename, fsync the folder. Synchronous, since the caller holds the lock. Throws what the
 * file system says; `isRefusal` when another program has the file open. `rename` is handed in for tests.
 */
export function replaceFile(file: string, bytes: Uint8Array, rename: Rename = fs.renameSync): fs.BigIntStats {
  const stats = writeFresh(file, bytes)
  renamePatiently(freshOf(file), file, rename)
  syncFolder(path.dirname(file))
  return stats
}

/**
 * Puts a whole database in the place of `file` like `replaceFile`, and where another program has that open for long, over it: the new
 * content becomes `<file>.redo`, which is the truth from then on, and is copied. Gives the stats of the file that has the content.
 */
export function replaceDatabase(file: string, bytes: Uint8Array, rename: Rename = fs.renameSync): fs.BigIntStats {
  const stats = writeFresh(file, bytes)
  try {
    renamePatiently(freshOf(file), file, rename)
  } catch (error) {
    if (!isRefusal(error)) throw error
    rename(freshOf(file), redoOf(file))
    syncFolder(path.dirname(file))
    return finishedOr(file, stats)
  }
  syncFolder(path.dirname(file))
  return stats
}

/** The commit is durable before the copy begins, so whatever hinders that does not undo it: the next commit finishes, or says why it can't. */
function finishedOr(file: string, stats: fs.BigIntStats): fs.BigIntStats {
  try {
    return copyInPlace(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return stats
  }
}

/** Finishes a commit that `replaceDatabase` was hindered to finish; the caller holds the lock. Throws UserError `database` when it was damaged since. */
export function finishRedo(file: string, rename: Rename = fs.renameSync): void {
  const redo = redoOf(file)
  if (!fs.existsSync(redo)) return
  const bytes = fs.readFileSync(redo)
  checkHeader(redo, bytes, bytes.length)
  try {
    rename(redo, file)
    syncFolder(path.dirname(file))
  } catch (error) {
    if (!isRefusal(error)) throw error
    copyInPlace(file)
  }
}

/** While this file exists, it and not `file` is the database. */
export const redoOf = (file: string): string => `${file}.redo`

/** The header goes last: whoever finds its counter at the end of a reading as at the beginning has read one content, or finds `.redo` still there. */
function copyInPlace(file: string): fs.BigIntStats {
  const bytes = fs.readFileSync(redoOf(file))
  const handle = fs.openSync(file, 'r+')
  let stats: fs.BigIntStats
  try {
    write(handle, bytes, header.size, bytes.length)
    fs.ftruncateSync(handle, bytes.length)
    fs.fsyncSync(handle)
    write(handle, bytes, 0, header.size)
    fs.fsyncSync(handle)
    stats = fs.fstatSync(handle, { bigint: true })
  } finally {
    fs.closeSync(handle)
  }
  fs.unlinkSync(redoOf(file))
  syncFolder(path.dirname(file))
  return stats
}

const freshOf = (file: string): string => `${file}.new`

function writeFresh(file: string, bytes: Uint8Array): fs.BigIntStats {
  const handle = fs.openSync(freshOf(file), 'w')
  let stats: fs.BigIntStats
  try {
    write(handle, bytes, 0, bytes.length)
    fs.fsyncSync(handle)
    stats = fs.fstatSync(handle, { bigint: true })
  } catch (error) {
    // What is half written takes room on a disk that is full.
    fs.rmSync(freshOf(file), { force: true })
    throw error
  } finally {
    fs.closeSync(handle)
  }
  if (stats.size !== BigInt(bytes.length)) throw new Error(`${freshOf(file)} has ${stats.size} bytes after writing ${bytes.length}`)
  return stats
}

/** On a full disk the last write is short, not an error; only the next one fails. */
function write(handle: number, bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to;) at += fs.writeSync(handle, bytes, at, to - at, at)
}

function renamePatiently(from: string, to: string, rename: Rename): void {
  for (let attempt = 0; ; attempt++) {
    try {
      rename(from, to)
      return
    } catch (error) {
      const pause = pauses[attempt]
      if (pause === undefined || !isRefusal(error)) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
    }
  }
}

/** What Windows says when another program has the file open. */
export const isRefusal = (error: unknown): boolean => ['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')

/** Makes a folder that lasts a power cut. */
export function makeFolder(folder: string): void {
  if (fs.mkdirSync(folder, { recursive: true }) !== undefined) syncFolder(path.dirname(folder))
}

export function syncFolder(folder: string): void {
  // Windows can't open a folder; NTFS journals the rename itself.
  if (process.platform === 'win32') return
  const handle = fs.openSync(folder, 'r')
  try {
    fs.fsyncSync(handle)
  } finally {
    fs.closeSync(handle)
  }
}
