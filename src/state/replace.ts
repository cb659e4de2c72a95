import fs from 'node:fs'
import path from 'node:path'

/** Pauses before a refused rename is tried again, in milliseconds: scanners and viewers on Windows hold a file for moments. */
const pauses = [5, 10, 20, 40]

/**
 * Puts `bytes` in the place of `file` so that a reader at any moment sees the old or the new content, and it lasts a power cut once
 * this returns: write and fsync `<file>.new`, rename, fsync the folder. Synchronous, since the caller holds the lock. `rename` is
 * handed in for tests.
 */
export function replaceFile(file: string, bytes: Uint8Array, rename: (from: string, to: string) => void = fs.renameSync): fs.BigIntStats {
  const fresh = `${file}.new`
  const handle = fs.openSync(fresh, 'w')
  let stats: fs.BigIntStats
  try {
    // On a full disk the last write is short, not an error; only the next one fails.
    for (let written = 0; written < bytes.length;) written += fs.writeSync(handle, bytes, written, bytes.length - written)
    fs.fsyncSync(handle)
    stats = fs.fstatSync(handle, { bigint: true })
  } finally {
    fs.closeSync(handle)
  }
  if (stats.size !== BigInt(bytes.length)) throw new Error(`${fresh} has ${stats.size} bytes after writing ${bytes.length}`)
  renamePatiently(fresh, file, rename)
  syncFolder(path.dirname(file))
  return stats
}

function renamePatiently(from: string, to: string, rename: (from: string, to: string) => void): void {
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
