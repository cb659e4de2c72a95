import { buildSync } from 'esbuild'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** Bundles a program of the tests into `folder`, with sql.js's WebAssembly beside it: it starts several times as quickly as through tsx. Gives the bundle. */
export function bundled(entry: string, folder: string): string {
  const outfile = path.join(folder, `${path.basename(entry, '.ts')}.mjs`)
  buildSync({
    entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error',
    banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url), __dirname = import.meta.dirname;" },
  })
  fs.copyFileSync(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'), path.join(folder, 'sql-wasm.wasm'))
  return outfile
}
