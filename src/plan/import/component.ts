import { componentNamed } from '../component-words.ts'

/** What a task of another tool has that may say to which part of the project it belongs. */
export interface ComponentSigns {
  readonly labels?: readonly string[]
  readonly texts?: readonly string[]
  /** `US1` */
  readonly story?: string | undefined
}
export interface Derived { readonly component: string; readonly from: 'label' | 'file paths' | 'user story' }

/**
 * The component of a task: from a label (`area: parser`, or one that names a usual part such as `frontend`), else from the folders of the files that its
 * text names, where most of them are of one part, else its user story. undefined: nothing says so.
 */
export function componentOf({ labels = [], texts = [], story }: ComponentSigns): Derived | undefined {
  for (const label of labels) {
    const stated = /^(?:component|area|module|scope)\s*[:/]\s*([\w][\w .-]{0,40})$/i.exec(label.trim())?.[1]
    if (stated !== undefined) return { component: stated.trim().toLowerCase().replaceAll(/\s+/g, '-'), from: 'label' }
  }
  for (const label of labels) {
    const component = componentNamed(label)
    if (component !== undefined) return { component, from: 'label' }
  }
  const component = ofPaths(texts)
  if (component !== undefined) return { component, from: 'file paths' }
  const number = /\d+/.exec(story ?? '')?.[0]
  return number === undefined ? undefined : { component: `user-story-${Number(number)}`, from: 'user story' }
}

/** A path has a folder and ends in a file with an extension, or in a slash: `and/or` is none. */
const path = /(?<![\w./:@-])(?:\.{0,2}\/)?((?:[\w.@-]+\/)+)(?:[\w@-][\w.@-]*\.[A-Za-z]\w{0,9})?(?![\w/])/g
const containers = /^(?:src|source|apps?|packages|services|libs?|projects|modules|code|\.|\.\.)$/i

function ofPaths(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  let all = 0
  for (const text of texts) {
    for (const [, folders = ''] of text.matchAll(path)) {
      all++
      const names = folders.split('/').filter((name) => name !== '')
      // In `src/api/...` and `apps/web/...` the second folder tells, in `backend/...` the first.
      const place = names.findIndex((name) => !containers.test(name))
      const component = names[place] === undefined ? undefined : componentNamed(names[place])
      if (component !== undefined) counts.set(component, (counts.get(component) ?? 0) + 1)
    }
  }
  const [most] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  return most !== undefined && most[1] * 2 > all ? most[0] : undefined
}

/** What is told of derived components; nothing where there is none. */
export function derivedText(derived: readonly (Derived | undefined)[]): string[] {
  const counts = new Map<string, number>()
  for (const each of derived) if (each !== undefined) counts.set(`${each.component} by ${each.from}`, (counts.get(`${each.component} by ${each.from}`) ?? 0) + 1)
  if (counts.size === 0) return []
  const rest = derived.filter((each) => each === undefined).length
  return [`Components were derived: ${[...counts].sort().map(([what, count]) => `${what} (${count})`).join(', ')}${rest === 0 ? '' : `; ${rest} without a sign of one are general`}`]
}
