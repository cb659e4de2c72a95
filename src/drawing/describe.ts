import { paysAgain } from '../plan/pays-again.ts'
import type { DrawnPlan, DrawnTask } from './model.ts'

const number = (value: number) => Number(value.toFixed(2))
export const hoursText = (value: number) => `${Number(value.toFixed(1))} h`

/** How many tasks wait for each task: by id. O(n + m). */
export function dependents(plan: DrawnPlan): ReadonlyMap<string, readonly string[]> {
  const result = new Map<string, string[]>(plan.tasks.map((task) => [task.id, []]))
  for (const task of plan.tasks) for (const id of new Set(task.dependencies)) result.get(id)?.push(task.id)
  return result
}

/** A task in one sentence, as a screen reader says it: the id first, then what a picture shows by colour, shape and place. */
export function taskName(task: DrawnTask, plan: DrawnPlan, unblocks: number): string {
  const track = plan.tracks.find((each) => each.id === task.track)
  return [
    `${task.id} ${task.title}`, task.status, `track ${task.track}${track === undefined ? '' : ` ${track.name}`}`, `${number(task.hours)} ${task.hours === 1 ? 'hour' : 'hours'}`,
    ...(task.critical ? ['critical'] : []), ...(task.dependencies.length > 0 ? [`depends on ${new Set(task.dependencies).size}`] : []), ...(unblocks > 0 ? [`unblocks ${unblocks}`] : []),
  ].join(', ')
}

export const clockText = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 1) return `${Math.round(milliseconds)} ms`
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** The reason for the number of tracks, computed from the curve. */
export function whatIfText(plan: DrawnPlan): { readonly recommended: string; readonly why: string; readonly own: string; readonly finish: string; readonly rest: string } {
  const at = (tracks: number) => plan.curve.find((each) => each.tracks === tracks)?.hours
  const tracks = (count: number) => `${count} ${count === 1 ? 'track' : 'tracks'}`
  const [now, next] = [at(plan.recommendedTracks), at(plan.recommendedTracks + 1)]
  const saved = now === undefined || next === undefined ? undefined : now - next
  const limit = `no plan beats the ${hoursText(plan.criticalPathHours)} critical path`
  const later = now === undefined ? undefined : paysAgain(plan.curve, { tracks: plan.recommendedTracks, hours: now })
  const though = later === undefined ? '' : `, though ${tracks(later.tracks)} would take ${hoursText(later.hours)}`
  const more = saved === undefined || now === undefined ? limit : saved <= 0 ? `a ${ordinal(plan.recommendedTracks + 1)} would save nothing${though}; ${limit}` : `a ${ordinal(plan.recommendedTracks + 1)} would save ${hoursText(saved)} (${Math.round(saved / now * 100)} %)${though}, and ${limit}`
  const best = at(plan.usedTracks)
  const own = plan.strategy === 'component' ? 'This plan keeps components whole and takes ' : `This plan is ${plan.strategy} and takes `
  return {
    recommended: `${tracks(plan.recommendedTracks)} recommended`, why: `: ${more}.`, own, finish: hoursText(plan.makespanHours),
    rest: best === undefined || best >= plan.makespanHours ? ` on ${tracks(plan.usedTracks)}.` : ` on ${tracks(plan.usedTracks)}; balanced takes ${hoursText(best)}.`,
  }
}

function ordinal(value: number): string {
  const [ten, hundred] = [value % 10, value % 100]
  const ending = hundred >= 11 && hundred <= 13 ? 'th' : ten === 1 ? 'st' : ten === 2 ? 'nd' : ten === 3 ? 'rd' : 'th'
  return `${value}${ending}`
}
