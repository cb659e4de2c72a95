import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { trackId, type TrackId } from '../../src/plan/ids.ts'
import { Stored } from './stored.ts'

/** The file operations of the lock and of a commit. */
export const operations = ['mkdirSync', 'openSync', 'writeSync', 'fsyncSync', 'closeSync', 'renameSync', 'unlinkSync', 'rmdirSync'] as const

const killer = pathToFileURL(path.join(import.meta.dirname, '../unit/state/kill-inside.mjs')).href

export interface Storm {
  readonly root: string
  /** The bundled kill-worker.ts. */
  readonly worker: string
  readonly writers: number
  readonly kills: number
  readonly seed: number
}

export interface Weathered {
  readonly kills: number
  /** What the killed processes had been told: `completed TASK EVENT`, `failed TASK EVENT`, `noted TEXT`. */
  readonly acknowledged: readonly string[]
  /** `renameSync before` -> how many died there; `at random` for those that a signal from outside ended. */
  readonly places: ReadonlyMap<string, number>
  /** Reads by `sqlite3` beside the writers. */
  readonly reads: number
  /** From the start of a process to its lease, in milliseconds, in order: the file lock and the lease of the dead one before it are taken over in it. */
  readonly startMs: readonly number[]
}

/**
 * Lets several processes write one database and kills each again and again: two of three inside a file operation of the lock or a commit,
 * the others at a random moment after their first acknowledgement. `sqlite3` reads all the while, and must see whole transactions only.
 */
export async function killStorm(storm: Storm): Promise<Weathered> {
  const random = xoroshiro128plus(storm.seed)
  const upTo = (most: number): number => uniformInt(random, 1, most)
  const acknowledged: string[] = []
  const places = new Map<string, number>()
  const startMs: number[] = []
  let [lives, kills, going] = [0, 0, true]
  const stored = new Stored(storm.root)

  const life = async (track: TrackId): Promise<boolean> => {
    // Two of three die inside, in each function in turn: before its nth call, or after it (of a write after half of it).
    const inside = lives % 3 < 2 ? operations[(lives - Math.floor(lives / 3)) % operations.length] : undefined
    const [at, waitMs] = [(upTo(40) + 1) / 2, upTo(60)]
    lives += 1
    const begin = performance.now()
    // An optimised sql.js would not pay in so short a life.
    const child = spawn(process.execPath, ['--liftoff-only', ...inside === undefined ? [] : ['--import', killer], storm.worker, storm.root, track], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, KILL_AT: String(at), KILL_NAME: inside } })
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => { errors += text })
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      if (line !== 'ready') { acknowledged.push(line); return }
      startMs.push(performance.now() - begin)
      if (inside === undefined) setTimeout(() => child.kill('SIGKILL'), waitMs)
    })
    await Promise.all([once(child, 'close'), once(lines, 'close')])
    if (child.signalCode !== 'SIGKILL') {
      assert.equal(child.exitCode, 0, errors)
      return false // no task is left on its track
    }
    const place = inside === undefined ? 'at random' : /^killed (.*)$/m.exec(errors)?.[1] ?? errors
    places.set(place, (places.get(place) ?? 0) + 1)
    kills += 1
    return true
  }

  const writer = async (track: TrackId): Promise<void> => {
    while (kills < storm.kills && await life(track));
  }
  const reader = async (): Promise<number> => {
    let reads = 0
    for (; going; reads += 1) {
      await assertWholeTransaction(stored)
      await sleep(50) // the writers need the processor
    }
    return reads
  }
  const reading = reader()
  // A reader that fails is told at the end; unhandled, it would end the process before.
  reading.catch(() => undefined)
  await Promise.all(Array.from({ length: storm.writers }, (_, index) => writer(trackId(index + 1))))
  going = false
  return { kills, acknowledged: acknowledged.filter((line) => line !== 'end'), places, reads: await reading, startMs: startMs.sort((a, b) => a - b) }
}

/** A transition and its event are one transaction, so in any snapshot their numbers are the same. */
async function assertWholeTransaction(stored: Stored): Promise<void> {
  const [counts = '', check] = await stored.rows(`SELECT (SELECT COUNT(*) FROM task WHERE status = 'completed'), (SELECT COUNT(*) FROM event WHERE type = 'task.completed'),
    COALESCE(MIN(id), 1), COUNT(*), COALESCE(MAX(id), 0), (SELECT COALESCE(MAX(last_id), 0) FROM archive) FROM event; PRAGMA quick_check`)
  const [tasks = 0, live = 0, first = 0, count = 0, last = 0, archivedTo = 0] = counts.split('|').map(Number)
  assert.equal(check, 'ok')
  assert.equal(tasks, live + (await stored.archived('id', "type = 'task.completed'", first)).length, 'a reader saw half a transaction')
  assert.equal(last, archivedTo + count, 'a reader saw a gap among the events')
}

/** What must hold after any storm: nothing acknowledged is lost, nothing was done twice, and the file is sound. */
export async function assertWeathered(root: string, { acknowledged }: Pick<Weathered, 'acknowledged'>): Promise<void> {
  const stored = new Stored(root)
  const ends = await stored.events("substr(type, 6) || ' ' || task_id || ' ' || id", "type IN ('task.completed', 'task.failed')")
  const notes = await stored.events("'noted ' || json_extract(data, '$.message')", "type = 'error'")
  const kept = new Set([...ends, ...notes])
  assert.deepEqual(acknowledged.filter((line) => !kept.has(line)), [], 'acknowledged, and lost')
  const completed = ends.filter((line) => line.startsWith('completed ')).map((line) => line.split(' ')[1])
  assert.equal(new Set(completed).size, completed.length, 'a task was completed twice')
  assert.deepEqual(new Set(await stored.rows("SELECT id FROM task WHERE status = 'completed'")), new Set(completed))
  const ids = (await stored.events('id', 'id IS NOT NULL')).map(Number)
  assert.deepEqual(ids.filter((id, index) => id !== index + 1), [], 'event ids have gaps')
  assert.deepEqual(await stored.rows('PRAGMA integrity_check'), ['ok'])
}
