import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../plan/errors.ts'
import { takeGitLock } from './git-lock.ts'

interface GitResult { readonly code: number; readonly out: string; readonly err: string }

/** Never run what a repository configures (hooks, a file watcher, a pager), never ask a person. */
const safe = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', '-c', 'commit.gpgSign=false', '--no-pager']

/** Our environment without what would point git at another repository, as inside somebody's hook. */
const outsideRepository = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|PREFIX|COMMON_DIR|NAMESPACE)$/.test(key)))

function git(directory: string, args: readonly string[], options: { env?: Record<string, string>; input?: string; encoding?: 'utf8' | 'latin1' } = {}): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = execFile('git', [...safe, ...args], {
      cwd: directory, maxBuffer: 256 * 1024 * 1024, windowsHide: true, encoding: options.encoding ?? 'utf8',
      env: { ...outsideRepository, GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true', LC_ALL: 'C', ...options.env },
    }, (error, out, err) => {
      if (error === null) resolve({ code: 0, out, err })
      else if (typeof error.code === 'number') resolve({ code: error.code, out, err })
      else if ((error as NodeJS.ErrnoException).code === 'ENOENT') reject(existsSync(directory) ? new UserError('usage', 'git was not found. Install git and make sure that it is on the PATH.', { cause: error }) : new UserError('input', `The folder ${directory} is gone.`, { cause: error }))
      else reject(new Error(`git ${args[0] ?? ''} was ended in ${directory}: ${error.message}`, { cause: error }))
    })
    child.stdin?.on('error', () => { /* git ended without reading it all: its exit code tells */ })
    child.stdin?.end(options.input)
  })
}

/** A git repository whose work tree several tracks share. The host alone commits, and only the paths of the task at hand. */
export class Repository {
  private constructor(readonly root: string, private readonly gitFolder: string) {}

  /** The repository whose top folder is `root`, or undefined where `root` is in none. */
  static async open(root: string): Promise<Repository | undefined> {
    const found = await git(root, ['rev-parse', '--show-toplevel', '--absolute-git-dir', '--is-bare-repository'])
    if (found.code !== 0) return undefined
    const [top = '', folder = ''] = found.out.trim().split('\n')
    const [realTop, realRoot] = await Promise.all([fs.realpath(top), fs.realpath(root)])
    if (realTop !== realRoot) throw new UserError('input', `${root} lies inside the git repository ${realTop}. Run devteam in ${realTop}, or run \`git init\` in ${root} to make it a repository of its own.`)
    return new Repository(root, folder)
  }

  /** Makes `root` a repository with one commit of everything in it. */
  static async create(root: string, message: string): Promise<Repository> {
    for (const args of [['init', '--quiet', '-b', 'main'], ['add', '-A']]) await must(root, args)
    await must(root, [...await identity(root), 'commit', '--quiet', '--no-verify', '-m', message])
    const made = await Repository.open(root)
    if (made === undefined) throw new Error(`git init made no repository in ${root}`)
    return made
  }

  /** The commit of HEAD; undefined in a repository without commits. */
  async head(): Promise<string | undefined> {
    const found = await git(this.root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])
    return found.code === 0 ? found.out.trim() : undefined
  }

  /** Every file that git knows of or would add, with `/`. */
  async files(): Promise<string[]> {
    return split((await must(this.root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])).out)
  }

  /** Those of `paths` whose content differs from the commit `base` (all that exist, where there is no base). */
  async changed(base: string | undefined, paths: readonly string[]): Promise<string[]> {
    if (paths.length === 0) return []
    const ignored = new Set(split((await git(this.root, ['check-ignore', '-z', '--stdin'], { input: paths.join('\0') })).out))
    const mine = paths.filter((file) => !ignored.has(file))
    const differs = await Promise.all(mine.map(async (file) => {
      const now = await fs.readFile(path.join(this.root, file)).catch(() => undefined)
      const before = base === undefined ? undefined : await this.content(base, file)
      return now === undefined || before === undefined ? now !== before : !now.equals(before)
    }))
    return mine.filter((_, i) => differs[i] === true).sort()
  }

  private async content(commit: string, file: string): Promise<Buffer | undefined> {
    // latin1 keeps every byte as it is.
    const found = await git(this.root, ['cat-file', 'blob', `${commit}:${file}`], { encoding: 'latin1' })
    return found.code === 0 ? Buffer.from(found.out, 'latin1') : undefined
  }

  /** The change of `paths` since `base` as a unified diff, new files included. */
  async diff(base: string | undefined, paths: readonly string[]): Promise<string> {
    if (paths.length === 0) return ''
    return this.withIndex(async (env) => {
      await must(this.root, base === undefined ? ['read-tree', '--empty'] : ['read-tree', base], env)
      await must(this.root, ['add', '-A', '--', ...paths], env)
      const tree = base ?? (await must(this.root, ['hash-object', '-t', 'tree', '--stdin'])).out.trim()
      return (await must(this.root, ['diff', '--cached', '--no-color', '--no-ext-diff', tree, '--', ...paths], env)).out
    })
  }

  /** Puts `paths` back to what `base` has: a file that was not there is deleted. */
  async restore(base: string | undefined, paths: readonly string[]): Promise<void> {
    for (const file of paths) {
      const before = base === undefined ? undefined : await this.content(base, file)
      const full = path.join(this.root, file)
      if (before === undefined) await fs.rm(full, { force: true })
      else {
        await fs.mkdir(path.dirname(full), { recursive: true })
        await fs.writeFile(full, before)
      }
    }
  }

  /** Undoes what is not committed of `paths`, in the work tree and in the index (a crash between commit and index leaves an old one). */
  async putBack(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return
    const head = await this.head()
    await this.restore(head, await this.changed(head, paths))
    await this.refreshIndex(paths)
  }

  /**
   * Commits `paths` as they are now on top of HEAD and gives the commit. Works through an index of its own and a compare-and-swap of the
   * branch, so that several processes can commit at once and nothing that a person has staged is committed. Hooks don't run.
   */
  async commit(paths: readonly string[], message: string): Promise<string> {
    const made = await this.withIndex(async (env) => {
      for (let attempt = 0; attempt < 50; attempt += 1) {
        const head = await this.head()
        const commit = await this.commitOn(head, paths, message, env)
        const moved = await git(this.root, ['update-ref', '-m', `commit: ${message.split('\n')[0] ?? ''}`, 'HEAD', commit, head ?? '0'.repeat(40)])
        if (moved.code === 0) return commit
        if (!/but expected|cannot lock ref|unable to create/i.test(moved.err)) throw new UserError('failed', `git can't move the branch in ${this.root}: ${moved.err.trim()}`)
        await sleep(10 + Math.random() * 40)
      }
      throw new UserError('failed', `The branch in ${this.root} is locked or moves all the time. If no git runs there, delete the .lock files below ${this.gitFolder}/refs and run the command again.`)
    })
    await this.refreshIndex(paths)
    return made
  }

  /** Keeps `paths` as they are now under `ref`, on top of `base`, without touching any branch: a failed attempt stays reachable. */
  async keep(ref: string, base: string | undefined, paths: readonly string[], message: string): Promise<string> {
    const commit = await this.withIndex((env) => this.commitOn(base, paths, message, env))
    await must(this.root, ['update-ref', ref, commit])
    return commit
  }

  private async commitOn(parent: string | undefined, paths: readonly string[], message: string, env: { env: Record<string, string> }): Promise<string> {
    await must(this.root, parent === undefined ? ['read-tree', '--empty'] : ['read-tree', parent], env)
    await must(this.root, ['add', '-A', '--', ...paths], env)
    const tree = (await must(this.root, ['write-tree'], env)).out.trim()
    return (await must(this.root, [...await identity(this.root), 'commit-tree', tree, ...(parent === undefined ? [] : ['-p', parent]), '-m', message], env)).out.trim()
  }

  /**
   * Brings a person's own index up to date for `paths`, which were committed past it. The lock is git's, but made here with our name in it: a git
   * that is killed leaves one of which nobody knows whose it was. Gives up while somebody else keeps it (a commit message in an editor).
   */
  private async refreshIndex(paths: readonly string[]): Promise<void> {
    const index = path.join(this.gitFolder, 'index')
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const release = await takeGitLock(`${index}.lock`)
      if (release !== undefined) {
        try {
          await this.withIndex(async (options) => {
            if (existsSync(index)) await fs.copyFile(index, options.env.GIT_INDEX_FILE)
            if ((await git(this.root, ['reset', '--quiet', '--', ...paths], options)).code === 0) await fs.rename(options.env.GIT_INDEX_FILE, index)
          })
        } finally {
          await release()
        }
        return
      }
      await sleep(10 + Math.random() * 40)
    }
  }

  /** The newest commit after `base` whose message has all of these lines, reachable from HEAD. */
  async commitSince(base: string | undefined, lines: readonly string[]): Promise<string | undefined> {
    const found = await git(this.root, ['log', '-1', '--format=%H', '--fixed-strings', '--all-match', ...lines.map((line) => `--grep=${line}`), base === undefined ? 'HEAD' : `${base}..HEAD`])
    const commit = found.out.trim()
    return found.code === 0 && commit !== '' ? commit : undefined
  }

  private async withIndex<T>(work: (options: { env: { GIT_INDEX_FILE: string } }) => Promise<T>): Promise<T> {
    const index = path.join(this.gitFolder, `devteam-index-${process.pid}-${randomUUID()}`)
    try {
      return await work({ env: { GIT_INDEX_FILE: index } })
    } finally {
      await fs.rm(index, { force: true })
      await fs.rm(`${index}.lock`, { force: true })
    }
  }
}

const split = (text: string): string[] => text.split('\0').filter((part) => part !== '')

async function must(directory: string, args: readonly string[], options: { env?: Record<string, string>; input?: string } = {}): Promise<GitResult> {
  const result = await git(directory, args, options)
  if (result.code !== 0) throw new UserError('failed', `git ${args.filter((arg) => !arg.startsWith('-')).slice(0, 2).join(' ')} failed in ${directory}: ${result.err.trim() || `exit ${result.code}`}`)
  return result
}

/** The user's own identity, or ours where none is configured. */
async function identity(root: string): Promise<string[]> {
  const known = await Promise.all(['user.name', 'user.email'].map(async (key) => (await git(root, ['config', key])).out.trim() !== '' || process.env.GIT_AUTHOR_EMAIL !== undefined))
  return known.every(Boolean) ? [] : ['-c', 'user.name=DevTeam', '-c', 'user.email=devteam@localhost']
}
