import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import type { DrawnPlan, DrawnStatus } from '../../src/drawing/model.ts'
import { drawn, launch, posted, published, send, serveGraphPage, setTheme, until } from './graph-page/page.ts'
import { madePlan, samplePlan } from './graph-page/plans.ts'
import type { ThemeName } from './graph-page/themes.ts'

const path = ['TASK-001', 'TASK-004', 'TASK-008', 'TASK-012', 'TASK-016']
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
interface Box { x: number; y: number; width: number; height: number }

describe('the graph page in a browser', () => {
  let server: Awaited<ReturnType<typeof serveGraphPage>>
  let browser: Browser
  let page: Page
  let faults: string[]

  before(async () => { server = await serveGraphPage(); browser = await launch() })
  after(async () => { await browser.close(); await server.close() })
  beforeEach(() => { faults = [] })
  afterEach(async () => { await page.close(); assert.deepEqual(faults, [], 'errors on the console') })

  async function open(plan: DrawnPlan | undefined, theme: ThemeName = 'dark', size = { width: 1360, height: 800 }): Promise<void> {
    page = await browser.newPage({ viewport: size, reducedMotion: 'reduce' })
    page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text()) })
    page.on('pageerror', (error) => { faults.push(String(error)) })
    await page.goto(server.url(theme))
    await until(page, "posted.some((message) => message.type === 'ready')")
    if (plan !== undefined) { await send(page, { type: 'plan', plan }); await drawn(page) }
  }
  const box = (id: string) => published<Box>(page, `box('${id}')`)
  const clickTask = async (id: string) => { const { x, y, width, height } = await box(id); await page.mouse.click(x + width / 2, y + height / 2) }
  const names = () => page.getByRole('treeitem').evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''))
  const selectedInTree = () => page.locator('[role="treeitem"][aria-selected="true"]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-key')))
  const withStatus = (plan: DrawnPlan, id: string, status: DrawnStatus): DrawnPlan => ({ ...plan, tasks: plan.tasks.map((task) => task.id === id ? { ...task, status } : task) })
  /** The picture's pixels in a box of the page, as `rrggbb`; copied first, because reading the page's own canvas would slow it. */
  const pixels = ({ x, y, width, height }: Box) => page.evaluate(([left, top, wide, high]) => {
    const picture = document.querySelector<HTMLCanvasElement>('canvas.picture')
    const copy = document.createElement('canvas')
    const context = copy.getContext('2d', { willReadFrequently: true })
    if (picture === null || context === null) return []
    const origin = picture.getBoundingClientRect()
    copy.width = wide
    copy.height = high
    context.drawImage(picture, (left - origin.x) * devicePixelRatio, (top - origin.y) * devicePixelRatio, wide * devicePixelRatio, high * devicePixelRatio, 0, 0, wide, high)
    const { data } = context.getImageData(0, 0, wide, high)
    return Array.from({ length: data.length / 4 }, (_, at) => [...data.slice(at * 4, at * 4 + 3)].map((channel) => channel.toString(16).padStart(2, '0')).join(''))
  }, [x, y, Math.floor(width), Math.floor(height)] as const)
  /** How many different colours the picture has where a task is drawn: one where nothing is there. */
  const coloursAt = async (id: string) => new Set(await pixels(await box(id))).size

  it('draws the sample: 18 cards inside the picture, with names for a screen reader', async () => {
    await open(samplePlan())
    const { nodes, edges, pipeline, collapsed } = await published<{ nodes: number; edges: number; pipeline: string; collapsed: boolean }>(page, 'drawn')
    assert.deepEqual({ nodes, edges, pipeline, collapsed }, { nodes: 18, edges: 11, pipeline: 'simplex', collapsed: false })
    for (const task of samplePlan().tasks) {
      const { x, y, width, height } = await box(task.id)
      assert(x > 0 && y > 60 && x + width < 1360 - 266 && y + height < 720, `${task.id} is on the screen`)
      assert(await coloursAt(task.id) > 4, `${task.id} is drawn`)
    }
    const tasks = (await names()).filter((name) => name.startsWith('TASK-'))
    assert.equal(tasks.length, 18)
    assert(tasks.every((name) => name.includes(', pending, ')))
    assert.deepEqual(tasks.filter((name) => /\bcritical\b/.test(name)).map((name) => name.slice(0, 8)), path)
    assert(tasks.includes('TASK-008 Product catalog API, pending, track 01 Backend API, 8 hours, critical, depends on 1, unblocks 1'))
  })

  it('selects by click and tells the host; the inspector shows every criterion', async () => {
    await open(samplePlan('running'))
    await clickTask('TASK-009')
    assert.deepEqual((await posted(page)).filter((message) => message.type === 'select'), [{ type: 'select', task: 'TASK-009' }])
    assert.deepEqual(await selectedInTree(), ['TASK-009'])
    const inspector = await page.getByRole('complementary').innerText()
    for (const text of ['TASK-009', 'Product catalog UI', 'Product catalog UI works as described', 'Full-text search', 'Paging and sorting', 'TASK-005 Login/registration UI', 'TASK-013 Shopping cart UI']) assert(inspector.includes(text), text)
    await page.mouse.click(300, 600)
    assert.deepEqual((await posted(page)).at(-1), { type: 'select', task: undefined })
    assert.deepEqual(await selectedInTree(), [])
  })

  it('follows a selection of the host without an echo', async () => {
    await open(samplePlan())
    await send(page, { type: 'select', task: 'TASK-011' })
    await page.locator('[role="treeitem"][aria-selected="true"]').waitFor({ state: 'attached' })
    assert.deepEqual(await selectedInTree(), ['TASK-011'])
    assert(!(await posted(page)).some((message) => message.type === 'select'))
  })

  it('is walked by keyboard alone', async () => {
    await open(samplePlan())
    const focused = () => page.evaluate(() => [document.activeElement?.getAttribute('role') ?? '', document.activeElement?.getAttribute('data-key') ?? ''])
    for (let press = 0; press < 30 && (await focused())[0] !== 'treeitem'; press += 1) await page.keyboard.press('Tab')
    assert.equal((await focused())[0], 'treeitem', 'Tab reaches the tree')
    await page.keyboard.press('Home')
    const walked = new Set<string>()
    for (let press = 0; press < 27; press += 1) { walked.add((await focused())[1] ?? ''); await page.keyboard.press('ArrowDown') }
    assert.deepEqual([...walked].filter((key) => key.startsWith('TASK-')).sort(), samplePlan().tasks.map((task) => task.id).sort())
    await page.keyboard.press('Home')
    while ((await focused())[1] !== 'TASK-004') await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    assert.equal((await focused())[1], 'TASK-008', 'right: what waits for it')
    await page.keyboard.press('ArrowLeft')
    assert.equal((await focused())[1], 'TASK-004', 'left: what it waits for')
    await page.keyboard.press('Enter')
    assert.deepEqual((await posted(page)).at(-1), { type: 'select', task: 'TASK-004' })
    assert.match(await page.getByRole('complementary').innerText(), /User authentication API works as described/)
    await page.keyboard.press('Escape')
    assert.deepEqual([await selectedInTree(), await focused()], [[], ['treeitem', 'TASK-004']])
    await page.keyboard.press('c')
    assert.deepEqual(await selectedInTree(), ['TASK-001'])
    await page.keyboard.press('/')
    assert.equal((await focused())[0], '')
    assert.equal(await page.getByRole('searchbox').evaluate((field) => field === document.activeElement), true)
  })

  it('closes and opens groups of the tree', async () => {
    await open(samplePlan())
    await page.getByRole('treeitem', { name: /^Track 02 Frontend/ }).focus()
    await page.keyboard.press('ArrowLeft')
    assert.equal((await names()).filter((name) => name.startsWith('TASK-')).length, 12)
    assert.equal(await page.getByRole('treeitem', { name: /^Track 02 Frontend/ }).getAttribute('aria-expanded'), 'false')
    await page.keyboard.press('ArrowRight')
    assert.equal((await names()).filter((name) => name.startsWith('TASK-')).length, 18)
  })

  it('leaves the keys of VS Code alone', async () => {
    await open(samplePlan())
    await page.getByRole('treeitem').first().focus()
    await page.evaluate(`globalThis.keys = []; window.addEventListener('keydown', (event) => { keys.push(event.key + event.defaultPrevented) })`)
    for (const key of ['F1', 'Control+Shift+P', 'Control+f', 'Shift+F10']) await page.keyboard.press(key)
    const seen = (await page.evaluate<string[]>('keys')).filter((key) => !/^(Control|Shift)(true|false)$/.test(key))
    assert.deepEqual(seen, ['F1false', 'Pfalse', 'ffalse', 'F10false'])
  })

  it('shows new statuses without a new layout, and says them', async () => {
    const plan = samplePlan()
    await open(plan)
    const before = await published<{ layoutMs: number }>(page, 'drawn')
    const places = await Promise.all(plan.tasks.map((task) => box(task.id)))
    const picture = await page.locator('canvas.picture').screenshot()
    await send(page, { type: 'plan', plan: withStatus(plan, 'TASK-002', 'completed') })
    await until(page, "devteamGraph.status('TASK-002') === 'completed'")
    assert.deepEqual(await published(page, 'drawn'), before)
    assert.deepEqual(await Promise.all(plan.tasks.map((task) => box(task.id))), places)
    assert(!(await page.locator('canvas.picture').screenshot()).equals(picture), 'the picture has changed')
    assert((await names()).some((name) => name.startsWith('TASK-002 React project setup, completed')))
    await until(page, "document.querySelector('[aria-live=polite][role=status]').textContent === 'TASK-002 React project setup completed, 1 of 18 completed'")
    await send(page, { type: 'plan', plan: samplePlan('completed') })
    await until(page, "[...document.querySelectorAll('[role=treeitem]')].filter((row) => row.getAttribute('aria-label').startsWith('TASK-')).every((row) => /completed/.test(row.getAttribute('aria-label')))")
    assert.match(await page.locator('.summary').innerText(), /18\/18 tasks done[\s\S]*Critical path[\s\S]*42 h[\s\S]*Finish 52 h on 3 tracks/)
  })

  it('lays out again when the graph changes, keeping the selection', async () => {
    await open(samplePlan())
    await send(page, { type: 'select', task: 'TASK-008' })
    const plan = samplePlan()
    await send(page, { type: 'plan', plan: { ...plan, tasks: plan.tasks.filter((task) => task.id !== 'TASK-018') } })
    await until(page, 'devteamGraph.drawn.nodes === 17')
    assert.deepEqual(await selectedInTree(), ['TASK-008'])
    assert.equal(await published(page, "box('TASK-018')"), undefined)
  })

  it('finds tasks by text, track and status', async () => {
    await open(samplePlan('running'))
    await page.getByRole('searchbox', { name: 'Find task' }).fill('catalog')
    const tasks = async () => (await names()).filter((name) => name.startsWith('TASK-')).map((name) => name.slice(0, 8)).sort()
    assert.deepEqual(await tasks(), ['TASK-008', 'TASK-009'])
    await page.keyboard.press('Enter')
    assert.deepEqual(await selectedInTree(), ['TASK-008'])
    await page.keyboard.press('Enter')
    assert.deepEqual(await selectedInTree(), ['TASK-009'])
    await page.keyboard.press('Escape')
    assert.equal((await tasks()).length, 18)
    await page.getByRole('combobox', { name: 'Status' }).selectOption('running')
    assert.deepEqual(await tasks(), ['TASK-008', 'TASK-009'])
    await page.getByRole('button', { name: '03 Infrastructure' }).click()
    assert.deepEqual(await tasks(), [])
    await page.getByRole('button', { name: 'Show all tasks' }).click()
    assert.equal((await tasks()).length, 18)
  })

  it('zooms, pans and fits', async () => {
    await open(samplePlan())
    const view = () => published<{ x: number; y: number; k: number }>(page, 'view')
    const first = await view()
    await page.getByRole('button', { name: 'Zoom in' }).click()
    assert((await view()).k > first.k)
    await page.mouse.move(500, 400)
    await page.mouse.wheel(0, 120)
    await until(page, `Math.abs(devteamGraph.view.k - ${(await view()).k}) < 1e-9`)
    const panned = await view()
    await page.mouse.wheel(0, 60)
    await until(page, `devteamGraph.view.y < ${panned.y}`)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -120)
    await page.keyboard.up('Control')
    await until(page, `devteamGraph.view.k > ${panned.k}`)
    await page.locator('.minimap').waitFor({ state: 'visible' })
    await page.getByRole('button', { name: 'Fit' }).click()
    assert.deepEqual(await view(), first)
    await page.locator('.minimap').waitFor({ state: 'hidden' })
  })

  it('draws the timeline: bars in the schedule\'s place', async () => {
    await open(samplePlan('running'))
    await page.getByRole('tab', { name: 'Timeline' }).click()
    const [first, next, other] = [await box('TASK-001'), await box('TASK-004'), await box('TASK-002')]
    assert(Math.abs(next.x - first.x - (first.width + 1.5)) < 0.1, 'TASK-004 starts where TASK-001 ends')
    assert(Math.abs(other.x - first.x) < 0.1 && other.y > first.y, 'TASK-002 starts at the same time, one lane below')
    assert(Math.abs(first.width / other.width - 2) < 0.1, 'eight hours are twice as wide as four')
    assert(await coloursAt('TASK-013') > 4)
    await clickTask('TASK-013')
    assert.deepEqual(await selectedInTree(), ['TASK-013'])
    await page.getByRole('button', { name: 'Zoom in' }).click()
    const wider = await box('TASK-013')
    assert(wider.width > (await box('TASK-013')).height)
    await page.getByRole('button', { name: 'Fit' }).click()
    assert.deepEqual(await box('TASK-001'), first)
  })

  it('shows the list, and what if', async () => {
    await open(samplePlan())
    assert.match(await page.getByRole('region', { name: /What if/ }).innerText(), /3 tracks recommended: a 4th would save 1 h \(2 %\), and no plan beats the 42 h critical path\.\s+This plan keeps components whole and takes 52 h on 3 tracks; balanced takes 43 h\./)
    await page.getByRole('tab', { name: 'List' }).click()
    await page.getByRole('treeitem', { name: /^TASK-014/ }).click()
    assert.deepEqual((await posted(page)).at(-1), { type: 'select', task: 'TASK-014' })
  })

  it('asks for what the host can do', async () => {
    await open(undefined)
    await send(page, { type: 'empty' })
    await page.getByRole('button', { name: 'Plan Tracks…' }).click()
    await page.getByRole('button', { name: 'Open Sample Project' }).click()
    assert.equal(await published(page, 'state'), 'empty')
    await send(page, { type: 'error', message: 'the database is newer than this DevTeam', file: '.devteam/devteam.db' })
    await page.getByRole('button', { name: 'Retry' }).click()
    assert.equal(await published(page, 'state'), 'error')
    assert.match(await page.locator('#panel').innerText(), /newer than this DevTeam[\s\S]*\.devteam\/devteam\.db/)
    await send(page, { type: 'plan', plan: samplePlan('running') })
    await drawn(page)
    await clickTask('TASK-011')
    await page.getByRole('button', { name: 'Run task' }).click()
    await page.getByRole('button', { name: 'Open file' }).click()
    for (const format of ['SVG', 'PNG']) { await page.getByRole('button', { name: 'Export' }).click(); await page.getByRole('menuitem', { name: `Export as ${format}` }).click() }
    const messages = await posted(page)
    assert.deepEqual(messages.filter((message) => message.type !== 'export'), [
      { type: 'ready' }, { type: 'command', command: 'plan' }, { type: 'command', command: 'openSample' }, { type: 'command', command: 'retry' }, { type: 'select', task: 'TASK-011' }, { type: 'run', task: 'TASK-011' }, { type: 'openTask', task: 'TASK-011' },
    ])
    const [svg, png] = messages.flatMap((message) => message.type === 'export' ? [message] : [])
    assert(svg?.format === 'svg' && svg.content.startsWith('<svg ') && svg.content.includes('#1f1f1f') && samplePlan().tasks.every((task) => svg.content.includes(`data-task="${task.id}"`)))
    assert.deepEqual([...Buffer.from(png?.content ?? '', 'base64').subarray(1, 4)], [...Buffer.from('PNG')])
  })

  it('says what is wrong with a plan that is no graph; the list still works', async () => {
    const plan = samplePlan()
    await open(undefined)
    await send(page, { type: 'plan', plan: { ...plan, tasks: plan.tasks.map((task) => task.id === 'TASK-001' ? { ...task, dependencies: ['TASK-016'] } : task) } })
    await page.getByRole('alert').waitFor()
    assert.match(await page.getByRole('alert').innerText(), /these tasks wait for each other: TASK-001|TASK-016/)
    await page.getByRole('button', { name: 'Show the list' }).click()
    await page.getByRole('treeitem', { name: /^TASK-014/ }).click()
    assert.deepEqual((await posted(page)).at(-1), { type: 'select', task: 'TASK-014' })
    await send(page, { type: 'plan', plan })
    await drawn(page)
  })

  it('draws 200 tasks, and 1,600 in a simplified way', async () => {
    await open(madePlan(200))
    assert.deepEqual(await published(page, 'drawn.pipeline'), 'greedy')
    await send(page, { type: 'plan', plan: madePlan(1600) })
    await until(page, 'devteamGraph.drawn.nodes === 1600')
    assert.deepEqual(await published(page, 'drawn.pipeline'), 'simplified')
    await send(page, { type: 'select', task: 'TASK-1500' })
    await until(page, "document.querySelector('[role=treeitem][aria-selected=true]')?.dataset.key === 'TASK-1500'")
  })

  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    it(`has no accessibility fault that axe finds, in the ${theme} theme`, async () => {
      await open(samplePlan('running'), theme)
      for (const step of [() => clickTask('TASK-011'), () => page.getByRole('tab', { name: 'Timeline' }).click(), () => page.getByRole('tab', { name: 'List' }).click()]) {
        await step()
        await page.evaluate(axe)
        const found = await page.evaluate<string[]>("axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.flatMap((rule) => rule.nodes.map((node) => rule.id + ': ' + node.target + ' ' + node.failureSummary)))")
        assert.deepEqual(found, [])
      }
    })
  }

  it('follows a change of theme', async () => {
    await open(samplePlan())
    const corner = async () => (await pixels({ x: 4, y: 70, width: 1, height: 1 }))[0]
    assert.equal(await corner(), '1f1f1f')
    await setTheme(page, 'light')
    await page.waitForTimeout(50)
    assert.equal(await corner(), 'ffffff')
  })
})
