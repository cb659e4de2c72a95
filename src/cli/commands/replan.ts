import readline from 'node:readline'
import { UserError } from '../../plan/errors.ts'
import type { Strategy } from '../../plan/plan.ts'
import { replanText } from '../../report/replan-text.ts'
import { readConfig } from '../../run/config.ts'
import { applyReplan, proposeReplan, type Proposal, type ReplanRequest } from '../../run/replan-project.ts'
import { printJson, type Shell } from '../shell.ts'
import { withState } from '../workspace.ts'

export interface ReplanOptions { readonly tracks: number | undefined; readonly strategy: Strategy | undefined; readonly allowIdleTracks: boolean; readonly yes: boolean; readonly dryRun: boolean }

/** A proposal is made anew so often when others change the plan meanwhile. */
const mostTries = 3

/**
 * `devteam plan --replan [TRACKS]`: shows what would change and asks; `--yes` goes on without, `--dry-run` only shows. Without a terminal to ask on and
 * without `--yes` it shows, changes nothing and gives 1.
 */
export function replanCommand(shell: Shell, options: ReplanOptions): Promise<number> {
  const started = performance.now()
  const say = (text: string): void => { if (!shell.json) shell.out(text) }
  const end = ({ replan }: Proposal, applied: boolean, code: number): number => {
    const { diff, moved, reordered, left, plan } = replan
    if (shell.json) printJson(shell, { applied, changes: replan.changes, diff, moved, reordered, left: { ...left, hoursUnmoved: left.hoursUnmoved ?? null }, plan, elapsedMs: Math.round(performance.now() - started) })
    return code
  }
  return withState(shell, async (state) => {
    const request: ReplanRequest = { root: shell.cwd, state, config: await readConfig(shell.cwd), ...options }
    for (let left = mostTries; left > 0; left--) {
      const proposal = await proposeReplan(request)
      say(`${replanText(proposal.replan, proposal.basis)}\n`)
      if (!proposal.replan.changes) return end(proposal, false, 0)
      if (options.dryRun) {
        say('\nNothing was changed (--dry-run).\n')
        return end(proposal, false, 0)
      }
      const answer = options.yes ? 'yes' : await ask(shell)
      if (answer === 'stop') return end(proposal, false, shell.signal.reason === 'SIGTERM' ? 143 : 130)
      if (answer !== 'yes') {
        say(answer === 'nobody' ? '' : '\nNothing was changed.\n')
        if (answer === 'nobody') process.stderr.write('Nothing was changed: there is no terminal to ask on. Add --yes to take this over, or --dry-run to look only.\n')
        return end(proposal, false, 1)
      }
      if (await applyReplan(request, proposal)) {
        say('\nReplanned. State updated in SQLite at: .devteam/devteam.db\n\nGo on with:\n  devteam implement --sprint all\n')
        return end(proposal, true, 0)
      }
      say('\nThe plan has changed meanwhile; once more:\n\n')
    }
    throw new UserError('failed', 'The plan changed again and again while it was replanned; nothing was changed. Try again when less is going on: `devteam status` shows who works.')
  })
}

async function ask(shell: Shell): Promise<'yes' | 'no' | 'nobody' | 'stop'> {
  if (shell.json || !shell.stdin().isTTY) return 'nobody'
  const lines = readline.createInterface({ input: shell.stdin(), terminal: false })
  shell.out('\nTake this over? [y/N] ')
  try {
    return await new Promise((resolve) => {
      lines.once('line', (line) => resolve(/^y(es)?$/i.test(line.trim()) ? 'yes' : 'no'))
      lines.once('close', () => resolve('no'))
      shell.signal.addEventListener('abort', () => resolve('stop'), { once: true })
    })
  } finally {
    lines.close()
  }
}
