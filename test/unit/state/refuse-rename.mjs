// Preloaded into a process: as on Windows where another program has the database open, nothing can be renamed onto it.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const original = fs.renameSync
fs.renameSync = (from, to) => {
  if (String(to).endsWith('devteam.db')) throw Object.assign(new Error(`EPERM: operation not permitted, rename '${from}' -> '${to}'`), { code: 'EPERM' })
  original(from, to)
}
syncBuiltinESMExports()
