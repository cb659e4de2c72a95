import * as z from 'zod'
import { refuse, type Problem } from '../problem.ts'
import { countedKinds, importedOf, proseOf, unusedKeys, type Draft, type Imported, type ImportFile } from './imported.ts'
import { priorityOf } from './priority.ts'

const tool = 'Beads'
const prose = z.string().nullish()
const text = z.unknown().transform(proseOf).default('')
/** A link that is a text alone says not of what type it is. */
const link = z.preprocess((value) => (typeof value === 'string' ? { depends_on_id: value } : value), z.looseObject({ issue_id: z.string().nullish(), depends_on_id: z.string(), type: prose }))
const issue = z.looseObject({
  id: z.string().trim().min(1), title: text, status: prose, priority: z.union([z.number(), z.string()]).nullish(), issue_type: prose, description: text, design: text, notes: text,
  acceptance_criteria: text, estimated_minutes: z.number().nullish(), updated_at: prose, labels: z.array(z.string()).nullish(), dependencies: z.array(link).nullish(),
})
interface Issue extends z.infer<typeof issue> { readonly where: string }

const used = ['where', 'id', 'title', 'status', 'priority', 'issue_type', 'description', 'design', 'notes', 'acceptance_criteria', 'estimated_minutes', 'updated_at', 'labels', 'dependencies']

/** Does one of the first lines hold an issue? Tombstones and records of other kinds may come before it. */
export function isBeads(text: string): boolean {
  return text.replace(/^\uFEFF/, '').split('\n', 50).some((line) => {
    try {
      const value = z.record(z.string(), z.unknown()).safeParse(JSON.parse(line)).data
      return value !== undefined && 'id' in value && 'title' in value && ('status' in value || 'issue_type' in value)
    } catch (error) {
      if (error instanceof SyntaxError) return false
      throw error
    }
  })
}

/** `.beads/*.jsonl`, an issue a line. Throws UserError('input') that names file and line. */
export function readBeads(files: readonly ImportFile[], source: string): Imported {
  const warnings: string[] = []
  const problems: Problem[] = []
  const all = files.flatMap((file) => issuesOf(file, warnings, problems))
  refuse(problems)
  const issues = [...latest(all, warnings).values()]
  const live = issues.filter((each) => each.status !== 'tombstone')
  if (live.length < issues.length) warnings.push(`Deleted issues were left out: ${issues.filter((each) => each.status === 'tombstone').map((each) => each.id).join(', ')}`)
  const { children, blocks } = linksOf(live, warnings)
  const isContainer = (each: Issue): boolean => each.issue_type === 'epic' && children.has(each.id)
  const containers = new Set(live.filter(isContainer).map((each) => each.id))
  if (containers.size > 0) warnings.push(`Epics that have children are no tasks, their children are: ${[...containers].join(', ')}`)
  const tasks = live.filter((each) => !containers.has(each.id))
  const members = (id: string): string[] => membersOf(id, containers, children)
  const before = new Map<string, Set<string>>(tasks.map((each) => [each.id, new Set()]))
  for (const [from, to] of blocks) {
    const [waiting, awaited] = [members(from), members(to)]
    // An epic is done after its children in any case: such a link says nothing about the order of the children.
    if (from !== to && ((containers.has(from) && awaited.every((id) => waiting.includes(id))) || (containers.has(to) && waiting.every((id) => awaited.includes(id))))) {
      warnings.push(`${from} waits for ${to}, and one is in the other; the link was dropped`)
      continue
    }
    for (const id of waiting) for (const on of awaited) before.get(id)?.add(on)
  }
  const states = countedKinds(tasks.flatMap(({ status }) => (status === undefined || status === null || /^(?:open|closed)$/.test(status) ? [] : [status])))
  if (states !== '') warnings.push(`States that DevTeam has not, or gives itself, became pending: ${states}`)
  warnings.push(...unusedKeys(tool, tasks, used))
  const drafts = tasks.map((each) => draftOf(each, [...before.get(each.id) ?? []], warnings))
  return importedOf({ tool, drafts, warnings, defaults: 'epic 16 h, feature 8 h, task and bug 4 h, chore 2 h' }, source)
}

function issuesOf({ path, text }: ImportFile, warnings: string[], problems: Problem[]): Issue[] {
  return text.replace(/^\uFEFF/, '').split('\n').flatMap((line, i) => {
    if (line.trim() === '') return []
    const where = `${path}, line ${i + 1}`
    let value: unknown
    try { value = JSON.parse(line) } catch (error) {
      problems.push({ where, what: `is not JSON: ${(error as Error).message}`, wayOut: 'Mend the line, or export the issues again' })
      return []
    }
    const read = z.record(z.string(), z.unknown()).safeParse(value).data
    if (read === undefined || !('id' in read) || !('title' in read)) {
      // Tombstones may have lost their title; other records are no issues.
      if (read?.status !== 'tombstone') warnings.push(`${where} is no issue, it was left out`)
      return []
    }
    if (read.status === 'tombstone') return [{ id: String(read.id), title: '', description: '', design: '', notes: '', acceptance_criteria: '', status: 'tombstone', updated_at: typeof read.updated_at === 'string' ? read.updated_at : undefined, where }]
    const parsed = issue.safeParse(read)
    if (!parsed.success) problems.push(...parsed.error.issues.map((each) => ({ where, field: each.path.map(String).join('.'), what: `won't do (${each.message})`, wayOut: 'Mend the line, or export the issues again' })))
    return parsed.success ? [{ ...parsed.data, where }] : []
  })
}

function latest(all: readonly Issue[], warnings: string[]): Map<string, Issue> {
  const byId = new Map<string, Issue>()
  const twice: string[] = []
  for (const each of all) {
    const there = byId.get(each.id)
    const isNewer = there === undefined || timeOf(each) >= timeOf(there)
    if (there !== undefined) twice.push(`${each.id} (${there.where}; ${each.where}; the ${isNewer ? 'second' : 'first'} was taken)`)
    if (isNewer) byId.set(each.id, each)
  }
  if (twice.length > 0) warnings.push(`Issues that are there twice, the newer was taken: ${twice.slice(0, 20).join(', ')}${twice.length > 20 ? ` and ${twice.length - 20} more` : ''}`)
  return byId
}

/** Of lines without a time the last one counts. */
const timeOf = ({ updated_at: time }: Issue): number => { const parsed = Date.parse(time ?? ''); return Number.isNaN(parsed) ? 0 : parsed }

function linksOf(issues: readonly Issue[], warnings: string[]): { children: Map<string, string[]>; blocks: [string, string][] } {
  const children = new Map<string, string[]>()
  const blocks: [string, string][] = []
  const others = new Map<string, number>()
  const known = new Map(issues.map((each) => [each.id, each]))
  for (const each of issues) {
    for (const { issue_id: from, depends_on_id: to, type } of each.dependencies ?? []) {
      const id = from ?? each.id
      if (type === 'blocks' && known.has(id)) {
        if (known.has(to)) blocks.push([id, to])
        else warnings.push(`${each.where}: ${id} waits for ${to}, which is not there; the dependency was dropped`)
      } else if (type === 'parent-child' && known.has(id)) {
        children.set(to, [...children.get(to) ?? [], id])
        if (known.get(to)?.issue_type !== 'epic') others.set('parent-child', (others.get('parent-child') ?? 0) + 1)
      } else others.set(type ?? 'untyped', (others.get(type ?? 'untyped') ?? 0) + 1)
    }
  }
  if (others.size > 0) warnings.push(`Links that are no dependencies were left out: ${[...others].map(([type, count]) => `${count} ${type}`).join(', ')}`)
  return { children, blocks }
}

/** The tasks that an issue stands for: itself, or all in an epic and in the epics within it. */
function membersOf(id: string, containers: ReadonlySet<string>, children: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set<string>()
  const seen = new Set<string>()
  const open = [id]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    if (containers.has(next)) open.push(...children.get(next) ?? [])
    else found.add(next)
  }
  return [...found]
}

function draftOf(each: Issue, dependencies: readonly string[], warnings: string[]): Draft {
  const section = (label: string, content: string): string[] => (content === '' ? [] : [`${label}${content}`])
  const minutes = each.estimated_minutes ?? 0
  return {
    id: each.id, where: each.where, title: each.title === '' ? each.id : each.title, dependencies, completed: each.status === 'closed', priority: priorityOf(`${each.priority ?? ''}`.trim(), each.where, warnings),
    description: [...section('', each.description), ...section('Design: ', each.design), ...section('Notes: ', each.notes), ...section('Labels: ', (each.labels ?? []).join(', '))].join('\n\n'),
    signs: { labels: each.labels ?? [], texts: [each.title, each.description, each.design] },
    acceptanceCriteria: each.acceptance_criteria.split('\n').map((line) => line.replace(/^\s*(?:[-*+]|\d+[.)])?\s*(?:\[[ xX]\]\s*)?/, '').trim()).filter((line) => line !== ''),
    hours: minutes > 0 ? { value: minutes / 60, guessed: false } : { value: hoursOf(each.issue_type), guessed: true },
  }
}

function hoursOf(type: string | null | undefined): number {
  if (type === 'epic') return 16
  if (type === 'feature') return 8
  return type === 'chore' ? 2 : 4
}
