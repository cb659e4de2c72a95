import { at, getOrMake } from '../at.ts'
import { mainComponent } from '../graph/chains.ts'
import type { TrackId } from '../ids.ts'
import type { Rest } from './in-progress.ts'

/** Tracks by number 0, 1, ...: those of the plan, then new ones. */
export type Slots = readonly TrackId[]

/**
 * Every old task on its old track, new ones where their component is worked on, else on an idle track, else on that with the least work. undefined
 * where more tracks have work than may have.
 */
export function keptTracks(rest: Rest, slots: Slots, most: number): Int32Array | undefined {
  const slotOf = new Map(slots.map((track, slot) => [track, slot]))
  const isFrozen = (slot: number): boolean => rest.frozen.has(at(slots, slot))
  const tracks = Int32Array.from(rest.was, (track) => (track === undefined ? -1 : slotOf.get(track) ?? -1))
  const open = new Map<number, number>() // hours of each track that has work
  tracks.forEach((slot, task) => { if (slot >= 0 && !isFrozen(slot)) open.set(slot, (open.get(slot) ?? 0) + at(rest.tasks, task).estimatedHours) })
  if (open.size > most) return undefined
  const liking = likings(rest, slotOf)
  tracks.forEach((slot, task) => {
    if (slot >= 0) return
    const { component, estimatedHours } = at(rest.tasks, task)
    const idle = open.size < most ? [...slots.keys()].filter((each) => !open.has(each) && !isFrozen(each)) : []
    const known = liking.get(component)
    const chosen = [...open.keys(), ...idle].filter((each) => known?.has(each) === true).sort((a, b) => (known?.get(b) ?? 0) - (known?.get(a) ?? 0) || a - b)[0]
      ?? idle[0] ?? [...open].sort((a, b) => a[1] - b[1] || a[0] - b[0])[0]?.[0]
    if (chosen === undefined) throw new Error('there is no track for new work')
    tracks[task] = chosen
    open.set(chosen, (open.get(chosen) ?? 0) + estimatedHours)
    const there = getOrMake(liking, component, () => new Map<number, number>())
    there.set(chosen, (there.get(chosen) ?? 0) + estimatedHours)
  })
  return tracks
}

/** Hours of each component on each track, completed and open. */
function likings(rest: Rest, slotOf: ReadonlyMap<TrackId, number>): Map<string, Map<number, number>> {
  const found = new Map<string, Map<number, number>>()
  const add = (component: string, track: TrackId | undefined, hours: number): void => {
    const slot = track === undefined ? undefined : slotOf.get(track)
    if (slot === undefined) return
    const there = getOrMake(found, component, () => new Map<number, number>())
    there.set(slot, (there.get(slot) ?? 0) + hours)
  }
  rest.done.forEach(({ component, estimatedHours }, i) => add(component, rest.doneOn[i], estimatedHours))
  rest.tasks.forEach(({ component, estimatedHours }, i) => add(component, rest.was[i], estimatedHours))
  return found
}

/**
 * Which track each part of a new plan goes to: where most of its hours were, else where most hours of its main component were, else an idle one.
 * Pairs are taken greedily, the best first. Frozen tracks keep what they had.
 */
export function matchedTracks(rest: Rest, slots: Slots, parts: readonly (readonly number[])[]): Int32Array {
  const slotOf = new Map(slots.map((track, slot) => [track, slot]))
  const liking = likings(rest, slotOf)
  const pairs = parts.flatMap((part, number) => {
    const main = liking.get(mainComponent(part.map((task) => [at(rest.tasks, task).component, at(rest.tasks, task).estimatedHours])))
    const stays = new Map<number, number>()
    for (const task of part) {
      const track = rest.was[task]
      const slot = track === undefined ? undefined : slotOf.get(track)
      if (slot !== undefined) stays.set(slot, (stays.get(slot) ?? 0) + at(rest.tasks, task).estimatedHours)
    }
    return slots.flatMap((track, slot) => (rest.frozen.has(track) ? [] : [{ number, slot, stays: stays.get(slot) ?? 0, likes: main?.get(slot) ?? 0 }]))
  }).sort((a, b) => b.stays - a.stays || b.likes - a.likes || a.slot - b.slot || a.number - b.number)
  const tracks = Int32Array.from(rest.was, (track) => (track === undefined ? -1 : slotOf.get(track) ?? -1))
  const [placed, taken] = [new Set<number>(), new Set<number>()]
  for (const { number, slot } of pairs) {
    if (placed.has(number) || taken.has(slot)) continue
    placed.add(number)
    taken.add(slot)
    for (const task of at(parts, number)) tracks[task] = slot
  }
  return tracks
}
