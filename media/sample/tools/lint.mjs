// Checks what can be checked without a compiler: JSON parses, brackets close, indentation has no tabs, no conflict marks, a final newline.
import fs from 'node:fs'
import path from 'node:path'

const skipped = new Set(['.git', '.devteam', 'node_modules', '__pycache__'])
const faults = []
let files = 0

function check(file) {
  const text = fs.readFileSync(file, 'utf8')
  files += 1
  if (text !== '' && !text.endsWith('\n')) faults.push(`${file}: no newline at the end`)
  const lines = text.split('\n')
  lines.forEach((line, i) => {
    if (/^(<{7}|={7}|>{7})( |$)/.test(line)) faults.push(`${file}:${i + 1}: a conflict mark`)
    if (/\.(py|ya?ml)$/.test(file) && /^ *\t/.test(line)) faults.push(`${file}:${i + 1}: a tab in the indentation`)
  })
  if (file.endsWith('.json')) {
    try { JSON.parse(text) } catch (error) { faults.push(`${file}: ${error.message}`) }
  } else if (file.endsWith('.py')) {
    const bare = text.replace(/\\./g, '').replace(/"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n]*"|'[^'\n]*'/g, '').replace(/#[^\n]*/g, '')
    for (const [open, close] of ['()', '[]', '{}']) {
      if (bare.split(open).length !== bare.split(close).length) faults.push(`${file}: "${open}" and "${close}" do not pair`)
    }
  }
}

function walk(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue
    const full = path.join(folder, entry.name)
    if (entry.isDirectory()) walk(full)
    else if (entry.isFile() && /\.(json|py|tsx?|mjs|js|ya?ml|sh|md)$/.test(entry.name)) check(full)
  }
}

walk('.')
for (const fault of faults) console.log(fault)
console.log(`${files} files, ${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
