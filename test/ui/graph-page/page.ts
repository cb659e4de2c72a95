import { build } from 'esbuild'
import fs from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import type { ToHost, ToWebview } from '../../../src/vscode/protocol.ts'
import { launchOptions } from '../../support/browser.ts'
import { themes } from './themes.ts'
import type { ThemeName } from './themes.ts'

const nonce = 'graphPageTest'
const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self'; worker-src blob:; connect-src 'self'; img-src 'self' data: blob:; font-src 'self'`
/** What VS Code puts into a webview before the page: its API once, and the theme's tokens. Messages to the host are kept in `posted`. */
const standIn = (theme: ThemeName) => `
  globalThis.posted = []
  let kept
  globalThis.acquireVsCodeApi = () => ({ postMessage: (message) => { posted.push(message) }, getState: () => kept, setState: (state) => { kept = structuredClone(state) } })
  globalThis.setTheme = (kind, tokens) => {
    document.documentElement.removeAttribute('style')
    for (const [name, value] of Object.entries(tokens)) document.documentElement.style.setProperty('--vscode-' + name, value)
    document.body.className = kind
    document.body.dataset.vscodeThemeKind = kind
  }
  setTheme(${JSON.stringify(themes[theme].kind)}, ${JSON.stringify(themes[theme].tokens)})`
const html = (theme: ThemeName) => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><title>DevTeam graph</title><link rel="icon" href="data:,"><link rel="stylesheet" href="graph.css"></head>
<body data-worker-src="layout-worker.js"><div id="app"></div><script nonce="${nonce}">${standIn(theme)}</script><script nonce="${nonce}" src="graph.js"></script></body></html>`

/** The graph page on a loopback server, bundled as it ships and under the policy of a webview. */
export async function serveGraphPage(): Promise<{ readonly url: (theme: ThemeName) => string; readonly close: () => Promise<void> }> {
  const { outputFiles } = await build({ bundle: true, write: false, platform: 'browser', format: 'iife', target: 'es2023', keepNames: true, minify: true, outdir: 'out', entryPoints: { graph: 'webview/main.ts', 'layout-worker': 'webview/layout-worker.ts' } })
  const files = new Map<string, readonly [string, string]>(outputFiles.map((file) => [file.path.replace(/^.*[/\\]/, ''), ['text/javascript', file.text]]))
  files.set('graph.css', ['text/css', await fs.readFile('webview/graph.css', 'utf8')])
  const server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const theme = (Object.keys(themes) as ThemeName[]).find((name) => name === searchParams.get('theme')) ?? 'dark'
    const [type, text] = pathname === '/' ? ['text/html', html(theme)] : files.get(pathname.slice(1)) ?? ['text/plain', undefined]
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: (theme) => `http://127.0.0.1:${port}/?theme=${theme}`, close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections() }) }
}

/** A message as the extension posts it. */
export const send = (page: Page, message: ToWebview) => page.evaluate((data) => { window.postMessage(data, '*') }, message)
/** What the page has told the host so far. */
export const posted = (page: Page): Promise<ToHost[]> => page.evaluate('posted')
export const published = <Value>(page: Page, expression: string): Promise<Value> => page.evaluate(`devteamGraph.${expression}`)
/** Waits until the expression is true in the page. It is asked from outside: the page's policy forbids a loop of evaluated text inside. */
export async function until(page: Page, expression: string, milliseconds = 15_000): Promise<void> {
  const end = performance.now() + milliseconds
  while (await page.evaluate<unknown>(expression) !== true) {
    if (performance.now() > end) throw new Error(`not true within ${milliseconds} ms: ${expression}`)
    await new Promise((resolve) => { setTimeout(resolve, 30) })
  }
}
export const drawn = (page: Page) => until(page, "globalThis.devteamGraph?.state === 'drawn'")
export const setTheme = (page: Page, theme: ThemeName) => page.evaluate(`setTheme(${JSON.stringify(themes[theme].kind)}, ${JSON.stringify(themes[theme].tokens)})`)

export const launch = async (): Promise<Browser> => chromium.launch(await launchOptions())
