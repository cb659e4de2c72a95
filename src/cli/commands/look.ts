import fs from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../../plan/errors.ts'
import { readPrd, readTasks } from '../../plan/files.ts'
import type { TaskId, TrackId } from '../../plan/ids.ts'
import { completionFigures } from '../../report/completion.ts'
import { completionReport } from '../../report/completion-report.ts'
import { drawnPlan } from '../../report/drawn-plan.ts'
import { eventJson } from '../../report/event-json.ts'
import { eventLine } from '../../report/event-line.ts'
import { statusJson, statusText } from '../../report/status.ts'
import { printJson, wholeNumber, type CommonOptions, type Shell } from '../shell.ts'
import { planOf, withState } from '../workspace.ts'

/** `devteam status` */
export const statusCommand = (shell: Shell): Promise<number> => withState(shell, async (state) => {
  const snapshot = await state.snapshot()
  if (shell.json) printJson(shell, statusJson(snapshot))
  else shell.out(`${statusText(snapshot, Date.now())}\n`)
  return 0
})

export interface EventsOptions extends CommonOptions { readonly task?: string; readonly track?: string; readonly type?: string; readonly limit?: string }

/** `devteam events`: the audit log, oldest first. */
export const eventsCommand = (shell: Shell, options: EventsOptions): Promise<number> => withState(shell, async (state) => {
  const events = await state.events({
    ...(options.task === undefined ? {} : { task: options.task as TaskId }), ...(options.track === undefined ? {} : { track: options.track.padStart(2, '0') as TrackId }),
    ...(options.type === undefined ? {} : { type: options.type }), ...(options.limit === undefined ? {} : { limit: wholeNumber(options.limit, '--limit') }),
  })
  for (const event of events) {
    if (shell.json) printJson(shell, eventJson(event))
    else shell.out(`${eventLine(event)}\n`)
  }
  return 0
})

/** `devteam report`: the completion report, or how far it is. */
export const reportCommand = (shell: Shell): Promise<number> => withState(shell, async (state) => {
  const snapshot = await planOf(state)
  const events = await state.events({})
  const reviews = new Map<string, boolean>()
  for (const event of events) {
    if (event.type !== 'review.completed' || event.track !== undefined) continue
    const kind = event.data.review.split(':')[0] ?? event.data.review
    reviews.set(kind, (reviews.get(kind) ?? true) && event.data.verdict === 'pass')
  }
  const languages = events.findLast((event) => event.type === 'project.started')?.data.languages.map((language) => language.name) ?? []
  const gates = [...new Set(events.flatMap((event) => (event.type === 'gate.completed' && event.track === undefined ? [event.data.gate] : [])))]
  const figures = completionFigures({ snapshot, events, prd: await readPrd(shell.cwd), tasks: await readTasks(shell.cwd), reviews: Object.fromEntries(reviews), gates, languages })
  const findings = (await state.findings()).filter((found) => found.status === 'open')
  if (shell.json) printJson(shell, { ...figures, completed: snapshot.projectCompleted, findings })
  else shell.out(completionReport(figures, snapshot, findings))
  return 0
})

export interface GraphOptions extends CommonOptions { readonly format: string; readonly output?: string; readonly theme: string }

/** `devteam graph --format svg|mermaid|dot`: the plan as a picture or as text. */
export const graphCommand = (shell: Shell, options: GraphOptions): Promise<number> => withState(shell, async (state) => {
  const { format, theme } = options
  if (format !== 'svg' && format !== 'mermaid' && format !== 'dot') throw new UserError('usage', `There is no format "${format}". Use svg, mermaid or dot.`)
  if (theme !== 'light' && theme !== 'dark') throw new UserError('usage', `There is no theme "${theme}". Use light or dark.`)
  const plan = drawnPlan(await planOf(state), await readTasks(shell.cwd), await state.events({ type: 'validation.completed' }))
  const text = await draw(plan, format, theme)
  if (options.output === undefined) {
    if (shell.json) printJson(shell, { format, content: text })
    else shell.out(text)
    return 0
  }
  const file = path.resolve(shell.cwd, options.output)
  await fs.writeFile(file, text)
  if (shell.json) printJson(shell, { format, file })
  else shell.out(`Wrote ${file}\n`)
  return 0
})

async function draw(plan: ReturnType<typeof drawnPlan>, format: 'svg' | 'mermaid' | 'dot', theme: 'light' | 'dark'): Promise<string> {
  if (format === 'svg') return (await import('../../drawing/svg-pen.ts')).svgOf(plan, { theme, date: new Date().toISOString().slice(0, 10) })
  const { dotOf, mermaidOf } = await import('../../drawing/text-graph.ts')
  return format === 'dot' ? dotOf(plan) : mermaidOf(plan)
}
