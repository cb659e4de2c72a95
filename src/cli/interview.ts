import readline from 'node:readline'
import { UserError } from '../plan/errors.ts'
import type { Shell } from './shell.ts'

/**
 * Asks a person what is to be built and makes an outline of the answers: a description, then users, features and technology, each of which may
 * be left empty. Throws UserError('input') where nobody answers.
 */
export async function interview(shell: Shell): Promise<string> {
  const lines = readline.createInterface({ input: shell.stdin(), terminal: false })[Symbol.asyncIterator]()
  const ask = async (question: string): Promise<string | undefined> => {
    shell.out(`${question}\n> `)
    const answer = await lines.next()
    return answer.done === true ? undefined : answer.value.trim()
  }
  shell.out('There are no tasks in docs/planning/tasks yet. A few questions make a first plan.\n\n')
  const what = await ask('What shall be built? (one sentence)')
  if (what === undefined || what === '') throw new UserError('input', 'There are no tasks to plan, and no description was given. Use `devteam plan --describe "..."`, `devteam plan --from FILE`, or `devteam init --sample`.')
  const users = await ask('Who uses it?')
  shell.out('Which features must it have? One a line; an empty line ends the list.\n')
  const features: string[] = []
  for (let feature = await ask(''); feature !== undefined && feature !== ''; feature = await ask('')) features.push(feature)
  const technology = await ask('Which technology? (empty: no wish)')
  shell.out('\n')
  return [
    `# ${what}`, ...(users === undefined || users === '' ? [] : [`Users: ${users}`]), ...(technology === undefined || technology === '' ? [] : [`Technology: ${technology}`]),
    ...features.map((feature) => `## ${feature}`),
  ].join('\n\n')
}
