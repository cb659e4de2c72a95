import { LineCounter, parseDocument, type Document } from 'yaml'
import * as z from 'zod'
import { UserError } from '../plan/errors.ts'
import type { Role, ToolName } from './executor.ts'

const tools = ['read_file', 'list_files', 'search_files', 'write_file', 'edit_file'] as const satisfies readonly ToolName[]
const stages = ['plan', 'design', 'implement', 'test', 'validate', 'review', 'document'] as const
const tiers = ['haiku', 'sonnet', 'opus'] as const

const list = <Item extends z.ZodType>(item: Item) => z.preprocess((value) => (typeof value === 'string' ? value.split(',').map((each) => each.trim()).filter(Boolean) : value ?? []), z.array(item))
const frontMatter = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*(?::[a-z][a-z0-9-]*)?$/, 'must be lower-case words, as in backend:api-developer-go'),
  description: z.string().min(1),
  model: z.enum(tiers).default('sonnet'),
  tools: list(z.enum(tools)).default([...tools]),
  components: list(z.string()),
  languages: list(z.string()),
  stage: z.enum(stages).default('implement'),
})

/** Tools as other agents name them, in `.claude/agents`. What has no counterpart here (commands, the web) is left out. */
const foreignTools: Readonly<Record<string, ToolName>> = { Read: 'read_file', Glob: 'list_files', LS: 'list_files', Grep: 'search_files', Write: 'write_file', Edit: 'edit_file', MultiEdit: 'edit_file' }

/**
 * Reads one role file: front matter between two `---` lines, then the instructions. `foreign`: written for another agent, so unknown keys and
 * tools are passed over. Throws UserError('input') with every fault of the front matter, each with file and line.
 */
export function parseRole(text: string, file: string, foreign: boolean): Role {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const end = lines.indexOf('---', 1)
  if (lines[0] !== '---' || end < 0) throw new UserError('input', `${file}:1: a role file begins with front matter between two lines "---". Add it: name, description, model, tools, components, languages, stage.`)
  const counter = new LineCounter()
  const document = parseDocument(lines.slice(1, end).join('\n'), { lineCounter: counter })
  const [broken] = document.errors
  if (broken !== undefined) throw new UserError('input', `${file}:${counter.linePos(broken.pos[0]).line + 1}: the front matter is no valid YAML: ${broken.message.split('\n')[0] ?? ''} Mend it, or put the value in quotes.`)
  const raw: unknown = document.toJS()
  const parsed = frontMatter.safeParse(foreign ? translate(raw) : raw)
  if (!parsed.success) throw new UserError('input', parsed.error.issues.map((issue) => `${file}:${lineOf(document, counter, issue)}: ${issue.path.length === 0 ? '' : `${issue.path.join('.')}: `}${issue.message}. Known are ${hint(issue.path[0])}.`).join('\n'))
  const { name, description, model, stage, components, languages } = parsed.data
  const instructions = lines.slice(end + 1).join('\n').trim()
  if (instructions === '') throw new UserError('input', `${file}:${end + 1}: the role has no instructions. Write them below the front matter.`)
  return { name, description, tier: model, tools: parsed.data.tools, components, languages, stage, instructions }
}

function translate(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null) return raw
  const { name, description, model, tools: named, stage, components, languages } = raw as Record<string, unknown>
  const names = typeof named === 'string' ? named.split(',').map((each) => each.trim()) : Array.isArray(named) ? named.map(String) : undefined
  const known = names?.flatMap((each) => (Object.hasOwn(foreignTools, each) ? [foreignTools[each]] : (tools as readonly string[]).includes(each) ? [each] : []))
  return Object.fromEntries(Object.entries({
    name: typeof name === 'string' ? name.toLowerCase().replaceAll(/[^a-z0-9:]+/g, '-') : name, description,
    model: (tiers as readonly unknown[]).includes(model) ? model : undefined, tools: known === undefined ? undefined : [...new Set(known)], stage, components, languages,
  }).filter(([, value]) => value !== undefined))
}

function lineOf(document: Document, counter: LineCounter, issue: z.core.$ZodIssue): number {
  const path = issue.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : [...issue.path]
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as { readonly range?: readonly [number, number, number] | null } | undefined
    if (node?.range) return counter.linePos(node.range[0]).line + 1
  }
  return 2
}

const hint = (key: PropertyKey | undefined): string => {
  switch (key) {
    case 'model': return tiers.join(', ')
    case 'tools': return tools.join(', ')
    case 'stage': return stages.join(', ')
    default: return 'name, description, model, tools, components, languages, stage'
  }
}
