import { isBacklogTask } from './backlog.ts'
import { isBeads } from './beads.ts'
import type { ImportFile } from './imported.ts'
import { isSpecKit } from './spec-kit.ts'
import { isTaskMaster } from './task-master.ts'

export type FileKind = { readonly kind: 'Task Master'; readonly value: unknown } | { readonly kind: 'Spec Kit' | 'Backlog.md' | 'Beads' }

/** Which tool's plan a file is (part of), by its content; undefined: none that we know. JSON that is broken is none. */
export function recognize({ path, text }: ImportFile): FileKind | undefined {
  if (/\.jsonl$/i.test(path)) return isBeads(text) ? { kind: 'Beads' } : undefined
  if (/\.json$/i.test(path)) {
    const value = jsonOf(text)
    return isTaskMaster(value) ? { kind: 'Task Master', value } : undefined
  }
  if (!/\.(?:md|markdown)$/i.test(path)) return undefined
  if (isBacklogTask(text)) return { kind: 'Backlog.md' }
  return isSpecKit(text) ? { kind: 'Spec Kit' } : undefined
}

function jsonOf(text: string): unknown {
  try { return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
