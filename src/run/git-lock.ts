import fs from 'node:fs/promises'
import { fateOf, fromMark, identifySelf, markOf } from '../state/process.ts'

/** How our name stands in a lock file of git, which holds nothing while git itself has it. */
const ours = /^DevTeam (\d+) (\S+) (\S+)\n$/

/**
 * Takes a lock of git as git does: by making the file. Gives the function that releases it, or undefined while it is held. One that a
 * process of ours left when it was killed is removed, so that the next try gets it; one of git itself never is.
 */
export async function takeGitLock(file: string): Promise<(() => Promise<void>) | undefined> {
  const self = identifySelf()
  try {
    await fs.writeFile(file, `DevTeam ${self.pid} ${markOf(self)} ${encodeURIComponent(self.host)}\n`, { flag: 'wx' })
    return async () => { await fs.rm(file, { force: true }) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const match = ours.exec(await fs.readFile(file, 'utf8').catch(() => ''))
  const [, pid = '', mark = '', host = ''] = match ?? []
  if (match !== null && fateOf(fromMark(Number(pid), decodeURIComponent(host), mark), self, true) === 'dead') await fs.rm(file, { force: true })
  return undefined
}
