import { hoursText } from '../src/drawing/describe.ts'
import { element } from './dom.ts'
import type { Model } from './model.ts'
import type { Stage } from './stage.ts'

const delayMs = 100
const distance = 14

/** The full title and what a small card leaves out, a moment after the mouse rests on a task. */
export class Tooltip {
  readonly node = element('div', { class: 'tooltip', 'aria-hidden': 'true', hidden: true })
  private timer: ReturnType<typeof setTimeout> | undefined
  private over: string | undefined

  constructor(private readonly model: Model, stage: Stage) {
    stage.canvas.addEventListener('pointermove', (event) => {
      const task = event.buttons === 0 ? stage.hit(event.clientX, event.clientY) : undefined
      stage.canvas.classList.toggle('over', task !== undefined)
      if (task === this.over) return
      this.hide()
      this.over = task
      if (task !== undefined) this.timer = setTimeout(() => this.show(task, event.clientX, event.clientY), delayMs)
    })
    for (const end of ['pointerleave', 'pointerdown', 'wheel'] as const) stage.canvas.addEventListener(end, () => { this.hide(); this.over = undefined }, { passive: true })
  }

  private hide(): void {
    clearTimeout(this.timer)
    this.node.hidden = true
    this.model.update({ hovered: undefined })
  }

  private show(id: string, x: number, y: number): void {
    const { plan } = this.model.state
    const task = plan?.tasks.find((each) => each.id === id)
    if (plan === undefined || task === undefined) return
    this.model.update({ hovered: id })
    const track = plan.tracks.find((each) => each.id === task.track)
    this.node.replaceChildren(
      element('b', {}, task.title), element('span', {}, `${task.id} · ${task.status} · ${hoursText(task.hours)}${task.critical ? ' · critical' : ''}`), element('span', {}, `${task.track} ${track?.name ?? ''}`),
      ...(task.reason === undefined ? [] : [element('span', { class: 'reason' }, task.reason)]),
    )
    this.node.hidden = false
    const { offsetWidth: width, offsetHeight: height } = this.node
    this.node.style.left = `${Math.max(4, Math.min(x + distance, innerWidth - width - 8))}px`
    this.node.style.top = `${y + distance + height > innerHeight - 8 ? y - distance - height : y + distance}px`
  }
}
