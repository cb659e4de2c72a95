import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { openState, type State } from '../../src/state/state.ts'
import type { SavedPlan } from '../unit/state/support.ts'

/** One figure on one line. */
export const line = (name: string, value: string): void => { process.stdout.write(`${name.padEnd(66)} ${value}\n`) }

/** Times in milliseconds, as `p50 / p95 / max`. */
export function spread(times: readonly number[], digits = 1): string {
  const sorted = [...times].sort((a, b) => a - b)
  return `${[0.5, 0.95, 1].map((share) => quantile(sorted, share).toFixed(digits)).join(' / ')} ms`
}
export const median = (times: readonly number[]): number => quantile([...times].sort((a, b) => a - b), 0.5)
const quantile = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN

const made: string[] = []
export function folder(): string {
  const fresh = fs.mkdtempSync(path.join(os.tmpdir(), 'devteam-bench-'))
  made.push(fresh)
  return fresh
}
/** Removes every folder that a bench has made. */
export function removeFolders(): void { for (const each of made.splice(0)) fs.rmSync(each, { recursive: true, force: true }) }

export async function planned(saved: SavedPlan): Promise<{ root: string; state: State; session: string }> {
  const root = folder()
  const state = await openState(root)
  const session = await state.startSession('plan', true)
  await state.savePlan(session, saved.plan, saved.tasks, saved.order, {})
  return { root, state, session }
}
