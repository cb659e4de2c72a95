import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { runInVsCode } from './extension-host.ts'
import type { LayerResult } from './result-reporter.ts'

/** The project's root. */
export const root = path.resolve(import.meta.dirname, '../..')

interface Layer { readonly name: string; readonly run: (resultFile: string) => Promise<number> }

const layers: readonly Layer[] = [
  { name: 'unit', run: (file) => mocha(file, 'test/unit/**/*.test.ts') },
  { name: 'integration', run: (file) => runInVsCode({ suite: 'trusted', resultFile: file }) },
  { name: 'integration, in an untrusted folder', run: (file) => runInVsCode({ suite: 'untrusted', resultFile: file }) },
  { name: 'ui', run: (file) => mocha(file, 'test/ui/**/*.test.ts', '--timeout', '240000') },
]

/** Runs all layers, or with `--unit` the first, or with `--only NAME` those that begin so. Gives the exit code. A layer that can't run has failed. */
export async function runLayers(args: readonly string[]): Promise<number> {
  const only = args.includes('--unit') ? 'unit' : args.includes('--only') ? args[args.indexOf('--only') + 1] ?? '' : ''
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'devteam-results-'))
  let passed = 0
  let failed = 0
  for (const layer of layers.filter(({ name }) => name.startsWith(only))) {
    console.log(`\n── ${layer.name} ${'─'.repeat(Math.max(1, 70 - layer.name.length))}`)
    const result = await resultOf(layer, path.join(folder, `${layer.name.replace(/\W+/g, '-')}.json`))
    console.log(`${layer.name}: ${result.passed} passed, ${result.failed} failed${result.skipped > 0 ? `, ${result.skipped} skipped` : ''}`)
    passed += result.passed
    failed += result.failed
  }
  fs.rmSync(folder, { recursive: true, force: true })
  console.log(`\n${passed} passed, ${failed} failed`)
  return failed > 0 || passed === 0 ? 1 : 0
}

async function resultOf(layer: Layer, file: string): Promise<LayerResult> {
  let why: string
  try {
    const code = await layer.run(file)
    if (fs.existsSync(file)) {
      const result = JSON.parse(fs.readFileSync(file, 'utf8')) as LayerResult
      if (result.passed + result.failed > 0 && (code === 0 || result.failed > 0)) return result
      why = `it ended with ${code} and ${JSON.stringify(result)}`
    } else why = `it ended with ${code} before its tests were done`
  } catch (error) {
    why = error instanceof Error ? error.stack ?? error.message : String(error)
  }
  console.log(`${layer.name} could not run: ${why}`)
  return { passed: 0, failed: 1, skipped: 0 }
}

function mocha(resultFile: string, files: string, ...options: string[]): Promise<number> {
  const program = path.join(root, 'node_modules/mocha/bin/mocha.js')
  const child = spawn(process.execPath, [program, '--forbid-only', '--reporter', 'test/support/result-reporter.ts', ...options, files], { cwd: root, env: { ...process.env, DEVTEAM_TEST_RESULT: resultFile }, stdio: 'inherit' })
  return new Promise((resolve, reject) => { child.on('error', reject).on('close', (code) => resolve(code ?? 1)) })
}
