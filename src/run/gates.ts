import fs from 'node:fs/promises'
import path from 'node:path'
import type { GateConfig } from './config.ts'
import { allowedEnvironment, runCommand } from './process.ts'

export interface GateResult {
  readonly name: string
  readonly command: string
  /** null: it could not start, ran out of time, or was stopped: a failure with `reason`, never a pass. */
  readonly exitCode: number | null
  readonly durationMs: number
  readonly output: string
  readonly reason?: string
}

export const passed = (gate: GateResult): boolean => gate.exitCode === 0

/**
 * The gates of a project that configures none, from the files at its root: package.json scripts (build, lint, test), pytest, go, cargo,
 * maven, gradle. An empty list means that none were found.
 */
export async function detectGates(root: string): Promise<GateConfig[]> {
  const has = (name: string): Promise<boolean> => fs.access(path.join(root, name)).then(() => true, () => false)
  const gate = (name: string, command: string): GateConfig => ({ name, command, timeoutSeconds: 600 })
  const gates: GateConfig[] = []
  if (await has('package.json')) {
    const scripts = await packageScripts(path.join(root, 'package.json'))
    for (const name of ['build', 'lint', 'test']) if (scripts[name] !== undefined && !scripts[name].includes('no test specified')) gates.push(gate(name, `npm run --silent ${name}`))
  }
  if (await has('pytest.ini') || await has('conftest.py') || await has('pyproject.toml')) gates.push(gate('pytest', 'python3 -m pytest -q'))
  if (await has('go.mod')) gates.push(gate('go', 'go build ./... && go vet ./... && go test ./...'))
  if (await has('Cargo.toml')) gates.push(gate('cargo', 'cargo test --quiet'))
  if (await has('pom.xml')) gates.push(gate('maven', 'mvn -q -B verify'))
  if (await has('gradlew')) gates.push(gate('gradle', './gradlew -q check'))
  return gates
}

async function packageScripts(file: string): Promise<Partial<Record<string, string>>> {
  try {
    const parsed = JSON.parse(await fs.readFile(file, 'utf8')) as { scripts?: Partial<Record<string, string>> }
    return parsed.scripts ?? {}
  } catch { return {} } // a broken package.json is the agent's or the user's to mend: npm itself will say so
}

/** Runs the gates one after another, all of them even when one fails, so that one retry can mend all. */
export async function runGates(gates: readonly GateConfig[], directory: string, signal: AbortSignal, onGate: (gate: GateResult) => void): Promise<GateResult[]> {
  const results: GateResult[] = []
  for (const { name, command, timeoutSeconds } of gates) {
    const ran = await runCommand(command, { directory, timeoutMs: timeoutSeconds * 1000, signal, env: allowedEnvironment(process.env) })
    signal.throwIfAborted()
    const result = { name, command, ...ran }
    results.push(result)
    onGate(result)
  }
  return results
}
