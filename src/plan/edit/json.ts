import { parse, type ArrayNode, type MemberNode, type ObjectNode, type ValueNode } from '@humanwhocodes/momoa'
import { at } from '../at.ts'
import { lineIndent, renderJson, styleOf, type JsonStyle } from './json-style.ts'

/** Sets what is at a path of keys; `value` undefined removes it. */
export interface JsonEdit { readonly path: readonly [string, ...string[]]; readonly value: unknown }

/**
 * Makes edits in the text of a JSON object and leaves every other character as it is: spaces, line ends, byte order mark, the order and the spelling of
 * what is not edited. A new key comes after the nearest of those before it in `order` that is there. Where a key is there twice the last one counts,
 * as for JSON.parse. Throws Error where the text is no JSON object.
 */
export function editJson(text: string, edits: readonly JsonEdit[], order: readonly string[]): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  return mark + edits.reduce((edited, edit) => editOne(edited, edit, order), text.slice(mark.length))
}

type Splice = (start: number, end: number, fresh: string) => string

function editOne(text: string, { path, value }: JsonEdit, order: readonly string[]): string {
  let object = parse(text, { ranges: true }).body
  if (object.type !== 'Object') throw new Error('the text is no JSON object')
  const style = styleOf(text, object)
  const splice: Splice = (start, end, fresh) => text.slice(0, start) + fresh + text.slice(end)
  for (const [depth, key] of path.entries()) {
    const member: MemberNode | undefined = object.members.findLast((each) => nameOf(each) === key)
    const isLast = depth === path.length - 1
    if (member === undefined) return value === undefined ? text : insertMember(text, object, key, nested(path.slice(depth + 1), value), order, style, splice)
    if (isLast && value === undefined) return removeMember(object, member, splice)
    const there: ValueNode = member.value
    if (isLast && there.type === 'Array' && Array.isArray(value)) return editArray(text, there, value, style, splice)
    if (isLast || there.type !== 'Object') return splice(...rangeOf(there), renderJson(nested(path.slice(depth + 1), value), style, lineIndent(text, rangeOf(member)[0])))
    object = there
  }
  return text
}

const nested = (path: readonly string[], value: unknown): unknown => path.reduceRight((inner, key) => ({ [key]: inner }), value)
const nameOf = (member: MemberNode): string => (member.name.type === 'String' ? member.name.value : member.name.name)

function rangeOf(node: { readonly range?: readonly number[] | undefined }): [number, number] {
  const { range } = node
  if (range === undefined) throw new Error('the parser gave no ranges')
  return [at(range, 0), at(range, 1)]
}

function insertMember(text: string, object: ObjectNode, key: string, value: unknown, order: readonly string[], style: JsonStyle, splice: Splice): string {
  const { members } = object
  const [start, end] = rangeOf(object)
  const [first] = members
  if (first === undefined) return splice(start, end, renderJson({ [key]: value }, style, lineIndent(text, start)))
  const [nameStart, nameEnd] = rangeOf(first.name)
  const member = (position: number): string => `${JSON.stringify(key)}${text.slice(nameEnd, rangeOf(first.value)[0])}${renderJson(value, style, lineIndent(text, position))}`
  const before = order.slice(0, Math.max(0, order.indexOf(key))).reverse()
  const previous = before.map((name) => members.findLastIndex((each) => nameOf(each) === name)).find((index) => index >= 0)
  if (previous === undefined && order.includes(key)) return splice(nameStart, nameStart, `${member(nameStart)},${members[1] === undefined ? text.slice(start + 1, nameStart) : gapBefore(text, members, 1)}`)
  const index = previous ?? members.length - 1
  const position = rangeOf(at(members, index))[1]
  // One member on its own says how it is set off from the brace, which is how lines are set off too.
  const gap = members.length > 1 ? gapBefore(text, members, Math.max(1, index)) : text.slice(start + 1, nameStart) || style.gap
  return splice(position, position, `,${gap}${member(rangeOf(at(members, index))[0])}`)
}

/** What is between the comma and a member that is not the first. */
function gapBefore(text: string, members: readonly MemberNode[], index: number): string {
  const between = text.slice(rangeOf(at(members, index - 1))[1], rangeOf(at(members, index))[0])
  return between.slice(between.indexOf(',') + 1)
}

function removeMember(object: ObjectNode, member: MemberNode, splice: Splice): string {
  const index = object.members.indexOf(member)
  const [previous, next] = [object.members[index - 1], object.members[index + 1]]
  if (previous !== undefined) return splice(rangeOf(previous)[1], rangeOf(member)[1], '')
  if (next !== undefined) return splice(rangeOf(member)[0], rangeOf(next)[0], '')
  return splice(...rangeOf(object), '{}')
}

/** Items that the old and the new list begin and end with stay as they are written; what is between is replaced. */
function editArray(text: string, array: ArrayNode, items: readonly unknown[], style: JsonStyle, splice: Splice): string {
  const [start, end] = rangeOf(array)
  const ranges = array.elements.map((element) => rangeOf(element.value))
  const old = ranges.map(([from, to]) => JSON.stringify(JSON.parse(text.slice(from, to))))
  const fresh = items.map((item) => JSON.stringify(item))
  const first = ranges[0]
  const last = ranges.at(-1)
  if (first === undefined || last === undefined) return splice(start, end, renderJson(items, style, lineIndent(text, start)))
  if (fresh.length === 0) return splice(start, end, '[]')
  const shorter = Math.min(old.length, fresh.length)
  let head = 0
  while (head < shorter && old[head] === fresh[head]) head++
  let tail = 0
  while (tail < shorter - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++
  const second = ranges[1]
  const open = text.slice(start + 1, first[0])
  const separator = second !== undefined ? text.slice(first[1], second[0]) : `,${/[\r\n]/.test(open) ? open : style.gap}`
  const middle = fresh.slice(head, fresh.length - tail)
  const before = text.slice(start, head === 0 ? first[0] : at(ranges, head - 1)[1])
  if (tail === 0) return splice(start, end, before + (head === 0 ? middle.join(separator) : middle.map((item) => separator + item).join('')) + text.slice(last[1], end))
  if (head === 0) return splice(start, end, before + middle.map((item) => item + separator).join('') + text.slice(at(ranges, ranges.length - tail)[0], end))
  return splice(start, end, before + middle.map((item) => separator + item).join('') + text.slice(at(ranges, ranges.length - tail - 1)[1], end))
}
