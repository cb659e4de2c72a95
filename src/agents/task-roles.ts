import type { Role } from './executor.ts'

/** What the choice of roles depends on: a table lookup, no model call. */
export interface TaskFacts {
  readonly title: string
  readonly component: string
  readonly suggestedAgent?: string
  /** Languages of the project, where the caller knows better than the roles. */
  readonly languages?: readonly string[]
}

interface RoleLookup { readonly all: readonly Role[]; find(name: string): Role | undefined; get(name: string): Role }

/** A kind of task: the first row whose patterns match decides. `developers` in order of preference, `*` stands for the language. */
interface Row {
  readonly component: RegExp
  readonly title: RegExp
  readonly design?: string
  readonly developers: readonly string[]
  readonly test?: string
}

const anything = /^/
const backend = /^(?:backend|api|server|service|services)$/i
const frontend = /^(?:frontend|ui|web|client|mobile)$/i
const infrastructure = /^(?:infrastructure|infra|devops|ops|deployment|platform)$/i
const database = /\b(?:database|schema|data model|migrations?|tables?)\b/i
const tester = 'quality:test-writer'

const table: readonly Row[] = [
  { component: /^(?:database|db|data|storage)$/i, title: anything, design: 'database:designer', developers: ['database:developer-*', 'database:developer-sql'] },
  { component: backend, title: database, design: 'database:designer', developers: ['database:developer-*', 'database:developer-sql'] },
  // An interface that handles identities or money is written down as a contract before it is implemented.
  { component: backend, title: /\b(?:auth\w*|login|payments?|checkout|billing|permissions?|accounts?)\b/i, design: 'backend:api-designer', developers: ['backend:api-developer-*'], test: tester },
  { component: backend, title: anything, developers: ['backend:api-developer-*'], test: tester },
  { component: frontend, title: anything, developers: ['frontend:developer-*', 'frontend:developer-typescript'], test: tester },
  { component: infrastructure, title: /\b(?:kubernetes|k8s|helm|manifests?|ingress|cluster)\b/i, developers: ['infrastructure:developer-kubernetes'] },
  { component: infrastructure, title: /\b(?:docker\w*|containers?|images?|compose)\b/i, developers: ['infrastructure:developer-docker'] },
  { component: infrastructure, title: /\b(?:ci|cd|ci\/cd|pipelines?|workflows?|actions|builds?|releases?)\b/i, developers: ['infrastructure:developer-pipeline'] },
  { component: infrastructure, title: /\b(?:backups?|restore|scripts?|cron|deploy\w*)\b/i, developers: ['infrastructure:developer-shell'] },
  { component: infrastructure, title: anything, developers: ['infrastructure:developer-yaml'] },
  { component: /^(?:docs?|documentation)$/i, title: anything, developers: ['documentation:author'] },
  { component: /^(?:tests?|testing|quality|qa)$/i, title: anything, developers: ['quality:test-developer'] },
  { component: anything, title: anything, developers: ['general:developer'], test: tester },
]

/** The language of a component where the project's own say nothing, by the suffix of its developers' names. */
const usual = (component: string): string => (frontend.test(component) ? 'typescript' : 'python')
const suffixes: Readonly<Record<string, string>> = { 'C#': 'csharp', JavaScript: 'typescript' }
const suffixOf = (language: string): string => suffixes[language] ?? language.toLowerCase()

/** Design, implementation and test of one task, in this order. A suggested role takes the place of the role of its own stage. */
export function rolesForTask(roles: RoleLookup, task: TaskFacts, languages: readonly string[]): Role[] {
  const row = table.find((each) => each.component.test(task.component) && each.title.test(task.title))
  const suggested = task.suggestedAgent === undefined ? undefined : roles.get(task.suggestedAgent)
  const wanted = suggested?.stage === 'implement' ? suggested : undefined
  const language = wanted?.languages[0] ?? suggested?.languages[0]
  const candidates = [...(language === undefined ? [] : [language]), ...languages].map(suffixOf)
  const developer = wanted ?? firstOf(roles, row?.developers ?? [], [...candidates, usual(task.component)])
  const designer = suggested?.stage === 'design' ? suggested : row?.design === undefined ? undefined : roles.find(row.design)
  const tester = suggested?.stage === 'test' ? suggested : row?.test === undefined ? undefined : roles.find(row.test)
  return [designer, developer, tester].filter((role) => role !== undefined)
}

function firstOf(roles: RoleLookup, patterns: readonly string[], languages: readonly string[]): Role | undefined {
  for (const pattern of patterns) {
    for (const language of pattern.includes('*') ? languages : ['']) {
      const role = roles.find(pattern.replace('*', language))
      if (role !== undefined) return role
    }
  }
  return roles.find('general:developer')
}
