import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

/** A database as the `sqlite3` program reads it, archives of events included. */
export class Stored {
  readonly #folder: string
  constructor(root: string) { this.#folder = path.join(root, '.devteam') }

  /** Rows as text, cells joined by `|`. Rejects with what `sqlite3` said. */
  async rows(sql: string, file = 'devteam.db'): Promise<string[]> {
    const { stdout } = await promisify(execFile)('sqlite3', [path.join(this.#folder, file), sql], { encoding: 'utf8', maxBuffer: 2 ** 28 })
    return stdout.split('\n').filter((line) => line !== '')
  }

  /** Rows of every event of one snapshot, archived ones first. A crash may leave rows in an archive that the live file still has. */
  async events(select: string, where: string): Promise<string[]> {
    const live = await this.rows(`SELECT 'first ' || COALESCE(MIN(id), (SELECT COALESCE(MAX(last_id), 0) + 1 FROM archive)) FROM event; SELECT ${select} FROM event WHERE ${where} ORDER BY id`)
    return [...await this.archived(select, where, Number(live[0]?.slice(6))), ...live.slice(1)]
  }

  /** The same of the archived events with an id before `first`, which never change again. */
  async archived(select: string, where: string, first: number): Promise<string[]> {
    const folder = path.join(this.#folder, 'archive')
    const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => /^events-\d+\.db$/.test(name)) : []
    const number = (name: string): number => Number(/\d+/.exec(name)?.[0])
    const rows: string[] = []
    for (const name of files.sort((a, b) => number(a) - number(b))) rows.push(...await this.rows(`SELECT ${select} FROM event WHERE id < ${first} AND (${where}) ORDER BY id`, path.join('archive', name)))
    return rows
  }
}
