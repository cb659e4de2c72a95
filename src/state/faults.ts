import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../plan/errors.ts'

/** Our mark in an SQLite header (offset 68): "DVTM". */
export const applicationId = 0x4456544d
/** The newest schema that this build reads and writes. */
export const schemaVersion = 1

/** A fault of the database file: exit code 4. */
export const databaseError = (message: string, cause?: unknown): UserError => new UserError('database', message, cause === undefined ? undefined : { cause })

const restore = 'Put a copy of it back, or let `devteam recover` do that: it keeps this file aside, and the task files are not touched.'

/** Offsets in the header of an SQLite file: https://www.sqlite.org/fileformat.html, section 1.3. */
export const header = { size: 100, pageSize: 16, changeCounter: 24, pageCount: 28, userVersion: 60, applicationId: 68, versionValidFor: 92 }

/** Refuses what is not a whole database of ours. `bytes` may be the header alone; `size` is the file's size in bytes. */
export function checkHeader(file: string, bytes: Uint8Array, size: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < header.size || Buffer.from(bytes.subarray(0, 16)).toString('latin1') !== 'SQLite format 3\0') {
    throw databaseError(`${file} is not an SQLite database, and is left as it is. ${restore}`)
  }
  if (view.getUint32(header.applicationId) !== applicationId) {
    throw databaseError(`${file} is a database of another program, and is left as it is. ${restore}`)
  }
  // sql.js opens a file that was cut off without complaint, so the size is compared here.
  const expected = sizeInHeader(view)
  if (expected !== size) throw databaseError(`${file} is damaged: it has ${size} bytes and should have ${expected}. ${restore}`)
}

/** How long a database file should be by its header, in bytes. */
export function sizeInHeader(view: DataView): number {
  const pageSize = view.getUint16(header.pageSize)
  return (pageSize === 1 ? 65_536 : pageSize) * view.getUint32(header.pageCount) // 1 stands for 65,536
}

/** Refuses a file in which `PRAGMA quick_check` found faults. */
export function checkIntegrity(file: string, result: string): void {
  if (result !== 'ok') throw databaseError(`${file} is damaged: ${result.replace(/\s+/g, ' ').slice(0, 200)}. ${restore}`)
}

/** Refuses a schema of a later DevTeam. */
export function checkVersion(file: string, version: number, newest: number): void {
  if (version > newest) throw databaseError(`${file} was written by a newer DevTeam (schema ${version}, this one knows ${newest}): update DevTeam.`)
  if (!Number.isInteger(version) || version < 1) throw databaseError(`${file} names no schema version. ${restore}`)
}

/** Refuses while another program writes the file, or died writing it. */
export function checkNeighbours(file: string): void {
  for (const [suffix, least] of [['-journal', 0], ['-wal', 1]] as const) {
    const stats = fs.statSync(file + suffix, { throwIfNoEntry: false })
    if (stats !== undefined && stats.size >= least) {
      throw databaseError(`${file}${suffix} is there: another program writes the database or died writing it. End it, open the file once with \`sqlite3 ${file} .tables\`, and try again.`)
    }
  }
}

/** Without a database there should be nothing that belongs to one: otherwise it was lost, and starting anew would hide that. */
export function checkNothingLost(file: string): void {
  for (const name of ['archive', 'backup', 'worktrees']) {
    const folder = path.join(path.dirname(file), name)
    if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0) {
      throw databaseError(`${file} is missing, but ${folder} holds what belongs to it: put a copy of the database back, let \`devteam recover\` do that, or move ${folder} away to start anew.`)
    }
  }
}

export const deletedError = (file: string): UserError =>
  databaseError(`${file} was deleted while DevTeam was running. Put a copy of it back, or start again with \`devteam plan\`.`)

const meanings: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room and try again',
  EDQUOT: 'the quota is used up; make room and try again',
  EFBIG: 'it would become larger than a file may be here; raise the limit (`ulimit -f`)',
  EROFS: 'the file system is read-only',
  EACCES: 'access is denied; check the rights of the file and its folder',
  EPERM: 'it is not permitted; check the rights of the file and its folder, and close programs that hold the file open',
  EBUSY: 'another program holds it; close that program',
  EIO: 'the disk reported an error',
  ENOTDIR: 'a file stands where the folder should be; move it away',
  EEXIST: 'a file stands where the folder should be; move it away',
  EISDIR: 'a folder stands where the file should be; move it away',
  ENOENT: 'its folder was deleted while DevTeam was running',
  ENAMETOOLONG: 'the path is too long',
  EMFILE: 'too many files are open',
}

/** Turns what the file system said about `file` into a UserError; anything else comes back as it is. */
export function explain(error: unknown, file: string, doing: 'read' | 'write'): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  const meaning = code === undefined ? undefined : meanings[code]
  return meaning === undefined ? error : databaseError(`Can't ${doing} ${file}: ${meaning} (${code ?? ''}). Nothing of the last step was saved.`, error)
}
