import fs from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../plan/errors.ts'
import type { Role } from './executor.ts'
import { languageOf } from './languages.ts'
import { parseRole } from './role-file.ts'
import { rolesForTask, type TaskFacts } from './task-roles.ts'

/** The roles of a run, read once at its start: nothing that an agent writes changes them. */
export class Roles {
  private readonly byName: ReadonlyMap<string, Role>
  /** `languages`: those of the project, the main one first; a task that says nothing else is done in the first that fits its component. */
  constructor(readonly all: readonly Role[], private readonly languages: readonly string[] = []) {
    this.byName = new Map(all.map((role) => [role.name, role]))
  }

  /** The same roles for a project in these languages. */
  withLanguages(languages: readonly string[]): Roles { return new Roles(this.all, languages) }

  find(name: string): Role | undefined { return this.byName.get(name) }

  /** Throws UserError('input') where there is no such role. */
  get(name: string): Role {
    const role = this.byName.get(name)
    if (role === undefined) throw new UserError('input', `There is no role "${name}". Add .devteam/agents/${name.replaceAll(':', '-')}.md, or name one of: ${this.all.map((each) => each.name).join(', ')}.`)
    return role
  }

  /** Who designs, implements and tests a task, in this order. Throws UserError('input') where the task suggests a role that is not there. */
  forTask(task: TaskFacts): readonly Role[] { return rolesForTask(this, task, task.languages ?? this.languages) }

  /** A code reviewer for each language; TypeScript and JavaScript each have theirs even where it is the same role. What is in no known language is reviewed too. */
  codeReviewers(languages: readonly string[]): { language: string; role: Role }[] {
    const found = languages.flatMap((language) => {
      const role = this.all.find((each) => each.stage === 'review' && /:code-reviewer/.test(each.name) && each.languages.includes(language))
      return role === undefined ? [] : [{ language, role }]
    })
    return found.length > 0 ? found : [{ language: 'Configuration', role: this.get('quality:code-reviewer') }]
  }

  /** The auditor of the first language that has one of its own. */
  performanceAuditor(languages: readonly string[]): Role {
    const own = languages.flatMap((language) => this.all.filter((role) => role.name.startsWith('quality:performance-auditor') && role.languages.includes(language)))
    return own[0] ?? this.get('quality:performance-auditor')
  }

  /** Who mends what a review found in these files: the implementing role of their main language. */
  fixer(files: readonly string[]): Role {
    const counts = new Map<string, number>()
    for (const file of files) {
      const language = languageOf(file)
      if (language !== undefined) counts.set(language, (counts.get(language) ?? 0) + 1)
    }
    const main = [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
    return this.all.find((role) => main !== undefined && role.stage === 'implement' && role.languages.includes(main)) ?? this.get('general:developer')
  }

  get prdWriter(): Role { return this.get('planning:prd-writer') }
  get taskGraphAnalyzer(): Role { return this.get('planning:task-graph-analyzer') }
  get validator(): Role { return this.get('orchestration:requirements-validator') }
  get merger(): Role { return this.get('orchestration:merge-resolver') }
  get securityAuditor(): Role { return this.get('quality:security-auditor') }
  get integrationReviewer(): Role { return this.get('quality:integration-reviewer') }
  get documentation(): Role { return this.get('documentation:writer') }
  get documentationReviewer(): Role { return this.get('documentation:reviewer') }
}

/**
 * Reads the roles that ship in `mediaFolder`, then `.claude/agents/*.md` and `.devteam/agents/*.md` of the workspace, each of which may add roles or
 * replace some by name. Throws UserError('input') with file and line of every fault.
 */
export async function loadRoles(mediaFolder: string, workspace: string): Promise<Roles> {
  const sources = [
    { folder: mediaFolder, foreign: false, named: '' },
    { folder: path.join(workspace, '.claude', 'agents'), foreign: true, named: '.claude/agents/' },
    { folder: path.join(workspace, '.devteam', 'agents'), foreign: false, named: '.devteam/agents/' },
  ]
  const byName = new Map<string, Role>()
  const faults: string[] = []
  for (const { folder, foreign, named } of sources) {
    const from = new Map<string, string>()
    for (const file of await markdownFiles(folder)) {
      try {
        const shown = named === '' ? path.join(folder, file) : named + file
        const role = parseRole(await fs.readFile(path.join(folder, file), 'utf8'), shown, foreign)
        const twin = from.get(role.name)
        if (twin !== undefined) faults.push(`${shown}: the role ${role.name} is in ${twin} too. Give one of them another name.`)
        from.set(role.name, shown)
        byName.set(role.name, role)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        faults.push(error.message)
      }
    }
  }
  if (faults.length > 0) throw new UserError('input', faults.join('\n'))
  if (byName.size === 0) throw new UserError('input', `There are no roles in ${mediaFolder}. Install DevTeam again.`)
  return new Roles([...byName.values()])
}

async function markdownFiles(folder: string): Promise<string[]> {
  try { return (await fs.readdir(folder)).filter((name) => name.endsWith('.md') && name.toLowerCase() !== 'readme.md').sort() } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw new UserError('input', `${folder} can't be read: ${(error as Error).message}. Mend its permissions, or move it away.`)
  }
}
