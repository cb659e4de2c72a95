import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { planTrailer, taskTrailer } from './task-loop.ts'

/** Ids of the tasks of a plan that have a commit on any branch, oldest first; none where there is no git. */
export async function committedTasks(root: string, planId: string): Promise<string[]> {
  const format = `%(trailers:key=${planTrailer},valueonly,separator=%x2C)%x09%(trailers:key=${taskTrailer},valueonly,separator=%x2C)`
  let log: string
  try {
    log = (await promisify(execFile)('git', ['log', '--branches', '--reverse', `--format=${format}`, `--grep=${planTrailer}: ${planId}`, '--fixed-strings'], { cwd: root, maxBuffer: 256 * 1024 * 1024 })).stdout
  } catch {
    // No git, no repository, or no commit yet: then there is nothing to tell.
    return []
  }
  return [...new Set(log.split('\n').flatMap((line) => {
    const [plan, task] = line.split('\t')
    return plan === planId && task !== undefined && task !== '' ? [task] : []
  }))]
}
