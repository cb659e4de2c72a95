// `npm run bench`, or `npm run bench -- state readers`: prints figures of this machine. A slow figure is no failure.
import os from 'node:os'
import { removeFolders } from './figures.ts'
import { killFigures } from './kills.ts'
import { planFigures } from './plan.ts'
import { readerFigures } from './readers.ts'
import { stateFigures } from './state.ts'

const topics: Readonly<Record<string, () => Promise<void>>> = { plan: planFigures, state: stateFigures, readers: readerFigures, kills: killFigures }
const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(topics)
const unknown = chosen.filter((name) => !(name in topics))
if (unknown.length > 0) throw new Error(`there is no bench ${unknown.join(', ')}: choose of ${Object.keys(topics).join(', ')}`)

process.stdout.write(`Node ${process.versions.node}, ${process.platform}, ${os.availableParallelism()} cores, load ${os.loadavg()[0]?.toFixed(1) ?? 'unknown'}\n`)
try {
  for (const name of chosen) {
    process.stdout.write(`\n${name}\n`)
    await topics[name]?.()
  }
} finally {
  removeFolders()
}
