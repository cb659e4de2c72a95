import type { DrawnPlan, DrawnStatus } from '../src/drawing/model.ts'

export type Tab = 'graph' | 'timeline' | 'list'

/** What the person sees and has chosen; the page is a function of it. */
export interface PageState {
  readonly plan: DrawnPlan | undefined
  readonly tab: Tab
  readonly selected: string | undefined
  readonly hovered: string | undefined
  /** The row that the keyboard is on. */
  readonly active: string | undefined
  /** The keyboard was used last: draw a ring around the active task. */
  readonly ring: boolean
  readonly search: string
  readonly track: string
  readonly status: DrawnStatus | ''
}

type Listener = (now: PageState, before: PageState) => void

/** One value that changes, and who wants to know. */
export class Model {
  private listeners: Listener[] = []
  state: PageState
  constructor(state: PageState) { this.state = state }
  listen(listener: Listener): void { this.listeners.push(listener) }
  update(change: Partial<PageState>): void {
    const before = this.state
    const changed = (Object.keys(change) as (keyof PageState)[]).some((key) => before[key] !== change[key])
    if (!changed) return
    this.state = { ...before, ...change }
    for (const listener of this.listeners) listener(this.state, before)
  }
}

export const isFiltered = (state: PageState): boolean => state.search.trim() !== '' || state.track !== '' || state.status !== ''

/** Ids that search and filters leave, in the plan's order; undefined: nothing is filtered. */
export function shownTasks(state: PageState): ReadonlySet<string> | undefined {
  if (state.plan === undefined || !isFiltered(state)) return undefined
  const words = state.search.toLowerCase().split(/\s+/).filter((word) => word !== '')
  return new Set(state.plan.tasks.filter((task) => {
    const text = `${task.id} ${task.title} ${task.component}`.toLowerCase()
    return (state.track === '' || task.track === state.track) && (state.status === '' || task.status === state.status) && words.every((word) => text.includes(word))
  }).map((task) => task.id))
}
