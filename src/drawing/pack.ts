import { columnGap, componentGap, headingGap, nodeHeight, rowGap } from './measures.ts'

export interface Packed<Item> {
  readonly places: readonly { readonly item: Item; readonly x: number; readonly y: number }[]
  readonly width: number
  readonly height: number
  /** Where more may be put below, under a heading. */
  readonly below: number
}

/** Puts boxes on shelves no wider than the widest of them, each on the first shelf with room (first fit), in the order given. */
export function pack<Item extends { readonly width: number; readonly height: number }>(items: readonly Item[]): Packed<Item> {
  const width = Math.max(0, ...items.map((item) => item.width))
  const shelves: { items: { item: Item; x: number }[]; used: number; height: number }[] = []
  for (const item of items) {
    // The first shelf belongs to the critical path, and a lower box beside a high one would waste the room below it.
    const shelf = shelves.find((each, index) => index > 0 && each.used + columnGap + item.width <= width && item.height <= each.height)
    if (shelf === undefined) shelves.push({ items: [{ item, x: 0 }], used: item.width, height: item.height })
    else {
      shelf.items.push({ item, x: shelf.used + columnGap })
      shelf.used += columnGap + item.width
    }
  }
  const places: { item: Item; x: number; y: number }[] = []
  let y = 0
  for (const [index, shelf] of shelves.entries()) {
    const next = shelves[index + 1]
    for (const { item, x } of shelf.items) places.push({ item, x, y })
    y += shelf.height + (next === undefined ? 0 : shelf.height > nodeHeight || next.height > nodeHeight ? componentGap : rowGap)
  }
  return { places, width, height: y, below: items.length === 0 ? 0 : y + headingGap }
}
