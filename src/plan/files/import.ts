import fs from 'node:fs/promises'
import path from 'node:path'
import { tasksFolder } from './places.ts'
import { readTasks } from './read.ts'
import { UserError } from '../errors.ts'
import { isInside, syntaxError } from './json.ts'
import { backlogFolder, readBacklog } from '../import/backlog.ts'
import { readBeads } from '../import/beads.ts'
import type { Imported, ImportFile } from '../import/imported.ts'
import { recognize } from '../import/recognize.ts'
import { readSpecKit } from '../import/spec-kit.ts'
import { readTaskMaster } from '../import/task-master.ts'
import { compareIds } from '../natural.ts'
import { refuse } from '../problem.ts'
import { readSpecified } from '../specification/specification.ts'

/**
 * The plan at a file or in a folder: of Task Master, Spec Kit, Backlog.md or Beads, a folder of our own task files, or a specification that is structured.
 * undefined: no such plan; a file is then a text like any other. Throws UserError('input') that names the file where a plan is broken.
 */
export async function readImport(source: string): Promise<Imported | undefined> {
  const stat = await fs.stat(source).catch((error: unknown) => { if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; throw error })
  if (stat === undefined) return undefined
  return stat.isDirectory() ? await fromFolder(path.resolve(source)) : await fromFile(path.resolve(source))
}

async function fromFile(name: string): Promise<Imported | undefined> {
  if (!/\.(?:jsonl?|md|markdown|txt|ya?ml)$/i.test(name)) return undefined
  const file = await fileAt(name)
  if (/\.json$/i.test(name)) refuseBrokenJson(file)
  const found = recognize(file)
  if (found === undefined) return readSpecified(file)
  switch (found.kind) {
    case 'Task Master': return readTaskMaster(file, found.value)
    case 'Spec Kit': return readSpecKit([file], name)
    case 'Beads': return readBeads([file], name)
    case 'Backlog.md': return undefined // one task is no plan: the folder is
  }
}

/** The plans in a folder, a reader for each kind; the first that finds its own is taken, and the others are told. */
async function fromFolder(folder: string): Promise<Imported | undefined> {
  const found: { tool: string; read: () => Imported | Promise<Imported> }[] = []
  for (const look of [ownTasks, taskMaster, beads, backlog, specKit]) {
    const one = await look(folder)
    if (one !== undefined) found.push(one)
  }
  const [first, ...others] = found
  if (first === undefined) return undefined
  return withWarnings(others.length === 0 ? [] : [`${folder} also has a plan of ${others.map((other) => other.tool).join(' and of ')}, which was not read; name its own file or folder to take that one`], await first.read())
}

const withWarnings = (warnings: readonly string[], imported: Imported): Imported => ({ ...imported, warnings: [...imported.warnings, ...warnings] })

type Found = Promise<{ tool: string; read: () => Imported | Promise<Imported> } | undefined>

async function ownTasks(folder: string): Found {
  const inside = (await namesIn(path.join(folder, tasksFolder))).some(isJson)
  const isThere = folder.split(path.sep).join('/').endsWith(`/${tasksFolder}`) && (await namesIn(folder)).some(isJson)
  if (!inside && !isThere) return undefined
  const root = inside ? folder : path.resolve(folder, '../../..')
  return { tool: 'DevTeam', read: async () => ({ tool: 'DevTeam', tasks: await readTasks(root), completed: [], warnings: [] }) }
}

async function taskMaster(folder: string): Found {
  for (const place of ['.taskmaster/tasks/tasks.json', 'tasks/tasks.json', 'tasks.json']) {
    const file = await maybeFile(folder, place)
    if (file !== undefined) refuseBrokenJson(file)
    const kind = file === undefined ? undefined : recognize(file)
    if (file !== undefined && kind?.kind === 'Task Master') return { tool: 'Task Master', read: () => readTaskMaster(file, kind.value) }
  }
  return undefined
}

/** What Beads merges from, which has issues that are gone since. */
const mergeFile = /\.(?:base|left|right)\.jsonl$/i

async function beads(folder: string): Found {
  for (const place of ['.beads', '.']) {
    const names = (await namesIn(path.join(folder, place))).filter((name) => name.toLowerCase().endsWith('.jsonl'))
    const files = (await filesAt(folder, names.filter((name) => !mergeFile.test(name)).map((name) => path.join(place, name)))).filter((file) => recognize(file)?.kind === 'Beads')
    const left = names.filter((name) => mergeFile.test(name))
    const warnings = left.length === 0 ? [] : [`${left.join(', ')}: Beads merges from these files, they were not read`]
    if (files.length > 0) return { tool: 'Beads', read: () => withWarnings(warnings, readBeads(files, path.join(folder, place))) }
  }
  return undefined
}

async function backlog(folder: string): Found {
  const root = await maybeFile(folder, 'backlog.config.yml')
  const named = root === undefined ? '' : backlogFolder(root)
  // The folder itself, its tasks/, or the project that it lies in.
  const bases = [folder, ...(path.basename(folder) === 'tasks' ? [path.dirname(folder)] : []), ...[named, 'backlog', '.backlog'].filter((name) => name !== '').map((name) => path.join(folder, name)).filter((base) => isInside(folder, base))]
  for (const base of bases) {
    const within = isInside(folder, base) ? folder : base
    const [tasks, completed] = [await markdownIn(within, path.join(base, 'tasks')), await markdownIn(within, path.join(base, 'completed'))]
    if (![...tasks, ...completed].some((file) => recognize(file)?.kind === 'Backlog.md')) continue
    const config = await maybeFile(base, 'config.yml') ?? await rootConfig(base)
    return { tool: 'Backlog.md', read: () => readBacklog({ tasks, completed, config }, base) }
  }
  return undefined
}

/** The `backlog.config.yml` that names this folder, in one of those around it. */
async function rootConfig(base: string): Promise<ImportFile | undefined> {
  for (let folder = path.dirname(base); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const config = await maybeFile(folder, 'backlog.config.yml')
    if (config !== undefined) return path.resolve(folder, backlogFolder(config)) === base ? config : undefined
  }
  return undefined
}

async function specKit(folder: string): Found {
  const places = ['tasks.md', ...(await namesIn(folder)).map((name) => `${name}/tasks.md`)]
  const features = async (specs: string): Promise<string[]> => (await namesIn(path.join(folder, specs))).map((name) => `${specs}/${name}/tasks.md`)
  for (const names of [await features('specs'), await features('.specify/specs'), places]) {
    const files: ImportFile[] = []
    for (const name of names) {
      const file = await maybeFile(folder, name)
      if (file !== undefined && recognize(file)?.kind === 'Spec Kit') files.push(file)
    }
    if (files.length > 0) return { tool: 'Spec Kit', read: () => readSpecKit(files, folder) }
  }
  return undefined
}

const isJson = (name: string): boolean => /\.json$/i.test(name) && !name.startsWith('.')
/** Of a folder in `root`. */
const markdownIn = async (root: string, folder: string): Promise<ImportFile[]> => await filesAt(root, (await namesIn(folder)).filter((name) => name.toLowerCase().endsWith('.md')).map((name) => path.relative(root, path.join(folder, name))))

/** Names in a folder, sorted as people count; none where it is no folder. */
async function namesIn(folder: string): Promise<string[]> {
  try { return (await fs.readdir(folder)).sort(compareIds) } catch (error) {
    if (isAbsent(error)) return []
    throw unreadable(folder, error)
  }
}

async function filesAt(folder: string, names: readonly string[]): Promise<ImportFile[]> {
  const files: ImportFile[] = []
  for (const name of names) {
    const file = await maybeFile(folder, name)
    if (file !== undefined) files.push(file)
  }
  return files
}

/** A text larger than this is no plan that people keep, and would not be held twice in memory for nothing. */
const largest = 64 * 1024 * 1024

async function fileAt(name: string): Promise<ImportFile> {
  try {
    if ((await fs.stat(name)).size > largest) throw new UserError('input', `${name} is larger than ${largest / 1024 / 1024} MB. Name the plan itself.`)
    return { path: name.split(path.sep).join('/'), text: new TextDecoder('utf-8', { fatal: true }).decode(await fs.readFile(name)) }
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(name, error)
  }
}

/** A file of the plan in `folder`; undefined where there is none. Throws UserError('input') for links that lead out of the folder, or nowhere. */
async function maybeFile(folder: string, name: string): Promise<ImportFile | undefined> {
  const file = path.join(folder, name)
  try {
    const real = await fs.realpath(file)
    if (!isInside(await fs.realpath(folder), real)) throw new UserError('input', `${file} is a link that leads out of ${folder}. Put the file itself there.`)
    if (!(await fs.stat(real)).isFile()) return undefined
  } catch (error) {
    if (error instanceof UserError) throw error
    if (isAbsent(error) && !(await fs.lstat(file).then((stat) => stat.isSymbolicLink(), () => false))) return undefined
    throw isAbsent(error) ? new UserError('input', `${file} is a link to what is not there. Put the file itself there.`) : unreadable(file, error)
  }
  return await fileAt(file)
}

const isAbsent = (error: unknown): boolean => /^(?:ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? '')

function unreadable(name: string, error: unknown): UserError {
  const what = error instanceof TypeError ? 'is not UTF-8 text. Save it as UTF-8' : `can't be read: ${(error as Error).message}. Make it readable`
  return new UserError('input', `${name} ${what}.`, { cause: error })
}

/** JSON that is broken is a broken plan, not a description of a project. */
function refuseBrokenJson(file: ImportFile): void {
  try { JSON.parse(file.text) } catch (error) {
    refuse([{ where: file.path, what: `is not JSON: ${syntaxError(file.text, error as Error)}`, wayOut: 'Mend it there' }])
  }
}
