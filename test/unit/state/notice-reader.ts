// A process that waits for commits: `notice-reader.ts ROOT`. It prints `ready`, then one line of JSON a notice: how many tasks are
// completed, and how many bytes of the database it has read since the line before.
import fs from 'node:fs'
import { openState } from '../../../src/state/state.ts'

let read = 0
const original = fs.readSync
Object.assign(fs, { readSync: (...args: Parameters<typeof fs.readSync>) => {
  const count = original(...args)
  read += count
  return count
} })

const state = await openState(process.argv[2] ?? '')
const say = (line: string): void => { process.stdout.write(`${line}\n`) }
const look = async (): Promise<number | undefined> => (await state.snapshot())?.tasks.filter(({ status }) => status === 'completed').length
await look()
let turn = Promise.resolve()
state.onCommit(() => {
  turn = turn.then(async () => {
    const before = read
    const completed = await look()
    say(JSON.stringify({ completed, idle: before, read: read - before, at: Date.now() }))
    read = 0
  })
})
read = 0
say('ready')
