import type { Entry } from './specified.ts'

const columns = {
  id: /^(?:id|#|no\.?|nr\.?|key)$/i, title: /^(?:task|title|name|feature|story|what|work)$/i, hours: /^(?:hours|est(?:imated|\.)? hours|h)(?:\s*\((?:h|hours)\))?$/i, effort: /^(?:est\.?|(?:estimated )?(?:effort|time|duration)|(?:time |effort )?estimate)(?:\s*\((?:h|hours)\))?$/i, dependsOn: /^(?:depends on|dependenc(?:y|ies)|blocked by|requires|after)$/i,
  component: /^(?:component|area|part)$/i, priority: /^(?:priority|prio)$/i, criteria: /^(?:acceptance criteria|criteria|done when)$/i, status: /^(?:status|state)$/i, description: /^(?:description|details|notes?)$/i,
} as const
type Column = keyof typeof columns

const cellsOf = (line: string): string[] => line.trim().replace(/^\|/, '').replace(/\|$/, '').split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
const isRule = (line: string | undefined): boolean => line !== undefined && /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/.test(line) && line.includes('|')

/** A table of tasks that begins in this line, as an item for each row; undefined: there is none, or it has neither titles nor hours nor dependencies. `lines`: how many it takes. */
export function tableAt(all: readonly string[], start: number): { readonly entries: readonly Entry[]; readonly lines: number } | undefined {
  const header = all[start]
  if (header?.includes('|') !== true || !isRule(all[start + 1])) return undefined
  const names = cellsOf(header).map((cell) => (Object.keys(columns) as Column[]).find((column) => columns[column].test(cell)))
  if (!names.includes('title') || !(['hours', 'effort', 'dependsOn'] as const).some((column) => names.includes(column))) return undefined
  const entries: Entry[] = []
  let end = start + 2
  for (; all[end]?.includes('|') === true; end++) {
    const cells = cellsOf(all[end] ?? '')
    // A sum is no task.
    if (!/^\W*(?:sub-?|grand )?(?:total|sum)\W*$/i.test(cells[names.indexOf('title')] ?? '')) entries.push(rowOf(cells, names, end + 1))
  }
  return { entries, lines: end - start }
}

/** What the cells say, in the words in which a list would say it. */
function rowOf(cells: readonly string[], names: readonly (Column | undefined)[], line: number): Entry {
  const cell = (column: Column): string => cells[names.indexOf(column)] ?? ''
  const text = (label: string, value: string): Entry[] => (value === '' ? [] : [{ kind: 'text', depth: 1_000, line, number: undefined, checked: false, text: `${label}${value}`, below: [] }])
  const id = cell('id').replace(/^#/, '')
  const isNumber = /^\d+(?:\.\d+)*$/.test(id)
  return {
    kind: 'item', depth: 10, line, checked: /^\W*(?:done|completed?)\b/i.test(cell('status')), number: isNumber ? id : undefined, text: id === '' || isNumber ? cell('title') : `${id}: ${cell('title')}`,
    below: [...text('Hours: ', cell('hours')), ...text('Effort: ', cell('effort')), ...text('Depends on: ', cell('dependsOn')), ...text('Component: ', cell('component')), ...text('Priority: ', cell('priority')), ...text('Acceptance criteria: ', cell('criteria')), ...text('', cell('description'))],
  }
}
