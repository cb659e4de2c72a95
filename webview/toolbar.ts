import type { DrawnPlan, DrawnStatus } from '../src/drawing/model.ts'
import { button, element, icon, setAttribute, setText } from './dom.ts'
import { isFiltered, shownTasks } from './model.ts'
import type { Model, PageState, Tab } from './model.ts'

export interface ToolbarActions { readonly nextCritical: () => void; readonly fit: () => void; readonly exportAs: (format: 'svg' | 'png') => void; readonly goTo: (task: string) => void }

const tabNames: readonly (readonly [Tab, string])[] = [['graph', 'Dependencies'], ['timeline', 'Timeline'], ['list', 'List']]
const statuses: readonly DrawnStatus[] = ['pending', 'running', 'completed', 'failed', 'blocked']

/** Tabs, search, filters and the few actions that have an icon. */
export class Toolbar {
  private readonly tabs = tabNames.map(([tab, name]) => button(name, () => this.model.update({ tab }), { role: 'tab', id: `tab-${tab}`, 'aria-controls': 'panel' }))
  readonly search = element('input', { type: 'search', placeholder: 'Find task', 'aria-label': 'Find task', spellcheck: 'false', autocomplete: 'off' })
  private readonly hits = element('span', { class: 'hits', 'aria-live': 'polite' })
  private readonly track = element('select', { 'aria-label': 'Track' }, new Option('Track: all', ''))
  private readonly status = element('select', { 'aria-label': 'Status' }, new Option('Status: all', ''), ...statuses.map((status) => new Option(`Status: ${status}`, status)))
  private readonly menu: HTMLElement
  readonly node: HTMLElement
  private known: DrawnPlan['tracks'] | undefined
  private at = 0

  constructor(private readonly model: Model, private readonly actions: ToolbarActions) {
    this.menu = this.exportMenu()
    const list = element('div', { role: 'tablist', 'aria-label': 'Views', class: 'tabs' }, ...this.tabs)
    list.addEventListener('keydown', (event) => this.moveTab(event))
    const find = element('div', { class: 'find' }, icon('search'), this.search, this.hits, element('kbd', { 'aria-hidden': 'true' }, '/'))
    const named = (name: string) => ({ 'aria-label': name, title: name, class: 'icon' })
    this.node = element('div', { class: 'toolbar' }, list, element('div', { class: 'tools' }, find, this.track, this.status,
      button(icon('critical'), actions.nextCritical, named('Next task on the critical path (C)')), button(icon('fit'), actions.fit, named('Fit (0)')), this.menu))
    this.search.addEventListener('input', () => { this.at = 0; model.update({ search: this.search.value }) })
    this.search.addEventListener('keydown', (event) => this.searchKey(event))
    this.track.addEventListener('change', () => model.update({ track: this.track.value }))
    this.status.addEventListener('change', () => model.update({ status: statuses.find((status) => status === this.status.value) ?? '' }))
    model.listen((now) => this.show(now))
    this.show(model.state)
  }

  private show(state: PageState): void {
    this.tabs.forEach((tab, index) => {
      const chosen = tabNames[index]?.[0] === state.tab
      setAttribute(tab, 'aria-selected', String(chosen))
      setAttribute(tab, 'tabindex', chosen ? '0' : '-1')
    })
    if (state.plan !== undefined && state.plan.tracks !== this.known) {
      this.known = state.plan.tracks
      this.track.replaceChildren(new Option('Track: all', ''), ...state.plan.tracks.map((track) => new Option(`${track.id} ${track.name}`, track.id)))
    }
    if (this.track.value !== state.track) this.track.value = state.track
    if (this.status.value !== state.status) this.status.value = state.status
    if (this.search.value !== state.search) this.search.value = state.search
    const shown = isFiltered(state) ? shownTasks(state) : undefined
    setText(this.hits, shown === undefined || state.plan === undefined ? '' : `${shown.size} of ${state.plan.tasks.length}`)
  }

  private moveTab(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const index = (tabNames.findIndex(([tab]) => tab === this.model.state.tab) + step + tabNames.length) % tabNames.length
    this.model.update({ tab: tabNames[index]?.[0] ?? 'graph' })
    this.tabs[index]?.focus()
  }

  private searchKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.stopPropagation()
      if (this.search.value === '') this.search.blur()
      this.model.update({ search: '' })
    }
    if (event.key !== 'Enter') return
    const found = [...shownTasks(this.model.state) ?? []]
    if (found.length === 0) return
    const step = event.shiftKey ? -1 : 1
    const next = this.model.state.selected === found[this.at] ? (this.at + step + found.length) % found.length : 0
    this.at = next
    this.actions.goTo(found[next] ?? '')
  }

  private exportMenu(): HTMLElement {
    const open = button(icon('export'), () => toggle(!isOpen()), { 'aria-label': 'Export', title: 'Export', class: 'icon', 'aria-haspopup': 'menu', 'aria-expanded': 'false' })
    const item = (name: string, format: 'svg' | 'png') => button(name, () => { toggle(false); open.focus(); this.actions.exportAs(format) }, { role: 'menuitem', tabindex: -1 })
    const items = [item('Export as SVG', 'svg'), item('Export as PNG', 'png')]
    const list = element('div', { role: 'menu', 'aria-label': 'Export', class: 'menu', hidden: true }, ...items)
    const isOpen = () => !list.hasAttribute('hidden')
    const toggle = (show: boolean) => {
      list.hidden = !show
      setAttribute(open, 'aria-expanded', String(show))
      if (show) items[0]?.focus()
    }
    const whole = element('div', { class: 'export' }, open, list)
    whole.addEventListener('focusout', (event) => { if (!(event.relatedTarget instanceof Node && whole.contains(event.relatedTarget))) toggle(false) })
    list.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') { event.stopPropagation(); toggle(false); open.focus() }
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (step === 0) return
      event.preventDefault()
      items[(items.findIndex((each) => each === document.activeElement) + step + items.length) % items.length]?.focus()
    })
    return whole
  }
}
