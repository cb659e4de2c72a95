import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { DrawnPlan } from '../../../src/drawing/model.ts'
import { svgOf } from '../../../src/drawing/svg-pen.ts'
import { averageWidth, fit, twoLines } from '../../../src/drawing/text-fit.ts'
import { dotOf, mermaidOf } from '../../../src/drawing/text-graph.ts'
import { madePlan, samplePlan } from '../../ui/graph-page/plans.ts'

/** Elements in the order in which they open; throws where the text is no well-formed XML. */
function elements(xml: string): string[] {
  const open: string[] = []
  const seen: string[] = []
  const token = /<(\/?)([A-Za-z]+)((?:\s[A-Za-z:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex
    const match = token.exec(xml)
    if (match === null) throw new Error(`no XML at ${at}: ${xml.slice(at, at + 60)}`)
    const [, closing, name = '', attributes = '', alone, text] = match
    for (const part of [attributes, text ?? '']) assert.doesNotMatch(part, /&(?!(?:amp|lt|gt|quot|#\d+);)/, 'a bare ampersand')
    if (text !== undefined) continue
    if (closing === '/') assert.equal(open.pop(), name)
    else { seen.push(`${name}${attributes}`); if (alone === '') open.push(name) }
  }
  assert.deepEqual(open, [])
  return seen
}
const renamed = (plan: DrawnPlan, title: string): DrawnPlan => ({ ...plan, name: title, tasks: plan.tasks.map((task) => ({ ...task, title })) })

describe('svgOf', () => {
  it('draws each task once, with its id, hours and title as text', () => {
    for (const plan of [samplePlan('running'), madePlan(100)]) {
      const svg = svgOf(plan, { date: '2026-09-01' })
      const drawn = elements(svg).flatMap((element) => /data-task="([^"]+)"/.exec(element)?.[1] ?? [])
      assert.deepEqual(drawn.sort(), plan.tasks.map((task) => task.id).sort())
      for (const task of plan.tasks) assert.equal(svg.split(`>${task.id}<`).length, 2, task.id)
    }
  })

  it('says both figures, the tracks, the title and the date', () => {
    const svg = svgOf(samplePlan(), { title: 'Shop & more', date: '2026-09-01' })
    for (const text of ['Shop &amp; more', '2026-09-01', 'Critical path 42 h', 'Finish 52 h on 3 tracks', '01 Backend API', '02 Frontend', '03 Infrastructure', 'INDEPENDENT (4)', '01 · 8 h']) assert(svg.includes(text), text)
  })

  it('has the colours of the theme', () => {
    assert.match(svgOf(samplePlan(), { theme: 'dark' }), /<rect width="100%" height="100%" fill="#1f1f1f"\/>/)
    assert.match(svgOf(samplePlan()), /<rect width="100%" height="100%" fill="#ffffff"\/>/)
  })

  it('stays well-formed whatever the titles hold', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (title) => { elements(svgOf(renamed(samplePlan(), title))) }), { numRuns: 60 })
    elements(svgOf(renamed(samplePlan(), '</text><script>alert(1)</script>&\u0000\ud800')))
  })

  it('draws a plan without tasks', () => {
    const plan = { ...samplePlan(), tasks: [], tracks: [], criticalPathHours: 0, makespanHours: 0 }
    elements(svgOf(plan))
  })
})

describe('text graphs', () => {
  it('name every task, track and dependency', () => {
    const plan = samplePlan('running')
    const links = plan.tasks.reduce((sum, task) => sum + task.dependencies.length, 0)
    const [mermaid, dot] = [mermaidOf(plan), dotOf(plan)]
    assert.match(mermaid, /^flowchart LR\n/)
    assert.equal(mermaid.match(/-->/g)?.length, links)
    assert.equal(dot.match(/->/g)?.length, links)
    assert.equal(mermaid.match(/^ {2}subgraph /gm)?.length, 3)
    assert.equal(mermaid.match(/linkStyle ([\d,]+)/)?.[1]?.split(',').length, 4, 'four links on the critical path')
    assert.match(mermaid, /"TASK-008<br\/>Product catalog API<br\/>8 h · running · critical"/)
    for (const task of plan.tasks) assert(dot.includes(`"${task.id}" [label=`) && mermaid.includes(`["${task.id}<br/>`), task.id)
  })

  it('keep titles from ending their labels', () => {
    const plan = renamed(samplePlan(), 'say "hi"] --> `x` #quot; \\')
    assert.doesNotMatch(mermaidOf(plan), /say "hi"/)
    assert.match(dotOf(plan), /say \\"hi\\"] --> `x` #quot; \\\\\\n/)
  })
})

describe('text that must fit', () => {
  it('is never wider than its place and ends in an ellipsis where it was cut', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 0, max: 200 }), (text, width) => {
      const cut = fit(text, width, 12, 400, averageWidth)
      assert(cut === '' || averageWidth(cut, 12, 400) <= width)
      assert(cut === text || cut === '' || cut.endsWith('…'))
      for (const line of twoLines(text, width, 12, 400, averageWidth)) assert(line === '' || averageWidth(line, 12, 400) <= width)
    }))
  })

  it('breaks between words', () => {
    assert.deepEqual(twoLines('User authentication API', 130, 12, 400, averageWidth), ['User authentication', 'API'])
  })
})
