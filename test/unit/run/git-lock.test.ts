import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { takeGitLock } from '../../../src/run/git-lock.ts'
import { identifySelf, markOf } from '../../../src/state/process.ts'
import { git, temporaryFolder } from '../../support/folders.ts'

describe('a lock of git', () => {
  it('keeps git out while it is held, and is gone after', async () => {
    const folder = temporaryFolder('lock')
    git(folder, 'init', '-q')
    fs.writeFileSync(path.join(folder, 'a.txt'), 'a')
    const release = await takeGitLock(path.join(folder, '.git/index.lock'))
    assert.ok(release)
    assert.throws(() => git(folder, 'add', 'a.txt'), /index\.lock/)
    assert.equal(await takeGitLock(path.join(folder, '.git/index.lock')), undefined)
    await release()
    git(folder, 'add', 'a.txt')
  })

  it('that a killed process of ours left is removed; one of a living process or of git itself never', async () => {
    const file = path.join(temporaryFolder('lock'), 'index.lock')
    const self = identifySelf()
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'close')
    for (const [text, stays] of [[`DevTeam ${child.pid ?? 0} ${markOf(self)} ${self.host}\n`, false], [`DevTeam ${self.pid} ${markOf(self)} ${self.host}\n`, true], [`DevTeam 7 ${markOf(self)} another-host\n`, true], ['', true]] as const) {
      fs.writeFileSync(file, text)
      assert.equal(await takeGitLock(file), undefined)
      assert.equal(fs.existsSync(file), stays, JSON.stringify(text))
    }
  })
})
