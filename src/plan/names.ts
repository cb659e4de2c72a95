import { getOrMake } from './at.ts'

const known: Readonly<Record<string, string>> = { api: 'API', ui: 'UI', ux: 'UX', db: 'DB', ci: 'CI', cd: 'CD', qa: 'QA', ios: 'iOS', devops: 'DevOps', sdk: 'SDK', cli: 'CLI', ai: 'AI', ml: 'ML' }

/** `backend` -> Backend, `data-pipeline` -> Data Pipeline, `ui` -> UI */
export const componentName = (component: string): string => component.split(/[\s_-]+/).filter((word) => word !== '')
  .map((word) => known[word.toLowerCase()] ?? word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || 'General'

/** What a track of these components is called; the backend's track by its product. */
export function trackName(components: readonly string[]): string {
  const [first] = components
  if (components.length === 1 && first !== undefined) return first.toLowerCase() === 'backend' ? 'Backend API' : componentName(first)
  return listed(components.map(componentName), 3)
}

/** `A`, `A and B`, `A, B and C`, `A, B and 4 more` */
export function listed(items: readonly string[], most: number): string {
  const shown = items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : items
  const last = shown.at(-1) ?? ''
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`
}

/** Names that come more than once get numbers: Backend 1, Backend 2. `firstPlain`: the first one keeps its name. */
export function numbered(names: readonly string[], firstPlain = false): string[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  const seen = new Map<string, number>()
  return names.map((name) => {
    const number = getOrMake(seen, name, () => 0) + 1
    seen.set(name, number)
    return counts.get(name) === 1 || (firstPlain && number === 1) ? name : `${name} ${number}`
  })
}
