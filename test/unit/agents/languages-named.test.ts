import assert from 'node:assert/strict'
import { languagesNamed } from '../../../src/agents/languages.ts'

describe('languages that a PRD names', () => {
  it('come in the order in which they are named, each once', () => {
    assert.deepEqual(languagesNamed(['Python and FastAPI', 'React and TypeScript', 'PostgreSQL', 'Docker and Kubernetes']), ['Python', 'TypeScript'])
    assert.deepEqual(languagesNamed(['a Go service behind a React page', 'Golang']), ['Go', 'TypeScript'])
    assert.deepEqual(languagesNamed(['C# on .NET', 'a good plan', 'Java, not JavaScript']), ['C#', 'Java', 'JavaScript'])
  })
})
