/** A programming language found in a project. `files` counts its files; `note` says what they are, `FastAPI backend`, or is empty. */
export interface DetectedLanguage { readonly name: string; readonly files: number; readonly note: string }

const extensions: Readonly<Record<string, string>> = {
  py: 'Python', pyi: 'Python', ts: 'TypeScript', tsx: 'TypeScript', mts: 'TypeScript', cts: 'TypeScript', js: 'JavaScript', jsx: 'JavaScript', mjs: 'JavaScript', cjs: 'JavaScript',
  go: 'Go', rs: 'Rust', java: 'Java', cs: 'C#', rb: 'Ruby', php: 'PHP', sh: 'Shell', bash: 'Shell', zsh: 'Shell',
}
const vendored = /(?:^|\/)(?:node_modules|vendor|dist|build|target|\.venv|venv|__pycache__|\.git|\.devteam)\//

/** The language of a file by its name; undefined: none that is known (data, markup, configuration). */
export function languageOf(file: string): string | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase()
  return extension !== undefined && Object.hasOwn(extensions, extension) ? extensions[extension] : undefined
}

/** What a file's own text shows. Only an import counts: a framework that is merely mentioned is not used. */
const frameworks: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  Python: [[/^\s*(?:from|import)\s+fastapi\b/m, 'FastAPI backend'], [/^\s*(?:from|import)\s+django\b/m, 'Django backend'], [/^\s*(?:from|import)\s+flask\b/m, 'Flask backend']],
  TypeScript: [[/from\s+['"](?:react|react-dom(?:\/client)?)['"]/, 'React frontend'], [/from\s+['"]vue['"]/, 'Vue frontend'], [/from\s+['"]@angular\//, 'Angular frontend'], [/from\s+['"]express['"]/, 'Express backend'], [/from\s+['"]vscode['"]/, 'VS Code extension']],
  JavaScript: [[/(?:from|require\()\s*['"]react['"]/, 'React frontend'], [/(?:from|require\()\s*['"]express['"]/, 'Express backend'], [/from\s+['"]node:test['"]/, 'tests']],
  Go: [[/"github\.com\/gin-gonic\/gin"/, 'Gin backend'], [/"net\/http"/, 'HTTP backend']],
  Rust: [[/\buse\s+axum\b/, 'Axum backend'], [/\buse\s+actix_web\b/, 'Actix backend']],
  Java: [[/^import\s+org\.springframework\./m, 'Spring backend']],
  'C#': [[/^\s*using\s+Microsoft\.AspNetCore\b/m, 'ASP.NET backend']],
  Ruby: [[/\b(?:Rails\.application|ActiveRecord::Base|ApplicationController)\b/, 'Rails backend'], [/require\s+['"]sinatra['"]/, 'Sinatra backend']],
  PHP: [[/\buse\s+Illuminate\\/, 'Laravel backend'], [/\buse\s+Symfony\\/, 'Symfony backend']],
}

const technologies: Readonly<Record<string, RegExp>> = {
  Python: /\b(?:python|fastapi|django|flask)\b/i, TypeScript: /\b(?:typescript|react|angular|vue|next\.?js|nest\.?js)\b/i, JavaScript: /\b(?:javascript|node(?:\.?js)?|express)\b/i, Go: /\b(?:go|golang)\b/i,
  Rust: /\brust\b/i, Java: /\b(?:java|spring(?: boot)?|kotlin)\b/i, 'C#': /c#|\b(?:\.net|asp\.net)\b/i, Ruby: /\b(?:ruby|rails)\b/i, PHP: /\b(?:php|laravel|symfony)\b/i, Shell: /\b(?:shell|bash)\b/i,
}

/** The languages that a PRD's technology names, in the order in which they are named. */
export const languagesNamed = (technology: readonly string[]): string[] =>
  [...new Set(technology.flatMap((text) => Object.entries(technologies).flatMap(([name, sign]) => { const at = text.search(sign); return at < 0 ? [] : [{ name, at }] }).sort((a, b) => a.at - b.at).map(({ name }) => name)))]

/** A project is in the language of its code, whatever its tests are written in. */
const outsideTests = (file: string): boolean => !/(?:^|\/)(?:tests?|spec)\/|\.(?:test|spec)\.[a-z]+$/.test(file)

/** How many files of a language are looked into for a framework. */
const looked = 200

/** The languages of a project by its file names, most files outside of tests first; generated and vendored folders don't count. Without `read` every note but Shell's is empty. */
export function detectLanguages(files: readonly string[]): DetectedLanguage[]
/** As above, with a note of the framework where the text of a file shows one. `read` gives a file's text, or its beginning. */
export function detectLanguages(files: readonly string[], read: (file: string) => Promise<string>): Promise<DetectedLanguage[]>
export function detectLanguages(files: readonly string[], read?: (file: string) => Promise<string>): DetectedLanguage[] | Promise<DetectedLanguage[]> {
  const byName = new Map<string, string[]>()
  for (const file of files) {
    const name = vendored.test(file) ? undefined : languageOf(file)
    if (name !== undefined) byName.set(name, [...byName.get(name) ?? [], file])
  }
  const found = [...byName].sort(([a, x], [b, y]) => y.filter(outsideTests).length - x.filter(outsideTests).length || y.length - x.length || a.localeCompare(b))
  if (read === undefined) return found.map(([name, list]) => ({ name, files: list.length, note: noteByPath(name, list) }))
  return Promise.all(found.map(async ([name, list]) => ({ name, files: list.length, note: await frameworkOf(name, list, read) ?? noteByPath(name, list) })))
}

async function frameworkOf(name: string, files: readonly string[], read: (file: string) => Promise<string>): Promise<string | undefined> {
  const signs = frameworks[name]
  if (signs === undefined) return undefined
  for (const file of files.slice(0, looked)) {
    const text = await read(file)
    const sign = signs.find(([pattern]) => pattern.test(text))
    if (sign !== undefined) return sign[1]
  }
  return undefined
}

/** What the folders say by themselves. */
const noteByPath = (name: string, files: readonly string[]): string => (name === 'Shell' && files.every((file) => /(?:^|\/)(?:infra|infrastructure|deploy|deployment|ops|k8s|docker)\//.test(file)) ? 'deployment scripts' : '')
