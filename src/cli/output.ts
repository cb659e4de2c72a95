import fs from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../plan/errors.ts'
import { printJson, type Shell } from './shell.ts'

/**
 * Prints what a command made, or writes it where `--output FILE` asks for it and says so. `more`: what else its JSON has. Throws UserError('input') where
 * the file can't be written.
 */
export async function deliver(shell: Shell, format: string, content: string, output: string | undefined, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const file = output === undefined ? undefined : await write(path.resolve(shell.cwd, output), content)
  if (shell.json) printJson(shell, { format, ...(file === undefined ? { content } : { file }), ...more })
  else shell.out(file === undefined ? content : `Wrote ${file}\n`)
}

async function write(file: string, text: string): Promise<string> {
  try { await fs.writeFile(file, text) } catch (error) {
    throw new UserError('input', `${file} can't be written: ${(error as Error).message}. Name a file in a folder that is there and writable.`, { cause: error })
  }
  return file
}
