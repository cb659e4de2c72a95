import fs from 'node:fs'
import path from 'node:path'
import type { SqlJsStatic } from 'sql.js'
import { UserError } from '../../plan/errors.ts'
import { backupFolder } from './backups.ts'
import { load } from '../content.ts'
import { inspect } from './inspect.ts'
import { makeFolder, replaceFile } from '../replace.ts'

/** While work goes on, the copy is made anew when it is older than so many milliseconds: what a damaged file can cost at most. */
export const keptEveryMs = 5 * 60_000

/** The copy of the database that `devteam recover` puts back. */
export const lastGoodOf = (file: string): string => path.join(backupFolder(file), 'devteam-last-good.db')

/**
 * Copies the database as it is in the file now, if it is whole and has a plan, and if the copy before is older than `olderThanMs`. Not while a commit is made: sessions call it when they begin, end,
 * and with their heartbeat. A copy of its own, no link: a program that writes into the database would write into both. A file that is damaged never takes the place of a good copy.
 */
export async function keepLastGood(file: string, sql: () => Promise<SqlJsStatic>, now: Date, olderThanMs: number): Promise<void> {
  const copy = lastGoodOf(file)
  try {
    const before = fs.statSync(copy, { throwIfNoEntry: false })
    if (before !== undefined && Math.abs(now.getTime() - before.mtimeMs) < olderThanMs) return
    const content = load(file, undefined)
    if (content === undefined || content === 'unchanged' || inspect(await sql(), content.file, content.bytes, false).planId === undefined) return
    makeFolder(backupFolder(file))
    // Several processes may do this at once.
    const mine = `${copy}.${process.pid}`
    replaceFile(mine, content.bytes)
    fs.renameSync(mine, copy)
  } catch (error) {
    // Work does not stop for want of a copy: what is wrong with the disk or the file, the next commit says, and doctor how old the copy is.
    if (!(error instanceof UserError) && (error as NodeJS.ErrnoException).code === undefined) throw error
  }
}
