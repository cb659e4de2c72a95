import * as vscode from 'vscode'
import { openTaskFile, taskOf, type TaskArgument } from './commands/look.ts'
import { ExportCommand } from './commands/export.ts'
import { ImportCommand } from './commands/import.ts'
import { PlanCommand } from './commands/plan.ts'
import { ReplanCommand } from './commands/replan.ts'
import { Runner } from './commands/run.ts'
import { SampleCommand } from './commands/sample.ts'
import { ExecutorChooser } from './executor-choice.ts'
import { GraphPanel } from './graph/graph-panel.ts'
import { Notices } from './notices.ts'
import { Pages } from './pages.ts'
import { Project, type ProjectState } from './project.ts'
import { Selection } from './selection.ts'
import { ActivityTree } from './views/activity-tree.ts'
import { CriticalMark } from './views/critical-mark.ts'
import { PlanTree, type PlanNode } from './views/plan-tree.ts'
import { StatusBar } from './views/status-bar.ts'
import { NotHere, workspaceRoot } from './workspace-root.ts'

/** For tests, and for extensions that look at the plan. */
export interface DevTeamApi {
  readonly state: () => ProjectState
  readonly tree: vscode.TreeDataProvider<PlanNode>
  /** The selected task's id, shared by tree and graph. */
  readonly selected: () => string | undefined
}

/** Builds the extension and hands its parts to each other. What is heavy (database, agents, planner) is in the core's bundle, which a view or a command loads. */
export function activate(context: vscode.ExtensionContext): DevTeamApi {
  const file = (...names: string[]): string => vscode.Uri.joinPath(context.extensionUri, ...names).fsPath
  const log = vscode.window.createOutputChannel('DevTeam Log', { log: true })
  const output = vscode.window.createOutputChannel('DevTeam')
  const notices = new Notices(log)
  const pages = new Pages()
  const root = workspaceRoot()
  const project = new Project(async () => {
    if (root === undefined) throw new NotHere('DevTeam works in a folder on this disk. Open one first: "File: Open Folder...".')
    const { Core } = await import('./core.ts')
    return Core.open(root, file('media'), file('dist', 'sql-wasm.wasm'))
  }, log)
  const selection = new Selection()
  const chooser = new ExecutorChooser(context.secrets)
  const plan = new PlanCommand(project, chooser, notices, output)
  const replan = new ReplanCommand(project, notices, pages)
  const exporter = new ExportCommand(project, notices)
  const importer = new ImportCommand(project, chooser, notices, output)
  const runner = new Runner(project, chooser, notices, output)
  const sample = new SampleCommand(file('media'), root === undefined ? undefined : project, notices)
  const graph = new GraphPanel(context.extensionUri, project, selection, notices)
  const tree = new PlanTree(project, selection)
  const withTask = (title: string, work: (task: string) => void | Promise<void>) => async (argument: TaskArgument): Promise<void> => {
    const task = await taskOf(argument, project, selection, title)
    if (task !== undefined) await work(task)
  }
  const commands: Readonly<Record<string, (argument: never) => void | Promise<void>>> = {
    planTracks: () => plan.run(),
    exportPlan: () => exporter.run(),
    importPlan: (source: vscode.Uri | undefined) => importer.run(source instanceof vscode.Uri ? source : undefined),
    replan: () => replan.run(),
    runAll: () => runner.runAll(),
    runTrack: (node: PlanNode | undefined) => runner.runTrack(node),
    runSprint: (node: PlanNode | undefined) => runner.runSprint(node),
    runTask: withTask('DevTeam: Run Task', (task) => runner.runTask(task)),
    stopRun: () => { runner.stop() },
    openSample: () => sample.run(),
    showGraph: () => graph.show(),
    showInGraph: withTask('DevTeam: Show in Graph', async (task) => {
      await graph.show()
      selection.set(task, 'tree')
    }),
    revealTask: withTask('DevTeam: Show in Plan', (task) => { selection.set(task, 'command') }),
    openTaskFile: withTask('DevTeam: Open Task File', openTaskFile),
    refresh: () => project.reload(),
    setApiKey: async () => { await chooser.setKey() },
    showForecast: async () => {
      const text = await (await project.core()).forecast()
      if (text === undefined) throw new NotHere('There is no plan yet to forecast. Make one first: "DevTeam: Plan Tracks...".')
      await pages.show('DevTeam Forecast', text)
    },
    showOutput: () => { output.show() },
  }
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(`devteam.${name}`, async (argument: never) => {
      try { await run(argument) } catch (error) { notices.error(error) }
    }))
  }
  // VS Code's own key `isWorkspaceTrusted` comes late, and a view would offer the wrong thing for a moment.
  const trust = (): void => { void vscode.commands.executeCommand('setContext', 'devteam.untrusted', !vscode.workspace.isTrusted) }
  trust()
  context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(trust))
  context.subscriptions.push(vscode.window.registerFileDecorationProvider(new CriticalMark()), log, output, pages, selection, graph, tree, new ActivityTree(project), new StatusBar(project), runner, project)
  return { state: () => project.state, tree, selected: () => selection.task }
}
