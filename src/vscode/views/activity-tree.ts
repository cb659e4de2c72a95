import * as vscode from 'vscode'
import type { RecordedEvent } from '../../state/event.ts'
import type { SessionRow } from '../../state/rows.ts'
import type { Project } from '../project.ts'
import { rowOf } from './plan-tree.ts'
import { eventWording, sessionWording } from './wording.ts'

type ActivityNode = { readonly kind: 'session'; readonly session: SessionRow } | { readonly kind: 'event'; readonly event: RecordedEvent }

/** How many events a session shows. `devteam events` has them all. */
const newest = 50
const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const timeOf = (iso: string): string => time.format(new Date(iso))

/** The *Activity* view: sessions and their latest events, newest first. */
export class ActivityTree implements vscode.TreeDataProvider<ActivityNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>()
  readonly onDidChangeTreeData = this.changed.event
  private readonly parts: readonly { dispose(): unknown }[]
  /** The newest session starts open. */
  private first: string | undefined

  constructor(private readonly project: Project) {
    const view = vscode.window.createTreeView('devteam.activity', { treeDataProvider: this })
    this.parts = [view, this.changed, project.onDidChange(() => { if (view.visible) this.changed.fire(undefined) })]
  }

  getTreeItem(node: ActivityNode): vscode.TreeItem {
    if (node.kind === 'session') {
      const open = node.session.id === this.first ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed
      return rowOf(node.session.id, sessionWording(node.session, timeOf), 'session', open)
    }
    const item = rowOf(`event.${node.event.id}`, eventWording(node.event, timeOf), 'event', vscode.TreeItemCollapsibleState.None)
    if (node.event.task !== undefined) item.command = { command: 'devteam.revealTask', title: 'Show in Plan', arguments: [node.event.task] }
    return item
  }

  async getChildren(node?: ActivityNode): Promise<ActivityNode[]> {
    const state = await this.project.load()
    // What went wrong stands in the Plan view.
    if (state.kind === 'error' || node?.kind === 'event') return []
    const core = await this.project.core()
    if (node !== undefined) return (await core.eventsOf(node.session.id, newest)).map((event) => ({ kind: 'event', event }))
    const sessions = await core.sessions()
    this.first = sessions[0]?.id
    return sessions.map((session) => ({ kind: 'session', session }))
  }

  dispose(): void { for (const part of this.parts) part.dispose() }
}
