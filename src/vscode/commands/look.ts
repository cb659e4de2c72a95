import * as vscode from 'vscode'
import { isTaskId } from '../../plan/ids.ts'
import type { Project } from '../project.ts'
import type { Selection } from '../selection.ts'
import type { PlanNode } from '../views/plan-tree.ts'
import { NotHere, workspaceRoot } from '../workspace-root.ts'

/** What a command of a task gets: an id from the graph page, a row of the tree, or the context of a right click in the graph. */
export type TaskArgument = string | PlanNode | { readonly task: string } | undefined

/** The task that is meant: the argument's, else the selected one, else the one that is picked from a list. */
export async function taskOf(argument: TaskArgument, project: Project, selection: Selection, title: string): Promise<string | undefined> {
  if (typeof argument === 'string') return argument
  if (argument !== undefined && 'kind' in argument) return argument.kind === 'task' ? argument.task.id : undefined
  if (argument !== undefined) return argument.task
  if (selection.task !== undefined) return selection.task
  const state = await project.load()
  if (state.kind !== 'planned') throw new NotHere('There is no plan yet. Make one first: "DevTeam: Plan Tracks...".')
  const picked = await vscode.window.showQuickPick(state.snapshot.tasks.map((task) => ({ label: task.id, description: task.title })), { title, matchOnDescription: true })
  return picked?.label
}

/** Opens `docs/planning/tasks/<id>.json`. */
export async function openTaskFile(task: string): Promise<void> {
  const root = workspaceRoot()
  if (root === undefined || !isTaskId(task)) return
  const file = vscode.Uri.joinPath(vscode.Uri.file(root), 'docs/planning/tasks', `${task}.json`)
  try { await vscode.window.showTextDocument(file) } catch (error) {
    throw new NotHere(`${vscode.workspace.asRelativePath(file)} can't be opened: ${error instanceof Error ? error.message : String(error)}. The plan has ${task}, so its file was moved or deleted since.`)
  }
}
