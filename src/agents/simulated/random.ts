/** A number in [0, 1) that depends on the parts alone: FNV-1a (Fowler, Noll, Vo), finished as in MurmurHash3, so that near seeds are far apart. */
export function chance(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(parts.join('\u0000'))) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
