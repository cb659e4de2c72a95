import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { Repository } from '../../../src/run/git.ts'
import { git, temporaryFolder, writeFiles } from '../../support/folders.ts'

async function repository(): Promise<{ root: string; repo: Repository }> {
  const root = temporaryFolder('git')
  writeFiles(root, { 'a.txt': 'one\n', '.gitignore': 'ignored/\n' })
  return { root, repo: await Repository.create(root, 'First') }
}

describe('git', () => {
  it('commits only the paths it is given and leaves what a person has staged', async () => {
    const { root, repo } = await repository()
    writeFiles(root, { 'mine.txt': 'staged by a person\n', 'task/new.txt': 'by a task\n', 'a.txt': 'two\n' })
    git(root, 'add', 'mine.txt')
    const commit = await repo.commit(['task/new.txt'], 'TASK-1: new\n\nDevTeam-Task: TASK-1')
    assert.equal(git(root, 'show', '--name-only', '--format=', commit).trim(), 'task/new.txt')
    assert.equal(git(root, 'status', '--porcelain').trim(), 'M a.txt\nA  mine.txt')
    assert.equal(await repo.head(), commit)
    assert.equal(await repo.commitSince(`${commit}~1`, ['DevTeam-Task: TASK-1']), commit)
    assert.equal(await repo.commitSince(commit, ['DevTeam-Task: TASK-1']), undefined)
  })
  it('lets many commit at once without losing one', async () => {
    const { root, repo } = await repository()
    const names = Array.from({ length: 12 }, (_, i) => `file-${i}.txt`)
    writeFiles(root, Object.fromEntries(names.map((name) => [name, `${name}\n`])))
    await Promise.all(names.map((name) => repo.commit([name], name)))
    assert.equal(git(root, 'rev-list', '--count', 'HEAD').trim(), '13')
    assert.equal(git(root, 'status', '--porcelain').trim(), '')
    assert.deepEqual(fs.readdirSync(path.join(root, '.git')).filter((name) => name.includes('devteam-index')), [])
  })
  it('runs no hook of the repository', async () => {
    const { root, repo } = await repository()
    for (const hook of ['pre-commit', 'post-commit', 'reference-transaction']) fs.writeFileSync(path.join(root, '.git/hooks', hook), '#!/bin/sh\ntouch "$PWD/hooked"\nexit 1\n', { mode: 0o755 })
    writeFiles(root, { 'b.txt': 'b\n' })
    await repo.commit(['b.txt'], 'B')
    assert.equal(fs.existsSync(path.join(root, 'hooked')), false)
  })
  it('tells what has changed since a commit, deletions included, ignored files not', async () => {
    const { root, repo } = await repository()
    const base = await repo.head()
    fs.rmSync(path.join(root, 'a.txt'))
    writeFiles(root, { 'b/c.txt': 'new\n', 'ignored/x.txt': 'x\n' })
    assert.deepEqual(await repo.changed(base, ['a.txt', 'b/c.txt', 'ignored/x.txt', 'never.txt']), ['a.txt', 'b/c.txt'])
    const diff = await repo.diff(base, ['a.txt', 'b/c.txt'])
    assert.match(diff, /\+new/)
    assert.match(diff, /-one/)
    await repo.restore(base, ['a.txt', 'b/c.txt'])
    assert.equal(fs.readFileSync(path.join(root, 'a.txt'), 'utf8'), 'one\n')
    assert.equal(fs.existsSync(path.join(root, 'b/c.txt')), false)
  })
  it('works in a repository without commits, and keeps an attempt off every branch', async () => {
    const root = temporaryFolder('git')
    git(root, 'init', '-q', '-b', 'main')
    const repo = await Repository.open(root)
    assert.ok(repo)
    assert.equal(await repo.head(), undefined)
    writeFiles(root, { 'a.txt': 'a\n', 'attempt.txt': 'bad\n' })
    const commit = await repo.commit(['a.txt'], 'First')
    await repo.keep('refs/devteam/plan/TASK-1', commit, ['attempt.txt'], 'Given up')
    assert.equal(await repo.head(), commit)
    assert.equal(git(root, 'show', 'refs/devteam/plan/TASK-1:attempt.txt'), 'bad\n')
    assert.match(git(root, 'log', '-1', '--format=%an'), /./)
  })
  it('refuses a folder inside a repository and says where to go', async () => {
    const { root } = await repository()
    fs.mkdirSync(path.join(root, 'inner'))
    await assert.rejects(Repository.open(path.join(root, 'inner')), /lies inside the git repository/)
    assert.equal(await Repository.open(temporaryFolder('plain')), undefined)
  })
})
