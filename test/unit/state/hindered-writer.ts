// A process that can't write for a while: `hindered-writer.ts ROOT full|limit|readonly`. The disk is full, or no file may grow over
// 130 KB, or the file system becomes read-only. It prints one line of JSON a step.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../src/plan/errors.ts'
import { trackId } from '../../../src/plan/ids.ts'
import { openState, type State } from '../../../src/state/state.ts'
import { completedEvent, done, roleEvent, shopPlan, sqlite3 } from './support.ts'

const [root = '', mode = ''] = process.argv.slice(2)
const filler = path.join(root, 'filler')
const say = (step: string, result: unknown): void => { process.stdout.write(`${JSON.stringify({ step, result })}\n`) }
const answer = async (work: Promise<unknown>): Promise<unknown> => await work.then(() => 'done', (error: unknown) => error instanceof UserError ? { code: error.exitCode, message: error.message } : String(error))
const run = (program: string, ...args: string[]): void => { execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }) }

function hinder(): void {
  if (mode === 'limit') run('prlimit', '--pid', String(process.pid), '--fsize=130000:unlimited')
  else if (mode === 'readonly') run('mount', '-o', 'remount,ro', root)
  else fillDisk()
}

function fillDisk(): void {
  const handle = fs.openSync(filler, 'w')
  try {
    for (;;) fs.writeSync(handle, Buffer.alloc(4_096))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    fs.closeSync(handle)
  }
}

function free(): void {
  if (mode === 'limit') run('prlimit', '--pid', String(process.pid), '--fsize=unlimited:unlimited')
  else if (mode === 'readonly') run('mount', '-o', 'remount,rw', root)
  else fs.rmSync(filler)
}

async function tell(step: string, state: State): Promise<void> {
  const other = await openState(root)
  say(step, {
    own: (await state.snapshot())?.tasks.filter((task) => task.status === 'completed').length,
    others: (await other.snapshot())?.tasks.filter((task) => task.status === 'completed').length,
    sqlite3: sqlite3(root, "PRAGMA integrity_check; SELECT COUNT(*) FROM tasks WHERE kind = 'task' AND status = 'completed'; SELECT COUNT(*), MAX(id) FROM events"),
    files: fs.readdirSync(path.join(root, '.devteam')).filter((name) => /^(devteam\.db|lock)/.test(name)).sort(),
  })
  await other.close()
}

const state = await openState(root)
const session = await state.startSession('implement', true)
const { plan, tasks, order } = shopPlan()
await state.savePlan(session, plan, tasks, order, {})
const lease = await state.acquireTrack(trackId(1), session)
const claim = await state.claimTask(lease)
if (claim.kind !== 'claimed') throw new Error('nothing to claim')
await tell('before', state)
hinder()
for (let index = 0; index < 10; index++) state.recordEvent(session, roleEvent(claim.task.id, 0.5, 'x'.repeat(5_000)))
say('flush', await answer(state.flush()))
say('complete', await answer(state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))))
say('again', await answer(state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))))
await tell('hindered', state)
free()
say('retried', await answer(state.completeTask(lease, claim.task.id, done, completedEvent(claim.task))))
await tell('after', state)
await state.close()
