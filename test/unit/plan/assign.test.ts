import assert from 'node:assert/strict'
import { assignTracks } from '../../../src/plan/schedule/assign.ts'
import { makeGraph, type Graph } from '../../../src/plan/graph/graph.ts'
import { bestSchedule } from '../../../src/plan/schedule/search.ts'
import { generatedGraph, noScopes } from '../../support/generated-graphs.ts'

const crossing = (graph: Graph, track: Int32Array): number => graph.predecessors.flatMap((list, task) => list.filter((before) => track[before] !== track[task])).length

describe('handing out tracks', () => {
  it('keeps starts, makespan and the number of tracks, runs one task at a time on each, and never crosses more', () => {
    for (let seed = 0; seed < 30; seed++) {
      const graph = generatedGraph(seed, 40)
      const schedule = bestSchedule({ graph, tracks: 3, scopes: noScopes(40) }, 0, 0)
      const components = Array.from({ length: 40 }, (_, task) => ['a', 'b', 'c'][task % 3] ?? '')
      const assigned = assignTracks(graph, schedule, components)
      assert.deepEqual([assigned.start, assigned.makespan, new Set(assigned.track).size], [schedule.start, schedule.makespan, new Set(schedule.track).size])
      assert.ok(crossing(graph, assigned.track) <= crossing(graph, schedule.track))
      for (let a = 0; a < 40; a++) {
        for (let b = 0; b < 40; b++) {
          if (a === b || assigned.track[a] !== assigned.track[b]) continue
          const [first, second] = (schedule.start[a] ?? 0) < (schedule.start[b] ?? 0) ? [a, b] : [b, a]
          assert.ok((schedule.start[first] ?? 0) + (graph.durations[first] ?? 0) <= (schedule.start[second] ?? 0))
        }
      }
    }
  })

  it('finds the one way in which nothing crosses', () => {
    // Three chains of four tasks each, all tasks an hour: any track may go on with any chain.
    const graph = makeGraph(new Float64Array(12).fill(1), Array.from({ length: 12 }, (_, task) => (task < 3 ? [] : [task - 3])), (units) => units)
    const start = Float64Array.from({ length: 12 }, (_, task) => Math.floor(task / 3))
    const track = Int32Array.from({ length: 12 }, (_, task) => (task + Math.floor(task / 3)) % 3)
    assert.equal(crossing(graph, assignTracks(graph, { start, track, makespan: 4 }, new Array<string>(12).fill('')).track), 0)
  })
})
