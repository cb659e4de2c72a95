import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { sampleProject, succeed } from '../support/devteam.ts'
import { packageExtension, until, Workbench, type WorkbenchWindow } from '../support/workbench.ts'

describe('a plan that changes, in the packaged extension', () => {
  let workbench: Workbench
  let window: WorkbenchWindow
  let folder: string
  const taskRows = async (): Promise<string[]> => (await window.rows('Plan')).filter((row) => row.level === 3).map((row) => row.name)

  before(async () => {
    const [vsix, sample] = await Promise.all([packageExtension(), sampleProject({ planned: true })])
    folder = sample
    await succeed(folder, ['task', 'add', 'Gift cards', '--hours', '6', '--component', 'backend', '--depends', 'TASK-008', '--low', '4', '--high', '12'])
    workbench = await Workbench.start({ vsix })
    window = await workbench.open(folder)
    await window.page.setViewportSize({ width: 1440, height: 1700 })
    await window.openSideBar()
    await until('the plan in the tree', async () => (await taskRows()).length === 18)
  })
  after(async () => { await workbench.stop() })
  afterEach(async function (this: Mocha.Context) { if (this.currentTest?.state === 'failed') await window.picture(`failed-${this.currentTest.title.replace(/\W+/g, '-').slice(0, 60)}`) })

  const dialog = (name: RegExp) => window.page.locator('.monaco-dialog-box').filter({ hasText: name })

  it('is replanned after a look at what would change', async () => {
    await window.command('DevTeam: Replan...')
    assert.equal(await window.question().inputValue(), '3')
    await window.answer('3')
    const asked = dialog(/Replan what is left\?/)
    await asked.getByText(/\+ TASK-019: Gift cards \(backend, 6 hours\)/).waitFor()
    await window.picture('6-replan')
    await asked.getByRole('button', { name: 'Cancel' }).click()
    await asked.waitFor({ state: 'hidden' })
    assert.equal((await taskRows()).length, 18, 'nothing was changed')

    await window.command('DevTeam: Replan...')
    await window.answer('3')
    const whole = asked.getByRole('button', { name: 'Show All' })
    await asked.waitFor()
    if (await whole.count() > 0) {
      await whole.click()
      await window.notification(/Replan as it stands there\?/).getByRole('button', { name: 'Replan' }).click()
    } else await asked.getByRole('button', { name: 'Replan', exact: true }).click()
    await window.notification(/Replanned: 19 tasks left on 3 tracks/).waitFor()
    await until('the new task in the tree', async () => (await taskRows()).some((name) => /^TASK-019 Gift cards, pending, 6 hours/.test(name)))
  })

  it('is forecast', async () => {
    await window.command('DevTeam: Show Forecast')
    await window.page.locator('.part.editor').getByRole('tab', { name: /^DevTeam Forecast/ }).waitFor()
    await window.page.locator('.part.editor .view-line').getByText(/Forecast:\s0\/19\stasks\scompleted/).first().waitFor()
    await window.picture('7-forecast')
  })

  it('is exported', async () => {
    await window.command('DevTeam: Export Plan...')
    await window.page.locator('.quick-input-list').getByRole('option', { name: /^CSV/ }).click()
    await until('the place to save it', async () => (await window.question().inputValue()).endsWith('plan.csv'))
    await window.page.getByRole('button', { name: 'Export' }).or(window.page.getByRole('button', { name: 'OK' })).first().click()
    await window.notification(/The plan is in plan\.csv/).waitFor()
    assert.match(fs.readFileSync(path.join(folder, 'plan.csv'), 'utf8'), /^TASK-019,Gift cards,backend,01,/m)
  })
})
