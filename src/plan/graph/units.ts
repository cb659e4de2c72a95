/** Whole units that stand for hours: sums and comparisons are exact, and a proven bound can be rounded up to the unit. */
export interface Units {
  /** Hours as whole units, one for each task. */
  readonly counts: readonly number[]
  /** Units as hours. */
  toHours(units: number): number
}

const mostDecimals = 6

/**
 * Scales hours to whole numbers by their greatest common unit: 8, 4 and 10 become 4, 2 and 5 units of 2 hours. Hours with more than six
 * decimals are rounded to a millionth (4 milliseconds).
 */
export function unitsOf(hours: readonly number[]): Units {
  const total = hours.reduce((sum, each) => sum + each, 0)
  let decimals = hours.reduce((most, each) => Math.max(most, decimalsOf(each)), 0)
  while (decimals > 0 && total * 10 ** decimals > Number.MAX_SAFE_INTEGER / 1000) decimals--
  const scale = 10 ** decimals
  const scaled = hours.map((each) => Math.max(1, Math.round(each * scale)))
  const unit = scaled.reduce(greatestCommonDivisor, 0) || 1
  return { counts: scaled.map((each) => each / unit), toHours: (units) => (units * unit) / scale }
}

/** Hours without the noise of sums of fractions: to a millionth, as `unitsOf` reads them. */
export const exactHours = (hours: number): number => Math.round(hours * 10 ** mostDecimals) / 10 ** mostDecimals

function decimalsOf(value: number): number {
  for (let decimals = 0; decimals < mostDecimals; decimals++) {
    const scaled = value * 10 ** decimals
    if (Math.abs(scaled - Math.round(scaled)) < 1e-9 * Math.max(1, scaled)) return decimals
  }
  return mostDecimals
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}
