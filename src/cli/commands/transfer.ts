import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../plan/errors.ts'
import { exportState } from '../../state/transfer/export.ts'
import { importState } from '../../state/transfer/import.ts'
import { identifySelf } from '../../state/process.ts'
import { readMeta } from '../../state/meta.ts'
import { SqliteEngine } from '../../state/sqlite.ts'
import { privacyOf } from '../private.ts'
import { type CommonOptions, printJson, type Shell } from '../shell.ts'

const notInIt = 'Task files and git are not in it: copy the repository with docs/planning as well.'

/**
 * `devteam export [FILE]`: the whole state as NDJSON, to a file or to standard output, without keys and without what names this machine and its people. Notes go to stderr where the state goes
 * to stdout.
 */
export async function exportCommand(shell: Shell, name: string | undefined, version: string): Promise<number> {
  const target = name === undefined ? undefined : path.resolve(shell.cwd, name)
  const engine = engineOf(shell)
  try {
    const rows = await engine.read(async (tx) => {
      if (!(await readMeta(tx)).has('plan_id')) throw new UserError('input', `There is no plan yet in ${shell.cwd}, so there is nothing to export. Run \`devteam plan\` first.`)
      const options = { devteam: version, ...privacyOf(shell.cwd, shell.env) }
      return target === undefined ? exportState(tx, { ...options, write: writeOut }) : intoFile(target, (write) => exportState(tx, { ...options, write }))
    })
    const notes = ['Keys, host names and folders of this machine are taken out.', notInIt]
    if (target === undefined) process.stderr.write(`${notes.join('\n')}\n`)
    else if (shell.json) printJson(shell, { file: target, rows, notes })
    else shell.out(`Wrote ${target}: ${rows['task'] ?? 0} tasks, ${rows['event'] ?? 0} events\n${notes.join('\n')}\n`)
    return 0
  } finally {
    await engine.close()
  }
}

export interface ImportOptions extends CommonOptions { readonly replace?: boolean }

/** `devteam import FILE [--replace]`: an exported state becomes that of this workspace, all of it or nothing. */
export async function importCommand(shell: Shell, name: string, options: ImportOptions): Promise<number> {
  const from = path.resolve(shell.cwd, name)
  const imported = await importState({ root: shell.cwd, from, replace: options.replace ?? false, self: identifySelf(), now: () => new Date(), wasm: shell.wasm })
  const { header, tasks, completed, events, putBack, interrupted, backup } = imported
  if (shell.json) {
    printJson(shell, { file: from, exportedAt: header.exportedAt, devteam: header.devteam, tasks, completed, events, pendingAgain: putBack, interruptedSessions: interrupted, backup: backup ?? null, notes: [notInIt] })
    return 0
  }
  shell.out([
    `Imported ${tasks} tasks (${completed} completed) and ${events} events, exported ${header.exportedAt} by DevTeam ${header.devteam}`,
    ...(putBack.length === 0 ? [] : [`In progress there, pending again here: ${putBack.join(', ')}`]),
    ...(interrupted === 0 ? [] : [`Sessions that ran there are interrupted: ${interrupted}`]),
    ...(backup === undefined ? [] : [`The state that was here before is in ${backup}`]),
    notInIt, 'Next: devteam status', '',
  ].join('\n'))
  return 0
}

const engineOf = (shell: Shell): SqliteEngine => new SqliteEngine({ file: path.join(shell.cwd, '.devteam', 'devteam.db'), self: identifySelf(), now: () => new Date(), wasm: shell.wasm })

/** Waits for a reader that is slower. */
async function writeOut(piece: string): Promise<void> {
  if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
}

/** Writes beside the file and takes its name at the end, so that no half one is ever there. */
async function intoFile<T>(file: string, work: (write: (piece: string) => void) => Promise<T>): Promise<T> {
  const fresh = `${file}.${process.pid}.new`
  try {
    const handle = fs.openSync(fresh, 'w')
    let result: T
    try {
      result = await work((piece) => { fs.writeFileSync(handle, piece) })
      fs.fsyncSync(handle)
    } finally {
      fs.closeSync(handle)
    }
    fs.renameSync(fresh, file)
    return result
  } catch (error) {
    fs.rmSync(fresh, { force: true })
    if (error instanceof UserError || !(error instanceof Error) || !('syscall' in error)) throw error
    throw new UserError('input', `${file} can't be written: ${error.message}. Name a file in a folder that is there and writable, and has room.`, { cause: error })
  }
}
