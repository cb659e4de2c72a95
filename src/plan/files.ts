import fs from 'node:fs/promises'
import path from 'node:path'
import { checkTasks } from './check.ts'
import { readJson, zodProblems } from './files-json.ts'
import { compareIds } from './natural.ts'
import { refuse, type Problem } from './problem.ts'
import { prdFile, prdOf, taskFile, taskOf } from './schema.ts'
import type { Prd, Task } from './task.ts'

export { writePrd, writeSprints, writeTasks, writeText } from './files-write.ts'

export const tasksFolder = 'docs/planning/tasks'
export const prdPath = 'docs/planning/PROJECT_PRD.json'

/**
 * The tasks of `docs/planning/tasks/*.json` below `root`, sorted by id; none where the folder is missing or empty. Throws
 * UserError('input') that names all that is wrong with them at once.
 */
export async function readTasks(root: string): Promise<Task[]> {
  const names = await jsonFiles(path.join(root, tasksFolder))
  const problems: Problem[] = []
  const tasks: Task[] = []
  // Ids of files that can't be read: a task that depends on one of them is not to blame.
  const broken = new Set<string>()
  for (const name of names) {
    const file = `${tasksFolder}/${name}`
    const read = await readTask(root, file)
    if (read.task === undefined) for (const id of [name.slice(0, -'.json'.length), ...read.id === undefined ? [] : [read.id]]) broken.add(id)
    else tasks.push(read.task)
    problems.push(...read.problems)
  }
  tasks.sort((a, b) => compareIds(a.id, b.id))
  const known = broken.size === 0 ? tasks : tasks.map((task) => ({ ...task, dependencies: task.dependencies.filter((id) => !broken.has(id)) }))
  problems.push(...checkTasks(known, (task) => `${tasksFolder}/${task.id}.json`))
  refuse(problems)
  return tasks
}

async function readTask(root: string, file: string): Promise<{ task: Task | undefined; id?: string; problems: readonly Problem[] }> {
  const json = await readJson(root, file)
  if (json === undefined) return { task: undefined, problems: [{ where: file, what: 'went away while it was read', wayOut: 'Try again' }] }
  if (!json.ok) return { task: undefined, problems: json.problems }
  const parsed = taskFile.safeParse(json.value, { reportInput: true })
  if (!parsed.success) return { task: undefined, problems: zodProblems(file, parsed.error) }
  const task = taskOf(parsed.data)
  const name = path.posix.basename(file, '.json')
  if (task.id === name) return { task, problems: [] }
  return { task: undefined, id: task.id, problems: [{ where: file, field: 'id', what: `is ${task.id}, and the file is not named so`, wayOut: `Rename the file to ${task.id}.json, or the id to ${name}` }] }
}

/** Names in a folder that end in .json, hidden ones left out; none where there is no such folder. */
export async function jsonFiles(folder: string): Promise<string[]> {
  try {
    return (await fs.readdir(folder)).filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort(compareIds)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
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
  const parsed = prdFile.safeParse(json.value, { reportInput: true })
  if (!parsed.success) {
    refuse(zodProblems(prdPath, parsed.error))
    return undefined
  }
  return prdOf(parsed.data)
}
