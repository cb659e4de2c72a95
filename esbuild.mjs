// Builds everything that ships: the command line (split so that each command loads only what it needs) and the extension, both CommonJS, which
// Node loads sooner; the webview and its layout worker (IIFE); and sql.js's WebAssembly beside the bundles that load it.
import { build } from 'esbuild'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { rollup } from 'rollup'

const require = createRequire(import.meta.url)
const development = process.argv.includes('--development')
const common = { bundle: true, minifySyntax: !development, minifyWhitespace: !development, minifyIdentifiers: !development, sourcemap: development, legalComments: 'none', logLevel: 'warning', target: 'es2023', keepNames: true }

const extension = { platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'] }
/** `import('./core.ts')` in the extension stays a load at run time: esbuild splits ES modules only. */
const coreApart = { name: 'core-apart', setup: (on) => { on.onResolve({ filter: /\/core\.ts$/ }, ({ kind }) => kind === 'dynamic-import' ? { path: './core.cjs', external: true } : undefined) } }

/** SQLite wants random bytes for journals, which are in memory here; sql.js would load `node:crypto` for them, which takes longer than the commit. */
const cheapRandomness = {
  name: 'cheap-randomness',
  setup: (on) => {
    on.onResolve({ filter: /^(node:)?crypto$/ }, ({ importer }) => (/sql-wasm\.js$/.test(importer) ? { path: 'randomness', namespace: 'cheap' } : undefined))
    on.onLoad({ filter: /./, namespace: 'cheap' }, () => ({ contents: 'exports.randomFillSync = (view) => { for (let i = 0; i < view.length; i++) view[i] = Math.random() * 256; return view }' }))
  },
}

/** commander loads `node:child_process` for commands that are programs of their own, which DevTeam has none of. */
const noPrograms = {
  name: 'no-programs',
  setup: (on) => {
    on.onResolve({ filter: /^node:child_process$/ }, ({ importer }) => (/node_modules[\\/]commander[\\/]/.test(importer) ? { path: 'programs', namespace: 'none' } : undefined))
    on.onLoad({ filter: /./, namespace: 'none' }, () => ({ contents: '' }))
  },
}

// Built beside and swapped at the end: a build that fails leaves the last one as it is.
const out = `dist.${process.pid}`
process.on('exit', () => fs.rmSync(out, { recursive: true, force: true }))
fs.mkdirSync(`${out}/webview`, { recursive: true })

const [commandLine] = await Promise.all([
  build({
    ...common,
    metafile: true,
    platform: 'node',
    format: 'esm',
    splitting: true,
    // Short names would need keepNames, which names every closure anew each time that one is made: a tenth of the planner's time.
    minifyIdentifiers: false,
    keepNames: false,
    target: 'node20',
    entryPoints: { devteam: 'src/cli/main.ts' },
    outdir: `${out}/modules`,
    plugins: [cheapRandomness, noPrograms],
  }),
  // The extension's two halves: what activation needs, and the core (database, agents, planner), which is loaded when a view or a command needs it.
  build({ ...common, ...extension, entryPoints: ['src/vscode/extension.ts'], outfile: `${out}/extension.cjs`, plugins: [coreApart] }),
  build({ ...common, ...extension, entryPoints: ['src/vscode/core.ts'], outfile: `${out}/core.cjs`, logOverride: { 'empty-import-meta': 'silent' } }),
  build({ ...common, platform: 'browser', format: 'iife', entryPoints: { graph: 'webview/main.ts', 'layout-worker': 'webview/layout-worker.ts' }, outdir: `${out}/webview` }),
])

await joinChunks(commandLine.metafile.outputs)
fs.rmSync(`${out}/modules`, { recursive: true })

const wasm = require.resolve('sql.js/dist/sql-wasm.wasm')
for (const target of [`${out}/sql-wasm.wasm`, `${out}/cli/sql-wasm.wasm`]) fs.copyFileSync(wasm, target)
fs.copyFileSync('webview/graph.css', `${out}/webview/graph.css`)
fs.chmodSync(`${out}/cli/devteam.cjs`, 0o755)
fs.rmSync('dist', { recursive: true, force: true })
fs.renameSync(out, 'dist')

/**
 * Makes CommonJS of the command line's modules, which Node loads 10 ms sooner, and fewer files: Node takes most of a millisecond for each, and esbuild makes one
 * for every set of commands that share code. What `status` loads becomes one file, and what `plan` loads besides another.
 */
async function joinChunks(outputs) {
  const ofCommand = (source) => Object.keys(outputs).find((name) => outputs[name].entryPoint === source)
  const loaded = (name, found = new Set()) => {
    found.add(name)
    for (const { path: other, kind } of outputs[name].imports) if (kind === 'import-statement' && other in outputs && !found.has(other)) loaded(other, found)
    return found
  }
  const [start, look, planning] = ['src/cli/main.ts', 'src/cli/commands/status.ts', 'src/cli/commands/plan.ts'].map((source) => loaded(ofCommand(source)))
  // Before the flags of V8 change, so that it can be kept compiled.
  look.add(ofCommand('node_modules/sql.js/dist/sql-wasm.js'))
  const groupOf = (id) => {
    const name = path.relative('.', id).replaceAll(path.sep, '/')
    return start.has(name) ? undefined : look.has(name) ? 'look' : planning.has(name) ? 'planning' : undefined
  }
  const withMaps = { name: 'with-maps', load: (id) => (development ? { code: fs.readFileSync(id, 'utf8'), map: fs.readFileSync(`${id}.map`, 'utf8') } : null) }
  const bundle = await rollup({ input: { main: ofCommand('src/cli/main.ts') }, external: (id) => !id.startsWith('.') && !path.isAbsolute(id) && !(id in outputs), treeshake: false, plugins: [withMaps] })
  const { output } = await bundle.write({
    dir: `${out}/cli`, format: 'cjs', dynamicImportInCjs: false, interop: 'auto', compact: !development, sourcemap: development,
    entryFileNames: '[name]-[hash].cjs', chunkFileNames: 'parts/[name]-[hash].cjs', manualChunks: groupOf, onlyExplicitManualChunks: true,
  })
  await bundle.close()
  if (!['look', 'planning'].every((name) => output.some((chunk) => chunk.name === name))) throw new Error('the chunks of status and plan were not found')
  const { fileName } = output.find((chunk) => chunk.isEntry)
  await build({ ...common, ...extension, keepNames: false, entryPoints: { devteam: 'src/cli/start.ts' }, outdir: `${out}/cli`, outExtension: { '.js': '.cjs' }, banner: { js: '#!/usr/bin/env node' }, define: { bundleOfMain: JSON.stringify(fileName) } })
}
