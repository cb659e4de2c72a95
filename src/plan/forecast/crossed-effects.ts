import { at, getOrMake, real } from '../at.ts'
import { cholesky, solveLower, solveUpper } from './cholesky.ts'
import { chiSquare, normal, type Uniform } from './monte-carlo-random.ts'
import type { StudentPart } from './student.ts'

export interface Group { readonly component: string; readonly agent: string }
export interface GroupedValue extends Group { readonly value: number }

/** What values say of others, in components and of agents that they know or not. */
export interface CrossedEffects {
  /** Degrees of freedom of every part. */
  readonly freedom: number
  /** A new value of a component and an agent: a mixture of Student's distributions. */
  predict(group: Group): StudentPart[]
  /** The best guess of the mean of a component and an agent, both of them known. */
  fitted(group: Group): number
  /** Draws what is not known, the same for all values: puts the mean of each of `groups` into `means`, and gives the standard deviation of values around it. */
  sampler(groups: readonly Group[]): (uniform: Uniform, means: Float64Array) => number
}

/**
 * Ratios of the standard deviation between components (or agents) to that between tasks of the same component and agent: eight equally likely values of half a
 * Student's distribution with three degrees of freedom and median 1/2. A prior of this family is advised where groups are few (Gelman 2006).
 */
const ratios = [0.056, 0.169, 0.29, 0.424, 0.584, 0.792, 1.112, 1.896] as const
/** Pairs of ratios that are less likely than this, against the likeliest, don't count. */
const negligible = 1e-4

/** The equations, solved for one pair of ratios. Variances are in units of that between tasks. */
interface Solution {
  readonly weight: number
  readonly componentVariance: number
  readonly agentVariance: number
  /** Effects of the agents, then the mean. */
  readonly effects: Float64Array
  /** Triangle of their precision. */
  readonly lower: Float64Array
  readonly squares: number
}

/**
 * A value is a mean, plus the effect of its component, plus that of its agent, plus its own deviation, all normal: crossed random effects (Searle, Casella and
 * McCulloch 1992). So a component or an agent with few values is drawn towards all, and one without any is as all are, only less certain. Given the ratios of the
 * variances, the effects come from the mixed model equations (Henderson 1975), and a new value has Student's distribution (Box and Tiao 1973,
 * section 2.7: nothing is presumed of the mean and of the variance between tasks). The ratios are averaged over a fixed grid, weighed by the restricted likelihood
 * (Harville 1974) and the prior of `ratios`. Nothing is random, and the order of values does not matter but for rounding. Takes two values or more.
 * O(64 * (values + components * agents^2 + agents^3)).
 */
export function crossedEffects(values: readonly GroupedValue[]): CrossedEffects {
  const data = tableOf(values)
  const { size, components, agents, center } = data
  const freedom = values.length - 1
  const solved = ratios.flatMap((a) => ratios.map((b) => solve(data, a * a, b * b, freedom)))
  const likeliest = Math.max(...solved.map(({ logWeight }) => logWeight))
  const kept = solved.map((each) => ({ ...each, weight: Math.exp(each.logWeight - likeliest) })).filter(({ weight }) => weight > negligible)
  const total = kept.reduce((sum, { weight }) => sum + weight, 0)
  const solutions = kept.map((each): Solution => ({ ...each, weight: each.weight / total }))

  /** Mean of a component given the effects, less the center. */
  const componentMean = (row: Row | undefined, componentVariance: number, effects: Float64Array): number => real(effects, size - 1) + (row === undefined ? 0 : (row.sum - row.cells.reduce((sum, { column, count }) => sum + count * real(effects, column), 0)) / (row.count + 1 / componentVariance))
  const agentEffect = (column: number | undefined, effects: Float64Array): number => (column === undefined ? 0 : real(effects, column))

  return {
    freedom,
    predict: ({ component, agent }) => solutions.map(({ weight, componentVariance, agentVariance, effects, lower, squares }) => {
      const [row, column] = [components.get(component), agents.get(agent)]
      const precision = (row?.count ?? 0) + 1 / componentVariance
      const direction = new Float64Array(size)
      direction[size - 1] = 1
      if (column !== undefined) direction[column] = 1
      for (const { column: other, count } of row?.cells ?? []) direction[other] = real(direction, other) - count / precision
      const unknown = solveLower(lower, size, direction).reduce((sum, each) => sum + each * each, 0) + 1 / precision + (column === undefined ? agentVariance : 0)
      return { weight, location: center + componentMean(row, componentVariance, effects) + agentEffect(column, effects), scale: Math.sqrt(squares / freedom * (1 + unknown)) }
    }),
    fitted: ({ component, agent }) => solutions.reduce((sum, { weight, componentVariance, effects }) => sum + weight * (componentMean(components.get(component), componentVariance, effects) + agentEffect(agents.get(agent), effects)), center),
    sampler(groups) {
      const names = [[...new Set(groups.map(({ component }) => component))], [...new Set(groups.map(({ agent }) => agent))]] as const
      const places = groups.map(({ component, agent }) => [names[0].indexOf(component), names[1].indexOf(agent)] as const)
      const rows = names[0].map((name) => components.get(name))
      const columns = names[1].map((name) => agents.get(name))
      return (uniform, means) => {
        const { componentVariance, agentVariance, effects, lower, squares } = pick(solutions, uniform())
        const deviation = Math.sqrt(squares / chiSquare(uniform, freedom))
        const drawn = solveUpper(lower, size, new Float64Array(size).map(() => deviation * normal(uniform)))
        for (let i = 0; i < size; i++) drawn[i] = real(drawn, i) + real(effects, i)
        const ofComponents = rows.map((row) => componentMean(row, componentVariance, drawn) + deviation * normal(uniform) / Math.sqrt((row?.count ?? 0) + 1 / componentVariance))
        const ofAgents = columns.map((column) => (column === undefined ? deviation * Math.sqrt(agentVariance) * normal(uniform) : real(drawn, column)))
        places.forEach(([component, agent], i) => { means[i] = center + at(ofComponents, component) + at(ofAgents, agent) })
        return deviation
      }
    },
  }
}

/** The values of one component. `cells`: how many each agent has, and how many all have, by their places in `effects`. */
interface Row { count: number; sum: number; readonly cells: readonly { readonly column: number; readonly count: number }[] }

interface Table {
  readonly center: number
  readonly squares: number
  /** Agents and the mean. */
  readonly size: number
  readonly components: ReadonlyMap<string, Row>
  /** Places of the agents. */
  readonly agents: ReadonlyMap<string, number>
  /** Of each agent, then of all. */
  readonly counts: Float64Array
  readonly sums: Float64Array
}

function tableOf(values: readonly GroupedValue[]): Table {
  const center = values.reduce((sum, { value }) => sum + value, 0) / values.length
  const agents = new Map([...new Set(values.map(({ agent }) => agent))].map((agent, i) => [agent, i]))
  const size = agents.size + 1
  const [counts, sums] = [new Float64Array(size), new Float64Array(size)]
  const rows = new Map<string, { count: number; sum: number; readonly columns: Map<number, number> }>()
  for (const { component, agent, value } of values) {
    const row = getOrMake(rows, component, () => ({ count: 0, sum: 0, columns: new Map<number, number>() }))
    row.count += 1
    row.sum += value - center
    for (const column of [agents.get(agent) ?? 0, size - 1]) {
      row.columns.set(column, (row.columns.get(column) ?? 0) + 1)
      counts[column] = real(counts, column) + 1
      sums[column] = real(sums, column) + value - center
    }
  }
  const components = new Map([...rows].map(([name, { count, sum, columns }]) => [name, { count, sum, cells: [...columns].map(([column, each]) => ({ column, count: each })) }]))
  return { center, squares: values.reduce((sum, { value }) => sum + (value - center) ** 2, 0), size, components, agents, counts, sums }
}

/** Components are eliminated by hand, since theirs is a diagonal block; agents and the mean are solved for. */
function solve({ size, components, agents, counts, sums, squares: all }: Table, componentVariance: number, agentVariance: number, freedom: number): Omit<Solution, 'weight'> & { readonly logWeight: number } {
  const matrix = new Float64Array(size * size)
  const right = Float64Array.from(sums)
  for (let column = 0; column < size; column++) {
    matrix[(size - 1) * size + column] = real(counts, column)
    if (column < size - 1) matrix[column * size + column] = real(counts, column) + 1 / agentVariance
  }
  let logDeterminant = components.size * Math.log(componentVariance) + agents.size * Math.log(agentVariance)
  let squares = all
  for (const { count, sum, cells } of components.values()) {
    const precision = count + 1 / componentVariance
    logDeterminant += Math.log(precision)
    squares -= sum * sum / precision
    for (const { column, count: own } of cells) {
      right[column] = real(right, column) - own * sum / precision
      for (const { column: other, count: others } of cells) if (other <= column) matrix[column * size + other] = real(matrix, column * size + other) - own * others / precision
    }
  }
  cholesky(matrix, size)
  for (let i = 0; i < size; i++) logDeterminant += 2 * Math.log(real(matrix, i * size + i))
  const half = solveLower(matrix, size, right)
  squares = Math.max(squares - half.reduce((sum, each) => sum + each * each, 0), 1e-18 * (freedom + 1)) // all the same: rounding alone would be left
  const effects = solveUpper(matrix, size, Float64Array.from(half))
  return { componentVariance, agentVariance, effects, lower: matrix, squares, logWeight: -(logDeterminant + freedom * Math.log(squares)) / 2 }
}

function pick(solutions: readonly Solution[], share: number): Solution {
  let sum = 0
  for (const each of solutions) {
    sum += each.weight
    if (share < sum) return each
  }
  return at(solutions, solutions.length - 1)
}
