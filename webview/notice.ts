import { button, element } from './dom.ts'

export interface NoticeActions { readonly plan: () => void; readonly openSample: () => void; readonly retry: () => void; readonly list: () => void; readonly simplify: () => void; readonly clearFilters: () => void }

const skeletonAfterMs = 150
const cancelAfterMs = 1000

/** What stands in for the picture: nothing planned, work under way, an error; and the line that says that a filter left nothing. */
export class Notice {
  readonly node = element('div', { class: 'notice', hidden: true })
  readonly bar = element('div', { class: 'bar', role: 'status', hidden: true })
  private timers: ReturnType<typeof setTimeout>[] = []
  constructor(private readonly actions: NoticeActions) {}

  hide(): void {
    this.stop()
    this.node.hidden = true
  }

  empty(): void {
    this.put('empty', element('h2', {}, 'No plan yet'), element('p', {}, 'Plan your tasks on parallel tracks, or look at the sample project first.'),
      element('div', { class: 'actions' }, button('Plan Tracks…', this.actions.plan, { class: 'primary' }), button('Open Sample Project', this.actions.openSample)))
  }

  error(message: string, file: string | undefined, hasPlan: boolean): void {
    const line = element('p', { role: 'alert' }, message)
    this.put('error', element('h2', {}, 'The graph can not be drawn'), line, ...(file === undefined ? [] : [element('p', { class: 'file' }, file)]),
      element('div', { class: 'actions' }, button('Retry', this.actions.retry, { class: 'primary' }), ...(hasPlan ? [button('Show the list', this.actions.list)] : [])))
  }

  /** A skeleton after a moment; after a second the time and a way out. `over`: an old picture stays in sight. */
  loading(what: string, over: boolean): void {
    this.stop()
    const begun = performance.now()
    if (!over) this.timers.push(setTimeout(() => this.put('loading', element('div', { class: 'skeleton', 'aria-hidden': 'true' }, ...Array.from({ length: 6 }, () => element('i'))), element('p', { class: 'hidden', role: 'status' }, what)), skeletonAfterMs))
    const tell = () => {
      const seconds = element('p', { role: 'status' }, `${what} ${Math.round((performance.now() - begun) / 1000)} s`)
      this.put('loading', seconds, element('div', { class: 'actions' }, button('Show a simplified picture', this.actions.simplify)))
      this.timers.push(setTimeout(tell, cancelAfterMs))
    }
    this.timers.push(setTimeout(tell, cancelAfterMs))
  }

  filterIsEmpty(isEmpty: boolean): void {
    if (this.bar.hidden === !isEmpty) return
    this.bar.hidden = !isEmpty
    this.bar.replaceChildren(...(isEmpty ? ['No task matches the search and filters. ', button('Show all tasks', this.actions.clearFilters, { class: 'link' })] : []))
  }

  private put(kind: string, ...content: readonly Node[]): void {
    if (kind !== 'loading') this.stop()
    this.node.className = `notice ${kind}`
    this.node.replaceChildren(...content)
    this.node.hidden = false
  }
  private stop(): void {
    for (const timer of this.timers) clearTimeout(timer)
    this.timers = []
  }
}
