import { Repository } from './git.ts'
import { PlainFolder } from './plain-folder.ts'
import type { WorkDirectory } from './work-directory.ts'

/** The directory of a workspace: its repository, or the plain folder where there is none. */
export async function openWorkDirectory(root: string): Promise<{ directory: WorkDirectory; repository: Repository | undefined }> {
  const repository = await Repository.open(root)
  if (repository === undefined) return { directory: new PlainFolder(root), repository }
  const directory: WorkDirectory = {
    path: root,
    base: () => repository.head(),
    files: () => repository.files(),
    remember: () => Promise.resolve(), // the commit has it
    changed: (base, paths) => repository.changed(base, paths),
    diff: (base, paths) => repository.diff(base, paths),
    putBack: (_base, paths) => repository.putBack(paths),
    forget: () => Promise.resolve(),
    commit: (paths, message) => paths.length === 0 ? repository.head() : repository.commit(paths, message),
    keep: (ref, base, paths, message) => repository.keep(ref, base, paths, message),
    commitSince: (base, lines) => repository.commitSince(base, lines),
  }
  return { directory, repository }
}
