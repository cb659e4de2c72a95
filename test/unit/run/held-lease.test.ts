import assert from 'node:assert/strict'
import { UserError } from '../../../src/plan/errors.ts'
import { diligent, project, run } from '../../support/scripted-agents.ts'

describe('a lease that is taken over', () => {
  it('ends the final review with exit code 3 and nothing more written', async () => {
    const at = await project([{ id: 'T-1' }])
    await assert.rejects(run(at, async (brief, directory) => {
      // Another process takes the review while this one is silent: what its session holds is given back.
      if (brief.subject.review === 'documentation') await at.state.endSession((await at.state.sessions()).at(-1)?.id ?? '', 'interrupted')
      return diligent(brief, directory)
    }), (error) => error instanceof UserError && error.exitCode === 3 && /final project review was taken over/.test(error.message))
    assert.equal((await at.state.snapshot())?.projectCompleted, false)
    assert.equal((await run(at, diligent)).outcome.result, 'completed')
    await at.close()
  })
})
