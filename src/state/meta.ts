import { text } from './cells.ts'
import type { Tx } from './engine.ts'

export type MetaKey = 'plan_id' | 'cost_usd' | 'cost_unknown' | 'project_completed_at' | 'project_completed_by' | 'stated_tasks'

export async function readMeta(tx: Tx): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.all('SELECT key, value FROM meta')
  return new Map(rows.map((row) => [text(row, 'key'), text(row, 'value')]))
}

export async function setMeta(tx: Tx, key: MetaKey, value: string): Promise<void> {
  await tx.all('INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value', key, value)
}

/** Adds the amounts one after another: the same sum, however they come in batches. */
export async function addToMeta(tx: Tx, key: MetaKey, amounts: readonly number[]): Promise<void> {
  const before = Number((await readMeta(tx)).get(key) ?? '0')
  await setMeta(tx, key, String(amounts.reduce((sum, amount) => sum + amount, before)))
}

export async function deleteMeta(tx: Tx, ...keys: MetaKey[]): Promise<void> {
  for (const key of keys) await tx.all('DELETE FROM meta WHERE key = $1', key)
}
