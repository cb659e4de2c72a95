import fs from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../plan/errors.ts'
import { configFile } from './config.ts'

/** Files whose real names would hide them from git or npm in this repository. */
const renamed: Readonly<Record<string, string>> = { 'config.json': configFile, gitignore: '.gitignore' }

/**
 * Copies the sample project (the e-commerce platform) into `target`. A folder that has any of its files already is left as it is:
 * UserError('input') names them.
 */
export async function copySample(mediaFolder: string, target: string): Promise<void> {
  const source = path.join(mediaFolder, 'sample')
  const files = (await fs.readdir(source, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(source, path.join(entry.parentPath, entry.name)))
  const moves = files.map((file) => ({ from: path.join(source, file), to: path.join(target, renamed[file] ?? file), name: renamed[file] ?? file }))
  const there: string[] = []
  for (const { to, name } of moves) if (await exists(to)) there.push(name)
  if (there.length > 0) throw new UserError('input', `${target} already has ${there.slice(0, 5).join(', ')}${there.length > 5 ? ` and ${there.length - 5} more` : ''}. Nothing was written: name an empty folder.`)
  for (const { from, to } of moves) {
    await fs.mkdir(path.dirname(to), { recursive: true })
    await fs.copyFile(from, to)
  }
  await writeIgnoreFile(target)
}

/** Writes a first `.devteam/config.json` and its `.gitignore`; keeps what is there. Gives the names of what was written. */
export const writeFirstConfig = (root: string): Promise<string[]> => writeMissing(root, { [configFile]: `${JSON.stringify({ maxIterations: 10 }, null, 2)}\n`, ...ignoreFile })

/** Keeps the database and what belongs to it out of the user's commits. */
export const writeIgnoreFile = (root: string): Promise<string[]> => writeMissing(root, ignoreFile)

const ignoreFile = { '.devteam/.gitignore': '*\n!.gitignore\n!config.json\n!agents/\n!agents/**\n' }

async function writeMissing(root: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  const written: string[] = []
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name)
    if (await exists(file)) continue
    await fs.mkdir(path.dirname(file), { recursive: true })
    await fs.writeFile(file, text, { flag: 'wx' })
    written.push(name)
  }
  return written
}

const exists = (file: string): Promise<boolean> => fs.lstat(file).then(() => true, () => false)
