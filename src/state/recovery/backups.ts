import fs from 'node:fs'
import path from 'node:path'

/** Where copies of the database `file` are kept. */
export const backupFolder = (file: string): string => path.join(path.dirname(file), 'backup')

/** `2026-03-14T09:26:53.589Z` -> `20260314T092653589Z`: fit for a file name on every system. */
export const stampOf = (time: Date): string => time.toISOString().replace(/[-:.]/g, '')

/** The same bytes under a second name, for a file that nobody changes in place: at once, and without room. A file system without such links gets a copy. */
export function keep(file: string, as: string): void {
  try {
    fs.linkSync(file, as)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    fs.copyFileSync(file, as, fs.constants.COPYFILE_EXCL)
  }
}

/** A copy of its own that lasts a power cut, once its folder is synced. Throws what the file system says. */
export function copyDurably(file: string, as: string): void {
  fs.copyFileSync(file, as, fs.constants.COPYFILE_EXCL)
  const handle = fs.openSync(as, 'r+')
  try {
    fs.fsyncSync(handle)
  } finally {
    fs.closeSync(handle)
  }
}
