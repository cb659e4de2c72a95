import type { Graph } from '../graph/graph.ts'
import type { Scopes } from './scopes.ts'

/** What is to be scheduled. A track does one task at a time. */
export interface Work {
  readonly graph: Graph
  readonly tracks: number
  /** Tasks of touching classes never run at once. */
  readonly scopes: Pick<Scopes, 'classOf' | 'touching'>
  /** The track of each task, where that is settled. */
  readonly fixed?: Int32Array
}

/** Start (in units) and track (0, 1, ...) of each task. */
export interface Schedule { readonly start: Float64Array; readonly track: Int32Array; readonly makespan: number }
