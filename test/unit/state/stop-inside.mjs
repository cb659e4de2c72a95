// Preloaded into a process: it stops itself (SIGSTOP) once, in the middle of a commit, while it holds the lock. STOP_FROM: not before
// that many commits.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

let left = Number(process.env.STOP_FROM ?? 0)
const original = fs.renameSync
fs.renameSync = (from, to) => {
  if (String(to).endsWith('devteam.db') && left-- === 0) process.kill(process.pid, 'SIGSTOP')
  original(from, to)
}
syncBuiltinESMExports()
