import fs from 'node:fs'
import Mocha from 'mocha'

/** What a layer leaves behind when all its tests have run. */
export interface LayerResult { readonly passed: number; readonly failed: number; readonly skipped: number }

/**
 * mocha's spec output, and at the end the counts in the file that `DEVTEAM_TEST_RESULT` names. A process that dies on the way leaves no file: an exit
 * code alone proves nothing, since an extension host that crashed is reported as 0.
 */
export default class ResultReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats
      const file = process.env.DEVTEAM_TEST_RESULT
      if (file !== undefined) fs.writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending } satisfies LayerResult))
    })
  }
}
