/** What a cell holds in both engines: no booleans, no blobs. */
export type Value = string | number | null
export type Row = Readonly<Record<string, Value>>

export interface Tx {
  /** The engine's clock, ISO 8601 UTC in milliseconds: one value for the whole transaction. */
  readonly now: string
  /** Runs one statement. Parameters are `$1`, `$2`, ...; a statement without a result gives no rows. */
  all(sql: string, ...values: Value[]): Promise<Row[]>
  /** Runs one reading statement on an archive of old events, named as the table `archive` lists it. UserError `database` when it is missing or damaged. */
  archived(file: string, sql: string, ...values: Value[]): Promise<Row[]>
}

/** A database that several processes share. The transitions are written once, in SQL that every engine takes. */
export interface Engine {
  /**
   * Runs `work` alone among all processes and resolves once its writes are durable. `work` awaits nothing but `tx.all`. Rejects with
   * what `work` threw (nothing of it is kept), or with a UserError: `held` when the lock does not become free, `database` when the
   * file cannot be read or written. `bulk`: replaces whole tables; the engine may leave it to `work` that what a row refers to is there.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: { readonly bulk?: boolean }): Promise<T>
  /** Runs `work` on one consistent snapshot; never waits for the lock and never creates anything. */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Calls `listener` after a commit of any process, well under a second later. Returns a function that ends the subscription. */
  onCommit(listener: () => void): () => void
  /** Finishes what is queued and frees everything. */
  close(): Promise<void>
}
