import { effortAtStart, effortInTitle, speaksOfEffort, type Effort, type TitleEffort } from '../effort.ts'
import type { Entry, Outline, OutlinedTask, Stated } from './specified.ts'
import { tableAt } from './table.ts'

type Section = 'users' | 'technology' | 'constraints' | 'metrics' | 'problem' | 'ignored'
const sections: readonly (readonly [RegExp, Section])[] = [
  [/^(?:users?|audience|personas|target (?:users|audience)|who)\b/i, 'users'], [/^(?:technology|technologies|tech stack|stack|tools)\b/i, 'technology'],
  [/^(?:constraints?|non-?functional|limits|assumptions)\b/i, 'constraints'], [/^(?:success|metrics|goals|kpis?)\b/i, 'metrics'],
  [/^(?:problem|overview|summary|background|introduction|description|vision|about|purpose|context)\b/i, 'problem'], [/^(?:out of scope|non-?goals|glossary|references|open questions|risks|changelog)\b/i, 'ignored'],
]
const grouping = /^(?:features?|tasks?|requirements?|functional|user stories|stories|backlog|scope|must|should|could|nice|optional|later|milestones?|phases?|epics?|work|to-?dos?|mvp|v\d|backend|back-end|frontend|front-end|infrastructure|infra|database|api|ui|web|mobile|devops|deployment|documentation|docs|tests?|testing|general|core|services?)\b/i
const period = /^(?:phase|sprint|milestone|iteration|stage|epic|week|month|quarter|mvp|v\d)/i
const criteriaHeading = /^(?:acceptance criteria|criteria|definition of done|done when|acceptance)\b/i
const hoursLine = /^(?:estimated (?:hours|time|effort|duration)|(?:time|effort) estimate|hours|estimate[ds]?|effort|time|duration)\s*:\s*(.*)$/i
const bracketDepends = /[([][^)\]]*?\b(?:depends on|dependenc(?:y|ies)|blocked by|requires|after)\b:?\s+([^)\]]+)[)\]]/i
const endDepends = /(?:^|[;,]|\s[-\u2013\u2014])\s*(?:depends on|blocked by):?\s+(.+)$/i
const dependsLine = /^(?:(?:depends on|blocked by):?\s+|(?:dependenc(?:y|ies)|requires|after)\s*:\s*)(.+)$/i
/** `TASK-001 ...`, `T001 ...`, or any short id before a colon: `F1: ...`. Not `S3 upload` or `UTF-8 text`. */
const labelPattern = /^(?:([A-Z]{2,10}-\d{2,}|[A-Z]\d{3,})\b\s*[:.)-]?\s+|([A-Z][A-Z0-9.-]*\d)\s*[:)]\s+)/
const numberPattern = /^(?:(?:task|feature|story|step|item|epic)\s+#?(\d+(?:\.\d+)*)\s*[:.)\u2013\u2014-]\s+|#?(\d+(?:\.\d+)+\.?|\d+[.)])\s+)/i
const noteLine = /^(?:estimate[ds]?|estimated (?:hours|time|effort|duration)|(?:time|effort) estimate|effort|hours|time|duration|priority|component|area|owner|files|scope)\s*:/i

/** Reads Markdown or indented text. Nothing in it is an error: what can't be placed is description. */
export function readOutline(source: string): Outline {
  const tree = treeOf(source)
  const title = titleOf(tree)
  const found: Record<Section, string[]> = { users: [], technology: [], constraints: [], metrics: [], problem: [], ignored: [] }
  const tasks: OutlinedTask[] = []
  const visit = (entry: Entry, groups: readonly string[]): void => {
    if (entry.kind === 'text') { if (groups.length === 0) found.problem.push(entry.text); return }
    const special = entry.kind === 'heading' ? sections.find(([pattern]) => pattern.test(clean(entry.text)))?.[1] : undefined
    if (special !== undefined) { found[special].push(...flat(entry.below)); return }
    if (entry.kind === 'item') { tasks.push(taskFrom(entry, groups)); return }
    const headings = entry.below.filter((each) => each.kind === 'heading' && !criteriaHeading.test(clean(each.text)))
    const items = entry.below.filter((each) => each.kind === 'item')
    const isTitle = entry === title && headings.length > 0
    const isGroup = isTimedGroup(entry, [...headings, ...items])
    const marked = !isTitle && (statesWork(entry.text) || entry.below.some((each) => criteriaHeading.test(clean(each.text)) || (each.kind !== 'heading' && (dependsLine.test(clean(each.text)) || hoursLine.test(clean(each.text))))))
    // A heading over items with hours of their own is a group, whatever it is called.
    if (!isGroup && (marked || (entry !== title && headings.length === 0 && items.length > 0 && !items.some((each) => statesWork(each.text) || each.below.some((one) => hoursLine.test(clean(one.text)))) && (labelPattern.test(clean(entry.text)) || !grouping.test(clean(entry.text)))))) tasks.push(taskFrom(entry, groups))
    else for (const each of entry.below) visit(each, entry === title ? groups : [...groups, clean(entry.text)])
  }
  for (const entry of tree) visit(entry, [])
  return { title: title === undefined ? undefined : clean(title.text), problem: found.problem.join(' ').slice(0, 2_000), users: found.users, technology: found.technology, constraints: found.constraints, metrics: found.metrics, tasks: tasks.filter((task) => task.title !== '') }
}

const statesWork = (text: string): boolean => text.length <= longestLine && ([bracketDepends, endDepends].some((pattern) => pattern.test(clean(text))) || effortInTitle(clean(text)).effort !== undefined)
/** `Phase 1 (2 weeks)` says how long its tasks take, and so does `Backend (3 days)` over tasks that say it themselves. */
function isTimedGroup(entry: Entry, below: readonly Entry[]): boolean {
  const { title, effort } = effortInTitle(clean(entry.text).slice(0, longestLine))
  if (effort === undefined) return false
  return (effort.inDays && period.test(title)) || ((effort.inDays || grouping.test(title)) && below.some((each) => statesWork(each.text) || each.below.some((one) => hoursLine.test(clean(one.text)))))
}
const titleOf = (tree: readonly Entry[]): Entry | undefined => tree.find((entry) => entry.kind === 'heading' && entry.depth === 1) ?? tree.find((entry) => entry.kind === 'heading')

function treeOf(source: string): Entry[] {
  const roots: Entry[] = []
  const open: Entry[] = []
  let fence: string | undefined
  const all = source.replace(/^\uFEFF/, '').split(/\r?\n/)
  let skip = 0
  all.forEach((line, i) => {
    if (skip > 0) { skip--; return }
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1]
    if (mark !== undefined && fence === undefined) { fence = mark; return }
    if (fence !== undefined) { if (mark?.startsWith(fence) === true) fence = undefined; return }
    if (line.trim() === '' || /^\s*(?:---+|===+|\*\*\*+)\s*$/.test(line)) return
    const table = tableAt(all, i)
    if (table !== undefined) {
      while (open.length > 0 && open.at(-1)?.kind !== 'heading') open.pop()
      ;(open.at(-1)?.below ?? roots).push(...table.entries)
      skip = table.lines - 1
      return
    }
    const heading = /^(#{1,6})\s+(.*)$/.exec(line)
    const item = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(?:\[([ xX])\]\s*)?(.*)$/.exec(line)
    const indent = /^\s*/.exec(line)?.[0].replaceAll('\t', '    ').length ?? 0
    const entry: Entry = {
      line: i + 1, below: [], number: item?.[2], checked: /[xX]/.test(item?.[3] ?? ''),
      ...(heading !== null ? { kind: 'heading', depth: heading[1]?.length ?? 1, text: (heading[2] ?? '').trim().replace(/\s#+$/, '') } : item !== null ? { kind: 'item', depth: 10 + indent, text: item[4] ?? '' } : { kind: 'text', depth: 1_000, text: line.trim() }),
    }
    for (let last = open.at(-1); last !== undefined && last.depth >= entry.depth; last = open.at(-1)) open.pop()
    ;(open.at(-1)?.below ?? roots).push(entry)
    if (entry.kind !== 'text') open.push(entry)
  })
  return roots
}

/** Longer lines are prose, and searching them takes the square of their length. */
const longestLine = 2_000
const clean = (text: string): string => (text.length > longestLine ? text.trim() : text.replace(/\*\*(.+?)\*\*/g, '$1').replace(/(?<!\w)__(.+?)__(?!\w)/g, '$1').replaceAll('`', '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/:\s*$/, '').trim())
const within = (entries: readonly Entry[]): Entry[] => entries.flatMap((entry) => [entry, ...within(entry.below)])
const flat = (entries: readonly Entry[]): string[] => within(entries).map((entry) => clean(entry.text)).filter((text) => text !== '')

function taskFrom(entry: Entry, groups: readonly string[]): OutlinedTask {
  const own = clean(entry.text)
  const label = labelPattern.exec(own)
  const number = label === null ? numberPattern.exec(own) : null
  // Only what stands in brackets or at the end is no part of the title.
  const after = own.slice((label ?? number)?.[0].length ?? 0)
  const isLong = after.length > longestLine
  const timed = isLong ? { title: after, effort: undefined, unread: undefined } : effortInTitle(after)
  const loose = isLong ? after : timed.title.replace(bracketDepends, '').replace(endDepends, '').replace(/\s{2,}/g, ' ').trim()
  // In "Login - 4h; depends on A" the hours are at the end of the title only now.
  const bare = isLong || timed.effort !== undefined ? { ...timed, title: loose } : effortInTitle(loose)
  const [head = '', ...rest] = bare.title.split(/\s+(?:[-\u2013\u2014])\s+|:\s+/)
  const short = head.length <= 80 ? head : `${head.slice(0, 77).replace(/\s+\S*$/, '')}...`
  const isNote = (text: string): boolean => dependsLine.test(text) || criteriaHeading.test(text) || noteLine.test(text)
  const named = entry.below.filter((each) => criteriaHeading.test(clean(each.text)))
  const criteria = (named.length > 0 ? named.flatMap((each) => [...flat(each.below), ...inlineCriteria(each.text), ...(each.kind === 'text' ? flat(entry.below.filter((one) => one.kind === 'item')) : [])]) : flat(entry.below.filter((each) => each.kind === 'item'))).filter((text) => !isNote(text))
  const lines = within(entry.below).map((each) => ({ line: each.line, value: clean(each.text) }))
  const stated = (pattern: RegExp): Stated<string> | undefined => lines.flatMap(({ line, value: text }) => { const value = pattern.exec(text)?.[1]?.trim(); return value === undefined ? [] : [{ value, line }] })[0]
  const owner = stated(/^(owner\s*:.*)$/i)
  const prose = [...entry.below.filter((each) => each.kind === 'text' && !isNote(clean(each.text))).map((each) => clean(each.text)), ...(owner === undefined ? [] : [owner.value])]
  const title = short.replace(/[.,;:\s]+$/, '')
  return {
    line: entry.line, label: label?.[1] ?? label?.[2], number: (number?.[1] ?? number?.[2])?.replace(/[.)]$/, '') ?? entry.number, title, description: [...(short === head ? [] : [head]), ...rest, ...prose].join(' '), criteria: [...new Set(criteria.map((text) => text.replace(/[.;]+$/, '')))], namesCriteria: named.length > 0,
    dependsOn: [
      ...(isLong ? [] : [bracketDepends, endDepends].flatMap((pattern) => pattern.exec(timed.title)?.[1] ?? [])).slice(0, 1).map((value) => ({ value, line: entry.line })),
      ...lines.flatMap(({ line, value: text }) => (dependsLine.exec(text)?.[1] ?? '').split('\n').filter((value) => value !== '').map((value) => ({ value, line }))),
    ].map(({ value, line }) => ({ value: value.trim().replace(/\.+$/, ''), line })),
    ...hoursOf(bare, entry.line, lines), component: stated(/^(?:component|area)\s*:\s*(.+)$/i)?.value, priority: stated(/^priority\s*:\s*(.+)$/i), files: entry.below.flatMap((each) => filesIn(each.text)),
    groups, optional: groups.some((group) => /^(?:should|could|nice|optional|later)\b/i.test(group)), completed: entry.checked,
  }
}

type Hours = Pick<OutlinedTask, 'hours' | 'estimate' | 'inDays' | 'unreadEffort'>

/** A line "Hours: many" is a mistake; "Estimate: 5 points" is an estimate of another kind, and none of hours. */
function hoursOf({ effort, unread }: Pick<TitleEffort, 'effort' | 'unread'>, line: number, below: readonly Stated<string>[]): Hours {
  if (effort !== undefined) {
    const other = below.flatMap((each) => {
      const said = hoursLine.exec(each.value)?.[1]?.trim() ?? ''
      const read = effortAtStart(said)
      return (read === undefined ? speaksOfEffort(said) : read.hours !== effort.hours) ? [{ value: said, line: each.line }] : []
    })
    return { ...hoursFrom(effort, line), unreadEffort: other[0] }
  }
  const open: Stated<string>[] = unread === undefined ? [] : [{ value: unread, line }]
  for (const each of below) {
    const said = hoursLine.exec(each.value)?.[1]?.trim()
    if (said === undefined) continue
    const isHours = /^(?:estimated )?hours\b/i.test(each.value)
    const stated = effortAtStart(said, { labelled: isHours })
    if (stated !== undefined) return hoursFrom(stated, each.line)
    if (isHours) return { hours: { value: Number.NaN, line: each.line } }
    if (speaksOfEffort(said)) open.push({ value: said, line: each.line })
  }
  return { hours: undefined, unreadEffort: open.at(-1) }
}

export const hoursFrom = ({ hours, range, inDays }: Effort, line: number): Hours => ({ hours: { value: hours, line }, estimate: range, inDays })

/** From the text as it is written: a glob has asterisks of its own. */
const filesIn = (text: string): string[] => (/^[*_]*(?:files|scope)[*_]*\s*:[*_]*\s+(.+)$/i.exec(text)?.[1] ?? '').replaceAll('`', '').split(/[,\s]+/).filter((name) => name !== '')

const inlineCriteria = (text: string): string[] => clean(text).replace(criteriaHeading, '').replace(/^\s*:\s*/, '').split(/;|,\s+(?=\S)/).map((each) => each.trim()).filter((each) => each.length > 2)
