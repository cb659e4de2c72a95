import fs from 'node:fs/promises'
import path from 'node:path'
import { Repository } from './git.ts'

/** Where agents work, and how their work is told apart, kept and put back. Paths are relative to `path`, with `/`. */
export interface WorkDirectory {
  readonly path: string
  /** What the work starts from: a commit; undefined without git or before the first commit. */
  base(): Promise<string | undefined>
  /** All files of the project. */
  files(): Promise<string[]>
  /** Those of `paths` that differ from `base`. */
  changed(base: string | undefined, paths: readonly string[]): Promise<string[]>
  diff(base: string | undefined, paths: readonly string[]): Promise<string>
  restore(base: string | undefined, paths: readonly string[]): Promise<void>
  /** undefined: nothing can be committed here (no git). */
  commit(paths: readonly string[], message: string): Promise<string | undefined>
  keep(ref: string, base: string | undefined, paths: readonly string[], message: string): Promise<string | undefined>
  /** The newest commit after `base` whose message has all of these lines. */
  commitSince(base: string | undefined, lines: readonly string[]): Promise<string | undefined>
}

/** The directory of a workspace: its repository, or the plain folder where there is none. */
export async function openWorkDirectory(root: string): Promise<{ directory: WorkDirectory; repository: Repository | undefined }> {
  const repository = await Repository.open(root)
  if (repository === undefined) return { directory: new PlainFolder(root), repository }
  const directory: WorkDirectory = {
    path: root,
    base: () => repository.head(),
    files: () => repository.files(),
    changed: (base, paths) => repository.changed(base, paths),
    diff: (base, paths) => repository.diff(base, paths),
    restore: (base, paths) => repository.restore(base, paths),
    commit: (paths, message) => repository.commit(paths, message),
    keep: (ref, base, paths, message) => repository.keep(ref, base, paths, message),
    commitSince: (base, lines) => repository.commitSince(base, lines),
  }
  return { directory, repository }
}

/** A folder without git: what an agent says it wrote is what changed, nothing can be put back, nothing is committed. */
class PlainFolder implements WorkDirectory {
  constructor(readonly path: string) {}
  base(): Promise<undefined> { return Promise.resolve(undefined) }
  async files(): Promise<string[]> {
    const found: string[] = []
    const walk = async (folder: string): Promise<void> => {
      for (const entry of await fs.readdir(path.join(this.path, folder), { withFileTypes: true })) {
        const name = folder === '' ? entry.name : `${folder}/${entry.name}`
        if (entry.isDirectory() && !['node_modules', '.devteam', '.git'].includes(entry.name)) await walk(name)
        else if (entry.isFile()) found.push(name)
      }
    }
    await walk('')
    return found.sort()
  }
  changed(_base: string | undefined, paths: readonly string[]): Promise<string[]> { return Promise.resolve([...paths].sort()) }
  async diff(_base: string | undefined, paths: readonly string[]): Promise<string> {
    const texts = await Promise.all(paths.map(async (file) => `+++ ${file}\n${await fs.readFile(path.join(this.path, file), 'utf8').catch(() => '(deleted)')}`))
    return texts.join('\n')
  }
  restore(): Promise<void> { return Promise.resolve() }
  commit(): Promise<undefined> { return Promise.resolve(undefined) }
  keep(): Promise<undefined> { return Promise.resolve(undefined) }
  commitSince(): Promise<undefined> { return Promise.resolve(undefined) }
}
