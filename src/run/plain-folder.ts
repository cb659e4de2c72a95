import { randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import type { WorkDirectory } from './work-directory.ts'

/**
 * A folder without git. What a file was before an agent wrote it first is copied to `.devteam/originals/<base>/before`; that there was
 * none, is marked under `.devteam/originals/<base>/absent`. So an attempt can be put back here too, but nothing is committed.
 */
export class PlainFolder implements WorkDirectory {
  constructor(readonly path: string) {}

  /** A name for what is there now; nothing is copied before it is written. */
  base(): Promise<string> { return Promise.resolve(`originals-${randomUUID()}`) }

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

  async remember(base: string | undefined, file: string): Promise<void> {
    if (base === undefined || await this.original(base, file) !== undefined) return
    const now = await contentOf(path.join(this.path, file))
    const copy = this.placeOf(base, now === undefined ? 'absent' : 'before', file)
    await fs.mkdir(path.dirname(copy), { recursive: true })
    // A copy that a crash cut short must not count as one.
    await fs.writeFile(`${copy}.new`, now ?? '', { flush: true })
    await fs.rename(`${copy}.new`, copy)
  }

  /** What is not remembered counts as changed: an agent says that it wrote it. */
  async changed(base: string | undefined, paths: readonly string[]): Promise<string[]> {
    const differs = await Promise.all(paths.map(async (file) => {
      const before = base === undefined ? undefined : await this.original(base, file)
      if (before === undefined) return true
      const now = await contentOf(path.join(this.path, file))
      return now === undefined || before === 'absent' ? now !== undefined || before !== 'absent' : !now.equals(before)
    }))
    return paths.filter((_, i) => differs[i] === true).sort()
  }

  async diff(_base: string | undefined, paths: readonly string[]): Promise<string> {
    const texts = await Promise.all(paths.map(async (file) => `+++ ${file}\n${(await contentOf(path.join(this.path, file)))?.toString('utf8') ?? '(deleted)'}`))
    return texts.join('\n')
  }

  async putBack(base: string | undefined, paths: readonly string[]): Promise<void> {
    if (base === undefined) return
    for (const file of paths) {
      const before = await this.original(base, file)
      if (before === 'absent') await fs.rm(path.join(this.path, file), { force: true })
      else if (before !== undefined) {
        await fs.mkdir(path.dirname(path.join(this.path, file)), { recursive: true })
        await fs.writeFile(path.join(this.path, file), before)
      }
    }
  }

  async forget(base: string | undefined): Promise<void> {
    if (base !== undefined) await fs.rm(path.join(this.path, '.devteam/originals', path.basename(base)), { recursive: true, force: true })
  }

  commit(): Promise<undefined> { return Promise.resolve(undefined) }
  keep(): Promise<undefined> { return Promise.resolve(undefined) }
  commitSince(): Promise<undefined> { return Promise.resolve(undefined) }

  private placeOf(base: string, kind: 'before' | 'absent', file: string): string { return path.join(this.path, '.devteam/originals', path.basename(base), kind, file) }

  /** undefined: it was never remembered. */
  private async original(base: string, file: string): Promise<Buffer | 'absent' | undefined> {
    return await contentOf(this.placeOf(base, 'before', file)) ?? (await contentOf(this.placeOf(base, 'absent', file)) === undefined ? undefined : 'absent')
  }
}

/** undefined: there is no such file. */
async function contentOf(file: string): Promise<Buffer | undefined> {
  try {
    return await fs.readFile(file)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
