import { UserError } from '../../plan/errors.ts'
import { holders } from '../leases.ts'
import { readMeta } from '../meta.ts'
import type { ProcessIdentity } from '../process.ts'
import { SqliteEngine } from '../sqlite.ts'

/**
 * May another state take the place of this one? Throws UserError `input` where there is a plan and nobody said `replace`; `held` while a process works on it; `database` where the
 * state can't be read, unless it shall be replaced for that.
 */
export async function requireReplaceable(file: string, replace: boolean, self: ProcessIdentity, wasm: string | undefined): Promise<void> {
  const engine = new SqliteEngine({ file, self, now: () => new Date(), wasm })
  try {
    await engine.read(async (tx) => {
      const planned = (await readMeta(tx)).has('plan_id')
      if (planned && !replace) throw new UserError('input', `There is a plan already: ${file}. Import into another folder, or say --replace: the state that is here then goes to .devteam/backup.`)
      for (const [name, { pid, host, since, alive }] of await holders(tx, self)) {
        if (alive) throw new UserError('held', `${name} is held by process ${pid} on ${host} since ${since}: wait until it ends, or stop it.`)
      }
    })
  } catch (error) {
    const unreadable = error instanceof UserError && error.code === 'database'
    if (!unreadable || !replace) throw error
  } finally {
    await engine.close()
  }
}
