import type { DrawnPlan } from '../src/drawing/model.ts'
import { element } from './dom.ts'

const pauseMs = 1000

/** Status changes for a screen reader: one sentence, at most one a second. */
export class Announcer {
  readonly node = element('div', { class: 'hidden', 'aria-live': 'polite', role: 'status' })
  private waiting: string | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  /** What was said last; tasks that changed since then go into one sentence. */
  private said: DrawnPlan | undefined

  plan(plan: DrawnPlan): void {
    const before = new Map(this.said?.tasks.map((task) => [task.id, task.status]))
    if (this.said === undefined) { this.said = plan; return }
    const changed = plan.tasks.filter((task) => before.has(task.id) && before.get(task.id) !== task.status)
    if (changed.length === 0) { this.said = plan; return }
    const done = `${plan.tasks.filter((task) => task.status === 'completed').length} of ${plan.tasks.length} completed`
    const [first] = changed
    this.say(changed.length === 1 && first !== undefined ? `${first.id} ${first.title} ${first.status}, ${done}` : `${changed.length} tasks changed, ${done}`, () => { this.said = plan })
  }

  say(sentence: string, spoken: () => void = () => undefined): void {
    this.waiting = sentence
    this.spoken = spoken
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      if (this.waiting === undefined) return
      this.node.textContent = this.waiting
      this.waiting = undefined
      this.spoken()
    }, pauseMs)
  }
  private spoken: () => void = () => undefined
}
