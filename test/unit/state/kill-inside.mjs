// Preloaded into a process: ends it with SIGKILL in the middle of its nth file operation of the lock or a commit. Before the call, or
// after it, or after half a write. With KILL_FROM, operations count from the first on whose path that word is.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

let left = Number(process.env.KILL_AT ?? 0)
const from = process.env.KILL_FROM
let counting = from === undefined
const mine = (args) => args.some((arg) => typeof arg === 'string' && arg.includes('.devteam')) || typeof args[0] === 'number'
const end = () => { process.kill(process.pid, 'SIGKILL') }

for (const name of ['mkdirSync', 'renameSync', 'openSync', 'writeSync', 'fsyncSync', 'unlinkSync', 'rmdirSync', 'closeSync']) {
  const original = fs[name]
  fs[name] = (...args) => {
    counting ||= args.some((arg) => typeof arg === 'string' && arg.includes(from))
    if (!counting || !mine(args)) return original(...args)
    left -= 1
    if (left === 0) end()
    if (left === 0.5) {
      if (name === 'writeSync') original(args[0], args[1], args[2], Math.floor(args[3] / 2))
      else original(...args)
      end()
    }
    return original(...args)
  }
}
syncBuiltinESMExports()
