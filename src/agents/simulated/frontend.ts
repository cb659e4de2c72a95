import type { Artifact, Block, Work } from './artifact.ts'
import { camel, kebab, pascal, plain } from './naming.ts'

/** A React module: a component for each criterion. */
export function reactComponents(work: Work): Artifact {
  return {
    path: `frontend/src/${kebab(work.title)}/components.tsx`,
    head: [`// ${plain(work.title)} (${work.id})`, 'import { useState, type FormEvent } from \'react\'', '', 'export interface ViewProps {', '  readonly items: readonly string[]', '  readonly onSubmit: (value: string) => void', '}'],
    blocks: work.criteria.map((criterion): Block => ({ criterion, lines: [`/** ${plain(criterion)}. */`, ...component(criterion)] })),
    foot: [],
  }
}

function component(criterion: string): string[] {
  const name = pascal(criterion)
  const label = plain(criterion)
  if (/\b(?:list|table|dashboard|page|shell|routing|panel)\b/i.test(criterion)) return [
    `export function ${name}({ items }: ViewProps) {`, '  return (', `    <section aria-label="${label}">`, '      {items.length === 0 ? <p>Nothing here yet.</p> : <ul>{items.map((item) => <li key={item}>{item}</li>)}</ul>}', '    </section>', '  )', '}',
  ]
  return [
    `export function ${name}({ onSubmit }: ViewProps) {`, '  const [value, setValue] = useState(\'\')', '  const submit = (event: FormEvent) => { event.preventDefault(); onSubmit(value) }', '  return (', `    <form aria-label="${label}" onSubmit={submit}>`,
    `      <label>${label} <input value={value} required onChange={(event) => setValue(event.target.value)} /></label>`, '      <button type="submit">Continue</button>', '    </form>', '  )', '}',
  ]
}

/** A TypeScript module: a function for each criterion. */
export function typescriptModule(work: Work, folder: string): Artifact {
  return {
    path: `${folder}/${kebab(work.title)}.ts`,
    head: [`// ${plain(work.title)} (${work.id})`, '', 'export interface Entry { readonly id: string; readonly name: string }'],
    blocks: work.criteria.map((criterion): Block => ({ criterion, lines: [
      `/** ${plain(criterion)}. */`, `export function ${camel(criterion)}(entries: readonly Entry[], id: string): Entry {`, '  const found = entries.find((entry) => entry.id === id)', `  if (found === undefined) throw new Error(\`${plain(criterion)}: there is no entry \${id}\`)`, '  return found', '}',
    ] })),
    foot: [],
  }
}
