import v8 from 'node:v8'

/** `lastVersion`: the last one of Node that it was tried with. Later ones may say on standard error that they know no such flag. */
interface Flag { readonly fit: string; readonly usual: string; readonly lastVersion: number }

/** Short commands end before an optimised sql.js would pay, and would wait for V8 to finish it. */
const unoptimised: Flag = { fit: '--liftoff-only', usual: '--no-liftoff-only --wasm-tier-up --wasm-dynamic-tiering', lastVersion: 24 }
const lateValidation: Flag = { fit: '--wasm-lazy-validation', usual: '--no-wasm-lazy-validation', lastVersion: 24 }
/** Planning has files to read while sql.js compiles. */
const atOnce: Flag = { fit: '--no-wasm-lazy-compilation', usual: '--wasm-lazy-compilation', lastVersion: 24 }
/** Only what runs long is worth optimising, since that takes time from the same few cores. */
const lateOptimising: Flag = { fit: '--interrupt-budget=200000', usual: '--interrupt-budget=67584', lastVersion: 20 }

function flagsFor(command: string): readonly Flag[] {
  if (command === 'plan') return [unoptimised, atOnce, lateOptimising]
  return /^(status|events|report|graph|doctor|forecast|task)$/.test(command) ? [unoptimised, lateValidation] : []
}

/** Fits V8 to a command. At the end of the process its flags are as Node has them again, since what is kept of compiled code must suit a V8 that starts. */
export function tuneEngine(command: string): void {
  const version = Number.parseInt(process.versions.node, 10)
  const fitting = flagsFor(command).filter(({ lastVersion }) => version <= lastVersion)
  for (const { fit } of fitting) v8.setFlagsFromString(fit)
  process.prependOnceListener('exit', () => { for (const { usual } of fitting) v8.setFlagsFromString(usual) })
}
