/** The item at a place that is known to be there. Throws RangeError where it is not: a bug. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const item = list[index]
  if (item === undefined) throw new RangeError(`no item ${index} in a list of ${list.length}`)
  return item
}

/** `map.get(key)`, with `make()` put there first where it has none. */
export function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const there = map.get(key)
  if (there !== undefined) return there
  const made = make()
  map.set(key, made)
  return made
}

// The same for the inner loops, one for each kind of list: code that sees one kind only is several times faster in today's engines.

export function real(list: Float64Array, index: number): number {
  const item = list[index]
  if (item === undefined) throw new RangeError(`no item ${index} in a list of ${list.length}`)
  return item
}

export function whole(list: Int32Array, index: number): number {
  const item = list[index]
  if (item === undefined) throw new RangeError(`no item ${index} in a list of ${list.length}`)
  return item
}

/** The neighbours of a task. */
export function near(lists: readonly (readonly number[])[], index: number): readonly number[] {
  const item = lists[index]
  if (item === undefined) throw new RangeError(`no item ${index} in a list of ${lists.length}`)
  return item
}
