import type { Prd, Task } from '../plan/task.ts'
import type { RecordedEvent } from '../state/event.ts'
import type { Snapshot } from '../state/rows.ts'
import { capitalized, cost, counted, duration, hours } from './format.ts'

/** The figures of the completion block: measured from the audit log and counted in the database. Money in USD, undefined: unknown. */
export interface CompletionFigures {
  readonly project: string
  readonly tasksCompleted: number
  readonly tasksTotal: number
  readonly sprints: number
  readonly tracks: number
  readonly iterations: number
  readonly tiers: readonly { readonly tier: string; readonly tasks: number; readonly percent: number }[]
  /** Estimated hours of all tasks, one after another. */
  readonly sequentialHours: number
  /** From the first to the last event of each run, pauses between runs left out. */
  readonly wallClockMs: number
  /** What all roles and gates took, added up. */
  readonly workMs: number
  readonly timeSavedPercent: number
  readonly costs: readonly { readonly name: string; readonly costUsd: number | undefined }[]
  readonly totalCostUsd: number | undefined
  readonly simulated: boolean
  /** Kind of review -> passed. */
  readonly reviews: Readonly<Record<string, boolean>>
  readonly gates: readonly string[]
  readonly languages: readonly string[]
  readonly features: readonly { readonly title: string; readonly done: boolean }[]
}

export interface CompletionInput {
  readonly snapshot: Snapshot
  readonly events: readonly RecordedEvent[]
  readonly prd: Prd | undefined
  readonly tasks: readonly Task[]
  readonly reviews: Readonly<Record<string, boolean>>
  readonly gates: readonly string[]
  readonly languages: readonly string[]
}

export function completionFigures({ snapshot, events, prd, tasks, reviews, gates, languages }: CompletionInput): CompletionFigures {
  const done = snapshot.tasks.filter((task) => task.status === 'completed')
  const tierOf = new Map(events.flatMap((event) => (event.type === 'task.completed' && event.task !== undefined ? [[event.task, event.tier ?? 'unknown'] as const] : [])))
  const byTier = new Map<string, number>()
  for (const task of done) {
    const tier = tierOf.get(task.id) ?? (task.startedAt === undefined ? 'imported' : 'unknown') // done before it came here
    byTier.set(tier, (byTier.get(tier) ?? 0) + 1)
  }
  const roles = events.filter((event) => event.type === 'role.completed')
  const costOf = (part: readonly (typeof roles)[number][]): number | undefined => part.reduce<number | undefined>((sum, event) => (sum === undefined || event.data.costUsd === undefined ? undefined : sum + event.data.costUsd), 0)
  const workMs = events.reduce((sum, event) => sum + (event.type === 'role.completed' || event.type === 'gate.completed' ? event.data.durationMs : 0), 0)
  const wallClockMs = wallClock(events)
  return {
    project: prd?.project ?? 'Project',
    tasksCompleted: done.length, tasksTotal: snapshot.tasks.length, sprints: snapshot.sprints.length, tracks: snapshot.tracks.length,
    iterations: snapshot.tasks.reduce((sum, task) => sum + task.iterations, 0),
    tiers: [...byTier].sort((a, b) => b[1] - a[1]).map(([tier, n]) => ({ tier, tasks: n, percent: Math.round((n / done.length) * 100) })),
    sequentialHours: snapshot.tasks.reduce((sum, task) => sum + task.estimatedHours, 0),
    wallClockMs, workMs, timeSavedPercent: workMs > wallClockMs ? Math.round((1 - wallClockMs / workMs) * 100) : 0,
    costs: [
      ...snapshot.tracks.map((track) => ({ name: `Track ${Number(track.id)} (${track.name.replace(/ API$/, '')})`, costUsd: costOf(roles.filter((event) => event.track === track.id)) })),
      ...(roles.some(isPlanning) ? [{ name: 'Planning', costUsd: costOf(roles.filter(isPlanning)) }] : []),
      { name: 'Final review', costUsd: costOf(roles.filter((event) => event.track === undefined && !isPlanning(event))) },
    ],
    totalCostUsd: costOf(roles),
    simulated: events.some((event) => event.type === 'role.completed' && event.data.simulated),
    reviews, gates, languages, features: features(prd, tasks, new Set(done.map((task) => task.id))),
  }
}

const isPlanning = (event: { data: { kind: string } }): boolean => event.data.kind === 'prd' || event.data.kind === 'tasks'

/** A requirement is delivered when it has tasks and all of them are completed. */
function features(prd: Prd | undefined, tasks: readonly Task[], done: ReadonlySet<string>): CompletionFigures['features'] {
  return [...(prd?.mustHave ?? []), ...(prd?.shouldHave ?? [])].map((requirement) => {
    const mine = tasks.filter((task) => task.featureRef === requirement.id)
    const title = requirement.title ?? requirement.description
    return { title: requirement.acceptanceCriteria.length > 0 ? `${title} (${requirement.acceptanceCriteria.join(', ')})` : title, done: mine.length > 0 && mine.every((task) => done.has(task.id)) }
  })
}

/** The union of the spans in which runs were going on, in milliseconds. */
function wallClock(events: readonly RecordedEvent[]): number {
  const spans = new Map<string, [number, number]>()
  for (const event of events) {
    const at = Date.parse(event.time)
    const span = spans.get(event.session)
    if (event.type === 'run.started') spans.set(event.session, [at, at])
    else if (span !== undefined) span[1] = Math.max(span[1], at)
  }
  let [total, until] = [0, -Infinity]
  for (const [from, to] of [...spans.values()].sort((a, b) => a[0] - b[0])) {
    total += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return total
}

/** The completion block of the transcript. */
export function completionText(figures: CompletionFigures): string {
  const mark = figures.simulated ? ' (simulated)' : ''
  const result = (kind: string): string => (figures.reviews[kind] === undefined ? 'not run' : figures.reviews[kind] ? 'All passed ✅' : 'Not passed ❌')
  const perTrack = figures.sprints / figures.tracks
  const each = Number.isInteger(perTrack) ? `${perTrack} per track × ${counted(figures.tracks, 'track')}` : `on ${counted(figures.tracks, 'track')}`
  return [
    '╔═══════════════════════════════════════════╗', '║   🎉 PROJECT COMPLETION SUCCESSFUL 🎉     ║', '╚═══════════════════════════════════════════╝', '',
    `${figures.project} Development Complete!${mark}`, '',
    'Overall Statistics:', `  Total tasks: ${figures.tasksCompleted}/${figures.tasksTotal} completed`, `  Total sprints: ${figures.sprints} (${each})`,
    `  Total iterations: ${figures.iterations}`, ...figures.tiers.map(({ tier, tasks, percent }) => `  ${capitalized(tier)} tasks: ${tasks} (${percent}%)`), '',
    'Execution Time:', `  Sequential estimate: ~${hours(figures.sequentialHours)} hours`, `  Parallel execution: ${duration(figures.wallClockMs)} (wall clock)${mark}`,
    `  Time saved: ${figures.timeSavedPercent}% (${duration(figures.workMs)} of agents' and gates' work in ${duration(figures.wallClockMs)})`, '',
    'Cost Breakdown:', ...figures.costs.map(({ name, costUsd }) => `  ${name}: ${cost(costUsd, figures.simulated)}`), `  Total: ${cost(figures.totalCostUsd, figures.simulated)}`, '',
    'Quality Metrics:', `  Code reviews: ${result('code')}`, `  Security audit: ${result('security')}`, `  Performance audit: ${result('performance')}`,
    `  Gates: ${figures.gates.length === 0 ? 'none configured' : `${figures.gates.join(', ')} passed ✅`}`,
    '  Test coverage: not measured (no gate reports it)', `  Documentation: ${figures.reviews.documentation === true ? 'Complete ✅' : result('documentation')}`, '',
    ...(figures.features.length === 0 ? [] : ['Features Delivered:', ...figures.features.map(({ title, done }) => `  ${done ? '✅' : '⚠️ not all tasks done:'} ${title}`), '']),
    'Ready for deployment! 🚀',
  ].join('\n')
}
