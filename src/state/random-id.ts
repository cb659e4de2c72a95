/**
 * A UUID (version 4) of `Math.random`, which each process begins elsewhere: the platform takes 64 bits of the system's entropy for it. Ids have to differ,
 * not to be secret, and `node:crypto` takes 5 ms to load.
 */
export const randomId = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-${(8 + Math.floor(Math.random() * 4)).toString(16)}${hex(3)}-${hex(12)}`

const hex = (digits: number): string => Math.floor(Math.random() * 16 ** digits).toString(16).padStart(digits, '0')
