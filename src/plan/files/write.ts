import fs from 'node:fs'
import path from 'node:path'
import { checkTasks } from '../check.ts'
import { UserError } from '../errors.ts'
import { isInside, readJson } from './json.ts'
import { prdPath, sprintsFolder, tasksFolder } from './places.ts'
import { prdKeys } from '../prd-file.ts'
import { refuse } from '../problem.ts'
import type { SprintFile } from '../sprints/sprint-files.ts'
import type { Prd, Task } from '../task.ts'
import { taskKeys } from '../task-file.ts'

/** So many files are written at one go; then others of the process have their turn. */
const breath = 200

/** Writes `docs/planning/PROJECT_PRD.json`; keys that are there and unknown to us stay. Throws UserError('input') where a broken file is there. */
export async function writePrd(root: string, prd: Prd): Promise<void> {
  await writeText(root, prdPath, jsonText(merged(await existing(root, prdPath), prdKeys(prd))))
}

/**
 * Writes `docs/planning/tasks/<id>.json` for each task; keys that are there and unknown to us stay. Throws UserError('input') before
 * anything is written where the tasks can't be planned or a file in their place is broken.
 */
export async function writeTasks(root: string, tasks: readonly Task[]): Promise<void> {
  refuse(checkTasks(tasks))
  const files: { base: string; text: string }[] = []
  for (const task of tasks) {
    const base = `${task.id}.json`
    files.push({ base, text: jsonText(merged(await existing(root, `${tasksFolder}/${base}`), taskKeys(task))) })
  }
  const write = textWriter(root, tasksFolder)
  for (const { base, text } of files) write(base, text)
}

/** Writes `docs/sprints/SPRINT-*.json` and removes those of an earlier plan. */
export async function writeSprints(root: string, files: readonly SprintFile[]): Promise<void> {
  const write = textWriter(root, sprintsFolder)
  for (const [i, file] of files.entries()) {
    if (i % breath === breath - 1) await new Promise(setImmediate)
    write(`${file.id}.json`, jsonText({ ...file }))
  }
  const wanted = new Set(files.map((file) => `${file.id}.json`))
  for (const name of files.length === 0 ? [] : fs.readdirSync(path.join(root, sprintsFolder))) {
    if (/^SPRINT-\d{3,}(?:-\d{2,})?\.json$/.test(name) && !wanted.has(name)) fs.rmSync(path.join(root, sprintsFolder, name))
  }
}

/**
 * Puts `text` at `name` (from root, with `/`), whole or not at all: a new file takes the place of the old one. A file that has that text
 * already is left alone. Throws UserError('input') where the place is outside root or can't be written.
 */
// eslint-disable-next-line @typescript-eslint/require-await -- errors of the disk reject
export async function writeText(root: string, name: string, text: string): Promise<void> {
  textWriter(root, path.posix.dirname(name))(path.posix.basename(name), text)
}

/** Writes files of one folder below `root` as `writeText` does. The folder is made and looked at with the first one. Waits for the disk. */
function textWriter(root: string, folder: string): (base: string, text: string) => void {
  const place = path.join(root, folder)
  const isOutside = path.isAbsolute(folder) || !isInside(path.resolve(root), path.resolve(place, 'file'))
  let names: ReadonlySet<string> | undefined
  return (base, text) => {
    const [name, file] = [`${folder}/${base}`, `${place}${path.sep}${base}`]
    if (isOutside || path.basename(base) !== base || base === '..') throw new UserError('input', `${name} is outside ${root}. Nothing was written there.`)
    const temporary = `${place}${path.sep}.${base}.${process.pid}.tmp`
    try {
      names ??= madeFolder(root, folder)
      if (names.has(base) && isThere(file, text)) return
      fs.writeFileSync(temporary, text)
      fs.renameSync(temporary, file)
    } catch (error) {
      fs.rmSync(temporary, { force: true })
      const { code, message } = error as NodeJS.ErrnoException
      if (code === undefined || error instanceof UserError) throw error
      throw new UserError('input', `${name} can't be written: ${message}. Make its place writable and try again.`, { cause: error })
    }
  }
}

/** Gives the names in it. */
function madeFolder(root: string, folder: string): ReadonlySet<string> {
  fs.mkdirSync(path.join(root, folder), { recursive: true })
  refuseLinkOut(root, folder)
  return new Set(fs.readdirSync(path.join(root, folder)))
}

function refuseLinkOut(root: string, folder: string): void {
  const [real, realRoot] = [fs.realpathSync(path.join(root, folder)), fs.realpathSync(root)]
  if (real !== realRoot && !isInside(realRoot, real)) throw new UserError('input', `${folder} is a link that leads out of ${root}. Put a folder there.`)
}

/** Throws UserError('input') where the files of a plan would have no place, before anything is written. Folders that are not there yet are made when they are needed. */
export function checkPlaces(root: string): void {
  for (const folder of [path.posix.dirname(prdPath), sprintsFolder]) {
    const place = path.join(root, folder)
    const found = fs.statSync(place, { throwIfNoEntry: false })
    if (found === undefined && fs.lstatSync(place, { throwIfNoEntry: false }) === undefined) continue
    if (found?.isDirectory() !== true) throw new UserError('input', `${folder} is not a folder. Move it away.`)
    refuseLinkOut(root, folder)
  }
}

/** What can't be read is not what is wanted: writing says what is the matter. */
function isThere(file: string, text: string): boolean {
  try { return fs.readFileSync(file, 'utf8') === text } catch { return false }
}

const jsonText = (value: Readonly<Record<string, unknown>>): string => `${JSON.stringify(value, null, 2)}\n`

async function existing(root: string, name: string): Promise<unknown> {
  const json = await readJson(root, name)
  if (json?.ok === false) refuse(json.problems)
  return json?.ok === true ? json.value : undefined
}

/** The new keys in their order, then the old ones that the new object does not name; inside objects the same. Requirements are matched by id. */
function merged(old: unknown, fresh: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (!isRecord(old)) return { ...fresh }
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fresh)) {
    const before = old[key]
    if (isRecord(value)) result[key] = merged(before, value)
    else if (Array.isArray(value) && Array.isArray(before)) result[key] = value.map((item: unknown) => (isRecord(item) && 'id' in item ? merged(before.find((each) => isRecord(each) && each.id === item.id), item) : item))
    else result[key] = value
  }
  // Keys of ours that the new object leaves out were taken away, so they go; the rest is somebody else's.
  for (const [key, value] of Object.entries(old)) if (!(key in result) && !optionalKeys.has(key)) result[key] = value
  if (isRecord(old.scope) && !('scope' in result)) {
    const rest = Object.fromEntries(Object.entries(old.scope).filter(([key]) => key !== 'allowed_patterns'))
    if (Object.keys(rest).length > 0) result.scope = rest
  }
  return result
}

const optionalKeys = new Set(['feature_ref', 'hours_guessed', 'scope', 'estimate', 'suggested_agent'])
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
