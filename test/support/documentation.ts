import assert from 'node:assert/strict'
import { devteam } from './devteam.ts'

/** The code blocks of a language in a Markdown text. */
export const blocks = (documentation: string, language: string): string[] => [...documentation.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language).map(([, , text = '']) => text)

/** The words of a command as a shell reads them; the documentation quotes with " only. */
const wordsOf = (command: string): string[] => [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

/** Runs the commands of the console blocks, one after another, and looks whether they print what stands below them. Gives how many there are. */
export async function assertConsole(folder: string, documentation: string): Promise<number> {
  const steps = blocks(documentation, 'console').join('').split(/^\$ devteam /m).slice(1)
  for (const step of steps) {
    const [command = '', ...said] = step.split('\n')
    const { out, err } = await devteam(folder, wordsOf(command))
    assert.equal(out + err, said.join('\n'), command)
  }
  return steps.length
}
