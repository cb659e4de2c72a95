import fs from 'node:fs'
import path from 'node:path'
import readline from 'node:readline'
import type { SqlJsStatic } from 'sql.js'
import { UserError } from '../../plan/errors.ts'
import { refuse } from '../../plan/problem.ts'
import { archiveFolder, archiveOldEvents } from '../archive.ts'
import { counterOf } from '../content.ts'
import { backupFolder, copyDurably, keep, stampOf } from '../recovery/backups.ts'
import { DatabaseBuilder } from './build.ts'
import type { Row } from '../engine.ts'
import type { ExportHeader } from './export-format.ts'
import { checkNeighbours, explain } from '../faults.ts'
import { ImportCheck } from './import-check.ts'
import { keepLastGood, lastGoodOf } from '../recovery/last-good.ts'
import { FolderLock, tokenOf } from '../lock.ts'
import type { ProcessIdentity } from '../process.ts'
import { requireReplaceable } from './replaceable.ts'
import { finishRedo, makeFolder, replaceDatabase, syncFolder } from '../replace.ts'
import { eventTableName, type Table } from './tables.ts'
import { untouched } from '../task-rows.ts'
import { loadSql } from '../wasm.ts'

/** After so many events those that are to lie in archives are written there. */
const eventsAtOnce = 20_000

export interface ImportOptions {
  /** The folder of the workspace. */
  readonly root: string
  /** What `exportState` wrote. */
  readonly from: string
  /** A plan that is there is moved to `.devteam/backup` instead of being a reason to refuse. */
  readonly replace: boolean
  readonly self: ProcessIdentity
  readonly now: () => Date
  readonly wasm?: string | undefined
}

export interface Imported {
  readonly header: ExportHeader
  readonly tasks: number
  readonly completed: number
  readonly events: number
  /** Leases do not come along, so what was in progress is pending and whoever ran is interrupted. */
  readonly putBack: readonly string[]
  readonly interrupted: number
  /** Where the state lies now that was there before; undefined: there was none. */
  readonly backup: string | undefined
}

/**
 * Makes an exported state that of a workspace: all of it, by one rename, or nothing. UserError `input` with every problem of the file, or because a plan is there; `held` while a process
 * works on that; `database` when it can't be read or written.
 */
export async function importState({ root, from, replace, self, now, wasm }: ImportOptions): Promise<Imported> {
  const file = path.join(root, '.devteam', 'devteam.db')
  const folder = path.dirname(file)
  await requireReplaceable(file, replace, self, wasm)
  const fresh = !fs.existsSync(folder)
  const staging = path.join(folder, `import-${tokenOf(self)}`)
  try {
    makeFolder(staging)
    const sql = await loadSql(wasm)
    return await stage(sql, from, path.join(staging, 'devteam.db'), async (staged) => {
      const release = await new FolderLock(folder, self).acquire()
      try {
        await requireReplaceable(file, replace, self, wasm)
        checkNeighbours(file)
        finishRedo(file)
        placeArchives(staged, file, path.join(staging, 'devteam.db'), now().getTime())
        const backup = keepOld(file, path.join(backupFolder(file), `replaced-${stampOf(now())}`), staged.archives)
        replaceDatabase(file, staged.builder.finish(counterOf(file) + 1))
        removeArchives(file, staged.archives)
        // The copy of what was here before is no copy of this.
        fs.rmSync(lastGoodOf(file), { force: true })
        await keepLastGood(file, () => Promise.resolve(sql), now(), 0)
        return { ...staged.imported, backup }
      } finally {
        release()
      }
    })
  } catch (error) {
    throw explain(error, file, 'write')
  } finally {
    fs.rmSync(staging, { recursive: true, force: true })
    if (fresh && fs.existsSync(folder) && fs.readdirSync(folder).length === 0) fs.rmdirSync(folder)
  }
}

interface Staged { readonly builder: DatabaseBuilder; readonly archives: Set<string>; readonly imported: Omit<Imported, 'backup'> }

/** Reads the whole file into a new database and archives beside `staged`, and goes on with `next` only when it has no fault. */
async function stage<T>(sql: SqlJsStatic, from: string, staged: string, next: (staged: Staged) => Promise<T>): Promise<T> {
  const builder = new DatabaseBuilder(sql)
  try {
    const counts = { tasks: 0, completed: 0, events: 0, interrupted: 0, putBack: [] as string[] }
    const check = new ImportCheck(from, (table, row) => {
      const settled = settle(table, row, check.exportedAt, counts)
      if (settled === undefined) return
      builder.insert(table, settled)
      if (table.name === eventTableName && counts.events % eventsAtOnce === 0) archiveOldEvents(sql, builder.database, staged)
    })
    await readLines(from, check)
    const header = check.end()
    refuse(check.problems)
    archiveOldEvents(sql, builder.database, staged)
    return await next({ builder, archives: new Set(), imported: { header, ...counts } })
  } finally {
    builder.close()
  }
}

async function readLines(from: string, check: ImportCheck): Promise<void> {
  let stream: fs.ReadStream
  try {
    stream = fs.createReadStream(from, { fd: fs.openSync(from, 'r'), encoding: 'utf8' })
  } catch (error) {
    throw new UserError('input', `${from} can't be read (${(error as NodeJS.ErrnoException).code ?? ''}). Name a file that \`devteam export\` wrote.`, { cause: error })
  }
  const lines = readline.createInterface({ input: stream, crlfDelay: Infinity })
  try {
    for await (const line of lines) {
      check.line(line)
      if (check.hopeless) break
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error
    throw new UserError('input', `${from} is a folder. Name a file that \`devteam export\` wrote.`, { cause: error })
  } finally {
    lines.close()
    stream.destroy()
  }
}

/** What a row becomes here, where none of the processes runs that it speaks of; undefined: it does not come along. */
function settle({ name }: Table, row: Row, exportedAt: string, counts: { tasks: number; completed: number; events: number; interrupted: number; putBack: string[] }): Row | undefined {
  switch (name) {
    case 'lease': return undefined
    case 'event':
      counts.events += 1
      return row
    case 'session':
      if (row['status'] !== 'running') return row
      counts.interrupted += 1
      return { ...row, status: 'interrupted', ended_at: exportedAt }
    case 'task':
      counts.tasks += 1
      if (row['status'] === 'completed') counts.completed += 1
      if (row['status'] !== 'in_progress') return row
      counts.putBack.push(String(row['id']))
      return { ...row, ...untouched }
    default: return row
  }
}

/** Puts the new archives beside those of the old state, under names that nobody lists yet: numbers that ids of events never reach. */
function placeArchives({ builder, archives }: Staged, file: string, staged: string, number: number): void {
  const listed = builder.database.exec('SELECT file FROM archive ORDER BY first_id')[0]?.values ?? []
  if (listed.length === 0) return
  const folder = archiveFolder(file)
  makeFolder(folder)
  for (const [index, [name]] of listed.entries()) {
    const free = `events-${number}${String(index).padStart(4, '0')}.db`
    keep(path.join(archiveFolder(staged), String(name)), path.join(folder, free))
    builder.database.run('UPDATE archive SET file = ? WHERE file = ?', [free, String(name)])
    archives.add(free)
  }
  syncFolder(folder)
}

/** Copies the database into `backup` and links the archives there, so that they stay when others take their places. Gives undefined where there is nothing. */
function keepOld(file: string, backup: string, placed: ReadonlySet<string>): string | undefined {
  const old = fs.existsSync(archiveFolder(file)) ? fs.readdirSync(archiveFolder(file)).filter((name) => !placed.has(name)) : []
  if (!fs.existsSync(file) && old.length === 0) return undefined
  makeFolder(path.join(backup, ...(old.length === 0 ? [] : ['archive'])))
  if (fs.existsSync(file)) copyDurably(file, path.join(backup, path.basename(file)))
  for (const name of old) keep(path.join(archiveFolder(file), name), path.join(backup, 'archive', name))
  syncFolder(backup)
  return backup
}

function removeArchives(file: string, placed: ReadonlySet<string>): void {
  const folder = archiveFolder(file)
  if (!fs.existsSync(folder)) return
  for (const name of fs.readdirSync(folder)) if (!placed.has(name)) fs.rmSync(path.join(folder, name), { recursive: true })
}
