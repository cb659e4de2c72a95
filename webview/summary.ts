import { figuresOf } from '../src/drawing/legend.ts'
import type { DrawnPlan } from '../src/drawing/model.ts'
import { trackColour } from '../src/drawing/palette.ts'
import type { Palette } from '../src/drawing/palette.ts'
import { button, element, setAttribute, setText } from './dom.ts'
import type { Model } from './model.ts'

/** The bar under the tabs: how far it is, whose colour is whose (a click filters), and the two figures, always both. */
export class Summary {
  readonly node = element('div', { class: 'summary' })
  private readonly name = element('h1')
  private readonly done = element('b')
  private readonly tracks = element('span', { class: 'tracks', role: 'group', 'aria-label': 'Show one track' })
  private readonly critical = element('b')
  private readonly finish = element('span')
  private made: { readonly tracks: DrawnPlan['tracks']; readonly palette: Palette } | undefined

  constructor(private readonly model: Model) {
    this.node.append(this.name, element('span', { class: 'done' }, this.done, ' tasks done'), this.tracks,
      element('span', { class: 'figure' }, element('i', { class: 'path', 'aria-hidden': 'true' }), 'Critical path ', this.critical), this.finish)
  }

  show(palette: Palette): void {
    const { plan, track } = this.model.state
    this.node.hidden = plan === undefined
    if (plan === undefined) return
    setText(this.name, plan.name)
    setText(this.done, `${plan.tasks.filter((task) => task.status === 'completed').length}/${plan.tasks.length}`)
    setText(this.critical, figuresOf(plan).criticalPath.replace('Critical path ', ''))
    const [before = '', hours = '', after = ''] = figuresOf(plan).finish.split(/(\d[\d.]* h)/)
    if (this.finish.textContent !== `${before}${hours}${after}`) this.finish.replaceChildren(before, element('b', {}, hours), after)
    if (plan.tracks !== this.made?.tracks || palette !== this.made.palette) {
      this.made = { tracks: plan.tracks, palette }
      this.tracks.replaceChildren(...plan.tracks.map((each) => {
        const swatch = element('i', { class: 'swatch', 'aria-hidden': 'true' })
        const { colour, hatched } = trackColour(palette, plan.tracks, each.id)
        swatch.style.backgroundColor = colour
        swatch.classList.toggle('hatched', hatched)
        const chip = button(`${each.id} ${each.name}`, () => this.model.update({ track: this.model.state.track === each.id ? '' : each.id }), { 'data-track': each.id, title: `Show track ${each.id} alone` })
        chip.prepend(swatch)
        return chip
      }))
    }
    for (const chip of this.tracks.children) setAttribute(chip, 'aria-pressed', String(chip.getAttribute('data-track') === track))
  }
}
