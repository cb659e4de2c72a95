import v8 from 'node:v8'

interface Flags { readonly fit: string; readonly usual: string }

/** These end before an optimised sql.js would pay, and would wait for V8 to finish it. */
const looking: Flags = { fit: '--liftoff-only --wasm-lazy-validation', usual: '--no-liftoff-only --wasm-tier-up --wasm-dynamic-tiering --no-wasm-lazy-validation' }
/** Planning has files to read while sql.js compiles; and only what runs long is worth optimising, since that takes time from the same few cores. */
const planning: Flags = { fit: '--liftoff-only --no-wasm-lazy-compilation --interrupt-budget=200000', usual: '--no-liftoff-only --wasm-tier-up --wasm-dynamic-tiering --wasm-lazy-compilation --interrupt-budget=67584' }
/** Fits V8 to a command. At the end of the process its flags are the usual ones of Node 20 again, since what is kept of compiled code must suit a V8 that starts. */
export function tuneEngine(command: string): void {
  const fitting = [...command === 'plan' ? [planning] : [], ...(/^(status|events|report|graph|doctor|forecast|task)$/.test(command) ? [looking] : [])]
  for (const { fit } of fitting) v8.setFlagsFromString(fit)
  process.prependOnceListener('exit', () => { for (const { usual } of fitting) v8.setFlagsFromString(usual) })
}
