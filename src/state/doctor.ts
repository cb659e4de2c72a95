import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../plan/errors.ts'
import { archiveFolder, openArchive } from './archive.ts'
import { text } from './cells.ts'
import { checkIntegrity } from './faults.ts'
import { holders } from './leases.ts'
import { ownerOf } from './lock.ts'
import { fateOf, identifySelf } from './process.ts'
import { SqliteEngine } from './sqlite.ts'
import { loadSql } from './wasm.ts'

/** `todo`: something to do, with the way out in `says`. `unusable`: no command works until it is done. */
export interface Check { readonly name: string; readonly state: 'ok' | 'todo' | 'unusable'; readonly says: string }

/** statfs(2): the types of file systems on which renames and locks of several hosts are not to be trusted. */
const networkTypes: Readonly<Record<number, string>> = { 0x6969: 'NFS', 0xff534d42: 'CIFS', 0xfe534d42: 'SMB', 0x517b: 'SMB', 0x01021997: '9P', 0x5346414f: 'AFS', 0x00c36400: 'Ceph' }

/** Looks at the state below `root` and writes nothing. `typeOf`: the type of the file system below a folder, as statfs(2) gives it; handed in for tests. */
export async function examineState(root: string, wasm?: string, typeOf = (folder: string): number => fs.statfsSync(folder).type): Promise<Check[]> {
  const file = path.join(root, '.devteam', 'devteam.db')
  return [checkFolder(root), checkFileSystem(root, typeOf), checkLock(file), ...await checkDatabase(file, wasm)]
}

function checkFolder(root: string): Check {
  const folder = [path.join(root, '.devteam'), root].find((one) => fs.existsSync(one)) ?? root
  try {
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK)
    return { name: 'folder', state: 'ok', says: `${folder} can be written` }
  } catch (error) {
    return { name: 'folder', state: 'todo', says: `${folder} can't be written (${(error as NodeJS.ErrnoException).code ?? ''}): check its rights; until then only status and reports work` }
  }
}

function checkFileSystem(root: string, typeOf: (folder: string) => number): Check {
  // Some of them are beyond 2^31 and come out negative where the field is signed.
  const network = process.platform === 'linux' ? networkTypes[typeOf(root) >>> 0] : root.startsWith('\\\\') ? 'a network share' : undefined
  if (network === undefined) return { name: 'file system', state: 'ok', says: 'no network file system was recognised' }
  return { name: 'file system', state: 'todo', says: `${root} lies on ${network}, where commits of several machines can overlap: move the project to a local disk` }
}

function checkLock(file: string): Check {
  const lock = path.join(path.dirname(file), 'lock')
  const token = tokenIn(lock)
  if (token === undefined) return { name: 'lock', state: 'ok', says: 'free' }
  const owner = ownerOf(token)
  if (owner === undefined) return { name: 'lock', state: 'todo', says: `${path.join(lock, token)} is not a lock of DevTeam: remove it if no DevTeam runs here` }
  const who = `process ${owner.pid} on ${owner.host}`
  switch (fateOf(owner, identifySelf(), true)) {
    case 'alive': return { name: 'lock', state: 'ok', says: `held by ${who}, which is alive` }
    case 'dead': return { name: 'lock', state: 'ok', says: `left by ${who}, which is dead: the next command takes it over` }
    case 'elsewhere': return { name: 'lock', state: 'todo', says: `held by ${who}: if that host or container is gone, remove ${lock}` }
  }
}

function tokenIn(lock: string): string | undefined {
  try {
    return fs.readdirSync(lock)[0]
  } catch (error) {
    // It is held for milliseconds, and may go at any moment.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function checkDatabase(file: string, wasm: string | undefined): Promise<Check[]> {
  const engine = new SqliteEngine({ file, self: identifySelf(), now: () => new Date(), wasm })
  try {
    return await engine.read(async (tx) => {
      if (!fs.existsSync(file)) return [{ name: 'database', state: 'ok', says: 'no plan yet: `devteam plan` makes one' }]
      const [row] = await tx.all('PRAGMA quick_check(1)')
      checkIntegrity(file, row === undefined ? 'no answer' : text(row, 'quick_check'))
      const dead = [...await holders(tx, identifySelf())].filter(([, holder]) => !holder.alive).map(([name, holder]) => `${name} by process ${holder.pid} on ${holder.host}`)
      const sql = await loadSql(wasm)
      const archives = (await tx.all('SELECT file FROM archive ORDER BY first_id')).map((archive): Check => checkArchive(() => { openArchive(sql, file, text(archive, 'file')).close() }, path.join(archiveFolder(file), text(archive, 'file'))))
      return [
        { name: 'database', state: 'ok', says: `${file} is whole, ${fs.statSync(file).size} bytes` },
        dead.length === 0 ? { name: 'leases', state: 'ok', says: 'none of a dead process' } : { name: 'leases', state: 'todo', says: `left by dead processes: ${dead.join(', ')}: \`devteam implement --sprint all\` takes them over and goes on` },
        ...archives,
      ]
    })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [{ name: 'database', state: 'unusable', says: error.message }]
  } finally {
    await engine.close()
  }
}

function checkArchive(open: () => void, file: string): Check {
  try {
    open()
    return { name: 'archive', state: 'ok', says: `${file} is whole` }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { name: 'archive', state: 'todo', says: error.message }
  }
}
