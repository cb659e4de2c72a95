import fs from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../plan/errors.ts'
import type { Shell } from './shell.ts'

/** Writes what `--output FILE` asks for, and gives its absolute path. Throws UserError('input') where it can't be written. */
export async function writeOutput(shell: Shell, name: string, text: string): Promise<string> {
  const file = path.resolve(shell.cwd, name)
  try { await fs.writeFile(file, text) } catch (error) {
    throw new UserError('input', `${file} can't be written: ${(error as Error).message}. Name a file in a folder that is there and writable.`, { cause: error })
  }
  return file
}
