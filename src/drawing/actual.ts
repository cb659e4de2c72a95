import type { DrawnPlan, DrawnStatus } from './model.ts'

/** What really happened to a task, in plan hours from the start of the work. */
export interface ActualBar { readonly start: number; readonly finish: number; readonly status: DrawnStatus }

export interface Actual {
  readonly bars: ReadonlyMap<string, ActualBar>
  /** Now in plan hours; undefined: nothing was started, or all is done. */
  readonly now: number | undefined
  /** Measured hours for one planned hour: agents are rarely as slow as the estimate. 1 where both are near. */
  readonly pace: number
}

const millisecondsPerHour = 3_600_000
/** Within this factor of the estimate actual times are drawn as they are. */
const nearEnough = 2

/**
 * Measured times on the axis of the plan. Time in which nothing ran (a night between two sessions) is left out; where the measured
 * hours are far from the estimate all of them are scaled by one factor, `pace`, so that finished work ends where it was planned.
 * `now` is in milliseconds since 1970. O(n log n).
 */
export function actualOf(plan: DrawnPlan, now: number): Actual {
  const spans = plan.tasks.flatMap((task) => {
    const start = task.startedAt === undefined ? NaN : Date.parse(task.startedAt)
    if (Number.isNaN(start)) return []
    const ended = task.completedAt === undefined ? NaN : Date.parse(task.completedAt)
    const end = !Number.isNaN(ended) ? ended : task.status === 'running' ? Math.max(now, start) : start + (task.durationMs ?? 0)
    return [{ task, start, end: Math.max(start, end) }]
  }).sort((a, b) => a.start - b.start)
  if (spans.length === 0) return { bars: new Map(), now: undefined, pace: 1 }
  const clock = activeClock(spans)
  const done = spans.filter(({ task }) => task.status === 'completed')
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const [measured, planned] = [sum(done.map(({ start, end }) => (end - start) / millisecondsPerHour)), sum(done.map(({ task }) => task.hours))]
  const ratio = measured > 0 && planned > 0 ? measured / planned : 1
  const pace = ratio > nearEnough || ratio < 1 / nearEnough ? ratio : 1
  const hours = (time: number) => clock(time) / millisecondsPerHour / pace
  return {
    bars: new Map(spans.map(({ task, start, end }) => [task.id, { start: hours(start), finish: hours(end), status: task.status }])),
    now: plan.tasks.every((task) => task.status === 'completed') ? undefined : hours(Math.max(...spans.map(({ end }) => end))),
    pace,
  }
}

/** Milliseconds in which anything ran, from the first start to a moment. `spans` are sorted by start. */
function activeClock(spans: readonly { readonly start: number; readonly end: number }[]): (time: number) => number {
  const busy: { start: number; end: number; before: number }[] = []
  for (const { start, end } of spans) {
    const last = busy.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else busy.push({ start, end, before: last === undefined ? 0 : last.before + last.end - last.start })
  }
  return (time) => {
    const span = busy.findLast((each) => each.start <= time)
    return span === undefined ? 0 : span.before + Math.min(time, span.end) - span.start
  }
}
