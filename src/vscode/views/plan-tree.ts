import * as vscode from 'vscode'
import type { SprintRow, TaskRow, TrackRow } from '../../state/rows.ts'
import type { Project, ProjectState } from '../project.ts'
import type { Selection } from '../selection.ts'
import { criticalUri } from './critical-mark.ts'
import { sprintWording, taskWording, trackWording, type Surroundings, type Wording } from './wording.ts'

export type PlanNode =
  | { readonly kind: 'track'; readonly track: TrackRow }
  | { readonly kind: 'sprint'; readonly sprint: SprintRow }
  | { readonly kind: 'task'; readonly task: TaskRow }

/** Up to so many tasks the tree opens with everything in sight. */
const openUpTo = 60
type Planned = Extract<ProjectState, { kind: 'planned' }>

/** The *Plan* view: track > sprint > task, in the plan's order. */
export class PlanTree implements vscode.TreeDataProvider<PlanNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>()
  readonly onDidChangeTreeData = this.changed.event
  private readonly view: vscode.TreeView<PlanNode>
  private readonly parts: readonly { dispose(): unknown }[]
  private around: { readonly of: Planned; readonly value: Surroundings } | undefined

  constructor(private readonly project: Project, private readonly selection: Selection) {
    this.view = vscode.window.createTreeView('devteam.plan', { treeDataProvider: this, showCollapseAll: true })
    this.parts = [
      this.view, this.changed,
      project.onDidChange((state) => { this.show(state) }),
      this.view.onDidChangeSelection(({ selection: [node] }) => { selection.set(node?.kind === 'task' ? node.task.id : undefined, 'tree') }),
      this.view.onDidChangeVisibility(({ visible }) => { if (visible) this.reveal(selection.task, false) }),
      selection.onDidChange(({ task, by }) => { if (by !== 'tree' && (this.view.visible || by === 'command')) this.reveal(task, by === 'command') }),
    ]
  }

  getTreeItem(node: PlanNode): vscode.TreeItem {
    const state = this.planned()
    if (state === undefined) return new vscode.TreeItem('')
    const around = this.surroundings(state)
    const open = state.snapshot.tasks.length <= openUpTo ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed
    switch (node.kind) {
      case 'track': return rowOf(node.track.id, trackWording(node.track, around), 'track', open)
      case 'sprint': return rowOf(node.sprint.id, sprintWording(node.sprint, around), 'sprint', open)
      case 'task': {
        const item = rowOf(node.task.id, taskWording(node.task, around), `task.${node.task.status}`, vscode.TreeItemCollapsibleState.None)
        if (around.critical.has(node.task.id)) item.resourceUri = criticalUri(node.task.id)
        return item
      }
    }
  }

  async getChildren(node?: PlanNode): Promise<PlanNode[]> {
    if (node === undefined) await this.project.load()
    const state = this.planned()
    if (state === undefined || node?.kind === 'task') return []
    const { tracks, sprints, tasks } = state.snapshot
    switch (node?.kind) {
      case undefined: return tracks.map((track) => ({ kind: 'track', track }))
      case 'track': return sprints.filter((sprint) => sprint.track === node.track.id).map((sprint) => ({ kind: 'sprint', sprint }))
      case 'sprint': return tasks.filter((task) => task.sprint === node.sprint.id).map((task) => ({ kind: 'task', task }))
    }
  }

  getParent(node: PlanNode): PlanNode | undefined {
    const snapshot = this.planned()?.snapshot
    if (node.kind === 'track' || snapshot === undefined) return undefined
    if (node.kind === 'sprint') {
      const track = snapshot.tracks.find((each) => each.id === node.sprint.track)
      return track && { kind: 'track', track }
    }
    const sprint = snapshot.sprints.find((each) => each.id === node.task.sprint)
    return sprint && { kind: 'sprint', sprint }
  }

  resolveTreeItem(item: vscode.TreeItem, node: PlanNode): vscode.TreeItem {
    const drawn = node.kind === 'task' ? this.planned()?.plan.tasks.find((task) => task.id === node.task.id) : undefined
    if (drawn === undefined || node.kind !== 'task') return item
    const text = new vscode.MarkdownString()
    text.appendMarkdown(`**${node.task.id}** `).appendText(node.task.title).appendMarkdown(`\n\n${drawn.start}–${drawn.finish} h planned, slack ${drawn.slack} h\n\n`)
    for (const criterion of drawn.criteria) text.appendMarkdown(`- ${criterion.met === true ? '✓' : criterion.met === false ? '✗' : '○'} `).appendText(criterion.text).appendMarkdown('\n')
    item.tooltip = text
    return item
  }

  dispose(): void { for (const part of this.parts) part.dispose() }

  private show(state: ProjectState): void {
    this.view.message = state.kind === 'error' ? state.message : state.kind === 'planned' ? state.problem ?? '' : ''
    const running = state.kind === 'planned' ? state.snapshot.tasks.filter((task) => task.status === 'in_progress').length : 0
    this.view.badge = running === 0 ? undefined : { value: running, tooltip: `${running} ${running === 1 ? 'task is' : 'tasks are'} running` }
    this.changed.fire(undefined)
  }

  private reveal(id: string | undefined, focus: boolean): void {
    const task = id === undefined ? undefined : this.planned()?.snapshot.tasks.find((each) => each.id === id)
    // A tree can't be told to select nothing.
    if (task !== undefined && this.view.selection.every((node) => node.kind !== 'task' || node.task.id !== task.id)) void this.view.reveal({ kind: 'task', task }, { select: true, focus })
  }

  private planned(): Planned | undefined { return this.project.state.kind === 'planned' ? this.project.state : undefined }

  private surroundings(state: Planned): Surroundings {
    if (this.around?.of !== state) this.around = { of: state, value: { tasks: state.snapshot.tasks, critical: new Set(state.plan.tasks.filter((task) => task.critical).map((task) => task.id)), pid: process.pid } }
    return this.around.value
  }
}

/** A row of a tree. Stable ids keep what is open and selected over a refresh. */
export function rowOf(id: string, wording: Wording, context: string, open: vscode.TreeItemCollapsibleState): vscode.TreeItem {
  const item = new vscode.TreeItem(wording.label, open)
  const [icon, color] = wording.icon
  item.id = id
  item.description = wording.description
  item.accessibilityInformation = { label: wording.accessible }
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color))
  item.contextValue = context
  return item
}
