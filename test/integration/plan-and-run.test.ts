import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import * as vscode from 'vscode'
import type { DevTeamApi } from '../../src/vscode/extension.ts'
import type { PlanNode } from '../../src/vscode/views/plan-tree.ts'
import { counts, exists, extension, terminal, until, workspace } from './support.ts'

const criticalPath = ['TASK-001', 'TASK-004', 'TASK-008', 'TASK-012', 'TASK-016']

const labelOf = (item: vscode.TreeItem): string => (typeof item.label === 'string' ? item.label : item.label?.label ?? '')

describe('the extension in VS Code', () => {
  let api: DevTeamApi

  const rows = async (node?: PlanNode): Promise<PlanNode[]> => await api.tree.getChildren(node) ?? []
  const items = async (kind: PlanNode['kind']): Promise<vscode.TreeItem[]> => {
    const tracks = await rows()
    const sprints = (await Promise.all(tracks.map(rows))).flat()
    const nodes = kind === 'track' ? tracks : kind === 'sprint' ? sprints : (await Promise.all(sprints.map(rows))).flat()
    return Promise.all(nodes.map(async (node) => api.tree.getTreeItem(node)))
  }
  const labels = async (kind: PlanNode['kind']): Promise<string[]> => (await items(kind)).map(labelOf)
  const spoken = async (): Promise<string[]> => (await items('task')).map((item) => item.accessibilityInformation?.label ?? '')
  /** Presses Enter in whatever asks until the work is done. */
  const accepting = async (work: Thenable<unknown>): Promise<void> => {
    let done = false
    const ended = Promise.resolve(work).finally(() => { done = true })
    await until('the command ends', async () => {
      if (!done) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem')
      return done
    })
    await ended
  }

  const simulation = (more: Readonly<Record<string, unknown>>): void => {
    const file = path.join(workspace(), '.devteam/config.json')
    const config = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>
    fs.writeFileSync(file, JSON.stringify({ ...config, gates: [], simulation: { seed: 1, failureRate: 0, millisecondsPerHour: 0, ...more } }))
  }

  it('is not active before something asks for it', () => { assert.equal(extension().isActive, false) })

  it('contributes its commands, in the category DevTeam', () => {
    const { contributes } = extension().packageJSON as { contributes: { commands: { command: string; title: string; category: string }[] } }
    for (const { command, category } of contributes.commands) assert.equal(category, 'DevTeam', command)
    for (const title of ['Plan Tracks...', 'Replan...', 'Import Plan...', 'Export Plan...', 'Run All Tracks', 'Run Track...', 'Open Sample Project', 'Show Graph', 'Stop Run', 'Refresh', 'Open Task File', 'Set API Key']) {
      assert.ok(contributes.commands.some((command) => command.title === title), title)
    }
  })

  it('starts without the core: that is loaded by the first view', async () => {
    api = await extension().activate() as DevTeamApi
    const loaded = (): boolean => Object.keys(require.cache).some((file) => file.endsWith(path.join('dist', 'core.cjs')))
    assert.deepEqual([api.state().kind, loaded()], ['loading', false])
    assert.deepEqual(await rows(), [])
    assert.deepEqual([api.state().kind, loaded()], ['empty', true])
  })

  it('registers every command that it contributes', async () => {
    const { contributes } = extension().packageJSON as { contributes: { commands: { command: string }[] } }
    const registered = (await vscode.commands.getCommands(true)).filter((command) => command.startsWith('devteam.') && !/^devteam\.(plan|activity)\./.test(command))
    assert.deepEqual(contributes.commands.map(({ command }) => command).filter((command) => !registered.includes(command)), [])
  })

  it('puts the sample project into an empty folder, as a repository', async () => {
    await vscode.commands.executeCommand('devteam.openSample')
    assert.ok(exists('docs/planning/tasks/TASK-018.json') && exists('.devteam/config.json') && exists('.git'))
    assert.equal(api.state().kind, 'empty', 'it is not planned yet')
    simulation({})
  })

  it('plans on the recommended number of tracks: tree, sprint files and database', async () => {
    await accepting(vscode.commands.executeCommand('devteam.planTracks'))
    assert.deepEqual(await labels('track'), ['01 Backend API', '02 Frontend', '03 Infrastructure'])
    assert.deepEqual(await labels('sprint'), ['SPRINT-001-01 Foundation', 'SPRINT-002-01 Advanced Features', 'SPRINT-001-02 Foundation', 'SPRINT-002-02 Advanced Features', 'SPRINT-001-03 Foundation', 'SPRINT-002-03 Production Ready'])
    assert.equal(counts().pending, 18)
    assert.ok(exists('docs/sprints/SPRINT-001-01.json') && exists('.devteam/devteam.db'))
  })

  it('replans, and changes nothing where nothing has changed', async () => {
    const file = path.join(workspace(), '.devteam/devteam.db')
    const before = fs.readFileSync(file)
    await accepting(vscode.commands.executeCommand('devteam.replan'))
    assert.deepEqual(fs.readFileSync(file), before)
  })

  it('says of each task: id, status, hours, what is critical, what it waits for', async () => {
    const tasks = await items('task')
    assert.equal(tasks.length, 18)
    for (const task of tasks) {
      assert.match(labelOf(task), /^TASK-\d{3} \S/)
      assert.match(String(task.description), /^\d+ h/)
      assert.match(task.accessibilityInformation?.label ?? '', /^TASK-\d{3} .+, pending, \d+ hours/)
    }
    assert.deepEqual(tasks.filter((task) => /\bcritical\b/.test(String(task.description))).map((task) => task.id).sort(), criticalPath)
    assert.equal(tasks.find((task) => task.id === 'TASK-004')?.description, '8 h · critical · waits for TASK-001')
  })

  it('finds a row’s parents, so that it can be revealed', async () => {
    const [track] = await rows()
    const [sprint] = await rows(track)
    assert.ok(track !== undefined && sprint !== undefined)
    const [task] = await rows(sprint)
    assert.ok(task !== undefined && api.tree.getParent !== undefined)
    assert.deepEqual(await api.tree.getParent(task), sprint)
    assert.deepEqual(await api.tree.getParent(sprint), track)
    assert.equal(await api.tree.getParent(track), undefined)
    await vscode.commands.executeCommand('devteam.revealTask', 'TASK-008')
    assert.equal(api.selected(), 'TASK-008')
  })

  it('opens the file of a task', async () => {
    await vscode.commands.executeCommand('devteam.openTaskFile', 'TASK-009')
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, path.join(workspace(), 'docs/planning/tasks/TASK-009.json'))
  })

  it('follows what a terminal does', async () => {
    terminal('implement', '--task', 'TASK-002')
    await until('TASK-002 is completed in the tree', async () => (await spoken()).some((name) => /^TASK-002 .+, completed/.test(name)), 2000)
    terminal('reset', '--task', 'TASK-002')
    await until('TASK-002 is pending again in the tree', async () => (await spoken()).some((name) => /^TASK-002 .+, pending/.test(name)), 2000)
  })

  it('runs a track to its end, and the others see it', async () => {
    await vscode.commands.executeCommand('devteam.runTrack', (await rows()).find((node) => node.kind === 'track' && node.track.id === '03'))
    assert.equal(counts().completed, 5)
    assert.equal((await spoken()).filter((name) => /, completed/.test(name)).length, 5)
  })

  it('sees a task file that is edited', async () => {
    const file = path.join(workspace(), 'docs/planning/tasks/TASK-016.json')
    const task = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>
    fs.writeFileSync(file, JSON.stringify({ ...task, acceptance_criteria: ['A new criterion'] }))
    await until('the new criterion', () => { const state = api.state(); return state.kind === 'planned' && state.plan.tasks.some((each) => each.criteria.some(({ text }) => text === 'A new criterion')) })
    fs.writeFileSync(file, '{')
    const broken = await until('what is wrong', () => { const state = api.state(); return state.kind === 'planned' && state.problem })
    assert.match(broken, /TASK-016\.json/)
    assert.equal((await items('task')).length, 18, 'the tree is still there')
    fs.writeFileSync(file, JSON.stringify(task))
    await until('all is well', () => { const state = api.state(); return state.kind === 'planned' && state.problem === undefined })
  })

  it('stops a run at once, and nothing is left running', async () => {
    simulation({ millisecondsPerHour: 60_000 })
    const run = vscode.commands.executeCommand('devteam.runAll')
    await until('two tasks run', () => counts().in_progress === 2)
    await vscode.commands.executeCommand('devteam.stopRun')
    await run
    assert.deepEqual([counts().in_progress, counts().failed, counts().completed], [0, 0, 5])
  })

  it('goes on where it was stopped, to the end', async () => {
    simulation({})
    await vscode.commands.executeCommand('devteam.runAll')
    assert.equal(counts().completed, 18)
    await until('the tree has it', () => { const state = api.state(); return state.kind === 'planned' && state.snapshot.projectCompleted })
    assert.ok((await spoken()).every((name) => /, completed, /.test(name)))
    assert.ok(exists('docs/project-completion-report.md'))
  })

  it('shows the graph once', async () => {
    await vscode.commands.executeCommand('devteam.showGraph')
    await vscode.commands.executeCommand('devteam.showGraph')
    const graphs = (): vscode.Tab[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.label === 'DevTeam Graph')
    await until('the graph is the active tab', () => graphs().some((tab) => tab.isActive))
    assert.equal(graphs().length, 1)
  })

  it('says what is wrong with a damaged database, and comes back when it is mended', async () => {
    const file = path.join(workspace(), '.devteam/devteam.db')
    const whole = fs.readFileSync(file)
    fs.writeFileSync(file, 'not a database')
    const state = await until('an error', () => { const now = api.state(); return now.kind === 'error' && now }, 5000)
    assert.match(state.message, /devteam\.db/)
    assert.deepEqual(await rows(), [])
    fs.writeFileSync(file, whole)
    await until('the plan is back', () => api.state().kind === 'planned', 5000)
    assert.equal((await items('task')).length, 18)
  })

  it('imports a plan of another tool, completed tasks included', async () => {
    terminal('reset', '--all')
    fs.rmSync(path.join(workspace(), 'docs/planning/tasks'), { recursive: true })
    const file = path.join(workspace(), 'tasks.md')
    fs.writeFileSync(file, '# Tasks\n- [x] T001 Model in backend/model.py\n- [ ] T002 Page in frontend/page.tsx\n')
    await vscode.commands.executeCommand('devteam.importPlan', vscode.Uri.file(file))
    const names = await until('the imported tasks', async () => { const found = await spoken(); return found.length === 2 && found.sort() })
    assert.match(names[0] ?? '', /^T001 Model in backend\/model\.py, completed/)
    assert.match(names[1] ?? '', /^T002 Page in frontend\/page\.tsx, pending/)
    assert.equal(counts().completed, 1)
  })
})
