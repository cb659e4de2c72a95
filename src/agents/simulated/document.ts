import { kebab, plain } from './naming.ts'
import { hitsOf, isTest, linesOf, read, search, write, type Call, type Request, type Script } from './script.ts'

/**
 * The documentation of a sprint. Each sprint has files of its own: several tracks may share a directory, or be merged later, and must not touch
 * one another's.
 */
export function* document(request: Request): Script {
  const files = (request.subject.files ?? []).filter((file) => !file.startsWith('docs/sprint-notes/'))
  const name = request.subject.review ?? 'project'
  const slug = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) ? name : kebab(name)
  const papers = files.filter((file) => /^docs\/api\/[^/]+\.json$/.test(file))
  const [routes, ...texts] = yield [search('@router\\.(get|post|put|delete|patch)\\("', { glob: '**/*.py' }), ...papers.map(read)]
  const own = new Set(files)
  const operations = hitsOf(routes).filter((hit) => own.has(hit.path))
  const specified = papers.filter((_, i) => linesOf(texts[i]).some((line) => line.includes('"openapi"')))
  const infrastructure = files.filter((file) => file.startsWith('infra/'))
  const calls: Call[] = [write(`docs/sprint-notes/${slug}.md`, notes(name, files))]
  if (operations.length > 0) calls.push(write(`docs/api/${slug}.md`, reference(name, operations, specified)))
  if (infrastructure.length > 0) calls.push(write(`docs/deployment/${slug}.md`, deployment(name, infrastructure)))
  yield calls
  return [operations.length > 0 ? 'API docs updated' : undefined, infrastructure.length > 0 ? 'deployment guide updated' : undefined, 'sprint notes written'].filter((part) => part !== undefined).join(', ').replace(/^./, (first) => first.toUpperCase())
}

function notes(name: string, files: readonly string[]): string {
  const folders = new Map<string, string[]>()
  for (const file of files.filter((each) => !isTest(each))) {
    const folder = file.split('/').slice(0, -1).join('/') || '.'
    folders.set(folder, [...folders.get(folder) ?? [], file])
  }
  const nodes = [...folders.keys()].map((folder, i) => `  m${i}["${plain(folder)}"]`)
  const tests = files.filter(isTest).length
  return `${[
    `# ${plain(name)}`, '', `${files.length} files changed, ${tests} of them tests.`, '', ...(nodes.length === 0 ? [] : ['```mermaid', 'graph LR', '  project(("project"))', ...nodes, ...nodes.map((_, i) => `  project --> m${i}`), '```', '']),
    ...[...folders].flatMap(([folder, list]) => [`## ${plain(folder)}`, '', ...list.map((file) => `- \`${file}\``), '']),
  ].join('\n').trimEnd()}\n`
}

const reference = (name: string, operations: readonly { readonly path: string; readonly text: string }[], specified: readonly string[]): string => `${[
  `# API of ${plain(name)}`, '', '| operation | in |', '| --- | --- |', ...operations.map(({ path, text }) => { const found = /@router\.(\w+)\("([^"]*)"/.exec(text); return `| ${(found?.[1] ?? '').toUpperCase()} ${found?.[2] ?? ''} | \`${path}\` |` }),
  ...(specified.length === 0 ? [] : ['', 'OpenAPI documents:', '', ...specified.map((file) => `- \`${file}\``)]),
].join('\n')}\n`

const deployment = (name: string, files: readonly string[]): string => `${[`# Deployment: ${plain(name)}`, '', 'What is deployed, and from which file:', '', ...files.map((file) => `- \`${file}\``)].join('\n')}\n`
