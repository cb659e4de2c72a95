import { parse } from '@humanwhocodes/momoa'
import { editJson, type JsonEdit } from './json.ts'
import { plainStyle, renderJson, styleOf } from './json-style.ts'
import { changedKeys } from './edit.ts'
import { taskFileKeys, taskKeys } from '../task-file.ts'
import type { Task } from '../task.ts'

/** Where new keys go, those within `scope` and `estimate` included. */
const order = [...taskFileKeys, 'allowed_patterns', 'low', 'high']

/** The text of a task file with what differs between the two tasks, and nothing else, changed. */
export function editTaskText(text: string, before: Task, after: Task): string {
  const [old, fresh] = [taskKeys(before), taskKeys(after)]
  return editJson(text, changedKeys(before, after).flatMap((key): JsonEdit[] => {
    if (key === 'scope') return scopeEdits(text, after)
    const value = fresh[key]
    return isRecord(value) && isRecord(old[key]) ? Object.entries(value).map(([inner, each]) => ({ path: [key, inner], value: each })) : [{ path: [key], value }]
  }), order)
}

/** Keys of others in the scope stay; a scope with nothing in it goes. */
function scopeEdits(text: string, after: Task): JsonEdit[] {
  if (after.allowedPatterns.length > 0) return [{ path: ['scope', 'allowed_patterns'], value: after.allowedPatterns }]
  const { scope } = JSON.parse(text.replace(/^\uFEFF/, '')) as { scope?: object }
  return [{ path: Object.keys(scope ?? {}).length > 1 ? ['scope', 'allowed_patterns'] : ['scope'], value: undefined }]
}

/** The text of a new task file, set as its neighbour is. */
export function newTaskText(task: Task, neighbour: string | undefined): string {
  const text = neighbour?.replace(/^\uFEFF/, '')
  const object = text === undefined ? undefined : parse(text, { ranges: true }).body
  const style = text === undefined || object?.type !== 'Object' ? plainStyle : styleOf(text, object)
  return renderJson(taskKeys(task), style, '', true) + style.end
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
