// Builds everything that ships: the command line (ESM, split so that each command loads only what it needs), the extension (CJS),
// the webview and its layout worker (IIFE), and sql.js's WebAssembly beside the bundles that load it.
import { build } from 'esbuild'
import fs from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const development = process.argv.includes('--development')
const common = { bundle: true, minifySyntax: !development, minifyWhitespace: !development, minifyIdentifiers: !development, sourcemap: development, legalComments: 'none', logLevel: 'warning', target: 'es2023', keepNames: true }

const extension = { platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'] }
/** `import('./core.ts')` in the extension stays a load at run time: esbuild splits ES modules only. */
const coreApart = { name: 'core-apart', setup: (on) => { on.onResolve({ filter: /\/core\.ts$/ }, ({ kind }) => kind === 'dynamic-import' ? { path: './core.cjs', external: true } : undefined) } }

// Built beside and swapped at the end: a build that fails leaves the last one as it is.
const out = `dist.${process.pid}`
process.on('exit', () => fs.rmSync(out, { recursive: true, force: true }))
fs.mkdirSync(`${out}/webview`, { recursive: true })

await Promise.all([
  build({
    ...common,
    platform: 'node',
    format: 'esm',
    splitting: true,
    // Short names would need keepNames, which names every closure anew each time that one is made: a tenth of the planner's time.
    minifyIdentifiers: false,
    keepNames: false,
    target: 'node20',
    entryPoints: { devteam: 'src/cli/main.ts' },
    outdir: `${out}/cli`,
    chunkNames: 'parts/[name]-[hash]',
    // Packages that are CommonJS expect require() and __dirname.
    banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url), __dirname = import.meta.dirname;" },
  }),
  // The extension's two halves: what activation needs, and the core (database, agents, planner), which is loaded when a view or a command needs it.
  build({ ...common, ...extension, entryPoints: ['src/vscode/extension.ts'], outfile: `${out}/extension.cjs`, plugins: [coreApart] }),
  build({ ...common, ...extension, entryPoints: ['src/vscode/core.ts'], outfile: `${out}/core.cjs`, logOverride: { 'empty-import-meta': 'silent' } }),
  build({ ...common, platform: 'browser', format: 'iife', entryPoints: { graph: 'webview/main.ts', 'layout-worker': 'webview/layout-worker.ts' }, outdir: `${out}/webview` }),
])

const wasm = require.resolve('sql.js/dist/sql-wasm.wasm')
for (const target of [`${out}/sql-wasm.wasm`, `${out}/cli/sql-wasm.wasm`]) fs.copyFileSync(wasm, target)
fs.copyFileSync('webview/graph.css', `${out}/webview/graph.css`)
const entry = `${out}/cli/devteam.js`
fs.writeFileSync(entry, `#!/usr/bin/env node\n${fs.readFileSync(entry, 'utf8').replace(/^#!.*\n/, '')}`)
fs.chmodSync(entry, 0o755)
fs.rmSync('dist', { recursive: true, force: true })
fs.renameSync(out, 'dist')
