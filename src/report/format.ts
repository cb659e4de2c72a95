/** `0.4 s`, `45 s`, `12 min`, `2.5 hours`: a measured duration in the unit a person would choose. */
export function duration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} hours`
}

/** `~$1.20`, `~$0.0042` for less than a cent, `unknown` where a price is unknown. */
export function money(usd: number | undefined): string {
  if (usd === undefined) return 'unknown'
  return `~$${usd === 0 || usd >= 0.01 ? usd.toFixed(2) : usd.toPrecision(2)}`
}

/** `~$1.20 (simulated)` */
export const cost = (usd: number | undefined, simulated: boolean): string => `${money(usd)}${simulated ? ' (simulated)' : ''}`

/** `1 task`, `3 tasks` */
export const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`

/** `42`, `7.5`: hours without a needless decimal. */
export const hours = (n: number): string => String(Math.round(n * 100) / 100)

/** `A, B and 3 more` */
export const idList = (ids: readonly string[], limit: number): string => (ids.length <= limit ? ids.join(', ') : `${ids.slice(0, limit).join(', ')} and ${ids.length - limit} more`)

/** `sonnet` -> `Sonnet` */
export const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

const rule = '═'.repeat(39)

/** A line between two rules. */
export const banner = (text: string): string => `${rule}\n${text}\n${rule}`
