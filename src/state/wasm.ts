import fs from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { SqlJsStatic } from 'sql.js'

/** sql.js on its way. */
export interface Loading { readonly ready: Promise<SqlJsStatic> }

/**
 * Begins to load sql.js from the WebAssembly file at `wasm`, by default the one beside the running bundle or in node_modules. It compiles on another
 * thread from when this resolves: who has files to read first loses no time.
 */
export async function beginSql(wasm: string = findWasm()): Promise<Loading> {
  const bytes = fs.readFileSync(wasm)
  const { default: initialize } = await import('sql.js')
  const ready = initialize({ wasmBinary: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) })
  // Newer versions of Node end a process that waits for nothing but what V8 compiles on other threads.
  const awake = setInterval(() => undefined, 60_000)
  const rest = (): void => { clearInterval(awake) }
  ready.then(rest, rest) // whoever waits for it is told what went wrong
  return { ready }
}

export const loadSql = async (wasm?: string): Promise<SqlJsStatic> => await (await beginSql(wasm)).ready

/** The extension is one CommonJS file without `import.meta.url`; it hands its path in. */
function findWasm(): string {
  // A chunk of a split bundle lies one folder below the entry.
  for (const place of ['./sql-wasm.wasm', '../sql-wasm.wasm']) {
    const url = new URL(place, import.meta.url)
    if (fs.existsSync(url)) return fileURLToPath(url)
  }
  return createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm')
}
