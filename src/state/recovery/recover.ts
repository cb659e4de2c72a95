import fs from 'node:fs'
import path from 'node:path'
import type { SqlJsStatic } from 'sql.js'
import { UserError } from '../../plan/errors.ts'
import { backupFolder, copyDurably, stampOf } from './backups.ts'
import { counterOf } from '../content.ts'
import { checkNeighbours, checkNothingLost, databaseError, explain } from '../faults.ts'
import { inspect, type Inspected } from './inspect.ts'
import { keepLastGood, lastGoodOf } from './last-good.ts'
import { clearLeftovers, clearLock } from './leftovers.ts'
import { FolderLock } from '../lock.ts'
import type { ProcessIdentity } from '../process.ts'
import { repairRows, type Step } from './repair.ts'
import { finishRedo, redoOf, replaceDatabase } from '../replace.ts'
import { type Salvaged, salvage } from './salvage.ts'
import { SqliteEngine } from '../sqlite.ts'
import { loadSql } from '../wasm.ts'

export interface RecoverOptions {
  /** The folder of the workspace. */
  readonly root: string
  /** A person's word that what other hosts and containers hold here is held by nobody. */
  readonly force: boolean
  readonly self: ProcessIdentity
  readonly now: () => Date
  readonly wasm?: string | undefined
  /** Called with each step as soon as it is done. */
  readonly onStep: (step: Step) => void
}

/** How the state is in the end. */
export interface Recovered {
  /** undefined: there is no database, and none was lost. */
  readonly state: Inspected | undefined
  /** A copy of this time was put back; what was done after it is not in the state. */
  readonly restoredFrom: Date | undefined
  /** Time of the copy that the next recovery would put back. */
  readonly lastGood: Date | undefined
}

/**
 * Repairs what can be repaired below `root` and deletes nothing but leftovers of dead processes: a damaged database is kept under another name. Throws UserError `held` while a process keeps the lock;
 * `database` when only a person can help, with the way out.
 */
export async function recoverState({ root, force, self, now, wasm, onStep }: RecoverOptions): Promise<Recovered> {
  const file = path.join(root, '.devteam', 'devteam.db')
  const folder = path.dirname(file)
  if (!fs.existsSync(folder)) return { state: undefined, restoredFrom: undefined, lastGood: undefined }
  const sql = await loadSql(wasm)
  let restoredFrom: Date | undefined
  try {
    clearLock(folder, self, force).forEach(onStep)
    const release = await new FolderLock(folder, self).acquire()
    try {
      clearLeftovers(file, self, force, now()).forEach(onStep)
      checkNeighbours(file)
      finishCommit(file, now()).forEach(onStep)
      const mended = mendFile(sql, file, now())
      mended.steps.forEach(onStep)
      restoredFrom = mended.restoredFrom
    } finally {
      release()
    }
  } catch (error) {
    throw explain(error, file, 'write')
  }
  const state = await repairState(sql, { root, force, self, now, wasm, onStep }, file)
  await keepLastGood(file, () => Promise.resolve(sql), now(), Infinity)
  return { state, restoredFrom, lastGood: fs.statSync(lastGoodOf(file), { throwIfNoEntry: false })?.mtime }
}

async function repairState(sql: SqlJsStatic, { self, force, now, wasm, onStep }: RecoverOptions, file: string): Promise<Inspected | undefined> {
  if (sizeOf(file) === 0) return undefined
  const engine = new SqliteEngine({ file, self, now, wasm })
  try {
    const steps = await engine.transaction((tx) => repairRows(tx, self, force))
    steps.forEach(onStep)
  } finally {
    await engine.close()
  }
  return inspect(sql, file, fs.readFileSync(file), false)
}

/** A commit that was hindered at its end. Where even its content is damaged, the file that it should have become stays. */
function finishCommit(file: string, now: Date): Step[] {
  const redo = redoOf(file)
  if (!fs.existsSync(redo)) return []
  try {
    finishRedo(file)
    return [{ did: 'repaired', what: 'database', says: 'a commit that another program had hindered is finished' }]
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const aside = `${redo}.damaged-${stampOf(now)}`
    fs.renameSync(redo, aside)
    return [{ did: 'repaired', what: 'database', says: `${redo} is damaged and is now ${aside}: its commit is lost` }]
  }
}

interface Mended { readonly steps: readonly Step[]; readonly restoredFrom?: Date }

/** Makes the file a whole database of ours again. Throws UserError `database` when there is nothing to make it of. */
function mendFile(sql: SqlJsStatic, file: string, now: Date): Mended {
  if (sizeOf(file) === 0) {
    const lost = refusalOf(() => { checkNothingLost(file) })
    return lost === undefined ? { steps: [] } : putBack(sql, file, fs.existsSync(file) ? 'is empty' : 'is missing')
  }
  const bytes = fs.readFileSync(file)
  const fault = refusalOf(() => { inspect(sql, file, bytes, true) })
  if (fault === undefined) return { steps: [] }
  const aside = `${file}.damaged-${stampOf(now)}`
  const rest = salvage(sql, bytes, counterOf(file) + 1)
  if (rest.kind === 'in part') {
    const copy = goodCopy(sql, file)
    if (copy === undefined) throw nothingToPutBack(file, fault.message)
    copyDurably(file, aside)
    return putBack(sql, file, `was damaged and is kept as ${aside} (${rest.reason})`, rest, copy)
  }
  copyDurably(file, aside)
  replaceDatabase(file, rest.bytes)
  const lost = rest.lostEvents === undefined ? 'nothing is lost' : `events ${rest.lostEvents} are lost, nothing else`
  return { steps: [{ did: 'repaired', what: 'database', says: `${file} was damaged and is kept as ${aside}; all tables could be read and were built anew: ${lost}` }] }
}

interface Copy { readonly from: string; readonly bytes: Buffer; readonly time: Date; readonly inspected: Inspected }

function putBack(sql: SqlJsStatic, file: string, what: string, rest?: Salvaged, copy: Copy | undefined = goodCopy(sql, file)): Mended {
  if (copy === undefined) throw nothingToPutBack(file, `${file} ${what}.`)
  replaceDatabase(file, copy.bytes)
  const { completed, tasks } = copy.inspected
  const later = rest?.completed.filter((task) => !completed.includes(task)) ?? []
  const says = `${file} ${what}; the copy of ${copy.time.toISOString()} is put back from ${copy.from}: ${completed.length} of ${tasks} tasks are completed in it, and what was recorded after it is lost`
  return { steps: [{ did: 'repaired', what: 'database', says: later.length === 0 ? says : `${says}; the damaged file also shows as completed: ${later.join(', ')}` }], restoredFrom: copy.time }
}

/** The newest whole database among the copies; those of before a migration or an import are among them. */
function goodCopy(sql: SqlJsStatic, file: string): Copy | undefined {
  const folder = backupFolder(file)
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.db')) : []
  const copies = names.map((name) => path.join(folder, name)).map((from) => ({ from, time: fs.statSync(from).mtime })).sort((a, b) => b.time.getTime() - a.time.getTime())
  for (const { from, time } of copies) {
    const bytes = fs.readFileSync(from)
    let inspected: Inspected | undefined
    const fault = refusalOf(() => { inspected = inspect(sql, from, bytes, true) })
    if (fault === undefined && inspected !== undefined) return { from, bytes, time, inspected }
  }
  return undefined
}

const nothingToPutBack = (file: string, fault: string): UserError => databaseError([
  fault.replace(/ Put a copy of it back.*/, ''), `There is no good copy in ${backupFolder(file)} to put back, so nothing was changed.`,
  `Put a copy of ${file} back, import an exported state with \`devteam import FILE --replace\`, or move ${path.dirname(file)} away except config.json and start anew with \`devteam plan\`.`,
].join(' '))

function refusalOf(work: () => void): UserError | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

const sizeOf = (file: string): number => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0
