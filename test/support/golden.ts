import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'

const folder = path.resolve(import.meta.dirname, '../unit/golden')

/** What is measured and therefore different each time becomes a name: durations, costs, commits, folders, hosts and process ids. */
export const masked = (text: string): string => text
  .replace(/\(\d+(\.\d+)? (s|min|hours) of agents' and gates' work in \d+(\.\d+)? (s|min|hours)\)/g, '(<time> of agents\' and gates\' work in <time>)')
  .replace(/Time saved: \d+%/g, 'Time saved: <n>%')
  .replace(/\b\d+(\.\d+)? (s|min|hours)(?=[,) \n]|$)(?! \(vs)/gm, '<time>')
  .replace(/~?\$\d+(\.\d+)?/g, '<cost>')
  .replace(/\b[0-9a-f]{40}\b/g, '<commit>')

/** Compares with test/unit/golden/<name>; UPDATE_GOLDEN=1 writes it instead. */
export function assertGolden(name: string, text: string): void {
  const file = path.join(folder, name)
  if (process.env.UPDATE_GOLDEN === '1') {
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(file, text)
    return
  }
  assert.ok(fs.existsSync(file), `${file} is missing: UPDATE_GOLDEN=1 writes it, then read it`)
  assert.equal(text, fs.readFileSync(file, 'utf8'))
}
