import picomatch from 'picomatch'
import type { Request } from './script.ts'
import { taskOf } from './script.ts'

/** The lines that meet one criterion. The first of them is unique in its file, and names the criterion where the language has comments. */
export interface Block { readonly criterion: string; readonly lines: readonly string[] }

/** A file to be written: what is always there, and a block for each criterion. */
export interface Artifact { readonly path: string; readonly head: readonly string[]; readonly blocks: readonly Block[]; readonly foot: readonly string[] }

export interface Work {
  readonly role: string
  readonly id: string
  readonly title: string
  readonly component: string
  readonly criteria: readonly string[]
}

export const workOf = (request: Request): Work => {
  const { id, title, component, criteria } = taskOf(request)
  return { role: request.role, id, title, component, criteria }
}

/** The file with the blocks of these criteria. */
export function textOf({ head, blocks, foot }: Artifact, criteria: readonly string[]): string {
  const parts = [head, ...blocks.filter((block) => criteria.includes(block.criterion)).map((block) => block.lines), foot].filter((part) => part.length > 0)
  return `${parts.map((part) => part.join('\n')).join('\n\n')}\n`
}

/** The patterns of the files that may change, as the prompt says them; none: any file. */
export const allowedPatterns = (prompt: string): string[] => /^Only these files may change: (.+)$/m.exec(prompt)?.[1]?.split(', ').map((pattern) => pattern.trim()) ?? []

/** Where a file goes: to its own place if that is allowed, else below the first pattern that takes it. undefined: none takes it. */
export function placeFor(path: string, patterns: readonly string[]): string | undefined {
  if (patterns.length === 0) return path
  const allowed = picomatch([...patterns], { dot: true })
  if (allowed(path)) return path
  const name = path.split('/').at(-1) ?? path
  for (const pattern of patterns) {
    const { base, glob } = picomatch.scan(pattern)
    const folder = base === '' || base === '.' ? '' : `${base}/`
    for (const candidate of [`${folder}${name}`, `${folder}${path}`, ...(glob === '' ? [pattern] : [])]) if (allowed(candidate)) return candidate
  }
  return undefined
}
