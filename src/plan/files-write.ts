import fs from 'node:fs/promises'
import path from 'node:path'
import { checkTasks } from './check.ts'
import { UserError } from './errors.ts'
import { isInside, readJson } from './files-json.ts'
import type { Plan } from './plan.ts'
import { refuse } from './problem.ts'
import { prdKeys, taskKeys } from './schema.ts'
import { sprintFiles } from './sprint-files.ts'
import type { Prd, Task } from './task.ts'

const sprintsFolder = 'docs/sprints'

/** Writes `docs/planning/PROJECT_PRD.json`; keys that are there and unknown to us stay. Throws UserError('input') where a broken file is there. */
export async function writePrd(root: string, prd: Prd): Promise<void> {
  const name = 'docs/planning/PROJECT_PRD.json'
  await writeText(root, name, jsonText(merged(await existing(root, name), prdKeys(prd))))
}

/**
 * Writes `docs/planning/tasks/<id>.json` for each task; keys that are there and unknown to us stay. Throws UserError('input') before
 * anything is written where the tasks can't be planned or a file in their place is broken.
 */
export async function writeTasks(root: string, tasks: readonly Task[]): Promise<void> {
  refuse(checkTasks(tasks))
  const files: { name: string; text: string }[] = []
  for (const task of tasks) {
    const name = `docs/planning/tasks/${task.id}.json`
    files.push({ name, text: jsonText(merged(await existing(root, name), taskKeys(task))) })
  }
  for (const { name, text } of files) await writeText(root, name, text)
}

/** Writes `docs/sprints/SPRINT-*.json` of a plan and removes those of an earlier plan. */
export async function writeSprints(root: string, plan: Plan, tasks: readonly Task[]): Promise<void> {
  const files = sprintFiles(plan, tasks)
  for (const file of files) await writeText(root, `${sprintsFolder}/${file.id}.json`, jsonText({ ...file }))
  const wanted = new Set(files.map((file) => `${file.id}.json`))
  for (const name of await fs.readdir(path.join(root, sprintsFolder))) {
    if (/^SPRINT-\d{3,}(?:-\d{2,})?\.json$/.test(name) && !wanted.has(name)) await fs.rm(path.join(root, sprintsFolder, name))
  }
}

/**
 * Puts `text` at `name` (from root, with `/`), whole or not at all: a new file takes the place of the old one. A file that has that text
 * already is left alone. Throws UserError('input') where the place is outside root or can't be written.
 */
export async function writeText(root: string, name: string, text: string): Promise<void> {
  const file = path.join(root, name)
  if (path.isAbsolute(name) || !isInside(path.resolve(root), path.resolve(file))) throw new UserError('input', `${name} is outside ${root}. Nothing was written there.`)
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`)
  try {
    await fs.mkdir(path.dirname(file), { recursive: true })
    const folder = await fs.realpath(path.dirname(file))
    const realRoot = await fs.realpath(root)
    if (folder !== realRoot && !isInside(realRoot, folder)) throw new UserError('input', `${path.posix.dirname(name)} is a link that leads out of ${root}. Put a folder there.`)
    if (await fs.readFile(file, 'utf8').then((old) => old === text, () => false)) return
    await fs.writeFile(temporary, text)
    await fs.rename(temporary, file)
  } catch (error) {
    await fs.rm(temporary, { force: true })
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined || error instanceof UserError) throw error
    throw new UserError('input', `${name} can't be written: ${message}. Make its place writable and try again.`, { cause: error })
  }
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
