import { clockText, dependents, hoursText } from '../src/drawing/describe.ts'
import type { DrawnPlan, DrawnTask } from '../src/drawing/model.ts'
import { trackColour } from '../src/drawing/palette.ts'
import type { Palette } from '../src/drawing/palette.ts'
import { button, element } from './dom.ts'
import { statusImage } from './status-image.ts'

export interface InspectorActions { readonly select: (task: string | undefined) => void; readonly run: (task: string) => void; readonly open: (task: string) => void }

/** What is known of the selected task. */
export class Inspector {
  readonly node = element('aside', { class: 'inspector', 'aria-label': 'Task', tabindex: -1 })
  private made: { readonly plan: DrawnPlan | undefined; readonly selected: string | undefined; readonly palette: Palette } | undefined
  constructor(private readonly actions: InspectorActions) {}

  show(plan: DrawnPlan | undefined, selected: string | undefined, palette: Palette): void {
    const before = this.made
    if (before !== undefined && plan === before.plan && selected === before.selected && palette === before.palette) return
    const same = selected === before?.selected
    this.made = { plan, selected, palette }
    const task = plan?.tasks.find((each) => each.id === selected)
    this.node.classList.toggle('open', task !== undefined)
    const scrolled = this.node.scrollTop
    // A snapshot comes at every change of any task: whoever reads or tabs here stays where he was.
    const held = this.node.contains(document.activeElement) && document.activeElement instanceof HTMLElement ? document.activeElement.dataset['key'] : undefined
    this.node.replaceChildren(...(plan === undefined || task === undefined ? nothing() : this.content(plan, task, palette)))
    if (same) this.node.scrollTop = scrolled
    if (held !== undefined) this.node.querySelector<HTMLElement>(`[data-key="${CSS.escape(held)}"]`)?.focus()
  }

  private content(plan: DrawnPlan, task: DrawnTask, palette: Palette): Node[] {
    const track = plan.tracks.find((each) => each.id === task.track)
    const swatch = element('i', { class: 'swatch', 'aria-hidden': 'true' })
    swatch.style.backgroundColor = trackColour(palette, plan.tracks, task.track).colour
    const byId = new Map(plan.tasks.map((each) => [each.id, each]))
    const tasks = (ids: readonly string[]) => [...new Set(ids)].flatMap((id) => byId.get(id) ?? [])
    const after = tasks(dependents(plan).get(task.id) ?? [])
    const before = tasks(task.dependencies)
    const close = button('×', () => this.actions.select(undefined), { class: 'close', 'aria-label': 'Close', title: 'Close (Esc)', 'data-key': 'close' })
    const run = task.status === 'completed' || task.status === 'running' ? [] : [button('Run task', () => this.actions.run(task.id), { class: 'primary', 'data-key': 'run' })]
    const sprint = track?.sprints.find((each) => each.id === task.sprint)
    return [
      element('div', { class: 'over' }, swatch, `${task.id} · ${task.track} ${track?.name ?? ''}`, close),
      element('h2', {}, task.title),
      element('dl', {}, ...facts(task, sprint === undefined ? task.sprint : `${sprint.id} ${sprint.name}`, plan.simulated, palette)),
      ...(task.reason === undefined ? [] : [element('p', { class: `reason ${task.status}` }, task.reason)]),
      element('div', { class: 'actions' }, ...run, button('Open file', () => this.actions.open(task.id), { 'data-key': 'open' })),
      ...section('Acceptance criteria', task.criteria.map((criterion) => element('li', { class: criterion.met === true ? 'met' : criterion.met === false ? 'unmet' : 'open' },
        element('span', { class: 'mark', 'aria-hidden': 'true' }, criterion.met === true ? '✓' : criterion.met === false ? '✕' : '○'),
        element('span', {}, criterion.text, element('span', { class: 'hidden' }, criterion.met === true ? ', met' : criterion.met === false ? ', not met' : ', not checked'), criterion.evidence === undefined ? undefined : element('small', {}, criterion.evidence)))), 'No acceptance criteria'),
      ...section(`Depends on${before.length > 1 ? ` ${before.length} tasks` : ''}`, before.map((each) => this.link(each, palette)), 'Nothing'),
      ...section(`Unblocks${after.length > 1 ? ` ${after.length} tasks` : ''}`, after.map((each) => this.link(each, palette)), 'Nothing'),
    ]
  }

  private link(task: DrawnTask, palette: Palette): HTMLElement {
    const link = button(`${task.id} ${task.title}`, () => this.actions.select(task.id), { class: 'link', 'aria-label': `${task.id} ${task.title}, ${task.status}`, 'data-key': `link-${task.id}` })
    return element('li', {}, link, statusImage(task.status, palette))
  }
}

function facts(task: DrawnTask, sprint: string, simulated: boolean, palette: Palette): Node[] {
  const rows: [string, ...(Node | string)[]][] = [
    ['Status', statusImage(task.status, palette), task.status],
    ['Planned', `${Number(task.start.toFixed(1))}–${hoursText(task.finish)} (${hoursText(task.hours)})`],
    ['Slack', `${hoursText(task.slack)}${task.critical ? ' · critical' : ''}`],
    ['Sprint', sprint],
  ]
  if (task.iterations > 0) rows.push([task.iterations === 1 ? 'Iteration' : 'Iterations', `${task.iterations}${task.model === undefined ? '' : ` · ${task.model}`}`])
  if (task.durationMs !== undefined) rows.push(['Took', clockText(task.durationMs)])
  if (task.iterations > 0) rows.push(['Cost', task.costUsd === undefined ? 'unknown' : `$${task.costUsd.toFixed(2)}${simulated ? ' (simulated)' : ''}`])
  return rows.flatMap(([name, ...value]) => [element('dt', {}, name), element('dd', {}, ...value)])
}

function section(title: string, items: readonly HTMLElement[], none: string): HTMLElement[] {
  return [element('h3', {}, title), items.length === 0 ? element('p', { class: 'none' }, none) : element('ul', {}, ...items)]
}

function nothing(): HTMLElement[] {
  return [element('h2', {}, 'Nothing selected'), element('p', { class: 'none' }, 'Click a task, or press Tab and the arrow keys: left and right follow dependencies, up and down go through the tracks.')]
}
