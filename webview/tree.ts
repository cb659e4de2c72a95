import { dependents } from '../src/drawing/describe.ts'
import type { DrawnPlan } from '../src/drawing/model.ts'
import type { Palette } from '../src/drawing/palette.ts'
import { element, setAttribute, setText } from './dom.ts'
import type { Model, PageState } from './model.ts'
import { statusImage } from './status-image.ts'
import { taskContext, treeRows } from './tree-rows.ts'
import type { TreeRow } from './tree-rows.ts'

export interface TreeActions { readonly select: (task: string | undefined) => void; readonly reveal: (task: string) => void; readonly openInspector: (task: string) => void }

/** So many rows before and after the active one are in the page: a screen reader needs no more, `aria-setsize` says the rest. */
const around = 300

/**
 * The tasks as a real tree: hidden beside the canvas for keyboard and screen reader (the canvas draws the ring), seen as the List tab.
 * Focus is real and roves: one row has tabindex 0.
 */
export class Tree {
  readonly node = element('div', { role: 'tree', class: 'tree hidden', 'aria-label': 'Tasks by track' })
  private rows: TreeRow[] = []
  private readonly closed = new Set<string>()
  private readonly nodes = new Map<string, HTMLElement>()
  private active = ''
  private walk: { readonly from: string; readonly key: string; at: number } | undefined

  constructor(private readonly model: Model, private readonly actions: TreeActions) {
    this.node.addEventListener('keydown', (event) => this.key(event))
    this.node.addEventListener('focusin', (event) => this.focused(event))
    this.node.addEventListener('focusout', () => model.update({ ring: false }))
    this.node.addEventListener('click', (event) => this.clicked(event))
  }

  show(state: PageState, shown: ReadonlySet<string> | undefined, palette: Palette): void {
    this.node.classList.toggle('hidden', state.tab !== 'list')
    if (state.plan === undefined) { this.node.replaceChildren(); this.rows = []; this.nodes.clear(); return }
    this.rows = treeRows(state.plan, this.closed, shown)
    if (state.selected !== undefined && !this.node.contains(document.activeElement)) this.active = state.selected
    if (!this.rows.some((row) => row.key === this.active)) this.active = this.rows[0]?.key ?? ''
    this.render(state, palette)
  }

  /** Puts the keyboard on a task without drawing the ring: a click on the canvas leads here. */
  focus(task: string): void {
    const row = this.rows.find((each) => each.key === task)
    if (row === undefined) return
    this.activate(row, false)
  }

  private render(state: PageState, palette: Palette): void {
    const at = Math.max(0, this.rows.findIndex((row) => row.key === this.active))
    const seen = this.rows.slice(Math.max(0, at - around), at + around + 1)
    const keys = new Set(seen.map((row) => row.key))
    for (const [key, node] of this.nodes) if (!keys.has(key)) { node.remove(); this.nodes.delete(key) }
    let previous: Element | null = null
    for (const row of seen) {
      const node = this.nodes.get(row.key) ?? this.make(row)
      this.describe(node, row, state, palette)
      const next: Element | null = previous === null ? this.node.firstElementChild : previous.nextElementSibling
      if (next !== node) this.node.insertBefore(node, next)
      previous = node
    }
  }

  private make(row: TreeRow): HTMLElement {
    const node = element('div', { role: 'treeitem', 'data-key': row.key, class: `row level${row.level}` }, element('span', { class: 'sign', 'aria-hidden': 'true' }), element('span', { class: 'name' }), element('span', { class: 'detail' }))
    this.nodes.set(row.key, node)
    return node
  }

  private describe(node: HTMLElement, row: TreeRow, state: PageState, palette: Palette): void {
    setAttribute(node, 'aria-label', row.label)
    setAttribute(node, 'data-vscode-context', taskContext(row.task?.id))
    setAttribute(node, 'aria-level', String(row.level))
    setAttribute(node, 'aria-posinset', String(row.position))
    setAttribute(node, 'aria-setsize', String(row.size))
    setAttribute(node, 'aria-expanded', row.expanded === undefined ? undefined : String(row.expanded))
    setAttribute(node, 'aria-selected', row.task === undefined ? undefined : String(row.key === state.selected))
    setAttribute(node, 'tabindex', row.key === this.active ? '0' : '-1')
    const [sign, name, detail] = node.children
    if (sign === undefined || name === undefined || detail === undefined) return
    const drawn = row.task === undefined ? (row.expanded === true ? '▾' : '▸') : `${row.task.status} ${palette.kind} ${palette.background}`
    if (sign.getAttribute('data-drawn') !== drawn && state.tab === 'list') {
      sign.setAttribute('data-drawn', drawn)
      sign.replaceChildren(row.task === undefined ? drawn : statusImage(row.task.status, palette))
    }
    setText(name, row.name)
    // The row's name says it already: here it is only seen.
    setAttribute(detail, 'data-detail', row.detail)
  }

  private rowOf(target: EventTarget | null): TreeRow | undefined {
    const key = target instanceof Element ? target.closest('[role="treeitem"]')?.getAttribute('data-key') : undefined
    return this.rows.find((row) => row.key === key)
  }

  private focused(event: FocusEvent): void {
    const row = this.rowOf(event.target)
    if (row === undefined) return
    this.setActive(row.key)
    const ring = event.target instanceof Element && event.target.matches(':focus-visible') && row.task !== undefined
    this.model.update({ active: row.task?.id, ring })
    if (ring) this.actions.reveal(row.key)
  }

  private clicked(event: MouseEvent): void {
    const row = this.rowOf(event.target)
    if (row === undefined) return
    this.activate(row, false)
    if (row.task === undefined) this.toggle(row, row.expanded !== true)
    else this.actions.select(row.key)
  }

  private key(event: KeyboardEvent): void {
    // Ctrl, Cmd and Alt belong to VS Code.
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = this.rows.findIndex((row) => row.key === this.active)
    const row = this.rows[at]
    if (row === undefined) return
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.go(at + 1), ArrowUp: () => this.go(at - 1), Home: () => this.go(0), End: () => this.go(this.rows.length - 1), PageDown: () => this.go(Math.min(at + 10, this.rows.length - 1)), PageUp: () => this.go(Math.max(at - 10, 0)),
      ArrowRight: () => row.task === undefined ? row.expanded === true ? this.go(at + 1) : this.toggle(row, true) : this.follow(row.key, 'ArrowRight'),
      ArrowLeft: () => row.task === undefined && row.expanded === true ? this.toggle(row, false) : this.follow(row.key, 'ArrowLeft'),
      Enter: () => row.task === undefined ? this.toggle(row, row.expanded !== true) : this.actions.openInspector(row.key),
      ' ': () => row.task === undefined ? this.toggle(row, row.expanded !== true) : this.actions.select(row.key),
    }
    const move = moves[event.key]
    if (move === undefined) return
    event.preventDefault()
    move()
  }

  /** Left to a dependency, right to a task that waits for this one; the same key again goes through the others. */
  private follow(id: string, key: 'ArrowLeft' | 'ArrowRight'): void {
    const again = this.walk !== undefined && this.walk.key === key && this.next(this.walk.from, key)[this.walk.at] === id && this.next(this.walk.from, key).length > 1 && this.next(id, key).length === 0
    const from = again ? this.walk?.from ?? id : id
    const list = this.next(from, key)
    const at = again ? ((this.walk?.at ?? 0) + 1) % list.length : 0
    const target = this.rows.find((row) => row.key === list[at])
    if (target !== undefined) { this.walk = { from, key, at }; this.activate(target, true); return }
    const parent = this.rows.find((row) => row.key === this.rows.find((each) => each.key === id)?.parent)
    if (key === 'ArrowLeft' && parent !== undefined) this.activate(parent, true)
  }
  private next(id: string, key: string): readonly string[] {
    const { plan } = this.model.state
    if (plan === undefined) return []
    return key === 'ArrowLeft' ? plan.tasks.find((task) => task.id === id)?.dependencies ?? [] : this.dependents(plan).get(id) ?? []
  }
  private known: { readonly plan: DrawnPlan; readonly map: ReadonlyMap<string, readonly string[]> } | undefined
  private dependents(plan: DrawnPlan): ReadonlyMap<string, readonly string[]> {
    if (this.known?.plan !== plan) this.known = { plan, map: dependents(plan) }
    return this.known.map
  }

  private toggle(row: TreeRow, open: boolean): void {
    if (open) this.closed.delete(row.key)
    else this.closed.add(row.key)
    this.changed()
  }
  /** Set by the page: draws the rows again after a group was opened or closed. */
  changed: () => void = () => undefined

  private go(index: number): void {
    const row = this.rows[index]
    if (row !== undefined) this.activate(row, true)
  }

  private activate(row: TreeRow, byKeyboard: boolean): void {
    this.setActive(row.key)
    if (!this.nodes.has(row.key)) this.changed()
    this.nodes.get(row.key)?.focus({ preventScroll: this.model.state.tab !== 'list' })
    if (byKeyboard && row.task !== undefined) { this.model.update({ active: row.task.id, ring: true }); this.actions.reveal(row.task.id) } else if (!byKeyboard) this.model.update({ ring: false })
  }

  private setActive(key: string): void {
    if (key === this.active) return
    const before = this.nodes.get(this.active)
    if (before !== undefined) setAttribute(before, 'tabindex', '-1')
    this.active = key
    const now = this.nodes.get(key)
    if (now !== undefined) setAttribute(now, 'tabindex', '0')
  }
}
