/** A line of a structured text and what stands below it. Headings are above list items, items above what is indented further. */
export interface Entry { readonly kind: 'heading' | 'item' | 'text'; readonly depth: number; readonly text: string; readonly below: Entry[] }

/** A piece of work as an outline names it. */
export interface OutlinedTask {
  /** An id that the text itself uses, `TASK-001` or `F1`. */
  readonly label: string | undefined
  readonly title: string
  readonly description: string
  readonly criteria: readonly string[]
  readonly dependsOn: readonly string[]
  readonly hours: number | undefined
  /** The headings above it, outermost first. */
  readonly groups: readonly string[]
  readonly optional: boolean
}

export interface Outline {
  readonly title: string | undefined
  readonly problem: string
  readonly users: readonly string[]
  readonly technology: readonly string[]
  readonly constraints: readonly string[]
  readonly metrics: readonly string[]
  readonly tasks: readonly OutlinedTask[]
}

const sections: readonly (readonly [RegExp, 'users' | 'technology' | 'constraints' | 'metrics' | 'problem' | 'ignored'])[] = [
  [/^(?:users?|audience|personas|target (?:users|audience)|who)\b/i, 'users'], [/^(?:technology|technologies|tech stack|stack|tools)\b/i, 'technology'],
  [/^(?:constraints?|non-?functional|limits|assumptions)\b/i, 'constraints'], [/^(?:success|metrics|goals|kpis?)\b/i, 'metrics'],
  [/^(?:problem|overview|summary|background|introduction|description|vision|about|purpose|context)\b/i, 'problem'], [/^(?:out of scope|non-?goals|glossary|references|open questions|risks|changelog)\b/i, 'ignored'],
]
const grouping = /^(?:features?|tasks?|requirements?|functional|user stories|stories|backlog|scope|must|should|could|nice|optional|later|milestones?|phases?|epics?|work|to-?dos?|mvp|v\d|backend|back-end|frontend|front-end|infrastructure|infra|database|api|ui|web|mobile|devops|deployment|documentation|docs|tests?|testing|general|core|services?)\b/i
const hoursPattern = /[([]?\s*(?:~|estimate[ds]?:?\s*|effort:?\s*)?(\d+(?:\.\d+)?)\s*(?:h|hrs?|hours?)\b\s*[)\]]?/i
const dependsPattern = /[([]?\s*\b(?:depends on|dependenc(?:y|ies)|blocked by|requires|after):?\s+([^)\]]+)[)\]]?/i
/** `TASK-001 ...`, `T001 ...`, or any short id before a colon: `F1: ...`. Not `S3 upload` or `UTF-8 text`. */
const labelPattern = /^(?:([A-Z]{2,10}-\d{2,}|[A-Z]\d{3,})\b\s*[:.)-]?\s+|([A-Z][A-Z0-9.-]*\d)\s*[:)]\s+)/
const criteriaHeading = /^(?:acceptance criteria|criteria|definition of done|done when|acceptance)\b/i

/** Reads Markdown or indented text. Nothing in it is an error: what can't be placed is description. */
export function readOutline(source: string): Outline {
  const tree = treeOf(source)
  const title = titleOf(tree)
  const found: Record<'users' | 'technology' | 'constraints' | 'metrics' | 'problem' | 'ignored', string[]> = { users: [], technology: [], constraints: [], metrics: [], problem: [], ignored: [] }
  const tasks: OutlinedTask[] = []
  const visit = (entry: Entry, groups: readonly string[]): void => {
    if (entry.kind === 'text') { if (groups.length === 0) found.problem.push(entry.text); return }
    const special = entry.kind === 'heading' ? sections.find(([pattern]) => pattern.test(clean(entry.text)))?.[1] : undefined
    if (special !== undefined) { found[special].push(...flat(entry.below)); return }
    if (entry.kind === 'item') { tasks.push(taskFrom(entry, groups)); return }
    const headings = entry.below.filter((each) => each.kind === 'heading' && !criteriaHeading.test(each.text))
    const items = entry.below.filter((each) => each.kind === 'item')
    const marked = hoursPattern.test(entry.text) || dependsPattern.test(entry.text) || entry.below.some((each) => criteriaHeading.test(clean(each.text)) || (each.kind !== 'heading' && /^\W*(?:depends on|estimate|effort|hours)\b/i.test(clean(each.text))))
    const isTitle = entry.depth === 1 && entry.text === title && !marked
    if (marked || (!isTitle && headings.length === 0 && items.length > 0 && !grouping.test(clean(entry.text)))) tasks.push(taskFrom(entry, groups))
    else for (const each of entry.below) visit(each, isTitle ? groups : [...groups, clean(entry.text)])
  }
  for (const entry of tree) visit(entry, [])
  return { title: title === undefined ? undefined : clean(title), problem: found.problem.join(' ').slice(0, 2_000), users: found.users, technology: found.technology, constraints: found.constraints, metrics: found.metrics, tasks: tasks.filter((task) => task.title !== '') }
}

const titleOf = (tree: readonly Entry[]): string | undefined => tree.find((entry) => entry.kind === 'heading' && entry.depth === 1)?.text ?? tree.find((entry) => entry.kind === 'heading')?.text

function treeOf(source: string): Entry[] {
  const roots: Entry[] = []
  const open: Entry[] = []
  let fenced = false
  for (const line of source.split(/\r?\n/)) {
    if (/^\s*(?:```|~~~)/.test(line)) { fenced = !fenced; continue }
    if (fenced || line.trim() === '' || /^\s*(?:---+|===+|\*\*\*+)\s*$/.test(line)) continue
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line)
    const item = /^(\s*)(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s*)?(.*)$/.exec(line)
    const indent = /^\s*/.exec(line)?.[0].replaceAll('\t', '    ').length ?? 0
    const entry: Entry = heading !== null ? { kind: 'heading', depth: heading[1]?.length ?? 1, text: heading[2] ?? '', below: [] }
      : item !== null ? { kind: 'item', depth: 10 + indent, text: item[2] ?? '', below: [] } : { kind: 'text', depth: 1_000, text: line.trim(), below: [] }
    for (let last = open.at(-1); last !== undefined && last.depth >= entry.depth; last = open.at(-1)) open.pop()
    ;(open.at(-1)?.below ?? roots).push(entry)
    if (entry.kind !== 'text') open.push(entry)
  }
  return roots
}

const clean = (text: string): string => text.replace(/\*\*|__|`/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/:\s*$/, '').trim()
const flat = (entries: readonly Entry[]): string[] => entries.flatMap((entry) => [clean(entry.text), ...flat(entry.below)]).filter((text) => text !== '')

function taskFrom(entry: Entry, groups: readonly string[]): OutlinedTask {
  const own = clean(entry.text)
  const all = [own, ...flat(entry.below)]
  const label = labelPattern.exec(own)
  const bare = own.slice(label?.[0].length ?? 0).replace(dependsPattern, '').replace(hoursPattern, '').replace(/\s{2,}/g, ' ').trim()
  const [head = '', ...rest] = bare.split(/\s+(?:[-\u2013\u2014])\s+|:\s+/)
  const short = head.length <= 80 ? head : `${head.slice(0, 77).replace(/\s+\S*$/, '')}...`
  const isNote = (text: string): boolean => dependsPattern.test(text) || criteriaHeading.test(text) || /^(?:estimate|effort|hours|priority|component|owner)\b/i.test(text)
  const named = entry.below.filter((each) => criteriaHeading.test(clean(each.text)))
  const criteria = (named.length > 0 ? named.flatMap((each) => [...flat(each.below), ...inlineCriteria(each.text), ...(each.kind === 'text' ? flat(entry.below.filter((one) => one.kind === 'item')) : [])]) : flat(entry.below.filter((each) => each.kind === 'item'))).filter((text) => !isNote(text))
  const prose = entry.below.filter((each) => each.kind === 'text' && !isNote(clean(each.text))).map((each) => clean(each.text))
  return {
    label: label?.[1] ?? label?.[2], title: short.replace(/[.,;:\s]+$/, ''), description: [...rest, ...prose].join(' '), criteria: [...new Set(criteria.map((text) => text.replace(/[.;]+$/, '').slice(0, 160)))].slice(0, 12),
    dependsOn: all.flatMap((text) => dependsPattern.exec(text)?.[1]?.split(/,|;|\band\b|&/).map((each) => each.trim().replace(/[.]+$/, '')) ?? []).filter((text) => text !== '' && !/^(?:none|nothing|-)$/i.test(text)),
    // Of the lines below only those that are about the estimate: "saves 100 hours" is none.
    hours: [own, ...all.slice(1).filter((text) => /^(?:estimate[ds]?|estimated hours|effort|hours|time|duration)\b/i.test(text))].map((text) => Number(hoursPattern.exec(text)?.[1] ?? /^(?:estimated hours|hours|effort|estimate):?\s*(\d+(?:\.\d+)?)$/i.exec(text)?.[1])).find((hours) => hours > 0 && hours <= 1_000), groups, optional: groups.some((group) => /^(?:should|could|nice|optional|later)\b/i.test(group)),
  }
}

const inlineCriteria = (text: string): string[] => clean(text).replace(criteriaHeading, '').replace(/^\s*:\s*/, '').split(/;|,\s+(?=\S)/).map((each) => each.trim()).filter((each) => each.length > 2)
