// Runs every tests/*.test.mjs in this one process with Node's own test runner. A failed test makes the exit code 1.
import fs from 'node:fs'

const folder = new URL('./', import.meta.url)
const files = fs.readdirSync(folder).filter((name) => name.endsWith('.test.mjs')).sort()
if (files.length === 0) console.log('no tests yet')
for (const name of files) await import(new URL(name, folder).href)
