import { detectLanguages, languagesNamed } from '../agents/languages.ts'
import { loadRoles, type Roles } from '../agents/roles.ts'
import { readPrd } from '../plan/files/read.ts'
import type { Prd } from '../plan/task.ts'
import { openWorkDirectory } from './open-work-directory.ts'

/** The languages of a project, the main one first: those that its PRD names, then those of its files. */
export const projectLanguages = (prd: Prd | undefined, files: readonly string[]): string[] => [...languagesNamed(prd?.technology ?? []), ...detectLanguages(files).map((language) => language.name)]

/** The roles that a run in a workspace chooses from, in the languages of the project. Throws UserError('input') with every fault of a role file. */
export async function projectRoles(media: string, root: string): Promise<Roles> {
  const [roles, { directory }, prd] = await Promise.all([loadRoles(`${media}/roles`, root), openWorkDirectory(root), readPrd(root)])
  return roles.withLanguages(projectLanguages(prd, await directory.files()))
}
