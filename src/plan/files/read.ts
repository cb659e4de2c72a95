import fs, { type Dirent } from 'node:fs'
import path from 'node:path'
import { checkTasks } from '../check.ts'
import { jsonReader, readJson, zodProblems, type Read } from './json.ts'
import { inIdOrder } from '../natural.ts'
import { prdPath, tasksFolder } from './places.ts'
import { prdOf } from '../prd-file.ts'
import { refuse, type Problem } from '../problem.ts'
import type { Prd, Task } from '../task.ts'
import { isUsualTaskFile, taskOf } from '../task-file.ts'

export { checkPlaces, writePrd, writeSprints, writeTasks, writeText } from './write.ts'

/** So many files are read at one go; then others of the process have their turn. */
const breath = 500

/**
 * The tasks of `docs/planning/tasks/*.json` below `root`, sorted by id; none where the folder is missing or empty. Throws
 * UserError('input') that names all that is wrong with them at once.
 */
export async function readTasks(root: string): Promise<Task[]> {
  const loaded = await loadTasks(root)
  refuse(taskProblems(loaded, loaded.tasks))
  return loaded.tasks
}

/** Task files as they are: tasks that could be read, what is wrong with the other files, and the ids of those. */
export interface LoadedTasks { readonly tasks: Task[]; readonly problems: readonly Problem[]; readonly broken: ReadonlySet<string> }

/** Reads the task files and throws at none of them. */
export async function loadTasks(root: string): Promise<LoadedTasks> {
  const entries = inIdOrder(jsonEntries(path.join(root, tasksFolder)), ({ name }) => name)
  const problems: Problem[] = []
  const tasks: Task[] = []
  const broken = new Set<string>()
  const json = jsonReader(root, tasksFolder)
  for (const [i, entry] of entries.entries()) {
    if (i % breath === breath - 1) await new Promise(setImmediate)
    const { name } = entry
    if (!name.endsWith('.json')) {
      // On some disks it would be the same file as one in small letters, on others a second one.
      problems.push({ where: `${tasksFolder}/${name}`, what: 'does not end in .json, in small letters', wayOut: `Rename it to ${name.slice(0, -'.json'.length)}.json` })
      broken.add(name.slice(0, -'.json'.length))
      continue
    }
    const found = json(name, entry.isFile())
    const read = usualTask(found, name) ?? await readTask(found, `${tasksFolder}/${name}`)
    if (read.task === undefined) for (const id of [name.slice(0, -'.json'.length), ...read.id === undefined ? [] : [read.id]]) broken.add(id)
    else tasks.push(read.task)
    problems.push(...read.problems)
  }
  return { tasks: inIdOrder(tasks, ({ id }) => id), problems, broken }
}

/** All that keeps `tasks`, the loaded ones or what an edit makes of them, from being planned. A task that depends on one that could not be read is not to blame. */
export function taskProblems({ problems, broken }: LoadedTasks, tasks: readonly Task[]): Problem[] {
  const known = broken.size === 0 ? tasks : tasks.map((task) => ({ ...task, dependencies: task.dependencies.filter((id) => !broken.has(id)) }))
  return [...problems, ...checkTasks(known, (task) => `${tasksFolder}/${task.id}.json`)]
}

interface ReadTask { readonly task: Task | undefined; readonly id?: string; readonly problems: readonly Problem[] }

/** The task of a file that is as such files usually are; undefined: it needs a closer look. */
function usualTask(json: Read<unknown> | undefined, name: string): ReadTask | undefined {
  return json?.ok === true && isUsualTaskFile(json.value) && `${json.value.id}.json` === name ? { task: taskOf(json.value), problems: [] } : undefined
}

async function readTask(json: Read<unknown> | undefined, file: string): Promise<ReadTask> {
  if (json === undefined) return { task: undefined, problems: [{ where: file, what: 'went away while it was read', wayOut: 'Try again' }] }
  if (!json.ok) return { task: undefined, problems: json.problems }
  const parsed = (await import('../schema.ts')).taskFile.safeParse(json.value, { reportInput: true })
  return parsed.success ? namedAs(file, taskOf(parsed.data)) : { task: undefined, problems: zodProblems(file, parsed.error) }
}

function namedAs(file: string, task: Task): ReadTask {
  const name = path.posix.basename(file, '.json')
  if (task.id === name) return { task, problems: [] }
  return { task: undefined, id: task.id, problems: [{ where: file, field: 'id', what: `is ${task.id}, and the file is not named so`, wayOut: `Rename the file to ${task.id}.json, or the id to ${name}` }] }
}

/** Is there a task file, as far as names tell? Looks no further than the first one. */
export function hasTaskFiles(root: string): boolean {
  const folder = path.join(root, tasksFolder)
  return ofFolder(folder, false, () => {
    const entries = fs.opendirSync(folder)
    try {
      for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) if (isJsonName(entry.name)) return true
      return false
    } finally {
      entries.closeSync()
    }
  })
}

/** What ends in .json in a folder, in capitals too, hidden files left out; nothing where there is no such folder. Waits for the disk, since there is nothing else to do. */
const jsonEntries = (folder: string): Dirent[] => ofFolder(folder, [], () => fs.readdirSync(folder, { withFileTypes: true }).filter(({ name }) => isJsonName(name)))

const isJsonName = (name: string): boolean => /\.json$/i.test(name) && !name.startsWith('.')

function ofFolder<T>(folder: string, none: T, look: () => T): T {
  try {
    return look()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return none
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') refuse([{ where: folder, what: 'is not a folder', wayOut: 'Move the file away' }])
    throw error
  }
}

/** The requirements document; undefined where there is none. Throws UserError('input') where it is not what it should be. */
export async function readPrd(root: string): Promise<Prd | undefined> {
  const json = await readJson(root, prdPath)
  if (json === undefined) return undefined
  if (!json.ok) {
    refuse(json.problems)
    return undefined
  }
  const parsed = (await import('../schema.ts')).prdFile.safeParse(json.value, { reportInput: true })
  if (!parsed.success) {
    refuse(zodProblems(prdPath, parsed.error))
    return undefined
  }
  return prdOf(parsed.data)
}
