import fs from 'node:fs'
import path from 'node:path'
import type { Brief, Executor, ExecutorResult } from '../../src/agents/executor.ts'
import { loadRoles } from '../../src/agents/roles.ts'
import { readConfig } from '../../src/run/config.ts'
import { planProject } from '../../src/run/plan-project.ts'
import { runProject, type RunOutcome, type Selection } from '../../src/run/run-project.ts'
import type { SpokenEvent } from '../../src/report/transcript.ts'
import { openState, type State } from '../../src/state/state.ts'
import { git, temporaryFolder, writeFiles } from './folders.ts'

const media = path.resolve(import.meta.dirname, '../../media')

/** What an agent of a test does with a brief: files to write, and its answer where one is asked for. */
export interface Deed { readonly files?: Readonly<Record<string, string>>; readonly answer?: unknown; readonly text?: string; readonly costUsd?: number }
export type Script = (brief: Brief, directory: string) => Deed | Promise<Deed>

/** An executor whose agents do what a function says. */
export function scripted(script: Script): Executor {
  return {
    name: 'simulated', simulated: true,
    run: async (brief, directory, signal, _onEvent, beforeWrite): Promise<ExecutorResult> => {
      signal.throwIfAborted()
      const deed = await script(brief, directory)
      for (const file of Object.keys(deed.files ?? {})) await beforeWrite?.(file, `${file}.tmp`)
      writeFiles(directory, deed.files ?? {})
      return {
        text: deed.text ?? 'done', tokens: { input: 10, output: 5, cacheRead: 0, cacheWrite: 0 }, costUsd: deed.costUsd ?? 0.01, model: brief.model, durationMs: 1, filesWritten: Object.keys(deed.files ?? {}).sort(),
        ...(deed.answer === undefined ? {} : { answer: deed.answer }),
      }
    },
  }
}

/** Passes every criterion with the first changed file as evidence. */
export function honestVerdict(brief: Brief): Deed {
  const file = brief.subject.changedFiles?.[0] ?? 'none'
  return { answer: { criteria: (brief.subject.task?.criteria ?? []).map((criterion) => ({ criterion, pass: true, evidence: [{ kind: 'file', path: file, startLine: 1, endLine: 1 }] })), gap: null } }
}
export const goodReview: Deed = { answer: { verdict: 'pass', note: '', checks: [], findings: [] } }

/** Does everything well: one file a task. */
export const diligent: Script = (brief) => {
  switch (brief.subject.kind) {
    case 'validate': return honestVerdict(brief)
    case 'review': return goodReview
    case 'document': return { files: { [`docs/notes/${brief.subject.review ?? 'all'}.md`]: 'notes\n' } }
    default: return { files: { [`src/${brief.subject.task?.id ?? 'x'}-${brief.subject.kind}.ts`]: `// ${brief.subject.task?.title ?? ''}\n` } }
  }
}

export interface TaskFile { readonly id: string; readonly dependencies?: readonly string[]; readonly component?: string; readonly hours?: number; readonly patterns?: readonly string[]; readonly criteria?: readonly string[] }

/** A repository with these tasks, planned on `tracks` tracks. */
export async function project(tasks: readonly TaskFile[], options: { tracks?: number; config?: Readonly<Record<string, unknown>> } = {}): Promise<{ root: string; state: State; close: () => Promise<void> }> {
  const root = temporaryFolder('project')
  writeFiles(root, {
    'README.md': '# A project\n', '.devteam/config.json': JSON.stringify({ gates: [], ...options.config }),
    ...Object.fromEntries(tasks.map((task) => [`docs/planning/tasks/${task.id}.json`, JSON.stringify({
      id: task.id, title: `Task ${task.id}`, component: task.component ?? 'general', estimated_hours: task.hours ?? 2, dependencies: task.dependencies ?? [], acceptance_criteria: task.criteria ?? ['it is there'],
      ...(task.patterns === undefined ? {} : { scope: { allowed_patterns: task.patterns } }),
    })])),
  })
  git(root, 'init', '-q', '-b', 'main')
  git(root, 'add', '-A')
  git(root, 'commit', '-q', '-m', 'Start')
  const state = await openState(root)
  await planProject({ root, state, config: await readConfig(root), command: 'plan', tracks: options.tracks ?? 1, allowIdleTracks: true, signal: new AbortController().signal, onEvent: () => undefined })
  return { root, state, close: () => state.close() }
}

export interface Ran { readonly outcome: RunOutcome; readonly events: readonly SpokenEvent[] }

/** Runs with these agents to the end. */
export async function run(at: { root: string; state: State }, script: Script, options: { selection?: Selection; signal?: AbortSignal; noWait?: boolean } = {}): Promise<Ran> {
  const events: SpokenEvent[] = []
  const outcome = await runProject({
    root: at.root, config: await readConfig(at.root), state: at.state, executor: scripted(script), roles: await loadRoles(path.join(media, 'roles'), at.root), modelOf: (tier) => `model-${tier}`,
    selection: options.selection ?? { kind: 'all' }, signal: options.signal ?? new AbortController().signal, noWait: options.noWait ?? false, onEvent: (event) => events.push(event),
  })
  return { outcome, events }
}

export const read = (root: string, file: string): string | undefined => { try { return fs.readFileSync(path.join(root, file), 'utf8') } catch { return undefined } }
