import assert from 'node:assert/strict'
import fs from 'node:fs'
import { UserError } from '../../../src/plan/errors.ts'
import { loadRoles } from '../../../src/agents/roles.ts'
import { mediaRoles, Workspace } from './support/workspace.ts'

const front = (lines: string): string => `---\n${lines}\n---\nDo the work.\n`
const refused = async (work: Promise<unknown>): Promise<string> => {
  try { await work } catch (error) { assert.ok(error instanceof UserError, String(error)); return error.message }
  throw new assert.AssertionError({ message: 'nothing was refused' })
}

describe('roles', () => {
  let workspace: Workspace
  beforeEach(() => { workspace = new Workspace() })
  afterEach(() => workspace.remove())

  it('ship with all names that the documents speak of', async () => {
    const roles = await workspace.roles()
    for (const name of ['database:designer', 'database:developer-python', 'backend:api-designer', 'backend:api-developer-python', 'quality:test-writer', 'orchestration:requirements-validator', 'backend:code-reviewer-python', 'frontend:code-reviewer-typescript', 'quality:security-auditor', 'quality:performance-auditor-python', 'planning:prd-writer', 'planning:task-graph-analyzer', 'documentation:writer']) assert.equal(roles.get(name).name, name)
    assert.equal(roles.all.length, fs.readdirSync(mediaRoles).length)
    for (const role of roles.all) assert.match(role.name, /^[a-z]+:[a-z-]+$/)
    assert.equal(roles.validator.tier, 'opus')
    assert.equal(roles.securityAuditor.tier, 'opus')
  })

  it('have a developer and a reviewer for every language', async () => {
    const roles = await workspace.roles()
    const languages = ['Python', 'TypeScript', 'JavaScript', 'Go', 'Rust', 'Java', 'C#', 'Ruby', 'PHP', 'Shell']
    assert.deepEqual(roles.codeReviewers(languages).map((each) => each.language), languages)
    for (const { role } of roles.codeReviewers(languages)) assert.match(role.name, /^[a-z]+:code-reviewer[a-z-]*$/)
    for (const language of languages) assert.ok(roles.all.some((role) => role.stage === 'implement' && role.languages.includes(language)), language)
  })

  it('never let a role that only looks write', async () => {
    for (const role of (await workspace.roles()).all.filter((each) => ['validate', 'review', 'plan'].includes(each.stage))) assert.deepEqual(role.tools.filter((tool) => tool === 'write_file' || tool === 'edit_file'), [], role.name)
  })

  const cases: [string, string, string | undefined, string[]][] = [
    ['Database schema design', 'backend', 'database:designer', ['database:designer', 'database:developer-python']],
    ['User authentication API', 'backend', 'backend:api-developer-python', ['backend:api-designer', 'backend:api-developer-python', 'quality:test-writer']],
    ['Product catalog API', 'backend', undefined, ['backend:api-developer-python', 'quality:test-writer']],
    ['Login/registration UI', 'frontend', undefined, ['frontend:developer-typescript', 'quality:test-writer']],
    ['Docker containers', 'infrastructure', undefined, ['infrastructure:developer-docker']],
    ['Kubernetes manifests', 'infrastructure', undefined, ['infrastructure:developer-kubernetes']],
    ['Database backups', 'infrastructure', undefined, ['infrastructure:developer-shell']],
    ['Anything', 'quantum', undefined, ['general:developer', 'quality:test-writer']],
    ['Orders API', 'backend', 'backend:api-developer-go', ['backend:api-developer-go', 'quality:test-writer']],
  ]
  for (const [title, component, suggestedAgent, names] of cases) {
    it(`for "${title}" (${component}) are ${names.join(', ')}`, async () => {
      const roles = await workspace.roles()
      assert.deepEqual(roles.forTask({ title, component, ...(suggestedAgent === undefined ? {} : { suggestedAgent }) }).map((role) => role.name), names)
    })
  }

  it('follow the languages of the project', async () => {
    const roles = (await workspace.roles()).withLanguages(['C#', 'TypeScript'])
    assert.deepEqual(roles.forTask({ title: 'Orders API', component: 'backend' }).map((role) => role.name), ['backend:api-developer-csharp', 'quality:test-writer'])
    assert.equal(roles.fixer(['a.sh', 'b.rs', 'c.rs']).name, 'backend:api-developer-rust')
    assert.equal(roles.performanceAuditor(['Go', 'TypeScript']).name, 'quality:performance-auditor-typescript')
    assert.equal(roles.performanceAuditor(['Go']).name, 'quality:performance-auditor')
  })

  it('name a suggested role that is not there', async () => {
    const roles = await workspace.roles()
    assert.throws(() => roles.forTask({ title: 'x', component: 'backend', suggestedAgent: 'backend:wizard' }), (error) => error instanceof UserError && error.message.includes('backend:wizard') && error.message.includes('.devteam/agents/backend-wizard.md'))
  })

  it('are overridden by the workspace, .devteam before .claude', async () => {
    workspace.write('.claude/agents/a.md', front('name: backend:api-developer-go\ndescription: theirs\ntools: Read, Bash, Edit, WebFetch\nmodel: inherit\ncolor: red'))
    workspace.write('.claude/agents/b.md', front('name: Code Wizard\ndescription: foreign'))
    workspace.write('.devteam/agents/c.md', front('name: backend:api-developer-rust\ndescription: ours\nmodel: opus'))
    workspace.write('.claude/agents/d.md', front('name: backend:api-developer-rust\ndescription: foreign'))
    const roles = await workspace.roles()
    assert.deepEqual([roles.get('backend:api-developer-go').tools, roles.get('backend:api-developer-go').tier], [['read_file', 'edit_file'], 'sonnet'])
    assert.equal(roles.get('code-wizard').description, 'foreign')
    assert.deepEqual([roles.get('backend:api-developer-rust').description, roles.get('backend:api-developer-rust').tier], ['ours', 'opus'])
  })

  const faults: [string, string, RegExp][] = [
    ['an unknown tier', front('name: a:b\ndescription: x\nmodel: gpt'), /^\.devteam\/agents\/x\.md:4: model: .*haiku, sonnet, opus/],
    ['an unknown key', front('name: a:b\ndescription: x\ncolour: red'), /^\.devteam\/agents\/x\.md:4: .*colour/],
    ['an unknown tool', front('name: a:b\ndescription: x\ntools:\n  - read_file\n  - bash'), /^\.devteam\/agents\/x\.md:6: tools\.1: .*read_file/],
    ['no front matter', 'Hello', /^\.devteam\/agents\/x\.md:1: /],
    ['broken YAML', front('name: a:b\ndescription: [x'), /^\.devteam\/agents\/x\.md:\d+: the front matter is no valid YAML/],
    ['no instructions', '---\nname: a:b\ndescription: x\n---\n', /^\.devteam\/agents\/x\.md:4: the role has no instructions/],
    ['no name', front('description: x'), /^\.devteam\/agents\/x\.md:2: name: /],
  ]
  for (const [what, text, message] of faults) {
    it(`refuse ${what} with file and line`, async () => {
      workspace.write('.devteam/agents/x.md', text)
      assert.match(await refused(workspace.roles()), message)
    })
  }

  it('tell every fault at once, and two files of one name', async () => {
    workspace.write('.devteam/agents/a.md', front('name: a:b\ndescription: x'))
    workspace.write('.devteam/agents/b.md', front('name: a:b\ndescription: y'))
    workspace.write('.devteam/agents/c.md', 'nothing')
    const message = await refused(workspace.roles())
    assert.match(message, /b\.md: the role a:b is in \.devteam\/agents\/a\.md too/)
    assert.match(message, /c\.md:1:/)
  })

  it('must be there at all', async () => {
    assert.match(await refused(loadRoles(workspace.path('nowhere'), workspace.root)), /no roles in .*nowhere/)
  })
})
