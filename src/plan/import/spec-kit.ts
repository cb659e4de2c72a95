import { distinctIds, importedOf, type Draft, type Imported, type ImportFile } from './imported.ts'
import { refuse } from '../problem.ts'

const tool = 'Spec Kit'

interface Item { readonly line: number; readonly id: string; readonly box: string; readonly parallel: boolean; readonly story: string | undefined; readonly text: string; readonly notes: string[] }
/** `strays`: lines with a box but no id. `conflicts`: lines where a conflict begins that git could not merge. `outside`: how many lines belong to no task. */
interface Phase { readonly heading: string; readonly items: Item[]; readonly strays: number[]; outside: number; readonly conflicts: number[] }

const item = /^\s*[-*+]\s+\[(.)\]\s+(\*\*|__)?(T\d+[A-Za-z]?(?:\.\d+[A-Za-z]?|-[A-Za-z0-9]+)*)(?![\w-])(.*)$/
const boxed = /^\s*[-*+]\s+\[.\]\s/
const heading = /^ {0,3}#{1,2}\s+(.*?)\s*#*\s*$/

/** Does this text have a task, `- [ ] T012 [P] [US1] text`, outside of code fences? */
export const isSpecKit = (text: string): boolean => phasesOf(text).some((phase) => phase.items.length > 0)

/** `specs/NAME/tasks.md`, one or several. Several: ids get the name of their folder, and the features don't wait for each other. */
export function readSpecKit(files: readonly ImportFile[], source: string): Imported {
  const isOne = files.length === 1
  const warnings: string[] = []
  const drafts = files.flatMap((file) => draftsOf(file, isOne ? '' : `${file.path.split('/').at(-2) ?? ''}/`, warnings))
  if (!isOne) warnings.push(`${source} has ${files.length} features: the ids of their tasks begin with the name of the feature's folder, and no feature waits for another`)
  return importedOf({ tool, drafts, warnings, defaults: '2 h each' }, source)
}

function draftsOf({ path, text }: ImportFile, prefix: string, warnings: string[]): Draft[] {
  const all = phasesOf(text)
  refuse(all.flatMap((phase) => phase.conflicts.map((line) => ({ where: `${path}, line ${line}`, what: 'begins a merge conflict', wayOut: 'Resolve it' }))))
  const phases = all.filter((phase) => phase.items.length > 0)
  const before = dependenciesOf(phases)
  const whereOf = ({ line }: Item): string => `${path}, line ${line}`
  const items = phases.flatMap((phase) => phase.items)
  const { ids, told } = distinctIds(items.map((each) => ({ id: prefix + each.id, where: whereOf(each) })))
  const idOf = new Map(items.map((each, i) => [each, ids[i] ?? each.id]))
  warnings.push(...told.map((each) => each.text), ...leftOut(path, all))
  return phases.flatMap((phase) => phase.items.map((each) => {
    const where = whereOf(each)
    if (!/[ xX]/.test(each.box)) warnings.push(`${where}: the box of ${each.id} is [${each.box}]; it counts as not completed`)
    const title = each.text === '' ? each.id : each.text
    return {
      id: idOf.get(each) ?? each.id, where, title, completed: /[xX]/.test(each.box), acceptanceCriteria: [], priority: 'medium' as const, hours: { value: 2, guessed: true },
      description: [title, ...each.notes, ...(phase.heading === '' ? [] : [`Phase: ${phase.heading}`]), ...(each.story === undefined ? [] : [`User story: ${each.story}`])].join('\n'),
      dependencies: (before.get(each) ?? []).map((on) => idOf.get(on) ?? on.id), signs: { texts: [title, ...each.notes], story: each.story },
    }
  }))
}

function leftOut(path: string, phases: readonly Phase[]): string[] {
  const strays = phases.flatMap((phase) => phase.strays)
  const outside = phases.reduce((sum, phase) => sum + phase.outside, 0)
  // Before the tasks comes what every such file says of its format.
  const sections = phases.slice(phases.findIndex((phase) => phase.items.length > 0)).filter((phase) => phase.outside > 0 && phase.items.length === 0).map((phase) => phase.heading)
  return [
    ...(strays.length === 0 ? [] : [`${path}: items with a box but without an id such as T001 were left out: lines ${rangesOf(strays)}`]),
    ...(outside === 0 ? [] : [`${path}: text that belongs to no task was not taken over: ${outside} lines${sections.length === 0 ? '' : `, whole sections among them: ${sections.join(', ')}`}`]),
  ]
}

/** `3, 7-9` of 3, 7, 8, 9. */
function rangesOf(numbers: readonly number[]): string {
  const starts = numbers.filter((number, i) => numbers[i - 1] !== number - 1)
  const ends = numbers.filter((number, i) => numbers[i + 1] !== number + 1)
  return starts.map((start, i) => (start === ends[i] ? `${start}` : `${start}-${ends[i] ?? ''}`)).join(', ')
}

/** Phases and their tasks; an empty heading for what comes before the first one. What is indented below a task belongs to it, a code fence too. */
function phasesOf(text: string): Phase[] {
  const phases: Phase[] = []
  const begin = (title: string): Phase => { const next: Phase = { heading: title, items: [], strays: [], outside: 0, conflicts: [] }; phases.push(next); return next }
  let phase = begin('')
  let fence: string | undefined
  let last: Item | undefined
  const keep = (line: string): void => { if (last === undefined) phase.outside++; else last.notes.push(line.trimEnd()) }
  text.replace(/^\uFEFF/, '').split(/\r?\n/).forEach((line, index) => {
    const mark = /^\s*(?:[-*+]\s+)?(`{3,}|~{3,})(.*)$/.exec(line)
    if (fence !== undefined || mark?.[1] !== undefined) {
      if (fence === undefined) {
        fence = mark?.[1]
        if (!/^\s/.test(line)) last = undefined
      } else if (mark?.[1]?.startsWith(fence) === true && (mark[2] ?? '').trim() === '') fence = undefined
      keep(line)
      return
    }
    const title = heading.exec(line)?.[1]
    const found = itemOf(line, index + 1)
    if (title !== undefined) {
      phase = begin(title)
      last = undefined
    } else if (found !== undefined) {
      phase.items.push(found)
      last = found
    } else if (line.trim() !== '') {
      if (!/^\s/.test(line)) last = undefined
      if (/^<{7}(?: |$)/.test(line)) phase.conflicts.push(index + 1)
      else if (last === undefined && boxed.test(line)) phase.strays.push(index + 1)
      else if (last !== undefined || !/^\s*(?:#|[-*_\s]+$)/.test(line)) keep(line)
    }
  })
  return phases
}

function itemOf(line: string, number: number): Item | undefined {
  const [, box, bold = '', id, rest = ''] = item.exec(line) ?? []
  if (box === undefined || id === undefined) return undefined
  const markers: string[] = []
  // The bold may end after the id or after the markers.
  let text = (bold === '' ? rest : rest.replace(bold, '')).replace(/^\s*[:.]/, '').trim()
  for (let marker = /^\[([^\]]*)\](?!\()\s*/.exec(text); marker !== null; marker = /^\[([^\]]*)\](?!\()\s*/.exec(text)) {
    markers.push((marker[1] ?? '').trim())
    text = text.slice(marker[0].length)
  }
  const other = markers.filter((marker) => marker !== 'P' && !isStory(marker)).map((marker) => `[${marker}] `).join('')
  return { line: number, id, box, parallel: markers.includes('P'), story: markers.find(isStory), text: other + text.replace(/^[:-]\s+/, ''), notes: [] }
}

const isStory = (marker: string): boolean => /^US\s*-?\d+/i.test(marker)

/** What each task waits for: the group before it; the first group of a phase for the last groups of the phases that it waits for. */
function dependenciesOf(phases: readonly Phase[]): Map<Item, readonly Item[]> {
  const before = new Map<Item, readonly Item[]>()
  // Ends of the last phase without a story, and of the phases with one since then: through them, everything earlier.
  let shared: readonly Item[] = []
  let stories: readonly Item[] = []
  for (const { items } of phases) {
    const isStoryPhase = items.some((each) => each.story !== undefined)
    let last = isStoryPhase || stories.length === 0 ? shared : stories
    for (const group of groupsOf(items)) {
      for (const each of group) before.set(each, last)
      last = group
    }
    if (isStoryPhase) stories = [...stories, ...last]
    else [shared, stories] = [last, []]
  }
  return before
}

function groupsOf(items: readonly Item[]): Item[][] {
  const groups: Item[][] = []
  items.forEach((each, i) => {
    if (each.parallel && items[i - 1]?.parallel === true) groups.at(-1)?.push(each)
    else groups.push([each])
  })
  return groups
}
