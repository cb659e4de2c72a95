import { parse, type AnyNode } from '@humanwhocodes/momoa'

/** A key that an object has again, with the places of both, from 1. */
export interface RepeatedKey { readonly key: string; readonly first: Place; readonly again: Place }
interface Place { readonly line: number; readonly column: number }

/**
 * Keys that are there twice in an object of a JSON text; `value` is what JSON.parse makes of it, which keeps the last one and says nothing. The text is read
 * again only where it may have more keys than the value: counting both takes about a microsecond for a task file.
 */
export function repeatedKeys(text: string, value: unknown): RepeatedKey[] {
  if (keysWritten(text) <= keysIn(value)) return []
  const found: RepeatedKey[] = []
  collect(parse(text), found)
  return found
}

const quote = 34
const colon = ':'

/** Colons after a quote: each key has one, and a text may have some more. */
function keysWritten(text: string): number {
  let count = 0
  for (let at = text.indexOf(colon); at !== -1; at = text.indexOf(colon, at + 1)) {
    let before = at - 1
    while (before >= 0 && text.charCodeAt(before) <= 32) before--
    if (text.charCodeAt(before) === quote) count++
  }
  return count
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const each of value) if (typeof each === 'object') count += keysIn(each)
    return count
  }
  for (const key in value) count += 1 + keysIn((value as Record<string, unknown>)[key])
  return count
}

function collect(node: AnyNode, found: RepeatedKey[]): void {
  switch (node.type) {
    case 'Document': collect(node.body, found); break
    case 'Array': for (const { value } of node.elements) collect(value, found); break
    case 'Object': {
      const first = new Map<string, Place>()
      for (const { name, value } of node.members) {
        const key = name.type === 'String' ? name.value : name.name
        const [place, twin] = [name.loc.start, first.get(key)]
        if (twin === undefined) first.set(key, place)
        else found.push({ key, first: twin, again: place })
        collect(value, found)
      }
      break
    }
    default:
  }
}
