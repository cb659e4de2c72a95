import { build } from 'esbuild'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { runTests } from '@vscode/test-electron'
import { launchOptions } from './browser.ts'
import { VsCodeServer } from './vscode-server.ts'

const root = path.resolve(import.meta.dirname, '../..')
/** A host that hangs is ended after this. */
const limitMs = 5 * 60_000

export interface HostRun {
  /** `untrusted`: the files `test/integration/*.untrusted.test.ts`, in a folder that nobody trusts; `trusted`: all others. */
  readonly suite: 'trusted' | 'untrusted'
  readonly resultFile: string
}

/**
 * Runs mocha inside the extension host of a real VS Code, on a fresh folder, and streams what it prints. `VSCODE_PATH` names a desktop VS Code (or is
 * `download`); without it the server from npm and a headless browser do. Gives the exit code, which proves nothing without the result file.
 */
export async function runInVsCode({ suite, resultFile }: HostRun): Promise<number> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'devteam-workspace-')))
  // Beside the project's packages, so that mocha is found.
  const bundle = path.join(root, 'node_modules/.cache', `devteam-integration-${process.pid}`)
  const output = path.join(folder, '..', `${path.basename(folder)}.log`)
  fs.writeFileSync(output, '')
  const follow = followFile(output)
  try {
    await bundleSuite(suite, path.join(bundle, 'tests.cjs'))
    const env = { DEVTEAM_TEST_RESULT: resultFile, DEVTEAM_TEST_OUTPUT: output }
    const named = process.env.VSCODE_PATH
    return named === undefined
      ? await inServer(suite, folder, path.join(bundle, 'tests.cjs'), env)
      : await runTests({
        ...(named === 'download' ? {} : { vscodeExecutablePath: named }), extensionDevelopmentPath: root, extensionTestsPath: path.join(bundle, 'tests.cjs'), extensionTestsEnv: env,
        launchArgs: [folder, '--disable-extensions', ...(suite === 'trusted' ? ['--disable-workspace-trust'] : [])],
      })
  } finally {
    follow.stop()
    for (const made of [folder, bundle, output]) fs.rmSync(made, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** One CommonJS file of the suite's tests, as VS Code wants it. */
async function bundleSuite(suite: HostRun['suite'], outfile: string): Promise<void> {
  const files = fs.readdirSync(path.join(root, 'test/integration')).filter((name) => name.endsWith('.test.ts') && name.endsWith('.untrusted.test.ts') === (suite === 'untrusted')).sort()
  const contents = `import { runMocha } from './mocha-entry.ts'\nexport const run = () => runMocha(() => {\n${files.map((name) => `  require('./${name}')`).join('\n')}\n})\n`
  await build({
    bundle: true, platform: 'node', format: 'cjs', target: 'node20', sourcemap: 'inline', external: ['vscode', 'mocha'], outfile, logLevel: 'warning',
    stdin: { contents, resolveDir: path.join(root, 'test/integration'), loader: 'ts' },
    // Only the helpers in test/support look where they are.
    define: { 'import.meta.dirname': JSON.stringify(path.join(root, 'test/support')) },
  })
}

async function inServer(suite: HostRun['suite'], folder: string, tests: string, env: Readonly<Record<string, string>>): Promise<number> {
  const server = await VsCodeServer.start({ testDriver: true, trust: suite === 'untrusted', settings: { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' }, env })
  const browser = await chromium.launch(await launchOptions()).catch(async (error: unknown) => { await server.stop(); throw error })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    const ended = exitOf(page)
    const address = new URL(server.address)
    const remote = (file: string): string => `vscode-remote://${address.host}${file}`
    address.searchParams.set('folder', folder)
    address.searchParams.set('payload', JSON.stringify([['extensionDevelopmentPath', remote(root)], ['extensionTestsPath', remote(tests)]]))
    await page.goto(address.href, { waitUntil: 'commit' })
    return await ended
  } finally {
    await browser.close()
    await server.stop()
  }
}

/** VS Code's web workbench calls `codeAutomationExit` when the tests are done. */
async function exitOf(page: Page): Promise<number> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<number>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`the tests in VS Code were not done after ${limitMs / 1000} s`)), limitMs)
      page.exposeFunction('codeAutomationExit', (code: number) => resolve(code)).catch(reject)
      page.exposeFunction('codeAutomationLog', () => undefined).catch(reject) // its console is the file that is streamed
      page.on('crash', () => reject(new Error('the page of VS Code crashed')))
    })
  } finally { clearTimeout(timer) }
}

/** Prints what is appended to a file. */
function followFile(file: string): { stop: () => void } {
  let at = 0
  const look = (): void => {
    const bytes = fs.readFileSync(file)
    process.stdout.write(bytes.subarray(at))
    at = bytes.length
  }
  const timer = setInterval(look, 200)
  return { stop: () => { clearInterval(timer); look() } }
}
