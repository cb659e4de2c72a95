import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { FileAccess, FileAccessError } from '../../../src/agents/file-access.ts'
import { Workspace } from './support/workspace.ts'

describe('file access', () => {
  let workspace: Workspace
  let outside: Workspace
  let access: FileAccess
  beforeEach(async () => {
    workspace = new Workspace({ 'src/a.txt': 'one\ntwo\n' })
    outside = new Workspace({ 'secret.txt': 'secret' })
    access = await FileAccess.open(workspace.root)
  })
  afterEach(() => { workspace.remove(); outside.remove() })

  const refused = async (work: Promise<unknown>, message: RegExp): Promise<void> => { await assert.rejects(work, (error) => error instanceof FileAccessError && message.test(error.message)) }
  const link = (target: string, name: string): void => fs.symlinkSync(target, workspace.path(name))

  it('reads and writes inside, by relative and absolute paths, and makes folders', async () => {
    assert.equal(await access.read('src/../src/a.txt'), 'one\ntwo\n')
    assert.equal((await access.write(workspace.path('new/deep/b.txt'), 'b')).relative, 'new/deep/b.txt')
    assert.equal(workspace.read('new/deep/b.txt'), 'b')
  })

  it('leaves no temporary file, and keeps the mode of a file', async () => {
    workspace.write('run.sh', 'old')
    fs.chmodSync(workspace.path('run.sh'), 0o755)
    await access.write('run.sh', 'new')
    assert.equal(fs.statSync(workspace.path('run.sh')).mode & 0o777, 0o755)
    assert.deepEqual(fs.readdirSync(workspace.root).sort(), ['run.sh', 'src'])
  })

  it('asks before every write, naming the file and the temporary one, and writes nothing where that is refused', async () => {
    const asked: [string, string][] = []
    const asking = await FileAccess.open(workspace.root, async (file, temporary) => {
      asked.push([file, temporary])
      assert.ok(!workspace.has(temporary))
      await Promise.resolve()
      if (file === 'deep/no.txt') throw new Error('lost')
    })
    await asking.write('./src/../src/a.txt', 'x')
    await asking.edit('src/a.txt', 'x', 'y')
    await assert.rejects(asking.write('deep/no.txt', 'x'), /^Error: lost$/)
    await refused(asking.write('.git/config', 'x'), /read-only/)
    assert.deepEqual(asked.map(([file]) => file), ['src/a.txt', 'src/a.txt', 'deep/no.txt'])
    assert.equal(asked[0]?.[1], asked[1]?.[1])
    assert.match(asked[0]?.[1] ?? '', /^src\/\.[0-9a-f-]+\.tmp$/)
    assert.ok(!workspace.has('deep'))
  })

  for (const attack of ['../x', '..', 'src/../../x', '/etc/passwd', 'src/../..//x', './../x']) {
    it(`refuses ${attack}`, async () => {
      await refused(access.read(attack), /outside/)
      await refused(access.write(attack, 'x'), /outside/)
    })
  }

  it('refuses NUL', async () => { await refused(access.read('src/a.txt\0.png'), /NUL/) })

  it('refuses links that lead outside, whatever their kind', async () => {
    link(outside.root, 'folder')
    link(outside.path('secret.txt'), 'file')
    link(outside.path('not-yet.txt'), 'dangling')
    link(path.relative(workspace.root, outside.path('not-yet.txt')), 'dangling-relative')
    link(outside.path('no/such/folder'), 'dangling-folder')
    link('file', 'second')
    link('src/../../..', 'up')
    for (const name of ['folder/secret.txt', 'file', 'dangling', 'dangling-relative', 'dangling-folder/x', 'second', 'up/x', 'folder/new/deep.txt']) {
      await refused(access.read(name), /outside/)
      await refused(access.write(name, 'x'), /outside/)
    }
    assert.deepEqual(fs.readdirSync(outside.root), ['secret.txt'])
    assert.equal(outside.read('secret.txt'), 'secret')
  })

  it('follows links that stay inside, and writes to what they lead to', async () => {
    link('src', 'alias')
    await access.write('alias/a.txt', 'changed')
    assert.equal(workspace.read('src/a.txt'), 'changed')
    assert.ok(fs.lstatSync(workspace.path('alias')).isSymbolicLink())
  })

  it('ends a circle of links', async () => {
    link('b', 'a')
    link('a', 'b')
    await refused(access.read('a/x'), /too many links/)
  })

  it('compares folders by name, not by prefix', async () => {
    fs.mkdirSync(`${workspace.root}-twin`)
    try { await refused(access.write(`../${path.basename(workspace.root)}-twin/x`, 'x'), /outside/) } finally { fs.rmSync(`${workspace.root}-twin`, { recursive: true }) }
    assert.equal((await access.write('..hidden/x', 'x')).relative, '..hidden/x')
  })

  const readOnly = ['.git/config', '.git', 'sub/.git/hooks/pre-commit', '.GIT/config', 'git~1/config', '.git /x', '.vscode/tasks.json', '.devteam/config.json', 'sub/.devteam/x', '.env', '.env.local', 'app/.ENV', 'id_rsa', '.ssh/config', 'certs/server.pem', 'server.key', '.npmrc', 'AGENTS.md', 'CLAUDE.md', 'sub/claude.md', '.claude/agents/x.md', '.cursor/rules', '.cursorrules', '.github/copilot-instructions.md', '.mcp.json']
  for (const name of readOnly) it(`never writes ${name}`, async () => { await refused(access.write(name, 'x'), /read-only/) })

  it('never writes a read-only file through a link, or makes one by a link of that name', async () => {
    fs.mkdirSync(workspace.path('.git'))
    workspace.write('.git/config', 'config')
    link('.git', 'innocent')
    link('src', '.vscode')
    await refused(access.write('innocent/config', 'x'), /read-only/)
    await refused(access.edit('innocent/config', 'config', 'x'), /read-only/)
    await refused(access.write('.vscode/a.txt', 'x'), /read-only/)
    assert.equal(workspace.read('.git/config'), 'config')
  })

  it('writes files whose names only look alike', async () => {
    for (const name of ['.gitignore', '.github/workflows/ci.yaml', 'environment.env', 'docs/agents/notes.md', 'keyboard.ts', '.editorconfig']) await access.write(name, 'x')
  })

  it('hides secrets in what it reads', async () => {
    workspace.write('.env', 'DB_PASSWORD=hunter2\n')
    workspace.write('src/k.txt', ['-----BEGIN PRIVATE', 'KEY-----\nabc\n-----END PRIVATE', 'KEY-----\n'].join(' '))
    assert.equal(await access.read('.env'), 'DB_PASSWORD=[redacted]\n')
    assert.ok(!(await access.read('src/k.txt')).includes('abc'))
  })

  it('says what is no text file, and does not hang on a pipe', async () => {
    workspace.write('bin', 'a\0b')
    workspace.write('large', 'x'.repeat(1_000_001))
    execFileSync('mkfifo', [workspace.path('pipe')])
    await refused(access.read('bin'), /binary/)
    await refused(access.read('large'), /1000001 bytes/)
    await refused(access.read('pipe'), /no regular file/)
    await refused(access.write('pipe', 'x'), /no regular file/)
    await refused(access.read('src'), /a folder/)
    await refused(access.read('none'), /no such file/)
    await refused(access.write('src', 'x'), /no regular file/)
    await refused(access.write('src/a.txt/b', 'x'), /can't be made/)
  })

  it('edits text that occurs once, and only then', async () => {
    assert.equal((await access.edit('src/a.txt', 'two', 'zwei $& $1')).line, 2)
    assert.equal(workspace.read('src/a.txt'), 'one\nzwei $& $1\n')
    workspace.write('src/a.txt', 'aaa')
    await refused(access.edit('src/a.txt', 'aa', 'b'), /more than once/)
    await refused(access.edit('src/a.txt', 'c', 'b'), /does not occur/)
    assert.equal(workspace.read('src/a.txt'), 'aaa')
  })

  it('never lets any path out', async () => {
    link(outside.root, 'out')
    const part = fc.constantFrom('..', '.', 'src', 'out', 'a.txt', '', 'x y', '~', '...', '.. ')
    await fc.assert(fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 8 }), fc.boolean(), async (parts, absolute) => {
      const place = await access.place((absolute ? '/' : '') + parts.join('/')).catch((error: unknown) => { if (error instanceof FileAccessError) return undefined; throw error })
      assert.ok(place === undefined || place.full === workspace.root || place.full.startsWith(workspace.root + path.sep))
    }), { numRuns: 200 })
  })
})
