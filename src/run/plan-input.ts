import fs from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../plan/errors.ts'
import { readImport } from '../plan/files/import.ts'
import type { Imported } from '../plan/import/imported.ts'
import { readSpecified } from '../plan/specification/specification.ts'

/** What there is to plan from: a plan that is taken as it is, without a model, or a text of which somebody has to make PRD and tasks. */
export type PlanInput = { readonly kind: 'plan'; readonly imported: Imported } | { readonly kind: 'text'; readonly text: string }

/** Reads `--from PATH` (`from`: absolute). Throws UserError('input') that names the file and what is wrong in it. */
export async function inputFrom(from: string): Promise<PlanInput> {
  const imported = await readImport(from)
  return imported === undefined ? { kind: 'text', text: described(await textOf(from), `${from} is empty. Describe the project there`) } : { kind: 'plan', imported }
}

/** Reads `--describe TEXT`, which may be a whole specification. Throws UserError('input') as `inputFrom` does. */
export function inputOf(description: string): PlanInput {
  const imported = readSpecified({ path: 'the description', text: description })
  return imported === undefined ? { kind: 'text', text: described(description, 'The description is empty. Say what is to be built') } : { kind: 'plan', imported }
}

/** Of nothing an agent would make something. */
function described(text: string, problem: string): string {
  if (text.replace(/^\uFEFF/, '').trim() === '') throw new UserError('input', `${problem}, or put tasks into docs/planning/tasks.`)
  return text
}

async function textOf(file: string): Promise<string> {
  try {
    const stat = await fs.stat(file)
    if (stat.isDirectory()) throw new UserError('input', `${file} is a folder. Name one file (.md, .txt, .yaml or .json), or a folder with a plan of Task Master, Spec Kit, Backlog.md or Beads.`)
    return await fs.readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError('input', `${path.resolve(file)} can't be read: ${(error as Error).message}. Name a file with the description of the project.`, { cause: error })
  }
}
