import assert from 'node:assert/strict'
import { sampleProject } from '../support/devteam.ts'
import { packageExtension, until, Workbench, type WorkbenchWindow } from '../support/workbench.ts'

const criticalPath = ['TASK-001', 'TASK-004', 'TASK-008', 'TASK-012', 'TASK-016']
const tasksOf = (names: readonly string[]): string[] => [...new Set(names.flatMap((name) => /^TASK-\d+/.exec(name)?.[0] ?? []))].sort()

describe('first use of the packaged extension', () => {
  let workbench: Workbench
  let window: WorkbenchWindow
  const planRows = async (): Promise<string[]> => (await window.rows('Plan')).map((row) => row.name)

  before(async () => {
    const [vsix, folder] = await Promise.all([packageExtension(), sampleProject({ simulation: { millisecondsPerHour: 60, failureRate: 0.05, seed: 3 } })])
    workbench = await Workbench.start({ vsix })
    window = await workbench.open(folder)
    await window.page.setViewportSize({ width: 1440, height: 1700 })
  })
  after(async () => { await workbench.stop() })
  afterEach(async function (this: Mocha.Context) { if (this.currentTest?.state === 'failed') await window.picture(`failed-${this.currentTest.title.replace(/\W+/g, '-').slice(0, 60)}`) })

  it('offers to plan and to open the sample where there is no plan', async () => {
    await window.openSideBar()
    const welcome = window.view('Plan').locator('.welcome-view-content')
    await welcome.getByRole('button', { name: 'Plan Tracks...' }).waitFor()
    assert.equal(await welcome.getByRole('button', { name: 'Open Sample Project' }).count(), 1)
    await window.pictures('1-welcome')
  })

  it('plans on three tracks: the tree says it all', async () => {
    await window.view('Plan').getByRole('button', { name: 'Plan Tracks...' }).click()
    assert.equal(await window.question().inputValue(), '3', 'the recommended number stands there')
    await window.answer('3')
    const rows = await until('18 tasks in the tree', async () => { const all = await window.rows('Plan'); return tasksOf(all.map((row) => row.name)).length === 18 && all }, 30_000)
    assert.deepEqual([1, 2, 3].map((level) => rows.filter((row) => row.level === level).length), [3, 6, 18])
    const tasks = rows.filter((row) => row.level === 3)
    for (const task of tasks) assert.match(task.name, /^TASK-\d+ .+, pending, \d+ hours/)
    assert.deepEqual(tasksOf(tasks.filter((task) => /\bcritical\b/.test(task.name)).map((task) => task.name)), criticalPath)
    assert.deepEqual(tasksOf(tasks.filter((task) => /h · critical/.test(task.text)).map((task) => task.text)), criticalPath)
    await window.notification(/18 tasks on 3 tracks: critical path 42 h, finish 52 h/).waitFor()
    assert.equal(await window.status(), 'DevTeam 0/18 tasks')
    await window.pictures('2-planned')
  })

  it('draws the graph; what is selected there is selected in the tree, and the other way round', async () => {
    await window.command('DevTeam: Show Graph')
    const graph = await window.graph()
    assert.deepEqual(tasksOf(await graph.tasks()).length, 18)
    assert.deepEqual(tasksOf((await graph.tasks()).filter((name) => /\bcritical\b/.test(name))), criticalPath)
    await graph.click('TASK-009')
    await until('TASK-009 is selected in the tree', async () => (await window.rows('Plan')).some((row) => row.selected && row.name.startsWith('TASK-009')))
    await graph.frame.getByText('Filter panel').waitFor() // a criterion of TASK-009, in the inspector
    await window.view('Plan').getByRole('treeitem', { name: /^TASK-011/ }).click()
    await graph.frame.locator('[role="treeitem"][aria-selected="true"][aria-label^="TASK-011"]').waitFor({ state: 'attached' })
    await window.pictures('3-graph')
  })

  it('keeps the graph over a change of tabs', async () => {
    await window.command('DevTeam: Open Task File')
    // VS Code throws the hidden page away: what comes back is a new one.
    await until('the page of the graph is gone', async () => (await Promise.all(window.page.frames().slice(1).map((frame) => frame.evaluate('Boolean(globalThis.devteamGraph)')))).every((there) => there !== true))
    await window.command('DevTeam: Show Graph')
    const graph = await window.graph()
    assert.equal(tasksOf(await graph.tasks()).length, 18)
    await graph.frame.locator('[role="treeitem"][aria-selected="true"][aria-label^="TASK-011"]').waitFor({ state: 'attached' })
  })

  it('brings the graph back after a reload of the window', async () => {
    const tab = window.page.locator('.part.editor').getByRole('tab', { name: /^DevTeam Graph/ })
    await window.page.reload({ waitUntil: 'commit' })
    await tab.click() // VS Code may remember another tab as the one in front
    const graph = await window.graph()
    assert.equal(tasksOf(await graph.tasks()).length, 18)
    await until('the status bar is back', async () => await window.status() === 'DevTeam 0/18 tasks')
    await window.command('DevTeam: Show Graph')
    assert.equal(await tab.count(), 1, 'it is the one graph again')
  })

  it('takes the place of a tab that was not loaded since a reload', async () => {
    const tabs = window.page.locator('.part.editor').getByRole('tab')
    await window.command('DevTeam: Open Task File')
    await window.page.locator('.editor-instance').waitFor()
    await window.page.waitForTimeout(6000) // VS Code stores what is open every five seconds
    await window.page.reload({ waitUntil: 'commit' })
    await window.page.locator('.editor-instance').waitFor()
    await window.command('DevTeam: Show Graph')
    assert.equal(tasksOf(await (await window.graph()).tasks()).length, 18)
    await until('there is one graph', async () => await tabs.filter({ hasText: 'DevTeam Graph' }).count() === 1)
  })

  it('runs all tracks with simulated agents: tree, graph and status bar follow to 18 of 18', async () => {
    const graph = await window.graph()
    const seen = { tree: new Set<string>(), graph: new Set<string>(), status: new Set<string>() }
    await window.command('DevTeam: Run All Tracks')
    await until('18 of 18 in the status bar', async () => {
      seen.tree.add((await planRows()).join('|'))
      seen.graph.add((await graph.tasks()).join('|'))
      const status = await window.status()
      seen.status.add(status)
      if (/running/.test(status) && seen.status.size === 4) await window.picture('4-running')
      return /18\/18/.test(status)
    }, 120_000)
    for (const [where, states] of Object.entries(seen)) assert.ok(states.size >= 4, `${where}: ${states.size} states seen`)
    await window.notification(/project is complete/).waitFor({ timeout: 60_000 })
    assert.match(await window.status(), /\(simulated\)/)
    assert.ok((await planRows()).filter((name) => name.startsWith('TASK-')).every((name) => /, completed, /.test(name)), 'the tree')
    assert.ok((await graph.tasks()).every((name) => /, completed, /.test(name)), 'the graph')
    await window.pictures('5-complete')
  })
})
