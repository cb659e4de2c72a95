import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { editTaskText, newTaskText } from '../edit/text.ts'
import type { TaskChange } from '../edit/edit.ts'
import { UserError } from '../errors.ts'
import { tasksFolder } from './places.ts'
import { isInside } from './json.ts'
import { refuse, type Problem } from '../problem.ts'
import { taskFile } from '../schema.ts'
import { taskOf } from '../task-file.ts'
import type { Task } from '../task.ts'

/** The file of a task, from the root of the workspace, with `/`. */
export const taskPath = (id: string): string => `${tasksFolder}/${id}.json`

/** Another program was quicker: the same edit of the files as they are now may go well. */
export class ChangedMeanwhile extends UserError {
  constructor(name: string, what: 'changed' | 'made', options?: ErrorOptions) { super('held', `${name} was ${what} by another program at the same time. Nothing was written; try again.`, options) }
}

type Rename = (from: string, to: string) => void

/** One file of a change: what takes its place (`text`), or nothing (`text` undefined). `old`: what the file says, where it is there. */
interface Step { readonly name: string; readonly file: string; readonly text: string | undefined; readonly old: string | undefined; readonly mode: number | undefined }

/**
 * Writes changes of tasks to their files, all or none: new texts are written beside the files and then take their places; when one can't, those before it
 * are put back. New files come first and removed ones go last, so that a process that is killed in between leaves no dependency on what is not there. What a
 * file has besides the changed fields stays. `neighbour`: a task whose file shows how new files are set. Throws ChangedMeanwhile where a
 * file changed since it was read or a new one is there by now, UserError `input` where one can't be written. `rename` is handed in for tests.
 */
export async function saveTaskChanges(root: string, changes: readonly TaskChange[], neighbour: Task | undefined, rename: Rename = renameSync): Promise<void> {
  const folder = path.join(root, tasksFolder)
  const made = await attempt(tasksFolder, () => fs.mkdir(folder, { recursive: true }))
  try {
    if (!isInside(await fs.realpath(root), await fs.realpath(folder))) throw new UserError('input', `${tasksFolder} is a link that leads out of ${root}. Put a folder there.`)
    const steps = await stepsOf(root, changes, neighbour)
    refuse(await readOnly(steps))
    await commit(steps, rename)
  } catch (error) {
    if (made !== undefined) await removeEmpty(folder, made)
    throw error
  }
}

/** Removes folders that were made for nothing, from `folder` up to `made`. One with something in it stays. */
async function removeEmpty(folder: string, made: string): Promise<void> {
  try {
    for (let each = folder; each === made || isInside(made, each); each = path.dirname(each)) await fs.rmdir(each)
  } catch { /* another program has put something there by now */ }
}

async function stepsOf(root: string, changes: readonly TaskChange[], neighbour: Task | undefined): Promise<Step[]> {
  const style = neighbour === undefined ? undefined : await fs.readFile(path.join(root, taskPath(neighbour.id)), 'utf8').catch(() => undefined) // its style only
  const steps: Step[] = []
  for (const { before, after } of changes) {
    const fresh = (task: Task, text: string, mode: number | undefined): Step => ({ name: taskPath(task.id), file: path.join(root, taskPath(task.id)), text, old: undefined, mode })
    if (before === undefined) {
      steps.push(fresh(after, newTaskText(after, style), undefined))
      continue
    }
    const name = taskPath(before.id)
    // A link stays a link: what it leads to is changed.
    const file = await attempt(name, () => fs.realpath(path.join(root, name)))
    const { mode } = await attempt(name, () => fs.stat(file))
    const old = await unchanged(name, file, before)
    if (after?.id !== before.id) steps.push({ name, file: path.join(root, name), text: undefined, old, mode })
    if (after !== undefined) steps.push(after.id === before.id ? { name, file, text: editTaskText(old, before, after), old, mode } : fresh(after, editTaskText(old, before, after), mode))
  }
  return steps
}

/** The text of a file that still says what the task says. */
async function unchanged(name: string, file: string, task: Task): Promise<string> {
  const text = await attempt(name, () => fs.readFile(file, 'utf8'))
  let now: Task | undefined
  try {
    now = taskOf(taskFile.parse(JSON.parse(text.replace(/^\uFEFF/, ''))))
  } catch { /* it was right when it was read */ }
  if (!isDeepStrictEqual(now, task)) throw new ChangedMeanwhile(name, 'changed')
  return text
}

async function readOnly(steps: readonly Step[]): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const { name, file, old } of steps) {
    if (old !== undefined && !(await fs.access(file, fs.constants.W_OK).then(() => true, () => false))) problems.push({ where: name, what: 'is read-only', wayOut: 'Make it writable' })
  }
  return problems
}

async function commit(steps: readonly Step[], rename: Rename): Promise<void> {
  const token = randomBytes(6).toString('hex')
  const beside = (file: string, suffix: string): string => path.join(path.dirname(file), `.${path.basename(file)}.${token}.${suffix}`)
  const undo: { readonly name: string; readonly back: () => Promise<void> }[] = []
  const leftovers = new Set(steps.map(({ file }) => beside(file, 'new')))
  try {
    for (const { name, file, text, mode } of steps) {
      if (text !== undefined) await attempt(name, () => fs.writeFile(beside(file, 'new'), text, { flush: true }))
      if (text !== undefined && mode !== undefined) await attempt(name, () => fs.chmod(beside(file, 'new'), mode))
    }
    for (const { name, file, text, old: was } of inOrder(steps)) {
      const [fresh, old] = [beside(file, 'new'), beside(file, 'old')]
      if (was === undefined) {
        await attempt(name, () => putNew(fresh, file, rename))
        undo.push({ name, back: () => fs.rm(file) })
        continue
      }
      // Only with a copy at hand is the file touched.
      if (text !== undefined) await attempt(name, () => fs.copyFile(file, old))
      leftovers.add(old)
      await attempt(name, () => {
        // Nothing may come between these two, so they are synchronous.
        if (readFileSync(file, 'utf8') !== was) throw new ChangedMeanwhile(name, 'changed')
        if (text === undefined) rename(file, old)
        else rename(fresh, file)
      })
      undo.push({ name, back: () => fs.rename(old, file) })
    }
  } catch (error) {
    for (const { name, back } of undo.reverse()) {
      await back().catch((fault: unknown) => {
        leftovers.clear()
        throw new UserError('input', `${(error as Error).message}\n${name} could not be put back as it was: ${(fault as Error).message}. Hidden files beside it that end in .old hold what was there before.`, { cause: error })
      })
    }
    throw error
  } finally {
    for (const file of leftovers) await fs.rm(file, { force: true })
  }
}

/** New, changed, removed; but a name that differs in case only is one file on many disks, and has to go first. */
function inOrder(steps: readonly Step[]): Step[] {
  const made = new Set(steps.filter(({ old }) => old === undefined).map(({ name }) => name.toLowerCase()))
  const rank = ({ name, text, old }: Step): number => (old === undefined ? 1 : text !== undefined ? 2 : made.has(name.toLowerCase()) ? 0 : 3)
  return [...steps].sort((a, b) => rank(a) - rank(b))
}

/** Puts a file where none is: who comes second is refused. */
async function putNew(fresh: string, file: string, rename: Rename): Promise<void> {
  try {
    await fs.link(fresh, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new ChangedMeanwhile(path.basename(file), 'made', { cause: error })
    // A file system without links.
    if (await fs.lstat(file).then(() => true, () => false)) throw error
    rename(fresh, file)
  }
}

/** What the file system says is told with the file's name. */
async function attempt<T>(name: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined || error instanceof UserError) throw error
    throw new UserError('input', `${name} can't be written: ${message}. Nothing was changed; make its place writable and try again.`, { cause: error })
  }
}
