import fs from 'node:fs'
import path from 'node:path'
import { createVSIX } from '@vscode/vsce'
import { type Browser, chromium, type Frame, type Locator, type Page } from 'playwright-core'
import { launchOptions } from './browser.ts'
import { temporaryFolder } from './folders.ts'
import { type ServerOptions, VsCodeServer } from './vscode-server.ts'

const root = path.resolve(import.meta.dirname, '../..')
/** Where tests leave what is to be looked at. */
const pictures = process.env.DEVTEAM_TEST_PICTURES ?? path.join(root, '.vscode-test/pictures')
/** As the list of themes names them. */
const themes = { dark: 'Dark Modern', light: 'Light Modern', contrast: 'Dark High Contrast' } as const

/** The extension as it ships: what .vscodeignore forgets is missing in it. */
export async function packageExtension(): Promise<string> {
  const file = path.join(temporaryFolder('vsix'), 'devteam.vsix')
  await createVSIX({ cwd: root, packagePath: file, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false })
  return file
}

/** A VS Code with the packaged extension, and a browser to look at it. */
export class Workbench {
  private constructor(private readonly server: VsCodeServer, private readonly browser: Browser) {}

  static async start(options: ServerOptions): Promise<Workbench> {
    const server = await VsCodeServer.start(options)
    const browser = await chromium.launch(await launchOptions()).catch(async (error: unknown) => { await server.stop(); throw error })
    return new Workbench(server, browser)
  }

  /** Opens a window on a folder. */
  async open(folder: string): Promise<WorkbenchWindow> {
    const page = await (await this.browser.newContext({ viewport: { width: 1440, height: 1000 }, reducedMotion: 'reduce' })).newPage()
    page.setDefaultTimeout(20_000)
    const address = new URL(this.server.address)
    address.searchParams.set('folder', folder)
    await page.goto(address.href, { waitUntil: 'commit' })
    await page.locator('.part.activitybar').getByRole('tab').first().waitFor({ timeout: 90_000 })
    return new WorkbenchWindow(page)
  }

  async stop(): Promise<void> {
    await this.browser.close()
    await this.server.stop()
  }
}

/** A row of a tree as a screen reader has it. */
export interface Row { readonly name: string; readonly level: number; readonly selected: boolean; readonly text: string }

/** One window: things are found by role and name, as a screen reader finds them. */
export class WorkbenchWindow {
  constructor(readonly page: Page) {}

  /** Opens the view container by its icon. */
  async openSideBar(): Promise<void> {
    const tab = this.page.locator('.part.activitybar').getByRole('tab', { name: /^DevTeam/ })
    await tab.waitFor({ timeout: 30_000 })
    if (await tab.getAttribute('aria-selected') !== 'true') await tab.locator('a').click()
  }

  /** A view of the side bar, by its header. */
  view(name: string): Locator { return this.page.locator('.part.sidebar .pane', { has: this.page.getByRole('button', { name: new RegExp(`^${name} Section`) }) }) }

  /** The rows of a view that are on the screen, from above. */
  rows(view: string): Promise<Row[]> {
    return this.view(view).getByRole('treeitem').evaluateAll((all) => all.map((row) => ({
      name: row.getAttribute('aria-label') ?? '', level: Number(row.getAttribute('aria-level')), selected: row.getAttribute('aria-selected') === 'true', text: row.textContent, top: row.getBoundingClientRect().top,
    })).sort((a, b) => a.top - b.top).map(({ name, level, selected, text }) => ({ name, level, selected, text })))
  }

  /** Runs a command from the palette by its whole title. */
  async command(title: string): Promise<void> {
    const input = this.question()
    const row = this.page.locator('.quick-input-list').getByRole('option', { name: title }).first()
    // A list that is still being filled can lose what is typed, or show its rows in another order a moment later.
    await until(`the palette offers "${title}"`, async () => {
      await this.page.keyboard.press('F1')
      await input.fill(`>${title}`, { timeout: 3000 })
      await row.click({ timeout: 3000 })
      return true
    }, 30_000)
  }

  /** Types into the question that a command asks, and accepts it. */
  async answer(text: string): Promise<void> {
    await this.question().waitFor()
    await this.question().fill(text)
    await this.page.keyboard.press('Enter')
    await this.question().waitFor({ state: 'hidden' })
  }

  /** The input of the palette or of a question. */
  question(): Locator { return this.page.locator('.quick-input-widget').getByRole('textbox').or(this.page.locator('.quick-input-widget').getByRole('combobox')).first() }

  /** What our item of the status bar says; '' where it is not there. */
  async status(): Promise<string> {
    const item = this.page.locator('.part.statusbar').getByRole('button', { name: /^DevTeam \d/ })
    return await item.count() === 0 ? '' : await item.first().getAttribute('aria-label') ?? ''
  }

  notification(text: RegExp): Locator { return this.page.locator('.notifications-toasts').getByRole('dialog').filter({ hasText: text }).or(this.page.locator('.notification-toast').filter({ hasText: text })).first() }

  /** The page of the graph, once it has drawn the plan. */
  async graph(): Promise<GraphPage> {
    const frame = await until('the graph panel', async () => {
      for (const each of this.page.frames()) if (each !== this.page.mainFrame() && await each.evaluate('Boolean(globalThis.devteamGraph)')) return each
      return undefined
    }, 30_000)
    const graph = new GraphPage(frame, this.page)
    await until('the graph is drawn', async () => await graph.ask('state') === 'drawn', 30_000)
    return graph
  }

  /** Picks a colour theme as a person does: settings that are written to the file from outside are not always seen. */
  async theme(theme: keyof typeof themes): Promise<void> {
    const there = this.page.locator(`.monaco-workbench.${{ dark: 'vs-dark', light: 'vs', contrast: 'hc-black' }[theme]}`)
    if (await there.count() === 0) {
      await this.command('Preferences: Color Theme')
      await this.question().fill(themes[theme])
      await this.page.locator('.quick-input-list').getByRole('option', { name: themes[theme] }).first().click()
      await this.question().waitFor({ state: 'hidden' })
      await there.waitFor()
    }
    await this.page.waitForTimeout(500) // a theme fades in
  }

  /** Leaves a picture of the window. */
  async picture(name: string): Promise<void> {
    fs.mkdirSync(pictures, { recursive: true })
    await this.page.screenshot({ path: path.join(pictures, `${name}.png`) })
  }

  /** A picture in each theme; the dark one stays. */
  async pictures(name: string): Promise<void> {
    for (const theme of ['light', 'contrast', 'dark'] as const) {
      await this.theme(theme)
      await this.picture(`${name}-${theme}`)
    }
  }

  close(): Promise<void> { return this.page.context().close() }
}

/** The graph's webview: what it publishes, and what a screen reader finds in it. */
export class GraphPage {
  constructor(readonly frame: Frame, private readonly page: Page) {}

  ask<Value>(expression: string): Promise<Value> { return this.frame.evaluate(`globalThis.devteamGraph.${expression}`) }

  /** Names of the tasks for a screen reader. */
  async tasks(): Promise<string[]> { return (await this.frame.getByRole('treeitem').evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''))).filter((name) => name.startsWith('TASK-')) }

  async click(task: string): Promise<void> {
    const inner = await this.ask<{ x: number; y: number; width: number; height: number }>(`box('${task}')`)
    const outer = await (await this.frame.frameElement()).boundingBox()
    if (outer === null) throw new Error('the graph panel is not on the screen')
    await this.page.mouse.click(outer.x + inner.x + inner.width / 2, outer.y + inner.y + inner.height / 2)
  }
}

/** Waits until `probe` gives something true; a probe that throws is asked again, and what it threw last is told in the end. */
export async function until<T>(what: string, probe: () => Promise<T | undefined | false>, milliseconds = 20_000): Promise<T> {
  const end = performance.now() + milliseconds
  let last: unknown
  for (;;) {
    try {
      const value = await probe()
      if (value !== undefined && value !== false) return value
    } catch (error) { last = error }
    if (performance.now() > end) throw new Error(`not seen within ${milliseconds / 1000} s: ${what}`, { cause: last })
    await new Promise((resolve) => { setTimeout(resolve, 100) })
  }
}
