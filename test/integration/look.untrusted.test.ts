import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import type { DevTeamApi } from '../../src/vscode/extension.ts'
import { counts, exists, extension, terminal, until } from './support.ts'

describe('the extension in a folder that nobody trusts', () => {
  let api: DevTeamApi
  before(async () => {
    terminal('init', '--sample')
    terminal('plan', '3')
    api = await extension().activate() as DevTeamApi
  })

  it('shows the plan', async () => {
    assert.equal(vscode.workspace.isTrusted, false)
    const tracks = await api.tree.getChildren()
    assert.equal(tracks?.length, 3)
    assert.equal(api.state().kind, 'planned')
  })

  it('follows it', async () => {
    terminal('implement', '--task', 'TASK-003')
    await until('TASK-003 is completed', () => { const state = api.state(); return state.kind === 'planned' && state.snapshot.tasks.some((task) => task.id === 'TASK-003' && task.status === 'completed') }, 2000)
  })

  it('plans nothing, runs nothing, writes nothing', async () => {
    // The commands are disabled; called by another extension all the same they refuse.
    for (const command of ['planTracks', 'runAll', 'runTask']) await vscode.commands.executeCommand(`devteam.${command}`, 'TASK-001')
    assert.deepEqual([counts().completed, counts().pending, counts().in_progress], [1, 17, 0])
    assert.equal(exists('.devteam/worktrees'), false)
  })
})
