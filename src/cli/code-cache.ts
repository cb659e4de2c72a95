import fs from 'node:fs'
import path from 'node:path'
import v8 from 'node:v8'
import vm from 'node:vm'

/** Caches that no run has written for so long are of versions that nobody uses any more. Milliseconds. */
const keptForMs = 30 * 24 * 3_600_000

interface Module { exports: unknown }
type Body = (exports: unknown, require: (id: string) => unknown, module: Module, file: string, folder: string) => void

/**
 * Runs the bundled modules of a program with what V8 compiled of them in an earlier run: half of the time before a short command begins its work is
 * compiling. Their names must change with their content. `folder`: where that is kept, by `use`, since each command compiles other functions;
 * undefined: nowhere. A cache that is missing, damaged, or of another V8 costs time, nothing else.
 */
export class CachedModules {
  readonly #modules = new Map<string, Module>()
  readonly #fresh: { readonly file: string; readonly script: vm.Script }[] = []
  readonly #engine = v8.cachedDataVersionTag()

  constructor(private readonly folder: string | undefined, private readonly use: string, private readonly builtin: (id: string) => unknown) {}

  /** The exports of the module in `file`, which is run once. */
  load(file: string): unknown {
    const known = this.#modules.get(file)
    if (known !== undefined) return known.exports
    const module: Module = { exports: {} }
    this.#modules.set(file, module)
    const folder = path.dirname(file)
    const run = this.#compile(file).runInThisContext() as Body
    run(module.exports, (id) => (id.startsWith('.') ? this.load(path.resolve(folder, id)) : this.builtin(id)), module, file, folder)
    return module.exports
  }

  /** Keeps what was compiled in this run, unless it could not be used: V8 takes a cache only under the flags that it was made with. */
  save(): void {
    const { folder } = this
    if (folder === undefined || this.#fresh.length === 0 || v8.cachedDataVersionTag() !== this.#engine) return
    try {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
      for (const name of fs.readdirSync(folder)) if (Date.now() - fs.statSync(path.join(folder, name)).mtimeMs > keptForMs) fs.rmSync(path.join(folder, name), { force: true })
      for (const { file, script } of this.#fresh) {
        const [cache, whole] = [this.#cacheOf(folder, file), script.createCachedData()]
        fs.writeFileSync(`${cache}.${process.pid}`, whole, { mode: 0o600 })
        fs.renameSync(`${cache}.${process.pid}`, cache)
      }
    } catch {
      // A disk that is full, or a home that can't be written: the next run compiles again.
    }
  }

  #compile(file: string): vm.Script {
    const code = `(function (exports, require, module, __filename, __dirname) { ${fs.readFileSync(file, 'utf8')}\n})`
    const cachedData = this.folder === undefined ? undefined : readOwn(this.#cacheOf(this.folder, file))
    const script = new vm.Script(code, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) })
    if (script.cachedDataRejected !== false) this.#fresh.push({ file, script })
    return script
  }

  #cacheOf(folder: string, file: string): string { return path.join(folder, `${this.use}-${path.basename(file)}`) }
}

/** Code that another user wrote is not run, wherever it lies. */
function readOwn(file: string): Buffer | undefined {
  let handle: number | undefined
  try {
    handle = fs.openSync(file, 'r')
    const { uid } = fs.fstatSync(handle)
    return process.getuid === undefined || uid === process.getuid() ? fs.readFileSync(handle) : undefined
  } catch {
    return undefined // there is none, or none for us
  } finally {
    if (handle !== undefined) fs.closeSync(handle)
  }
}

/** Where this user's caches are, below a folder for each version of Node; undefined: there shall be none, or the system does not say where. */
export function codeCacheFolder(env: NodeJS.ProcessEnv): string | undefined {
  if ((env['NODE_DISABLE_COMPILE_CACHE'] ?? '') !== '') return undefined
  const home = process.platform === 'win32' ? env['LOCALAPPDATA'] : env['HOME']
  const usual = home === undefined || process.platform === 'win32' ? home : path.join(home, process.platform === 'darwin' ? 'Library/Caches' : '.cache')
  const place = env['XDG_CACHE_HOME'] ?? usual
  return place === undefined || !path.isAbsolute(place) ? undefined : path.join(place, 'devteam', `${process.version}-${process.arch}`)
}
