import v8 from 'node:v8'

interface Flags { readonly fit: string; readonly usual: string; /** Of Node: later ones say on standard error that they know no such flag. */ readonly lastVersion: number }

/** Tried with these. */
const versions = { first: 20, last: 24 }

/** These end before an optimised sql.js would pay, and would wait for V8 to finish it. */
const looking: Flags = { fit: '--liftoff-only --wasm-lazy-validation', usual: '--no-liftoff-only --wasm-tier-up --wasm-dynamic-tiering --no-wasm-lazy-validation', lastVersion: versions.last }
/** Planning has files to read while sql.js compiles. */
const reading: Flags = { fit: '--liftoff-only --no-wasm-lazy-compilation', usual: '--no-liftoff-only --wasm-tier-up --wasm-dynamic-tiering --wasm-lazy-compilation', lastVersion: versions.last }
/** Only what runs long is worth optimising, since that takes time from the same few cores. */
const lateOptimising: Flags = { fit: '--interrupt-budget=200000', usual: '--interrupt-budget=67584', lastVersion: 20 }

/** Fits V8 to a command. At the end of the process its flags are as Node has them again, since what is kept of compiled code must suit a V8 that starts. */
export function tuneEngine(command: string): void {
  const version = Number.parseInt(process.versions.node, 10)
  const fitting = (command === 'plan' ? [reading, lateOptimising] : /^(status|events|report|graph|doctor|forecast|task)$/.test(command) ? [looking] : [])
    .filter(({ lastVersion }) => version >= versions.first && version <= lastVersion)
  for (const { fit } of fitting) v8.setFlagsFromString(fit)
  process.prependOnceListener('exit', () => { for (const { usual } of fitting) v8.setFlagsFromString(usual) })
}
