#!/usr/bin/env node
// Runs the tests: unit, integration (mocha inside a real VS Code), ui (the packaged extension in a browser). `--unit` runs only the first.
// The last line is `N passed, N failed`. It has to be built before: `npm test` does all in order.
import { register } from 'tsx/esm/api'

register()
const { runLayers } = await import('./support/layers.ts')
process.exitCode = await runLayers(process.argv.slice(2))
