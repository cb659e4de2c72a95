import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { UserError } from '../../plan/errors.ts'
import { readConfig } from '../../run/config.ts'
import { chooseExecutor } from '../../run/choose-executor.ts'
import { examineState } from '../../state/recovery/doctor.ts'
import type { Check } from '../../state/recovery/doctor-folder.ts'
import { printJson, type Shell } from '../shell.ts'

const marks = { ok: '✓', todo: '!', unusable: '✗' } as const

/** `devteam doctor`: what is well, and what to do about the rest. Exit 0: all well, 1: something to do, 4: the database is unusable. Writes nothing. */
export async function doctorCommand(shell: Shell): Promise<number> {
  shell.tuneEngine()
  const checks = [checkNode(), await checkGit(), await checkAgents(shell), ...await examineState(shell.cwd, shell.wasm)]
  if (shell.json) printJson(shell, { checks })
  else shell.out(checks.map(({ name, state, says }) => `${marks[state]} ${name}: ${says}\n`).join(''))
  if (checks.some(({ state }) => state === 'unusable')) return 4
  return checks.some(({ state }) => state === 'todo') ? 1 : 0
}

function checkNode(): Check {
  const enough = Number(process.versions.node.split('.')[0]) >= 20
  return { name: 'node', state: enough ? 'ok' : 'todo', says: enough ? process.versions.node : `${process.versions.node} is too old: install Node 20 or later` }
}

async function checkGit(): Promise<Check> {
  try {
    return { name: 'git', state: 'ok', says: (await promisify(execFile)('git', ['--version'])).stdout.trim() }
  } catch (error) {
    return { name: 'git', state: 'todo', says: `git does not run (${(error as Error).message.trim()}): install it and put it on the PATH` }
  }
}

async function checkAgents(shell: Shell): Promise<Check> {
  try {
    const executor = chooseExecutor(await readConfig(shell.cwd), { apiKey: shell.env.ANTHROPIC_API_KEY })
    return { name: 'agents', state: 'ok', says: executor.name }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { name: 'agents', state: 'todo', says: error.message }
  }
}
