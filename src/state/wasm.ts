import fs from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { SqlJsStatic } from 'sql.js'

/** Loads sql.js (about 20 ms) from the WebAssembly file at `wasm`, by default the one beside the running bundle or in node_modules. */
export async function loadSql(wasm: string = findWasm()): Promise<SqlJsStatic> {
  const bytes = fs.readFileSync(wasm)
  const { default: initialize } = await import('sql.js')
  return await initialize({ wasmBinary: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) })
}

/** The extension is one CommonJS file without `import.meta.url`; it hands its path in. */
function findWasm(): string {
  // A chunk of a split bundle lies one folder below the entry.
  for (const place of ['./sql-wasm.wasm', '../sql-wasm.wasm']) {
    const url = new URL(place, import.meta.url)
    if (fs.existsSync(url)) return fileURLToPath(url)
  }
  return createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm')
}
