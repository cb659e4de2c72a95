import { at, getOrMake, real } from '../at.ts'
import type { Rest, RestOptions } from './in-progress.ts'
import type { Slots } from './tracks.ts'
import { byStart, serialSchedule } from '../schedule/schedule.ts'
import type { Schedule, Work } from '../schedule/work.ts'

/** Steps of a schedule that a look for better moves may take: tasks times trials. */
const patience = 3_000_000

/**
 * Moves single tasks off the track that ends last, one after another, as long as that makes the whole shorter, or the ends of the tracks more even at
 * the same length. Few moves gain most of what a new plan would.
 */
export function mended(rest: Rest, { tracks }: RestOptions, work: Work, slots: Slots, schedule: Schedule): Schedule {
  const isFrozen = (slot: number): boolean => rest.frozen.has(at(slots, slot))
  let best = schedule
  let ends = endsOf(work, best)
  let trials = Math.ceil(patience / rest.tasks.length)
  for (let moved = true; moved && trials > 0;) {
    moved = false
    const last = ends.indexOf(best.makespan)
    const order = byStart(best)
    const used = new Set(best.track.filter((slot) => !isFrozen(slot)))
    const open = [...slots.keys()].filter((slot) => slot !== last && !isFrozen(slot) && (used.has(slot) || used.size < tracks))
    for (const task of order.filter((each) => at(best.track, each) === last && !isFrozen(last)).reverse()) {
      for (const slot of open) {
        if (trials-- <= 0) break
        const fixed = best.track.slice()
        fixed[task] = slot
        const tried = serialSchedule({ ...work, fixed }, order)
        const triedEnds = endsOf(work, tried)
        if (tried.makespan > best.makespan || (tried.makespan === best.makespan && unevenness(triedEnds) >= unevenness(ends))) continue
        ;[best, ends, moved] = [tried, triedEnds, true]
        break
      }
      if (moved) break
    }
  }
  return best
}

/** When each track ends, in units. */
function endsOf({ graph, tracks }: Work, { start, track }: Schedule): Float64Array {
  const ends = new Float64Array(tracks)
  track.forEach((slot, task) => { ends[slot] = Math.max(real(ends, slot), real(start, task) + real(graph.durations, task)) })
  return ends
}

const unevenness = (ends: Float64Array): number => ends.reduce((sum, end) => sum + end * end, 0)

/** Takes back every move that gains nothing: of whole components where the strategy keeps them whole. */
export function stabler(rest: Rest, options: RestOptions, work: Work, slots: Slots, schedule: Schedule): Schedule {
  const used = new Set(schedule.track)
  const groups = new Map<string, { slot: number; members: number[] }>()
  rest.was.forEach((track, task) => {
    const slot = track === undefined ? -1 : slots.indexOf(track)
    if (slot < 0 || slot === at(schedule.track, task)) return
    const key = options.strategy === 'component' ? `${slot} ${at(schedule.track, task)} ${at(rest.tasks, task).component}` : String(task)
    getOrMake(groups, key, () => ({ slot, members: [] as number[] })).members.push(task)
  })
  let best = schedule
  let trials = Math.ceil(patience / rest.tasks.length)
  for (const { slot, members } of [...groups.values()].sort((a, b) => b.members.length - a.members.length)) {
    if (trials-- <= 0) break
    if (!used.has(slot) && used.size >= options.tracks) continue
    const fixed = best.track.slice()
    for (const task of members) fixed[task] = slot
    const tried = serialSchedule({ ...work, fixed }, byStart(best))
    if (tried.makespan > best.makespan) continue
    best = tried
    used.add(slot)
  }
  return best
}
