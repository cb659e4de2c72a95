import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { UserError } from '../../plan/errors.ts'
import { Repository } from '../../run/git.ts'
import { copySample, writeFirstConfig } from '../../run/sample.ts'
import { printJson, type CommonOptions, type Shell } from '../shell.ts'
import { implementCommand } from './implement.ts'
import { planCommand } from './plan.ts'

export interface InitOptions extends CommonOptions { readonly sample?: boolean }

/** `devteam init [DIR] [--sample]` */
export async function initCommand(shell: Shell, folder: string | undefined, options: InitOptions): Promise<number> {
  const directory = path.resolve(shell.cwd, folder ?? '.')
  await fs.mkdir(directory, { recursive: true })
  if (options.sample === true) await copySample(shell.media, directory)
  const written = await writeFirstConfig(directory)
  const next = options.sample === true ? 'devteam plan 3' : 'devteam plan'
  if (shell.json) {
    printJson(shell, { directory, sample: options.sample === true, written, next })
    return 0
  }
  const go = directory === shell.cwd ? '' : `cd ${quoted(directory)} && `
  if (options.sample === true) shell.out(`The sample project is in ${directory}\n`)
  else if (written.length > 0) shell.out(`Wrote ${written.join(', ')} in ${directory}\n`)
  else shell.out(`${directory} is ready: its .devteam/config.json was there and is kept.\n`)
  shell.out(`Next: ${go}${next}\n`)
  return 0
}

/** `devteam demo [DIR]`: the sample project, planned on three tracks and run with simulated agents, final review included. */
export async function demoCommand(shell: Shell, folder: string | undefined): Promise<number> {
  const directory = folder === undefined ? await fs.mkdtemp(path.join(await fs.realpath(os.tmpdir()), 'devteam-demo-')) : path.resolve(shell.cwd, folder)
  await fs.mkdir(directory, { recursive: true })
  const there = await fs.readdir(directory)
  if (there.length > 0) throw new UserError('input', `${directory} is not empty. Name an empty or a new folder: devteam demo DIR`)
  const inside: Shell = { ...shell, cwd: directory }
  const say = (text: string): void => { if (!shell.json) shell.out(text) }
  await copySample(shell.media, directory)
  const repository = await Repository.create(directory, 'The sample project')
  say(`The sample project is in ${directory}\n\n$ devteam plan 3\n\n`)
  const planned = await planCommand(inside, '3', {})
  if (planned !== 0) return planned
  await repository.commit(['docs'], 'Plan on three tracks\n')
  say('\n$ devteam implement --sprint all\n\n')
  const ended = await implementCommand(inside, undefined, { sprint: 'all' })
  if (ended === 0) say(nextSteps(directory, shell.program))
  return ended
}

function nextSteps(directory: string, program: string): string {
  const steps: readonly (readonly [string, string])[] = [
    [`cd ${quoted(directory)}`, 'what the agents wrote'], ['git log --oneline', 'every task is a commit'],
    ['sqlite3 .devteam/devteam.db "SELECT * FROM v_sprint_progress;"', 'the state, for any program'],
    [`${program} graph --output graph.svg`, 'the plan as a picture'], [`${program} events --task TASK-004`, 'why TASK-004 took two iterations'],
    [`code ${quoted(directory)}`, 'the same in VS Code, with the DevTeam extension'],
    [`${program} init`, 'in a repository of your own: see README.md'],
  ]
  return ['', 'What to try next:', ...steps.flatMap(([command, why]) => [`  ${command}`, `      ${why}`]), ''].join('\n')
}

const quoted = (text: string): string => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
