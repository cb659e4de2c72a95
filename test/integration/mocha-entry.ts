import fs from 'node:fs'
import { format } from 'node:util'
import Mocha from 'mocha'
import ResultReporter from '../support/result-reporter.ts'

/**
 * Runs tests in the extension host. What mocha prints goes into the file that `DEVTEAM_TEST_OUTPUT` names: the console of an extension host reaches
 * nobody whole. Rejects when a test fails.
 */
export async function runMocha(load: () => void): Promise<void> {
  const output = process.env.DEVTEAM_TEST_OUTPUT
  if (output !== undefined) Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => { fs.appendFileSync(output, `${format(...parts)}\n`) }
  const mocha = new Mocha({ ui: 'bdd', reporter: ResultReporter, timeout: 60_000, forbidOnly: true, color: false })
  mocha.suite.emit('pre-require', globalThis, '', mocha)
  load()
  const failures = await new Promise<number>((resolve) => { mocha.run(resolve) })
  if (failures > 0) throw new Error(`${failures} tests failed`)
}
