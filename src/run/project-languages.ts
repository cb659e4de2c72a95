import { detectLanguages, languagesNamed } from '../agents/languages.ts'
import type { Prd } from '../plan/task.ts'

/** The languages of a project, the main one first: those that its PRD names, then those of its files. */
export const projectLanguages = (prd: Prd | undefined, files: readonly string[]): string[] => [...languagesNamed(prd?.technology ?? []), ...detectLanguages(files).map((language) => language.name)]
