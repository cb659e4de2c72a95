import { dependents, hoursText, taskName } from '../src/drawing/describe.ts'
import type { DrawnPlan, DrawnTask } from '../src/drawing/model.ts'

/** A line of the tree: a track, a sprint, or a task. */
export interface TreeRow {
  readonly key: string
  readonly task: DrawnTask | undefined
  readonly level: 1 | 2 | 3
  readonly name: string
  /** What the list view shows at the right. */
  readonly detail: string
  readonly label: string
  readonly position: number
  readonly size: number
  readonly expanded: boolean | undefined
  readonly parent: string | undefined
}

/** For the `webview/context` menu: commands get this object; without a task there is nothing to offer. */
export const taskContext = (task: string | undefined): string => JSON.stringify(task === undefined ? { preventDefaultContextMenuItems: true } : { webviewSection: 'task', task, preventDefaultContextMenuItems: true })

/** The plan as lines, track > sprint > task in schedule order; closed groups hide theirs, and only `shown` tasks are listed. */
export function treeRows(plan: DrawnPlan, closed: ReadonlySet<string>, shown: ReadonlySet<string> | undefined): TreeRow[] {
  const rows: TreeRow[] = []
  const unblocks = dependents(plan)
  const listed = plan.tasks.filter((task) => shown === undefined || shown.has(task.id)).sort((a, b) => a.start - b.start)
  const bySprint = new Map<string, DrawnTask[]>()
  for (const task of listed) {
    const key = `${task.track}\n${task.sprint}`
    const group = bySprint.get(key)
    if (group === undefined) bySprint.set(key, [task])
    else group.push(task)
  }
  const done = (tasks: readonly DrawnTask[]) => `${tasks.filter((task) => task.status === 'completed').length} of ${tasks.length} completed`
  const addTasks = (tasks: readonly DrawnTask[], parent: string, level: 2 | 3) => tasks.forEach((task, index) => rows.push({
    key: task.id, task, level, name: `${task.id} ${task.title}`, detail: `${task.status} · ${hoursText(task.hours)}${task.critical ? ' · critical' : ''}`, label: taskName(task, plan, unblocks.get(task.id)?.length ?? 0),
    position: index + 1, size: tasks.length, expanded: undefined, parent,
  }))
  for (const [index, track] of plan.tracks.entries()) {
    const own = listed.filter((task) => task.track === track.id)
    const key = `track ${track.id}`
    rows.push({ key, task: undefined, level: 1, name: `${track.id} ${track.name}`, detail: `${done(own)} · ${hoursText(track.hours)}`, label: `Track ${track.id} ${track.name}, ${done(own)}`, position: index + 1, size: plan.tracks.length, expanded: !closed.has(key), parent: undefined })
    if (closed.has(key)) continue
    for (const [place, sprint] of track.sprints.entries()) {
      const tasks = bySprint.get(`${track.id}\n${sprint.id}`) ?? []
      const name = `${sprint.id} ${sprint.name}`
      rows.push({ key: sprint.id, task: undefined, level: 2, name, detail: `${done(tasks)} · ${hoursText(sprint.hours)}`, label: `Sprint ${name}, ${done(tasks)}`, position: place + 1, size: track.sprints.length, expanded: !closed.has(sprint.id), parent: key })
      if (!closed.has(sprint.id)) addTasks(tasks, sprint.id, 3)
    }
    // A task whose sprint its track does not list must not be lost.
    addTasks(own.filter((task) => !track.sprints.some((sprint) => sprint.id === task.sprint)), key, 2)
  }
  return rows
}
