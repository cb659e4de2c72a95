import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import type { BeforeWrite } from './executor.ts'
import { redact, redactEnvironment } from './redact.ts'

/** A file that an agent may not touch, or can't. The message is what the agent reads. */
export class FileAccessError extends Error {
  override readonly name = 'FileAccessError'
}

/** A place inside the directory. `full`: canonical, no link in it; `relative`: from the directory, with `/`. */
export interface Place { readonly full: string; readonly relative: string }

/** The largest file that is read, in bytes. */
const largestFile = 1_000_000
const mostLinks = 40

/**
 * The files of one directory, for an agent: nothing outside of it can be named, neither by `..`, nor by an absolute path, nor through a link
 * (dangling ones included: writing to one would make its target). Some files inside are read-only, so that an agent can't change the rules
 * that it works under.
 */
export class FileAccess {
  /** One name for each file, so that it can be told before the first write. */
  private readonly temporaries = new Map<string, string>()
  private constructor(readonly root: string, private readonly beforeWrite: BeforeWrite | undefined) {}

  /** `directory` must exist. `beforeWrite` is asked before every write; what it rejects with comes out of `write` as it is. */
  static async open(directory: string, beforeWrite?: BeforeWrite): Promise<FileAccess> { return new FileAccess(await fs.realpath(directory), beforeWrite) }

  /** Where a path leads. Throws FileAccessError where that is outside. */
  async place(requested: string): Promise<Place> {
    if (requested.includes('\0')) throw new FileAccessError('A path can\'t contain a NUL character.')
    const full = await canonical(path.resolve(this.root, requested), requested)
    const relative = path.relative(this.root, full)
    if (relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) throw new FileAccessError(`${requested} is outside of the working directory. Name a path inside of it, relative to it.`)
    return { full, relative: relative.split(path.sep).join('/') }
  }

  /** The text of a file, with keys taken out. Throws FileAccessError where it is missing, binary, too large or no file. */
  async read(requested: string): Promise<string> {
    const place = await this.place(requested)
    const text = await this.readRaw(place, requested)
    return redact(isEnvironmentFile(place.relative) ? redactEnvironment(text) : text)
  }

  /** Writes a file whole, making its folders. Another process sees the old text or the new one, never a part. */
  async write(requested: string, text: string): Promise<Place> {
    const place = await this.writable(requested)
    const temporary = this.temporaryOf(place)
    await this.beforeWrite?.(place.relative, temporary.relative)
    await fs.mkdir(path.dirname(place.full), { recursive: true }).catch((error: unknown) => { throw new FileAccessError(`The folder of ${requested} can't be made: ${reason(error)}.`) })
    const again = await this.place(requested) // a folder may have become a link since
    if (again.full !== place.full) throw new FileAccessError(`${requested} was moved while it was written. Try again.`)
    const before = await fs.lstat(place.full).catch(() => undefined)
    if (before !== undefined && !before.isFile()) throw new FileAccessError(`${requested} is no regular file.`)
    try {
      await fs.writeFile(temporary.full, text, { flag: 'wx', mode: before === undefined ? 0o666 : before.mode & 0o777 })
      await fs.rename(temporary.full, place.full)
    } catch (error) {
      await fs.rm(temporary.full, { force: true })
      throw new FileAccessError(`${requested} can't be written: ${reason(error)}.`)
    }
    return place
  }

  /** Puts `replacement` where `old` stands in a file; `old` must stand there exactly once. Gives the line (from 1) where the replacement begins. */
  async edit(requested: string, old: string, replacement: string): Promise<{ place: Place; line: number }> {
    const place = await this.writable(requested)
    const text = await this.readRaw(place, requested)
    const at = old === '' ? -1 : text.indexOf(old)
    if (at < 0) throw new FileAccessError(`The text to replace does not occur in ${place.relative}. Read the file, and give the text exactly as it stands there, without line numbers.`)
    if (text.includes(old, at + 1)) throw new FileAccessError(`The text to replace occurs more than once in ${place.relative}. Give more of the text around it.`)
    await this.write(requested, text.slice(0, at) + replacement + text.slice(at + old.length))
    return { place, line: text.slice(0, at).split('\n').length }
  }

  private async writable(requested: string): Promise<Place> {
    const place = await this.place(requested)
    const spoken = path.relative(this.root, path.resolve(this.root, requested)).split(path.sep).join('/')
    if (place.relative === '') throw new FileAccessError(`${requested} is the working directory, no file.`)
    for (const name of [place.relative, spoken]) {
      const why = readOnlyReason(name)
      if (why !== undefined) throw new FileAccessError(`${name} is read-only for agents (${why}). Leave it as it is.`)
    }
    return place
  }

  private temporaryOf(place: Place): Place {
    const name = this.temporaries.get(place.full) ?? `.${randomUUID()}.tmp`
    this.temporaries.set(place.full, name)
    return { full: path.join(path.dirname(place.full), name), relative: path.posix.join(path.posix.dirname(place.relative), name) }
  }

  private async readRaw(place: Place, requested: string): Promise<string> {
    // NOFOLLOW and NONBLOCK: a link put there since is not followed, and a pipe does not hang.
    const handle = await fs.open(place.full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: unknown) => { throw new FileAccessError(`${requested} can't be read: ${reason(error)}.`) })
    try {
      const stat = await handle.stat()
      if (!stat.isFile()) throw new FileAccessError(`${requested} is ${stat.isDirectory() ? 'a folder' : 'no regular file'}.`)
      if (stat.size > largestFile) throw new FileAccessError(`${requested} has ${stat.size} bytes; at most ${largestFile} are read. Search it instead.`)
      const bytes = await handle.readFile()
      if (bytes.includes(0)) throw new FileAccessError(`${requested} is a binary file.`)
      return bytes.toString('utf8')
    } finally { await handle.close() }
  }
}

/**
 * The canonical form of an absolute path: every component is looked at, each link is followed as the system would, and what is not there yet
 * stays as it is named. `fs.realpath` can't be used: it refuses a path whose end is missing, and so says nothing of a dangling link.
 */
async function canonical(absolute: string, requested: string): Promise<string> {
  const { root } = path.parse(absolute)
  let done = root
  let links = 0
  const todo = absolute.slice(root.length).split(path.sep).filter(Boolean).reverse()
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (name === '.') continue
    if (name === '..') { done = path.dirname(done); continue }
    const next = path.join(done, name)
    const stat = await fs.lstat(next).catch((error: unknown) => {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
      throw new FileAccessError(`${requested} can't be used: ${reason(error)}.`)
    })
    if (stat?.isSymbolicLink() !== true) { done = next; continue }
    if (++links > mostLinks) throw new FileAccessError(`${requested} goes through too many links.`)
    const target = await fs.readlink(next)
    const targetRoot = path.parse(target).root
    if (targetRoot !== '') done = targetRoot
    todo.push(...target.slice(targetRoot.length).split(path.sep === '\\' ? /[\\/]/ : '/').filter(Boolean).reverse())
  }
  return done
}

const isEnvironmentFile = (relative: string): boolean => /(?:^|\/)\.env[^/]*$/i.test(relative)

/** Files that decide what agents may do, hold keys, or run by themselves. Names are compared as macOS and Windows do: without case, `GIT~1` too. */
function readOnlyReason(relative: string): string | undefined {
  const parts = relative.toLowerCase().split('/').map((part) => part.replace(/[. ]+$/, '').replace(/:.*$/, ''))
  const last = parts.at(-1) ?? ''
  if (parts.some((part) => part === '.git' || /^git~\d+$/.test(part))) return 'git\'s own data'
  if (parts.includes('.vscode')) return 'editor settings'
  if (parts.some((part) => part === '.devteam' || /^devtea~\d+$/.test(part))) return 'DevTeam\'s own data'
  if (isEnvironmentFile(relative)) return 'environment with secrets'
  if (/\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg)$/.test(last) || /^id_(?:rsa|dsa|ecdsa|ed25519)(?:\.pub)?$/.test(last) || ['.npmrc', '.pypirc', '.netrc', '.git-credentials'].includes(last) || parts.includes('.ssh')) return 'keys'
  if (/^(?:agents|claude|claude\.local|gemini|copilot-instructions)\.md$/.test(last) || ['.cursorrules', '.windsurfrules', '.clinerules', '.mcp.json', '.rules'].includes(last)) return 'instructions for agents'
  if (parts.some((part) => ['.claude', '.cursor', '.codex', '.gemini', '.windsurf', '.agents'].includes(part)) || relative.toLowerCase().startsWith('.github/instructions/') || relative.toLowerCase().startsWith('.github/agents/')) return 'instructions for agents'
  return undefined
}

const reason = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code
  switch (code) {
    case 'ENOENT': return 'there is no such file'
    case 'EACCES': case 'EPERM': return 'permission denied'
    case 'ENOTDIR': return 'a part of the path is a file'
    case 'EISDIR': return 'it is a folder'
    case 'ELOOP': return 'it is a link'
    case 'ENOSPC': return 'the disk is full'
    default: return error instanceof Error ? error.message : String(error)
  }
}
