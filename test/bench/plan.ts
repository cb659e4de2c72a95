// Figures of the planner. With DEVTEAM_STG, a folder of the Standard Task Graph set (`50/rand0000.stg`, ..., `best-known.json`), against the best
// known makespans; without, on generated graphs, against the proven bound. Then the whole command against reading the files alone.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { lowerBound } from '../../src/plan/graph/bounds.ts'
import { timesOf } from '../../src/plan/graph/critical-path.ts'
import { makeGraph, type Graph } from '../../src/plan/graph/graph.ts'
import { assignTracks } from '../../src/plan/schedule/assign.ts'
import { fewestCrossings } from '../../src/plan/schedule/fewest-crossings.ts'
import { bestSchedule, stepsFor } from '../../src/plan/schedule/search.ts'
import { generatedGraph, noScopes, seeded } from '../support/generated-graphs.ts'
import { folder, line, median, spread } from './figures.ts'

interface Case { readonly graph: Graph; readonly tracks: number; /** Undefined: the bound. */ readonly known: number | undefined }

export async function planFigures(): Promise<void> {
  const stg = process.env.DEVTEAM_STG
  const cases = stg === undefined ? generatedCases() : stgCases(stg)
  for (const tasks of [...new Set(cases.map(({ graph }) => graph.size))].sort((a, b) => a - b)) searchFigures(tasks, cases.filter(({ graph }) => graph.size === tasks), stg === undefined ? 'proven bound' : 'best known')
  if (stg !== undefined) searchFigures(undefined, cases, 'best known')
  for (const tasks of [18, 1_000, 10_000]) await commandFigures(tasks)
}

const generatedCases = (): Case[] => [50, 100, 300].flatMap((tasks) => Array.from({ length: 30 }, (_, seed) => [2, 3, 4, 8].map((tracks) => ({ graph: generatedGraph(seed, tasks), tracks, known: undefined }))).flat())

function stgCases(root: string): Case[] {
  const known = JSON.parse(fs.readFileSync(path.join(root, 'best-known.json'), 'utf8')) as Record<string, { bestKnown: number }>
  return Object.entries(known).map(([key, { bestKnown }]) => {
    const [size = '', name = '', tracks = ''] = key.split('/')
    return { graph: stgGraph(path.join(root, size, `${name}.stg`)), tracks: Number(tracks), known: bestKnown }
  })
}

/** The first and the last task are dummies. */
function stgGraph(file: string): Graph {
  const [[count = 0] = [], ...lines] = fs.readFileSync(file, 'utf8').split('\n').filter((each) => each.trim() !== '' && !each.startsWith('#')).map((each) => each.trim().split(/\s+/).map(Number))
  const tasks = lines.slice(1, count + 1)
  return makeGraph(Float64Array.from(tasks, ([, hours = 0]) => hours), tasks.map(([, , , ...before]) => before.filter((task) => task > 0).map((task) => task - 1)), (units) => units)
}

function searchFigures(tasks: number | undefined, cases: readonly Case[], against: string): void {
  const [gaps, times, crossingTimes]: [number[], number[], number[]] = [[], [], []]
  const crossings = { dependencies: 0, handedOut: 0, fewest: 0 }
  for (const { graph, tracks, known } of cases) {
    const bound = lowerBound(graph, timesOf(graph), tracks)
    const begin = performance.now()
    const work = { graph, tracks, scopes: noScopes(graph.size) }
    const best = bestSchedule(work, bound, stepsFor(graph.size, true))
    times.push(performance.now() - begin)
    gaps.push(best.makespan / (known ?? bound) - 1)
    const components = Array.from({ length: graph.size }, (_, task) => String(task % 4))
    const first = assignTracks(graph, best, components)
    const beginCrossings = performance.now()
    const fewest = fewestCrossings(work, first, components)
    crossingTimes.push(performance.now() - beginCrossings)
    crossings.dependencies += graph.predecessors.flat().length
    crossings.handedOut += crossingsOf(graph, first.track)
    crossings.fewest += crossingsOf(graph, fewest.track)
  }
  const percent = (share: number): string => `${(100 * share).toFixed(3)} %`
  const name = tasks === undefined ? 'all' : `${tasks} tasks, at most ${stepsFor(tasks, true)} steps`
  line(`${cases.length} cases, ${name}: at the ${against}, mean and max gap`, [gaps.filter((gap) => gap <= 0).length / gaps.length, gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length, gaps.reduce((a, b) => Math.max(a, b), 0)].map(percent).join(' / '))
  line('  search p50 / p95 / max', spread(times))
  line('  dependencies: across tracks as these are handed out, fewest found', `${crossings.dependencies}: ${crossings.handedOut}, ${crossings.fewest}`)
  line('  look for the fewest p50 / p95 / max', spread(crossingTimes))
}

const crossingsOf = (graph: Graph, track: Int32Array): number => graph.predecessors.flatMap((list, task) => list.filter((before) => track[before] !== track[task])).length

/** The command and the reading are measured in turns, so that a busy machine touches both alike. */
async function commandFigures(tasks: number): Promise<void> {
  const root = folder()
  writeTasks(root, tasks)
  const devteam = path.resolve(import.meta.dirname, '../../dist/cli/devteam.cjs')
  const reading = `const fs = require('node:fs'); const folder = ${JSON.stringify(path.join(root, 'docs/planning/tasks'))}; for (const name of fs.readdirSync(folder)) JSON.parse(fs.readFileSync(folder + '/' + name, 'utf8'))`
  const timed = (args: readonly string[]): number => {
    const begin = performance.now()
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
    if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`)
    return performance.now() - begin
  }
  const [alone, first, again]: [number[], number[], number[]] = [[], [], []]
  for (let turn = 0; turn < 3; turn++) {
    alone.push(timed(['-e', reading]))
    // Not deleted: ext4 takes many times as long to make files just after as many were deleted.
    for (const made of ['.devteam', 'docs/sprints']) if (turn > 0) fs.renameSync(path.join(root, made), path.join(root, `${path.basename(made)}-${turn}`))
    first.push(timed([devteam, 'plan', '--cwd', root]))
    again.push(timed([devteam, 'plan', '--cwd', root]))
    await new Promise(setImmediate)
  }
  const ratio = (times: readonly number[]): string => `${median(times).toFixed(0)} ms = ${(median(times) / median(alone)).toFixed(1)}`
  line(`devteam plan, ${tasks.toLocaleString('en-US')} tasks: first, again, against reading them`, `${ratio(first)}, ${ratio(again)}, ${median(alone).toFixed(0)} ms`)
}

function writeTasks(root: string, count: number): void {
  const random = seeded(1)
  const below = (most: number): number => Math.floor(random() * most)
  const id = (number: number): string => `TASK-${String(number).padStart(3, '0')}`
  const place = path.join(root, 'docs/planning/tasks')
  fs.mkdirSync(place, { recursive: true })
  for (let number = 1; number <= count; number++) {
    const component = ['backend', 'frontend', 'infrastructure', 'data', 'mobile'][below(5)] ?? ''
    const before = new Set(Array.from({ length: number > 5 ? below(4) : 0 }, () => id(Math.max(1, number - 1 - below(60)))))
    fs.writeFileSync(path.join(place, `${id(number)}.json`), JSON.stringify({
      id: id(number), title: `Part ${number}`, description: `Does part ${number}.`, component, estimated_hours: 1 + below(16), dependencies: [...before], acceptance_criteria: ['It works', 'It is tested'],
      scope: { allowed_patterns: [`${component}/module-${number % 97}/part-${number}/**`] }, priority: 'medium',
    }, null, 2))
  }
}
