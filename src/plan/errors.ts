/** What went wrong, for exit codes and tests. */
export type UserErrorCode = 'usage' | 'input' | 'held' | 'database' | 'failed'

const exitCodes: Record<UserErrorCode, number> = { failed: 1, usage: 2, input: 2, held: 3, database: 4 }

/**
 * An error that a person can cause and mend. The message names the file or the id, what is wrong and the way out. Everything else
 * that is thrown is a bug and keeps its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  constructor(readonly code: UserErrorCode, message: string, options?: ErrorOptions) { super(message, options) }
  /** The exit code of the command line: 1 failed, 2 wrong use or input, 3 held by another process, 4 database. */
  get exitCode(): number { return exitCodes[this.code] }
}
