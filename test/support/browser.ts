import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import type { LaunchOptions } from 'playwright-core'
import { cachedTool, npmInstall } from './tool-cache.ts'

/** A browser as playwright's `chromium.launch` takes it. */
export interface FoundBrowser { readonly executablePath: string; readonly args: string[]; readonly env: Record<string, string> }

const npmVersion = '153.0.0'
const places: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/usr/bin/microsoft-edge', '/snap/bin/chromium'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'],
}
const quiet = ['--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic']

/**
 * The browser of the tests: `CHROMIUM_PATH` (`npm`: the one from npm), an installed Chromium, Chrome or Edge, else one from npm. Throws where there
 * is none, and says how to get one.
 */
export async function findBrowser(): Promise<FoundBrowser> {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined && named !== 'npm' && !fs.existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which is not there.`)
  // Chromium's own sandbox does not run as root, which is usual in a container.
  const args = [...quiet, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
  const installed = named === 'npm' ? undefined : named ?? places[process.platform]?.find((file) => fs.existsSync(file))
  if (installed !== undefined) return { executablePath: installed, args, env: own() }
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('The tests need a browser, and there is no Chromium, Chrome or Edge: install one, or set CHROMIUM_PATH.')
  const folder = await cachedTool('chromium', npmVersion, unpack)
  return { executablePath: path.join(folder, 'chromium'), args: [...new Set([...args, '--no-sandbox', '--no-zygote', '--headless=shell'])], env: { ...own(), LD_LIBRARY_PATH: path.join(folder, 'lib'), FONTCONFIG_FILE: fontsFile(folder) } }
}

/** For `chromium.launch`. */
export const launchOptions = async (): Promise<LaunchOptions> => ({ ...await findBrowser(), headless: true })

const own = (): Record<string, string> => Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined))

/** The Chromium that is made for cloud functions: one file with all the libraries it needs, compressed. */
async function unpack(folder: string): Promise<void> {
  await npmInstall(folder, { '@sparticuz/chromium': npmVersion, 'dejavu-fonts-ttf': '2.37.3' })
  const packed = (name: string): Buffer => zlib.brotliDecompressSync(fs.readFileSync(path.join(folder, 'node_modules/@sparticuz/chromium/bin', name)))
  fs.writeFileSync(path.join(folder, 'chromium'), packed('chromium.br'), { mode: 0o755 })
  for (const name of ['al2023', 'fonts', 'swiftshader']) execFileSync('tar', ['-xf', '-', '-C', folder], { input: packed(`${name}.tar.br`), maxBuffer: 1 << 28 })
  // Its only font is Open Sans: arrows, boxes, check marks and a monospaced font come from DejaVu.
  fs.cpSync(path.join(folder, 'node_modules/dejavu-fonts-ttf/ttf'), path.join(folder, 'fonts/DejaVu'), { recursive: true })
  fs.rmSync(path.join(folder, 'node_modules'), { recursive: true })
}

/** Written at every start: it names folders by their whole path, and the folder has another name while it is made. */
function fontsFile(folder: string): string {
  const file = path.join(folder, 'fonts.conf')
  const alias = ([from, to]: readonly [string, string]): string => `<alias><family>${from}</family><prefer><family>${to}</family><family>DejaVu Sans</family></prefer></alias>`
  const families = [['sans-serif', 'Open Sans'], ['system-ui', 'Open Sans'], ['serif', 'DejaVu Serif'], ['monospace', 'DejaVu Sans Mono']] as const
  const text = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/usr/share/fonts</dir><dir>${folder}/fonts</dir>${families.map(alias).join('')}<cachedir>${folder}/fonts-cache</cachedir></fontconfig>`
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) fs.writeFileSync(file, text)
  return file
}
