import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Gives the next number in [0, 1). */
export type Uniform = () => number

/** The same numbers for the same whole `seed`. */
export function seeded(seed: number): Uniform {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}

/** By inversion. `low` <= `likely` <= `high`; where all are the same, that. */
export function triangular(uniform: Uniform, low: number, likely: number, high: number): number {
  const share = uniform()
  const width = high - low
  if (width <= 0) return likely
  return share * width < likely - low ? low + Math.sqrt(share * width * (likely - low)) : high - Math.sqrt((1 - share) * width * (high - likely))
}

/** Standard normal (Box and Muller 1958). */
export const normal = (uniform: Uniform): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())

/** Standard normal, given that it is at least `least`; above 0 by the tail method of Marsaglia 1964, which never takes long however far out `least` is. */
export function normalFrom(uniform: Uniform, least: number): number {
  for (;;) {
    const drawn = least > 0 ? Math.sqrt(least * least - 2 * Math.log(1 - uniform())) : normal(uniform)
    if (least > 0 ? uniform() * drawn < least : drawn >= least) return drawn
  }
}

/** Chi-square with whole degrees of freedom: a sum of squares; for many, the cube of a normal (Wilson and Hilferty 1931). */
export function chiSquare(uniform: Uniform, freedom: number): number {
  if (freedom > 30) return freedom * (1 - 2 / (9 * freedom) + normal(uniform) * Math.sqrt(2 / (9 * freedom))) ** 3
  let sum = 0
  for (let i = 0; i < freedom; i++) sum += normal(uniform) ** 2
  return sum
}
