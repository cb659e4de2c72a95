// `npm run bench`: prints figures of this machine; nothing is asserted.
import os from 'node:os'
import path from 'node:path'
import { stateFigures } from './state.ts'

process.stdout.write(`Node ${process.versions.node}, ${process.platform}, ${os.availableParallelism()} cores\n`)
await stateFigures(path.resolve(import.meta.dirname, '../../dist/cli/devteam.js'))
