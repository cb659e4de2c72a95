import { hoursText, whatIfText } from '../src/drawing/describe.ts'
import type { DrawnPlan } from '../src/drawing/model.ts'
import { element } from './dom.ts'

const tallest = 30

/** Hours against the number of tracks, this plan's number marked, and the reason in a sentence. */
export class WhatIf {
  readonly node = element('section', { class: 'what-if', 'aria-label': 'What if: hours by number of tracks' })
  private made = ''

  show(plan: DrawnPlan | undefined): void {
    this.node.hidden = plan === undefined || plan.curve.length === 0
    if (plan === undefined) return
    const key = JSON.stringify([plan.curve, plan.usedTracks, plan.recommendedTracks, plan.makespanHours, plan.criticalPathHours, plan.strategy])
    if (key === this.made) return
    this.made = key
    const most = Math.max(...plan.curve.map((each) => each.hours), 1)
    const text = whatIfText(plan)
    this.node.replaceChildren(
      element('div', { class: 'title' }, element('b', {}, 'What if'), element('span', {}, 'hours by number of tracks')),
      element('ol', { class: 'columns' }, ...plan.curve.map(({ tracks, hours }) => {
        const bar = element('i', { 'aria-hidden': 'true' })
        bar.style.height = `${Math.max(3, Math.round(hours / most * tallest))}px`
        const mine = tracks === plan.usedTracks
        return element('li', { 'aria-current': mine ? 'true' : undefined, class: mine ? 'mine' : undefined }, bar, element('b', {}, hoursText(hours)), element('span', {}, `${tracks} ${tracks === 1 ? 'track' : 'tracks'}`))
      })),
      element('div', { class: 'why' }, element('p', {}, element('b', {}, text.recommended), text.why), element('p', {}, text.own, element('b', {}, text.finish), text.rest)),
      element('span', { class: 'strategy' }, `Strategy: ${plan.strategy}`),
    )
  }
}
