import type { ObjectNode, ValueNode } from '@humanwhocodes/momoa'

/** How a JSON text is set. */
export interface JsonStyle {
  /** Indentation of one level; undefined: all on one line. */
  readonly indent: string | undefined
  readonly newline: '\n' | '\r\n'
  /** Lists and objects within the outermost object stand on one line each. */
  readonly inline: boolean
  /** After a colon, and after a comma within a line: a space or nothing. */
  readonly gap: '' | ' '
  /** After the last brace. */
  readonly end: string
}

/** As `JSON.stringify(value, null, 2)` sets it. */
export const plainStyle: JsonStyle = { indent: '  ', newline: '\n', inline: false, gap: ' ', end: '\n' }

/** The style of a text, from its outermost object. What it does not show is as in `plainStyle`. */
export function styleOf(text: string, object: ObjectNode): JsonStyle {
  const [first] = object.members
  if (first?.range === undefined || first.name.range === undefined || first.value.range === undefined || object.range === undefined) return plainStyle
  const open = text.slice(object.range[0] + 1, first.range[0])
  const inner = object.members.map((member) => member.value).filter((value) => !isEmpty(value))
  return {
    indent: /[\r\n]/.test(open) ? lineIndent(text, first.range[0]) : undefined,
    newline: text.includes('\r\n') ? '\r\n' : '\n',
    inline: inner.some((value) => value.range !== undefined && !/[\r\n]/.test(text.slice(value.range[0], value.range[1]))),
    gap: /\s/.test(text.slice(first.name.range[1], first.value.range[0])) ? ' ' : '',
    end: text.slice(object.range[1]),
  }
}

const isEmpty = (value: ValueNode): boolean => (value.type === 'Array' ? value.elements.length === 0 : value.type === 'Object' ? value.members.length === 0 : true)

/** The white space at the beginning of the line of a position. */
export function lineIndent(text: string, position: number): string {
  const start = Math.max(text.lastIndexOf('\n', position - 1), text.lastIndexOf('\r', position - 1)) + 1
  return /^[\t ]*/.exec(text.slice(start, position))?.[0] ?? ''
}

/** A value in a style. `indent`: of the line on which it begins. */
export function renderJson(value: unknown, style: JsonStyle, indent: string, outermost = false): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const isList = Array.isArray(value)
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  const oneLine = style.indent === undefined || (style.inline && !outermost)
  const inside = oneLine ? indent : indent + style.indent
  const items = isList
    ? value.map((item: unknown) => renderJson(item, style, inside))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${style.gap}${renderJson(item, style, inside)}`)
  if (items.length === 0) return open + close
  if (!oneLine) return `${open}${style.newline}${inside}${items.join(`,${style.newline}${inside}`)}${style.newline}${indent}${close}`
  const padding = isList || outermost || style.indent === undefined ? '' : style.gap
  return `${open}${padding}${items.join(`,${style.gap}`)}${padding}${close}`
}
