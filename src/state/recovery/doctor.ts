import fs from 'node:fs'
import path from 'node:path'
import type { SqlJsStatic } from 'sql.js'
import { UserError } from '../../plan/errors.ts'
import { archiveFolder, openArchive } from '../archive.ts'
import { text } from '../cells.ts'
import { type Check, checkFileSystem, checkFolder, checkLeftovers, checkLock, checkSpace } from './doctor-folder.ts'
import type { Tx } from '../engine.ts'
import { lastEvent } from '../events.ts'
import { checkIntegrity } from '../faults.ts'
import { inspect } from './inspect.ts'
import { lastGoodOf } from './last-good.ts'
import { holders } from '../leases.ts'
import { readMeta } from '../meta.ts'
import { identifySelf, type ProcessIdentity } from '../process.ts'
import { deadSessions } from '../sessions.ts'
import { SqliteEngine } from '../sqlite.ts'
import { loadSql } from '../wasm.ts'

const free = (folder: string): number => {
  const { bavail, bsize } = fs.statfsSync(folder)
  return bavail * bsize
}

/**
 * Looks at the state below `root` and writes nothing. `typeOf`: the type of the file system below a folder, as statfs(2) gives it; `bytesFree`: the room that it has; both handed in for tests.
 */
export async function examineState(root: string, wasm?: string, typeOf = (folder: string): number => fs.statfsSync(folder).type, bytesFree = free): Promise<Check[]> {
  const file = path.join(root, '.devteam', 'devteam.db')
  const [self, now] = [identifySelf(), new Date()]
  return [checkFolder(root), checkFileSystem(root, typeOf), checkSpace(root, bytesFree), checkLock(file, self, now), checkLeftovers(file, self, now), ...await checkDatabase(file, self, wasm)]
}

async function checkDatabase(file: string, self: ProcessIdentity, wasm: string | undefined): Promise<Check[]> {
  const engine = new SqliteEngine({ file, self, now: () => new Date(), wasm })
  try {
    return await engine.read(async (tx) => {
      const size = fs.statSync(file, { throwIfNoEntry: false })?.size
      if (size === undefined || size === 0) return [{ name: 'database', state: 'ok', says: `${size === 0 ? `${file} is empty: ` : ''}no plan yet: \`devteam plan\` makes one` }]
      const [row] = await tx.all('PRAGMA quick_check(1)')
      checkIntegrity(file, row === undefined ? 'no answer' : text(row, 'quick_check'))
      const sql = await loadSql(wasm)
      return [{ name: 'database', state: 'ok', says: `${file} is whole, ${size} bytes` }, await checkLeases(tx, self), await checkSessions(tx, self), await checkCopy(tx, sql, file), ...await checkArchives(tx, sql, file)]
    })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [{ name: 'database', state: 'unusable', says: error.message }]
  } finally {
    await engine.close()
  }
}

async function checkLeases(tx: Tx, self: ProcessIdentity): Promise<Check> {
  const dead = [...await holders(tx, self)].filter(([, holder]) => !holder.alive).map(([name, holder]) => `${name} by process ${holder.pid} on ${holder.host}`)
  if (dead.length === 0) return { name: 'leases', state: 'ok', says: 'none of a dead process' }
  return { name: 'leases', state: 'todo', says: `left by dead processes: ${dead.join(', ')}: \`devteam implement --sprint all\` takes them over and goes on, \`devteam recover\` only ends them` }
}

async function checkSessions(tx: Tx, self: ProcessIdentity): Promise<Check> {
  const dead = (await deadSessions(tx, self, false)).map(({ ran }) => ran)
  if (dead.length === 0) return { name: 'sessions', state: 'ok', says: 'none of a dead process' }
  return { name: 'sessions', state: 'todo', says: `they count as running, and are dead: ${dead.join(', ')}: the next command that writes marks them as interrupted, or \`devteam recover\`` }
}

/** A copy that knows more than the database shows that an older one was put back. */
async function checkCopy(tx: Tx, sql: SqlJsStatic, file: string): Promise<Check> {
  const copy = lastGoodOf(file)
  const time = fs.statSync(copy, { throwIfNoEntry: false })?.mtime.toISOString()
  if (time === undefined) return { name: 'last good copy', state: 'ok', says: 'none yet: the next command that writes keeps one' }
  try {
    const { planId, lastEvent: known } = inspect(sql, copy, fs.readFileSync(copy), false)
    const newest = await lastEvent(tx)
    if (planId !== (await readMeta(tx)).get('plan_id') || known <= newest) return { name: 'last good copy', state: 'ok', says: `of ${time}` }
    return { name: 'last good copy', state: 'todo', says: older(`${copy} of ${time}`, known, newest) }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { name: 'last good copy', state: 'todo', says: `${copy} is damaged: the next command that writes keeps another` }
  }
}

const older = (what: string, known: number, newest: number): string =>
  `${what} knows events up to ${known}, and the database only up to ${newest}: an older copy of it was put back. Put the newer one in its place, or go on: what it does not know is done again`

async function checkArchives(tx: Tx, sql: SqlJsStatic, file: string): Promise<Check[]> {
  const listed = (await tx.all('SELECT file FROM archive ORDER BY first_id')).map((row) => text(row, 'file'))
  const folder = archiveFolder(file)
  const others = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => /^events-\d+\.db$/.test(name) && !listed.includes(name)) : []
  const newest = await lastEvent(tx)
  return [...listed.map((name) => checkArchive(sql, file, name, newest)), ...others.map((name) => checkArchive(sql, file, name, newest)).filter(({ state }) => state !== 'ok')]
}

function checkArchive(sql: SqlJsStatic, file: string, name: string, newest: number): Check {
  const archive = path.join(archiveFolder(file), name)
  try {
    const database = openArchive(sql, file, name)
    try {
      const known = Number(database.exec('SELECT MAX(id) FROM event')[0]?.values[0]?.[0] ?? 0)
      return known > newest ? { name: 'archive', state: 'todo', says: older(archive, known, newest) } : { name: 'archive', state: 'ok', says: `${archive} is whole` }
    } finally {
      database.close()
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { name: 'archive', state: 'todo', says: error.message }
  }
}
