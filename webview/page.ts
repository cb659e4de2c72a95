import { kin, taskGraph } from '../src/drawing/graph.ts'
import type { TaskGraph } from '../src/drawing/graph.ts'
import type { DrawnPlan } from '../src/drawing/model.ts'
import { pictureOf } from '../src/drawing/scene.ts'
import type { Box } from '../src/drawing/shapes.ts'
import type { ToWebview } from '../src/vscode/protocol.ts'
import { Announcer } from './announcer.ts'
import { button, element, icon, setAttribute, setText } from './dom.ts'
import { graphKey, keepLayout, keptLayout } from './drawn.ts'
import { asPng, asSvg, pictureToExport } from './exporting.ts'
import { GraphView } from './graph-view.ts'
import type { Host } from './host.ts'
import { Inspector } from './inspector.ts'
import { LayoutClient } from './layout-client.ts'
import { Minimap } from './minimap.ts'
import { isFiltered, Model } from './model.ts'
import type { PageState, Tab } from './model.ts'
import { Notice } from './notice.ts'
import { taskContext } from './tree-rows.ts'
import { shortcuts } from './shortcuts.ts'
import { Stage } from './stage.ts'
import { Summary } from './summary.ts'
import { watchTheme } from './theme.ts'
import { TimelineTab } from './timeline-tab.ts'
import { Toolbar } from './toolbar.ts'
import { Tooltip } from './tooltip.ts'
import { Tree } from './tree.ts'
import { WhatIf } from './what-if.ts'

/** What `globalThis.devteamGraph` publishes. */
export interface Published {
  readonly state: 'empty' | 'loading' | 'drawn' | 'error'
  readonly drawn: { readonly tasks: number; readonly nodes: number; readonly edges: number; readonly layoutMs: number; readonly pipeline: string; readonly collapsed: boolean } | undefined
  readonly view: { readonly x: number; readonly y: number; readonly k: number }
  readonly box: (task: string) => Box | undefined
  readonly status: (task: string) => string | undefined
}

const tabs: readonly Tab[] = ['graph', 'timeline', 'list']
const zoomStep = 1.25

/** The page: where its parts are built and handed to each other. */
export class Page {
  private readonly model: Model
  private readonly graphView = new GraphView()
  private readonly timelineView = new TimelineTab()
  private readonly stage: Stage
  private readonly layouts: LayoutClient
  private readonly tree: Tree
  private readonly inspector: Inspector
  private readonly summary: Summary
  private readonly whatIf = new WhatIf()
  private readonly announcer = new Announcer()
  private readonly notice: Notice
  private readonly toolbar: Toolbar
  private readonly scale = element('span', { class: 'scale', 'aria-hidden': 'true' })
  private readonly panel = element('div', { id: 'panel', role: 'tabpanel', class: 'panel' })
  private state: Published['state'] = 'loading'
  private drawn: Published['drawn']
  private key = ''
  private pending: string | undefined

  constructor(private readonly root: HTMLElement, private readonly host: Host, workerSource: string) {
    const kept = host.getState()
    const tab = typeof kept === 'object' && kept !== null && 'tab' in kept ? tabs.find((each) => each === kept.tab) : undefined
    this.model = new Model({ plan: undefined, tab: tab ?? 'graph', selected: undefined, hovered: undefined, active: undefined, ring: false, search: '', track: '', status: '' })
    this.layouts = new LayoutClient(workerSource)
    this.stage = new Stage(this.model, { graph: this.graphView, timeline: this.timelineView })
    const select = (task: string | undefined) => this.select(task)
    this.tree = new Tree(this.model, { select, reveal: (task) => this.stage.reveal(task), openInspector: (task) => { this.select(task); this.inspector.node.focus() } })
    this.tree.changed = () => this.showTree(true)
    this.inspector = new Inspector({ select: (task) => { this.select(task); if (task !== undefined) this.stage.reveal(task) }, run: (task) => host.post({ type: 'run', task }), open: (task) => host.post({ type: 'openTask', task }) })
    this.summary = new Summary(this.model)
    this.notice = new Notice({
      plan: () => host.post({ type: 'command', command: 'plan' }), openSample: () => host.post({ type: 'command', command: 'openSample' }), retry: () => host.post({ type: 'command', command: 'retry' }),
      list: () => this.model.update({ tab: 'list' }), simplify: () => this.layouts.simplify(), clearFilters: () => this.model.update({ search: '', track: '', status: '' }),
    })
    this.toolbar = new Toolbar(this.model, { nextCritical: () => this.nextCritical(), fit: () => this.stage.fit(true), exportAs: (format) => this.exportAs(format), goTo: (task) => { this.select(task); this.stage.reveal(task) } })
    const minimap = new Minimap(this.model, this.stage, this.graphView)
    const tooltip = new Tooltip(this.model, this.stage)
    const zoom = (name: string, sign: 'plus' | 'minus', factor: number) => button(icon(sign), () => this.stage.camera.zoomBy(factor), { 'aria-label': name, title: name, class: 'icon' })
    const controls = element('div', { class: 'zoom', role: 'group', 'aria-label': 'Zoom' }, zoom('Zoom out (-)', 'minus', 1 / zoomStep), this.scale, zoom('Zoom in (+)', 'plus', zoomStep))
    this.panel.append(this.stage.node, this.tree.node, controls, minimap.node, this.notice.bar, this.notice.node)
    this.root.append(element('header', {}, this.toolbar.node, this.summary.node), element('main', {}, this.panel), this.inspector.node, this.whatIf.node, tooltip.node, this.announcer.node)
    this.stage.onDraw(() => setText(this.scale, `${Math.round(this.stage.camera.transform.k * 100)} %`))
    // VS Code's own context menu: what it is about stands on the element when its listener looks.
    this.stage.canvas.addEventListener('contextmenu', (event) => {
      const task = this.stage.hit(event.clientX, event.clientY)
      this.select(task ?? this.model.state.selected)
      setAttribute(this.stage.canvas, 'data-vscode-context', taskContext(task))
    })
    this.stage.canvas.addEventListener('click', (event) => {
      const task = this.stage.hit(event.clientX, event.clientY)
      this.select(task)
      if (task !== undefined) this.tree.focus(task)
    })
    this.model.listen((now, before) => this.changed(now, before))
    watchTheme(() => { this.stage.restyle(); this.show() })
    shortcuts({
      search: () => { this.toolbar.search.focus(); this.toolbar.search.select() }, fit: () => this.stage.fit(true), zoom: (closer) => this.stage.camera.zoomBy(closer ? zoomStep : 1 / zoomStep),
      nextCritical: () => this.nextCritical(), family: () => this.showFamily(), escape: () => this.escape(),
    })
  }

  /** Tells the host that the page listens. */
  start(): void {
    this.show()
    this.notice.loading('Waiting for the plan', false)
    this.host.listen((message) => { void this.receive(message) })
    this.host.post({ type: 'ready' })
  }

  readonly published: Published = ((page: Page): Published => ({
    get state() { return page.state },
    get drawn() { return page.drawn },
    get view() { const { x, y, k } = page.stage.camera.transform; return { x, y, k } },
    box: (task) => page.stage.box(task),
    status: (task) => page.model.state.plan?.tasks.find((each) => each.id === task)?.status,
  }))(this)

  private async receive(message: ToWebview): Promise<void> {
    switch (message.type) {
      case 'plan': return this.take(message.plan)
      case 'empty': this.model.update({ plan: undefined, selected: undefined }); this.forget(); this.state = 'empty'; this.notice.empty(); return
      case 'error': this.fail(message.message, message.file); return
      case 'select': this.selectFromHost(message.task); return
    }
  }

  /** A new snapshot. Only a changed graph is laid out; the old picture stays while that is made. */
  private async take(plan: DrawnPlan): Promise<void> {
    const { selected } = this.model.state
    this.announcer.plan(plan)
    this.timelineView.plan = plan
    this.model.update({ plan, selected: plan.tasks.some((task) => task.id === selected) ? selected : undefined })
    try {
      const graph = taskGraph(plan.tasks)
      const key = graphKey(graph)
      // The layout under way is of this graph: it will be drawn with the newest statuses.
      if (key === this.pending) return
      if (key === this.key && this.graphView.picture !== undefined) this.graphView.picture = { ...this.graphView.picture, plan }
      else if (!await this.layOut(plan, graph, key)) return
      this.notice.hide()
      this.stage.draw()
      this.state = 'drawn'
      this.show()
    } catch (error) { this.fail(error instanceof Error ? error.message : String(error), undefined) }
  }

  /** false: a newer graph came meanwhile and draws itself. */
  private async layOut(plan: DrawnPlan, graph: TaskGraph, key: string): Promise<boolean> {
    this.pending = key
    try {
      const cached = keptLayout(this.keptState()['layout'], key, graph)
      if (cached === undefined) {
        if (this.graphView.picture === undefined) this.state = 'loading'
        this.notice.loading(`Laying out ${plan.tasks.length} tasks`, this.graphView.picture !== undefined)
      }
      const laid = cached === undefined ? await this.layouts.layout(graph) : { layout: cached, ms: 0 }
      if (laid === undefined) return false
      this.key = key
      this.graphView.picture = pictureOf(this.model.state.plan ?? plan, graph, laid.layout)
      this.drawn = { tasks: plan.tasks.length, nodes: plan.tasks.length, edges: graph.edges.length / 2, layoutMs: laid.ms, pipeline: laid.layout.pipeline, collapsed: false }
      this.keep({ layout: keepLayout(key, laid.layout) })
      if (!this.stage.camera.wasTouched) this.stage.fit(false)
      if (laid.layout.pipeline === 'simplified') this.announcer.say('Simplified layout')
      return true
    } finally { if (this.pending === key) this.pending = undefined }
  }

  private fail(message: string, file: string | undefined): void {
    this.state = 'error'
    this.forget()
    this.notice.error(message, file, this.model.state.plan !== undefined)
    this.show()
  }
  private forget(): void {
    this.graphView.picture = undefined
    this.drawn = undefined
    this.stage.draw()
  }

  private select(task: string | undefined): void {
    if (task === this.model.state.selected) return
    this.model.update({ selected: task })
    this.host.post({ type: 'select', task })
  }

  private selectFromHost(task: string | undefined): void {
    const { state } = this.model
    if (task !== undefined && isFiltered(state) && this.stage.frame.shown?.has(task) === false) this.model.update({ search: '', track: '', status: '' })
    this.model.update({ selected: task })
    if (task !== undefined) this.stage.reveal(task)
  }

  private nextCritical(): void {
    const { plan, selected } = this.model.state
    const path = (plan?.tasks ?? []).filter((task) => task.critical).sort((a, b) => a.start - b.start)
    const next = path[(path.findIndex((task) => task.id === selected) + 1) % Math.max(1, path.length)]
    if (next === undefined) return
    this.select(next.id)
    this.stage.reveal(next.id)
    if (this.tree.node.contains(document.activeElement)) this.tree.focus(next.id)
  }

  /** Shows the selected task with all it needs and all that needs it. */
  private showFamily(): void {
    const { picture } = this.graphView
    const { selected, active } = this.model.state
    const task = picture?.graph.ids.indexOf(selected ?? active ?? '') ?? -1
    if (picture === undefined || task < 0) return
    const { ancestors, descendants } = kin(picture.graph.ids.length, picture.graph.edges, task)
    this.stage.fit(true, new Set([task, ...ancestors, ...descendants].map((each) => picture.graph.ids[each] ?? '')))
  }

  private escape(): void {
    if (this.model.state.selected !== undefined) this.select(undefined)
    else this.model.update({ search: '', track: '', status: '' })
    if (this.inspector.node.contains(document.activeElement) || document.activeElement === document.body) this.tree.focus(this.model.state.active ?? '')
  }

  private exportAs(format: 'svg' | 'png'): void {
    const { picture } = this.graphView
    if (picture === undefined) return
    const { palette, measure } = this.stage.frame
    const scene = pictureToExport(picture, this.model.state.tab === 'timeline' ? 'timeline' : 'graph', palette, measure)
    this.host.post({ type: 'export', format, content: format === 'svg' ? asSvg(scene, palette, picture.plan.name) : asPng(scene, palette) })
  }

  private changed(now: PageState, before: PageState): void {
    if (now.tab !== before.tab) this.keep({ tab: now.tab })
    this.show()
  }

  private show(): void {
    const { state } = this.model
    const { palette } = this.stage
    this.root.dataset['tab'] = state.tab
    this.root.classList.toggle('no-plan', state.plan === undefined)
    setAttribute(this.panel, 'aria-labelledby', `tab-${state.tab}`)
    this.summary.show(palette)
    this.whatIf.show(state.plan)
    this.inspector.show(state.plan, state.selected, palette)
    this.showTree()
    this.notice.filterIsEmpty(this.stage.frame.shown?.size === 0)
    this.panel.classList.toggle('split', state.tab === 'list' && state.plan !== undefined)
  }
  private treeKey: readonly unknown[] = []
  /** The rows say nothing of hover and ring: they are made anew only for what they say. */
  private showTree(again = false): void {
    const { state } = this.model
    const { shown, palette } = this.stage.frame
    const key = [state.plan, state.selected, state.tab, shown, palette]
    if (!again && key.every((part, index) => part === this.treeKey[index])) return
    this.treeKey = key
    this.tree.show(state, shown, palette)
  }

  private keptState(): Readonly<Record<string, unknown>> {
    const state = this.host.getState()
    return typeof state === 'object' && state !== null ? { ...state } : {}
  }
  private keep(change: Readonly<Record<string, unknown>>): void { this.host.setState({ ...this.keptState(), ...change }) }
}
