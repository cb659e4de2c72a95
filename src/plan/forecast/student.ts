/** One part of a mixture of Student's distributions that share their degrees of freedom. */
export interface StudentPart { readonly weight: number; readonly location: number; readonly scale: number }

/** Halvings of the interval that holds a quantile: what is left of it is far below what a forecast can tell. */
const halvings = 48

/** The value that a mixture stays below with probability `share`; the weights add up to 1. By bisection: O(parts). */
export function mixtureQuantile(parts: readonly StudentPart[], freedom: number, share: number): number {
  const [wide, first] = [quantileOfOne(share, freedom), parts[0]]
  if (first !== undefined && parts.length === 1) return first.location + wide * first.scale
  // The quantile of a mixture lies between those of its parts.
  const own = parts.map(({ location, scale }) => location + wide * scale)
  let [low, high] = [Math.min(...own), Math.max(...own)]
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2
    if (parts.reduce((sum, { weight, location, scale }) => sum + weight * below((middle - location) / scale, freedom), 0) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Quantile of the standard distribution. */
function quantileOfOne(share: number, freedom: number): number {
  let [low, high] = [-1000, 1000]
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2
    if (below(middle, freedom) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Distribution function of Student's t by the normal deviate of Wallace 1959: off by less than 0.002 from four degrees of freedom on. */
const below = (t: number, freedom: number): number => normalBelow(Math.sign(t) * ((8 * freedom + 1) / (8 * freedom + 3)) * Math.sqrt(freedom * Math.log1p(t * t / freedom)))

/** Distribution function of the standard normal (Abramowitz and Stegun 1964, 26.2.17): off by less than 1e-7. */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const above = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return z > 0 ? 1 - above : above
}
