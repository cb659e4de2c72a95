// Preloaded into a process: ends it with SIGKILL in the middle of its nth file operation of the lock or a commit. Before the call, or
// after it, or after half a write. With KILL_FROM, operations count from the first on whose path that word is; with KILL_NAME only
// those functions count, and with KILL_PATH only those on paths with that word.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

let left = Number(process.env.KILL_AT ?? 0)
const { KILL_FROM: from, KILL_NAME: only, KILL_PATH: word = '.devteam' } = process.env
let counting = from === undefined
const has = (args, part) => args.some((arg) => typeof arg === 'string' && arg.includes(part))
const now = (name, args) => {
  counting ||= has(args, from)
  if (!counting || (only !== undefined && name !== only) || !(has(args, word) || typeof args[0] === 'number')) return 'not'
  left -= 1
  return left === 0 ? 'before' : left === 0.5 ? 'after' : 'not'
}
const end = (when, name) => {
  process.stderr.write(`killed ${when} ${name}\n`)
  process.kill(process.pid, 'SIGKILL')
}

for (const name of ['mkdirSync', 'renameSync', 'openSync', 'writeSync', 'fsyncSync', 'unlinkSync', 'rmdirSync', 'closeSync']) {
  const original = fs[name]
  fs[name] = (...args) => {
    const when = now(name, args)
    if (when === 'before') end(when, name)
    try {
      return when === 'after' && name === 'writeSync' ? original(args[0], args[1], args[2], Math.floor(args[3] / 2)) : original(...args)
    } finally {
      if (when === 'after') end(when, name) // refused or not
    }
  }
}
for (const name of ['writeFile', 'rename', 'rm']) {
  const original = fs.promises[name]
  fs.promises[name] = async (...args) => {
    const when = now(name, args)
    if (when === 'before') end(when, name)
    try {
      return await (when === 'after' && name === 'writeFile' ? original(args[0], String(args[1]).slice(0, Math.floor(args[1].length / 2)), args[2]) : original(...args))
    } finally {
      if (when === 'after') end(when, name)
    }
  }
}
syncBuiltinESMExports()
