// Pictures of the graph page in several states and themes, to look at: `npx tsx test/ui/graph-page/pictures.ts FOLDER [NAME...]`.
import fs from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import type { DrawnPlan } from '../../../src/drawing/model.ts'
import { drawn, launch, send, serveGraphPage } from './page.ts'
import { begin, madePlan, pace, samplePlan } from './plans.ts'
import type { ThemeName } from './themes.ts'

const [folder = 'out', ...names] = process.argv.slice(2)
const select = (task: string) => (page: Page) => send(page, { type: 'select', task })
const tab = (name: string) => (page: Page) => page.getByRole('tab', { name }).click()
const shots: readonly (readonly [string, ThemeName, DrawnPlan | undefined, ((page: Page) => Promise<unknown>)[], { width: number; height: number }?])[] = [
  ['sample-dark', 'dark', samplePlan('running'), [select('TASK-008')]], ['sample-light', 'light', samplePlan('running'), [select('TASK-011')]], ['sample-hc', 'high-contrast', samplePlan('running'), [select('TASK-013')]],
  ['sample-plain', 'dark', samplePlan('planned'), []], ['sample-done', 'light', samplePlan('completed'), []],
  ['hundred-light', 'light', madePlan(100), []], ['hundred-dark', 'dark', madePlan(100), [select('TASK-050'), async (page) => { await page.keyboard.press('f'); await page.waitForTimeout(400) }]], ['two-hundred-dark', 'dark', madePlan(200), []], ['two-hundred-light', 'light', madePlan(200), [select('TASK-100')]],
  ['zoomed', 'light', madePlan(200), [async (page) => { for (let i = 0; i < 5; i += 1) await page.getByRole('button', { name: 'Zoom in' }).click() }]],
  ['timeline-dark', 'dark', samplePlan('running'), [tab('Timeline')]], ['timeline-light', 'light', madePlan(200), [tab('Timeline')]], ['timeline-hc', 'high-contrast', samplePlan('running'), [tab('Timeline'), select('TASK-013')]],
  ['timeline-selected', 'light', samplePlan('planned'), [tab('Timeline'), select('TASK-013')]],
  ['list', 'dark', samplePlan('running'), [tab('List'), select('TASK-011')]], ['empty', 'dark', undefined, [(page) => send(page, { type: 'empty' })]],
  ['error', 'light', undefined, [(page) => send(page, { type: 'error', message: 'TASK-004 depends on TASK-099, which is not in the plan: add the task or remove the dependency', file: 'docs/planning/tasks/TASK-004.json' })]],
  ['search', 'dark', samplePlan('running'), [(page) => page.getByRole('searchbox').fill('cart')]], ['no-hits', 'dark', samplePlan('running'), [(page) => page.getByRole('searchbox').fill('zebra')]],
  ['keyboard', 'dark', samplePlan('running'), [async (page) => { await page.getByRole('treeitem').nth(2).focus(); await page.keyboard.press('ArrowDown'); await page.waitForTimeout(300) }]],
  ['hover', 'dark', samplePlan('running'), [async (page) => { const box: { x: number; y: number } = await page.evaluate("devteamGraph.box('TASK-005')"); await page.mouse.move(box.x + 30, box.y + 20); await page.waitForTimeout(300) }]],
  ['narrow', 'dark', samplePlan('running'), [select('TASK-008')], { width: 640, height: 560 }], ['seven-tracks', 'light', madePlan(60, 7), [], { width: 1600, height: 1000 }],
]

const server = await serveGraphPage()
const browser = await launch()
await fs.mkdir(folder, { recursive: true })
for (const [name, theme, plan, steps, viewport] of shots.filter(([name]) => names.length === 0 || names.includes(name))) {
  const page = await browser.newPage({ viewport: viewport ?? { width: 1360, height: 800 } })
  page.on('console', (message) => { if (message.type() === 'error') console.error(name, message.text()) })
  page.on('pageerror', (error) => { console.error(name, error) })
  await page.clock.setFixedTime(begin + 21.5 * pace * 3_600_000)
  await page.goto(server.url(theme))
  if (plan !== undefined) { await send(page, { type: 'plan', plan }); await drawn(page) }
  for (const step of steps) await step(page)
  await page.waitForTimeout(150)
  await page.screenshot({ path: path.join(folder, `${name}.png`) })
  if (plan !== undefined) console.log(name, JSON.stringify(await page.evaluate('[devteamGraph.drawn, devteamGraph.view]')))
  await page.close()
}
await browser.close()
await server.close()
